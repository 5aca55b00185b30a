import type { Size } from '../../picture/camera.ts';
import { formatCount, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import type { ScenarioInfo } from '../../session/contract.ts';

export type VideoKind = 'mp4' | 'webm' | 'gif' | 'zip';

/** What a person chooses of a video. Times in seconds of the run, length in seconds of the video. */
export interface VideoSettings {
  readonly kind: VideoKind;
  readonly width: number;
  readonly height: number;
  readonly rate: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  readonly held: boolean;
  readonly legend: boolean;
  readonly scaleBar: boolean;
  readonly timeStamp: boolean;
}

export const LIMITS = { side: [64, 4096], rate: [1, 60], length: [0.1, 600] } as const;
/** Faster GIFs are shown slower by browsers. */
export const MOST_GIF_RATE = 50;
/** More pictures than that would not fit into memory as a file. */
export const MOST_PICTURES = 20_000;

/** Sizes to choose from, besides that of the stage. */
export const SIZES: readonly Size[] = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1080 },
  { width: 3840, height: 2160 },
  { width: 640, height: 360 },
];

/** The nearest even number: H.264 halves the resolution of colours. */
export function even(pixels: number): number {
  return 2 * Math.max(1, Math.round(pixels / 2));
}

/** The size of the stage as that of a picture. */
export function stageSize({ width, height }: Size): Size {
  return { width: even(width), height: even(height) };
}

export function pictureCount({ rate, length }: Pick<VideoSettings, 'rate' | 'length'>): number {
  return Math.max(1, Math.round(rate * length));
}

/** What is wrong with the choice, or null. */
export function faultOf(
  settings: VideoSettings,
  { step, steps }: Pick<ScenarioInfo, 'step' | 'steps'>,
): string | null {
  if (!(settings.to > settings.from)) return 'The end must lie after the beginning.';
  if (settings.to > step * steps * (1 + 1e-12)) return `The run ends at ${formatDuration(step * steps)}.`;
  if (settings.kind === 'gif' && settings.rate > MOST_GIF_RATE)
    return `A GIF shows at most ${MOST_GIF_RATE} pictures per second.`;
  if (pictureCount(settings) > MOST_PICTURES)
    return `These are more than ${formatCount(MOST_PICTURES)} pictures: make it shorter or slower.`;
  return null;
}

/** How many pictures, how far apart, how fast: `240 pictures, one every 15 s of the run: goes 360 times as fast.` */
export function summaryOf(settings: VideoSettings): string {
  const count = pictureCount(settings);
  const apart = (settings.to - settings.from) / Math.max(1, count - 1);
  const factor = (settings.to - settings.from) / settings.length;
  return `${formatCount(count)} pictures, one every ${formatDuration(apart)} of the run: ${formatValue(factor)} times as fast as life.`;
}
