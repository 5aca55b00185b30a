import { EM, GLYPHS } from './glyphs.ts';
import type { Polygon } from './path.ts';

interface Glyph {
  readonly advance: number;
  /** Contours in units of the em, y upwards. */
  readonly contours: readonly Polygon[];
}

/** Segments of a curve: at the sizes of captions a chord is then nowhere off by a tenth of a pixel. */
const SEGMENTS = 4;

const glyphs = new Map<string, Glyph>();
const outlines = new Map(GLYPHS.map(([character, ...rest]) => [character, rest] as const));

/** What is drawn for characters that are not there. */
const UNKNOWN = '\ufffd';

function glyphOf(character: string): Glyph {
  let glyph = glyphs.get(character);
  if (!glyph) {
    const [advance, outline] = outlines.get(character) ?? outlines.get(UNKNOWN) ?? [EM / 2, ''];
    glyph = { advance, contours: outline === '' ? [] : outline.slice(1).split('M').map(flatten) };
    glyphs.set(character, glyph);
  }
  return glyph;
}

function flatten(contour: string): number[] {
  const points: number[] = [];
  for (const [, kind, numbers] of `L${contour}`.matchAll(/([LQ])([^LQ]*)/g)) {
    const [x, y, ...end] = numbers.split(' ').map(Number);
    if (kind === 'L') points.push(x, y);
    else {
      const [x0, y0] = points.slice(-2);
      for (let k = 1; k <= SEGMENTS; k++) {
        const t = k / SEGMENTS;
        const weights = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
        points.push(weights[0] * x0 + weights[1] * x + weights[2] * end[0]);
        points.push(weights[0] * y0 + weights[1] * y + weights[2] * end[1]);
      }
    }
  }
  return points;
}

/** Width of a text in a font of so many pixels. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += glyphOf(character).advance;
  return (width * size) / EM;
}

/** The outlines of a text whose base line begins at x, y, in pixels, y downwards. */
export function textOutlines(text: string, size: number, x: number, y: number): Polygon[] {
  const scale = size / EM;
  const found: Polygon[] = [];
  let at = x;
  for (const character of text) {
    const { advance, contours } = glyphOf(character);
    for (const contour of contours) {
      found.push(contour.map((value, i) => (i % 2 === 0 ? at + scale * value : y - scale * value)));
    }
    at += scale * advance;
  }
  return found;
}
