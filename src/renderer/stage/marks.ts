import type { CaptionContext } from '../../picture/captionContext.ts';
import type { StageTheme } from '../../picture/theme.ts';

type Place = { readonly x: number; readonly y: number };

/** Marks on the picture. Places in CSS pixels. */
export interface Marks {
  readonly probes: readonly (Place & { readonly name: string })[];
  /** The circle of a brush under the pointer. */
  readonly brush: (Place & { readonly radius: number }) | null;
  readonly lasso: readonly (readonly [x: number, y: number])[] | null;
}

const FONT = '11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

/** Draws the marks; the context is scaled to CSS pixels and clear. */
export function drawMarks(context: CaptionContext, marks: Marks, theme: StageTheme): void {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.textBaseline = 'alphabetic';
  for (const probe of marks.probes) drawProbe(context, probe, theme);
  if (marks.lasso) drawLasso(context, marks.lasso, theme);
  if (marks.brush) drawBrush(context, marks.brush, theme);
}

function drawBrush(
  context: CaptionContext,
  brush: { readonly x: number; readonly y: number; readonly radius: number },
  theme: StageTheme,
): void {
  context.beginPath();
  context.arc(brush.x, brush.y, Math.max(2, brush.radius), 0, 2 * Math.PI);
  outlined(context, theme, 1.5);
}

function drawLasso(
  context: CaptionContext,
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
  context: CaptionContext,
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
  context.font = FONT;
  context.textAlign = 'center';
  context.fillText(name, x, centre + 4);
}

/** Strokes the path so that it shows on any ground: a wide line of one colour under a narrow one of the other. */
function outlined(context: CaptionContext, theme: StageTheme, width: number): void {
  context.strokeStyle = `rgb(${theme.halo.join(' ')} / 0.65)`;
  context.lineWidth = width + 2;
  context.stroke();
  context.strokeStyle = `rgb(${theme.ring.join(' ')})`;
  context.lineWidth = width;
  context.stroke();
}
