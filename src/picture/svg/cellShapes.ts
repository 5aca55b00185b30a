import { RING_SELECTED, VERTEX_WORDS, type VertexStore } from '../cellVertices.ts';
import type { Rgb } from '../colour/oklab.ts';
import { cssColour } from '../colour/palette.ts';
import type { StageTheme } from '../theme.ts';
import { coordinate, paint } from './svgText.ts';

/** The shapes of cells in their order; from µm to CSS pixels: x · scale + left, top − y · scale. */
export function storeShapes(
  { floats, words, stride, count }: VertexStore,
  { scale, left, top }: { readonly scale: number; readonly left: number; readonly top: number },
  theme: StageTheme,
): string[] {
  const shapes: string[] = [];
  for (let i = 0; i < count; i++) {
    const at = i * stride;
    const [x, y] = [left + floats[at] * scale, top - floats[at + 1] * scale];
    const reach =
      stride > VERTEX_WORDS ? { x: floats[at + 5] * scale, y: -floats[at + 6] * scale } : { x: 0, y: 0 };
    const r = Math.max(floats[at + 2] * scale, 0.7);
    shapes.push(...cellShapes({ x, y, r, reach }, words[at + 3], words[at + 4], theme));
  }
  return shapes;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** From the centre to a cap. */
  readonly reach: { readonly x: number; readonly y: number };
}

/** A cell with its rims and ring, after cellShader.ts, without its light. */
function cellShapes(place: Place, colour: number, state: number, theme: StageTheme): string[] {
  const rgb: Rgb = [colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255];
  const fog = ((state >>> 16) & 255) / 255;
  const dividing = ((state >>> 8) & 255) / 255;
  const ring = state & 255;
  const alpha = colour >>> 24 < 255 ? ((colour >>> 24) / 255) * Math.max(0, 1 - 2 * fog) : 1;
  const shown = fog === 0 ? rgb : linear(rgb, theme.background, fog);
  const dark = linear(shown, [0, 0, 0], 0.6);
  const { r } = place;
  const rim = Math.min(2.2, Math.max(0.8, 0.085 * r));
  const rimmed = r > 2;
  const shapes = [
    shape(
      { ...place, r: rimmed ? r - rim / 2 : r },
      `${paint('fill', cssColour(shown, round(alpha)))}${
        rimmed
          ? ` ${paint('stroke', cssColour(dark, round(Math.max(alpha, 0.75 * (1 - fog)))))} stroke-width="${coordinate(rim)}"`
          : ''
      }`,
    ),
  ];
  if (dividing > 0 && rimmed) {
    const inner = paint('stroke', cssColour(dark, round(0.75 * dividing)));
    shapes.push(shape({ ...place, r: 0.66 * r }, `fill="none" ${inner} stroke-width="${coordinate(rim)}"`));
  }
  if (ring >= RING_SELECTED) {
    const outer = { ...place, r: r + 2.2 };
    shapes.push(
      shape(outer, `fill="none" ${paint('stroke', cssColour(theme.halo, 0.9))} stroke-width="4.5"`),
      shape(outer, `fill="none" ${paint('stroke', cssColour(theme.ring))} stroke-width="2.5"`),
    );
  }
  return shapes;
}

/** A disc, or a rod about its axis. */
function shape({ x, y, r, reach }: Place, style: string): string {
  const length = Math.hypot(reach.x, reach.y);
  if (length < 0.01)
    return `<circle cx="${coordinate(x)}" cy="${coordinate(y)}" r="${coordinate(r)}" ${style}/>`;
  const side = { x: (-reach.y / length) * r, y: (reach.x / length) * r };
  const at = (along: 1 | -1, across: 1 | -1) =>
    `${coordinate(x + along * reach.x + across * side.x)} ${coordinate(y + along * reach.y + across * side.y)}`;
  const cap = `A${coordinate(r)} ${coordinate(r)} 0 0 0`;
  return `<path d="M${at(-1, 1)}L${at(1, 1)}${cap} ${at(1, -1)}L${at(-1, -1)}${cap} ${at(-1, 1)}Z" ${style}/>`;
}

function linear(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map(c => Math.round(from[c] + share * (to[c] - from[c]))) as unknown as Rgb;
}

function round(opacity: number): number {
  return Math.round(opacity * 1000) / 1000;
}
