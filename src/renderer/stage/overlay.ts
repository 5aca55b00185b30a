import { snapDown } from '../colour/scale.ts';
import { formatLength } from '../colour/units.ts';
import type { Size } from './camera.ts';
import type { Legend } from './legend.ts';
import type { StageTheme } from './theme.ts';

/** Everything on the stage that is not a field or a cell. Lengths and places in CSS pixels. */
export interface Overlay {
  readonly window: Size;
  /** CSS pixels per µm; null hides the scale bar. */
  readonly scale: number | null;
  readonly time: string | null;
  readonly legends: readonly Legend[];
  readonly probes: readonly { readonly x: number; readonly y: number; readonly name: string }[];
  /** The circle of a brush under the pointer. */
  readonly brush: { readonly x: number; readonly y: number; readonly radius: number } | null;
  readonly lasso: readonly (readonly [x: number, y: number])[] | null;
}

const MARGIN = 12;
const PADDING = 8;
const FONT = '12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const SMALL = '11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
const MONO = '12px ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace';
const BAR = { width: 152, height: 8 };
const LONGEST_SCALE_BAR = 120;

/** Draws the overlay; the context is scaled to CSS pixels and clear. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  overlay: Overlay,
  theme: StageTheme,
  marksOnly = false,
): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.textBaseline = 'alphabetic';
  for (const probe of overlay.probes) drawProbe(context, probe, theme);
  if (!marksOnly) {
    if (overlay.lasso) drawLasso(context, overlay.lasso, theme);
    if (overlay.brush) drawBrush(context, overlay.brush, theme);
  }
  if (overlay.scale !== null) drawScaleBar(context, overlay.window, overlay.scale, theme);
  if (overlay.time !== null) drawTime(context, overlay.time, theme);
  drawLegends(context, overlay.window, overlay.legends, theme);
}

function plate(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  theme: StageTheme,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, 6);
  context.fillStyle = theme.plate;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = theme.plateEdge;
  context.stroke();
}

/** The longest 1-2-5 length that fits. µm. */
export function scaleBarLength(scale: number): number {
  return snapDown(LONGEST_SCALE_BAR / scale);
}

function drawScaleBar(
  context: CanvasRenderingContext2D,
  window: Size,
  scale: number,
  theme: StageTheme,
): void {
  const length = scaleBarLength(scale);
  const width = length * scale;
  const height = 34;
  const left = MARGIN;
  const top = window.height - MARGIN - height;
  const label = formatLength(length);
  context.font = FONT;
  const inner = Math.max(width, context.measureText(label).width);
  plate(context, left, top, inner + 2 * PADDING, height, theme);
  context.fillStyle = theme.text;
  context.textAlign = 'center';
  context.fillText(label, left + PADDING + inner / 2, top + 16);
  const from = left + PADDING + (inner - width) / 2;
  context.fillRect(from, top + 23, width, 3);
}

function drawTime(context: CanvasRenderingContext2D, time: string, theme: StageTheme): void {
  context.font = MONO;
  const width = context.measureText(time).width;
  plate(context, MARGIN, MARGIN, width + 2 * PADDING, 24, theme);
  context.fillStyle = theme.text;
  context.textAlign = 'left';
  context.fillText(time, MARGIN + PADDING, MARGIN + 16);
}

const ROW = { bar: 44, swatch: 18 };

function drawLegends(
  context: CanvasRenderingContext2D,
  window: Size,
  legends: readonly Legend[],
  theme: StageTheme,
): void {
  if (legends.length === 0) return;
  context.font = FONT;
  const heights = legends.map(legend =>
    legend.kind === 'bar' ? ROW.bar : legend.items.length * ROW.swatch + 4,
  );
  const bars = legends.some(legend => legend.kind === 'bar');
  const names = legends.flatMap(legend => (legend.kind === 'swatches' ? legend.items : []));
  const widest = Math.max(0, ...names.map(({ name }) => context.measureText(name).width + 20));
  const inner = Math.max(bars ? BAR.width : 0, Math.min(widest, 240));
  const height = heights.reduce((sum, h) => sum + h, 0) + PADDING + 4;
  const width = inner + 2 * PADDING + 8;
  const left = window.width - MARGIN - width;
  let top = window.height - MARGIN - height;
  if (top < MARGIN) return;
  plate(context, left, top, width, height, theme);
  top += PADDING - 2;
  legends.forEach((legend, i) => {
    if (legend.kind === 'bar') drawBar(context, legend, left + PADDING + 4, top, theme);
    else drawSwatches(context, legend.items, left + PADDING + 4, top, inner, theme);
    top += heights[i];
  });
}

function drawBar(
  context: CanvasRenderingContext2D,
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
  context: CanvasRenderingContext2D,
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
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

function drawBrush(
  context: CanvasRenderingContext2D,
  brush: { readonly x: number; readonly y: number; readonly radius: number },
  theme: StageTheme,
): void {
  context.beginPath();
  context.arc(brush.x, brush.y, Math.max(2, brush.radius), 0, 2 * Math.PI);
  outlined(context, theme, 1.5);
}

function drawLasso(
  context: CanvasRenderingContext2D,
  points: readonly (readonly [number, number])[],
  theme: StageTheme,
): void {
  if (points.length < 2) return;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = `rgb(${theme.ring.join(' ')} / 0.10)`;
  context.fill();
  context.setLineDash([5, 4]);
  outlined(context, theme, 1.25);
  context.setLineDash([]);
}

/** A pin whose point is at the place, with its name on its head. */
function drawProbe(
  context: CanvasRenderingContext2D,
  { x, y, name }: { readonly x: number; readonly y: number; readonly name: string },
  theme: StageTheme,
): void {
  const radius = 9;
  const centre = y - 17;
  context.beginPath();
  context.arc(x, centre, radius, 0.8 * Math.PI, 0.2 * Math.PI);
  context.lineTo(x, y);
  context.closePath();
  context.fillStyle = `rgb(${theme.halo.join(' ')} / 0.92)`;
  context.fill();
  context.strokeStyle = `rgb(${theme.ring.join(' ')})`;
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = theme.text;
  context.font = SMALL;
  context.textAlign = 'center';
  context.fillText(name, x, centre + 4);
}

/** Strokes the path so that it shows on any ground: a wide line of one colour under a narrow one of the other. */
function outlined(context: CanvasRenderingContext2D, theme: StageTheme, width: number): void {
  context.strokeStyle = `rgb(${theme.halo.join(' ')} / 0.65)`;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = `rgb(${theme.ring.join(' ')})`;
  context.lineWidth = width;
  context.stroke();
}
