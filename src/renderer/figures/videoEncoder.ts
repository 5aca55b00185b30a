import type { VideoCodec } from 'mediabunny';
import type { FilmEncoder, FilmFormat } from './encoder.ts';
import { describeProvenance, type Provenance } from './provenance.ts';

/** How a video is packed. */
export interface VideoChoice {
  readonly container: 'mp4' | 'webm';
  readonly codec: Extract<VideoCodec, 'avc' | 'vp9' | 'vp8'>;
  /** As people know it. */
  readonly name: string;
}

const CHOICES: readonly VideoChoice[] = [
  { container: 'mp4', codec: 'avc', name: 'H.264 in MP4' },
  { container: 'webm', codec: 'vp9', name: 'VP9 in WebM' },
  { container: 'webm', codec: 'vp8', name: 'VP8 in WebM' },
];

/** Seconds between pictures that stand for themselves, so that a player can jump. */
const KEY_EVERY = 2;

/** Loaded when it is needed: most windows never make a video. */
const load = () => import('mediabunny');

/** Bits per second that keep discs, text and smooth fields clear of blocks: a third of a bit per pixel. */
function bitsPerSecond({ width, height, rate }: FilmFormat): number {
  return Math.round(Math.max(1.5e6, 0.33 * width * height * rate));
}

/**
 * The first way in which this browser encodes video of a size (it is asked, by VideoEncoder.isConfigSupported): H.264 in MP4,
 * else VP9 or VP8 in WebM; null where there is none. `container` keeps to one of them.
 */
export async function chooseVideo(
  format: FilmFormat,
  container?: VideoChoice['container'],
): Promise<VideoChoice | null> {
  if (typeof VideoEncoder === 'undefined') return null;
  const { canEncodeVideo, Quality } = await load();
  for (const choice of CHOICES) {
    if (container && choice.container !== container) continue;
    const quality = new Quality({ bitrate: bitsPerSecond(format) });
    const { width, height } = format;
    if (await canEncodeVideo(choice.codec, { width, height, quality })) return choice;
  }
  return null;
}

/** Every picture becomes one frame of the video, picture i from i/rate to (i + 1)/rate seconds. */
export async function createVideoEncoder(
  choice: VideoChoice,
  format: FilmFormat,
  provenance: Provenance,
): Promise<FilmEncoder> {
  const { BufferTarget, Mp4OutputFormat, Output, Quality, VideoSample, VideoSampleSource, WebMOutputFormat } =
    await load();
  const target = new BufferTarget();
  const output = new Output({
    format: choice.container === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(),
    target,
  });
  const source = new VideoSampleSource({
    codec: choice.codec,
    quality: new Quality({ bitrate: bitsPerSecond(format) }),
    keyFrameInterval: KEY_EVERY,
    // Frames may then not be dropped.
    latencyMode: 'quality',
  });
  output.addVideoTrack(source, { frameRate: format.rate });
  const description = describeProvenance(provenance);
  output.setMetadataTags({
    title: provenance.title,
    description,
    comment: `seed ${provenance.seed}; ${provenance.software}`,
  });
  await output.start();
  return {
    async add(picture, index) {
      const sample = new VideoSample(picture, { timestamp: index / format.rate, duration: 1 / format.rate });
      try {
        await source.add(sample);
      } finally {
        sample.close();
      }
    },
    async finish() {
      await output.finalize();
      if (!target.buffer) throw new Error('The video came out empty.');
      return new Uint8Array(target.buffer);
    },
    async cancel() {
      if (output.state === 'started' || output.state === 'pending') await output.cancel();
    },
  };
}
