import type { Size } from './camera.ts';
import { snapDown } from './colour/scale.ts';
import type { Drawing } from './drawing.ts';
import { formatLength } from './format/units.ts';
import type { Legend } from './legend.ts';
import type { StageTheme } from './theme.ts';

/** What the plates in the corners say. Lengths in CSS pixels. */
export interface Captions {
  readonly window: Size;
  /** CSS pixels per µm; null hides the scale bar. */
  readonly scale: number | null;
  readonly time: string | null;
  readonly legends: readonly Legend[];
}

/** A small panel in a corner of the stage, drawn in its own coordinates (CSS pixels). */
export interface Plate {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Changes whenever what it shows does. */
  readonly key: string;
  draw(context: Drawing): void;
}

const MARGIN = 12;
const PADDING = 8;
const FONT = '12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const SMALL = '11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const MONO = '12px ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace';
const BAR = { width: 152, height: 8 };
const ROW = { bar: 44, swatch: 18 };
const LONGEST_SCALE_BAR = 120;

/** The plates to show: time at the top left, scale bar at the bottom left, legend at the bottom right. */
export function layOutPlates(
  context: Drawing,
  { window, scale, time, legends }: Captions,
  theme: StageTheme,
): Plate[] {
  const plates: (Plate | null)[] = [
    time === null ? null : timePlate(context, time, theme),
    scale === null ? null : scaleBarPlate(context, window, scale, theme),
    legends.length === 0 ? null : legendPlate(context, window, legends, theme),
  ];
  return plates.filter(plate => plate !== null);
}

/** The ground of a plate; its outermost pixels are its edge. */
function ground(context: Drawing, width: number, height: number, theme: StageTheme): void {
  context.textBaseline = 'alphabetic';
  context.beginPath();
  context.roundRect(0.5, 0.5, width - 1, height - 1, 6);
  context.fillStyle = theme.plate;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = theme.plateEdge;
  context.stroke();
}

/** The longest 1-2-5 length (µm) whose bar fits. */
export function scaleBarLength(scale: number): number {
  return snapDown(LONGEST_SCALE_BAR / scale);
}

function scaleBarPlate(context: Drawing, window: Size, scale: number, theme: StageTheme): Plate {
  const length = scaleBarLength(scale);
  const bar = length * scale;
  const label = formatLength(length);
  context.font = FONT;
  const inner = Math.max(bar, context.measureText(label).width);
  const width = Math.ceil(inner + 2 * PADDING);
  const height = 34;
  return {
    x: MARGIN,
    y: window.height - MARGIN - height,
    width,
    height,
    key: `${label} ${bar.toFixed(2)} ${theme.text}`,
    draw(target) {
      ground(target, width, height, theme);
      target.fillStyle = theme.text;
      target.textAlign = 'center';
      target.font = FONT;
      target.fillText(label, width / 2, 16);
      target.fillRect((width - bar) / 2, 23, bar, 3);
    },
  };
}

function timePlate(context: Drawing, time: string, theme: StageTheme): Plate {
  context.font = MONO;
  const width = Math.ceil(context.measureText(time).width + 2 * PADDING);
  const height = 24;
  return {
    x: MARGIN,
    y: MARGIN,
    width,
    height,
    key: `${time} ${theme.text}`,
    draw(target) {
      ground(target, width, height, theme);
      target.font = MONO;
      target.fillStyle = theme.text;
      target.textAlign = 'left';
      target.fillText(time, PADDING, 16);
    },
  };
}

let legendVersions = 0;
const versions = new WeakMap<readonly Legend[], number>();

/** A number for each list of legends, which are made anew when they change. */
function versionOf(legends: readonly Legend[]): number {
  let version = versions.get(legends);
  if (version === undefined) {
    version = ++legendVersions;
    versions.set(legends, version);
  }
  return version;
}

function legendPlate(
  context: Drawing,
  window: Size,
  legends: readonly Legend[],
  theme: StageTheme,
): Plate | null {
  context.font = FONT;
  const heights = legends.map(legend =>
    legend.kind === 'bar' ? ROW.bar : legend.items.length * ROW.swatch + 4,
  );
  const bars = legends.some(legend => legend.kind === 'bar');
  const names = legends.flatMap(legend => (legend.kind === 'swatches' ? legend.items : []));
  const widest = Math.max(0, ...names.map(({ name }) => context.measureText(name).width + 20));
  const inner = Math.max(bars ? BAR.width : 0, Math.min(widest, 240));
  const height = heights.reduce((sum, h) => sum + h, 0) + PADDING + 4;
  const left = PADDING + 4;
  const width = Math.ceil(inner + 2 * left);
  const y = window.height - MARGIN - height;
  if (y < MARGIN) return null;
  return {
    x: window.width - MARGIN - width,
    y,
    width,
    height,
    key: `${versionOf(legends)} ${theme.text}`,
    draw(target) {
      ground(target, width, height, theme);
      let top = PADDING - 2;
      legends.forEach((legend, i) => {
        if (legend.kind === 'bar') drawBar(target, legend, left, top, theme);
        else drawSwatches(target, legend.items, left, top, inner, theme);
        top += heights[i];
      });
    },
  };
}

function drawBar(
  context: Drawing,
  legend: Extract<Legend, { kind: 'bar' }>,
  left: number,
  top: number,
  theme: StageTheme,
): void {
  const { colours } = legend;
  context.font = FONT;
  context.textAlign = 'left';
  context.fillStyle = theme.text;
  context.fillText(fitted(context, legend.title, BAR.width - 60), left, top + 13);
  context.textAlign = 'right';
  context.fillStyle = theme.mutedText;
  context.fillText(legend.unit, left + BAR.width, top + 13);

  const gradient = context.createLinearGradient(left, 0, left + BAR.width, 0);
  const stops = 32;
  for (let k = 0; k <= stops; k++) {
    const entry = 3 * Math.round((255 * k) / stops);
    gradient.addColorStop(k / stops, `rgb(${colours[entry]} ${colours[entry + 1]} ${colours[entry + 2]})`);
  }
  context.beginPath();
  context.roundRect(left, top + 18, BAR.width, BAR.height, 2);
  context.fillStyle = gradient;
  context.fill();
  context.strokeStyle = theme.plateEdge;
  context.lineWidth = 1;
  context.stroke();

  context.font = SMALL;
  context.fillStyle = theme.mutedText;
  for (const { at, label } of legend.ticks) {
    context.textAlign = at < 0.02 ? 'left' : at > 0.98 ? 'right' : 'center';
    context.fillText(label, left + at * BAR.width, top + 38);
  }
}

function drawSwatches(
  context: Drawing,
  items: readonly { readonly name: string; readonly colour: string }[],
  left: number,
  top: number,
  width: number,
  theme: StageTheme,
): void {
  context.font = FONT;
  context.textAlign = 'left';
  items.forEach(({ name, colour }, i) => {
    const y = top + i * ROW.swatch + 9;
    context.beginPath();
    context.arc(left + 5, y, 5, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
    context.fillStyle = theme.text;
    context.fillText(fitted(context, name, width - 18), left + 18, y + 4);
  });
}

/** The text, cut with an ellipsis where it is too wide. */
function fitted(context: Drawing, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}
