import type { Drawing, Gradient } from '../drawing.ts';
import { fillCoverage, type Image, type Paint } from './image.ts';
import { cover, type Polygon } from './path.ts';
import { textOutlines, textWidth } from './text.ts';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** `#rrggbb`, `rgb(r g b)` and `rgb(r g b / alpha)`: what our themes and legends write. @throws RangeError */
export function parseColour(text: string): Colour {
  const hex = /^#([0-9a-f]{6})$/i.exec(text);
  if (hex) {
    const value = Number.parseInt(hex[1], 16);
    return [value >> 16, (value >> 8) & 255, value & 255, 1];
  }
  const parts = /^rgb\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)$/.exec(text);
  if (!parts) throw new RangeError(`no colour: ${text}`);
  return [Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 1)];
}

class LinearGradient implements Gradient {
  readonly stops: [at: number, colour: Colour][] = [];
  readonly from: number;
  readonly to: number;

  /** Along x. */
  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }

  addColorStop(at: number, colour: string): void {
    this.stops.push([at, parseColour(colour)]);
  }

  at(x: number): Colour {
    const { stops, from, to } = this;
    const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
    const next = Math.max(
      1,
      stops.findIndex(([at]) => at >= t),
    );
    const [a, low] = stops[next - 1];
    const [b, high] = stops[next];
    const share = (t - a) / (b - a);
    return [0, 1, 2, 3].map(k => low[k] + share * (high[k] - low[k])) as unknown as Colour;
  }
}

/** Segments of a full circle. */
const ROUND = 48;

/** Draws plates into an image: at x, y (CSS pixels) from its top left corner, `ratio` pixels to a CSS pixel. */
export class PlateRaster implements Drawing {
  font = '12px sans-serif';
  textAlign = 'left';
  textBaseline = 'alphabetic';
  fillStyle: string | object = '#000000';
  strokeStyle: string | object = '#000000';
  lineWidth = 1;
  readonly #image: Image;
  readonly #ratio: number;
  readonly #x: number;
  readonly #y: number;
  /** In CSS pixels, closed. */
  #shapes: Polygon[] = [];

  constructor(image: Image, ratio: number, x: number, y: number) {
    this.#image = image;
    this.#ratio = ratio;
    this.#x = x;
    this.#y = y;
  }

  measureText(text: string): { readonly width: number } {
    return { width: textWidth(text, this.#size()) };
  }

  fillText(text: string, x: number, y: number): void {
    const width = textWidth(text, this.#size());
    const shift = this.textAlign === 'center' ? width / 2 : this.textAlign === 'right' ? width : 0;
    const [left, base] = this.#place(x - shift, y);
    // Base lines on whole pixels: small letters are sharper there.
    const outlines = textOutlines(text, this.#size() * this.#ratio, left, Math.round(base));
    this.#paint(outlines, this.fillStyle);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#paint([this.#placed([x, y, x + width, y, x + width, y + height, x, y + height])], this.fillStyle);
  }

  beginPath(): void {
    this.#shapes = [];
  }

  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    this.#shapes.push(roundedRectangle(x, y, width, height, radius));
  }

  /** Whole circles only: all that plates have. */
  arc(x: number, y: number, radius: number): void {
    this.#shapes.push(roundedRectangle(x - radius, y - radius, 2 * radius, 2 * radius, radius));
  }

  fill(): void {
    this.#paint(
      this.#shapes.map(shape => this.#placed(shape)),
      this.fillStyle,
    );
  }

  /** A band of the line's width along the edge: the shape grown by half of it, less the shape shrunk by half of it. */
  stroke(): void {
    const half = this.lineWidth / 2;
    for (const shape of this.#shapes) {
      const inner = grown(shape, -half);
      const reversed: number[] = [];
      for (let i = inner.length - 2; i >= 0; i -= 2) reversed.push(inner[i], inner[i + 1]);
      this.#paint([this.#placed(grown(shape, half)), this.#placed(reversed)], this.strokeStyle);
    }
  }

  createLinearGradient(x0: number, y0: number, x1: number): LinearGradient {
    return new LinearGradient(this.#place(x0, y0)[0], this.#place(x1, y0)[0]);
  }

  #size(): number {
    return Number.parseFloat(this.font);
  }

  #place(x: number, y: number): [number, number] {
    return [(this.#x + x) * this.#ratio, (this.#y + y) * this.#ratio];
  }

  #placed(shape: Polygon): Polygon {
    return shape.map((value, i) => ((i % 2 === 0 ? this.#x : this.#y) + value) * this.#ratio);
  }

  #paint(shapes: readonly Polygon[], style: string | object): void {
    const coverage = cover(shapes, this.#image.width, this.#image.height);
    if (coverage) fillCoverage(this.#image, coverage, paintOf(style));
  }
}

function paintOf(style: string | object): Paint {
  if (style instanceof LinearGradient) return x => style.at(x);
  const colour = parseColour(String(style));
  return () => colour;
}

/** Clockwise on the screen. */
function roundedRectangle(x: number, y: number, width: number, height: number, radius: number): number[] {
  const points: number[] = [];
  const corners = [
    [x + width - radius, y + radius],
    [x + width - radius, y + height - radius],
    [x + radius, y + height - radius],
    [x + radius, y + radius],
  ];
  corners.forEach(([cx, cy], corner) => {
    for (let k = 0; k <= ROUND / 4; k++) {
      const angle = ((corner - 1) * Math.PI) / 2 + (2 * Math.PI * k) / ROUND;
      points.push(cx + radius * Math.cos(angle), cy + radius * Math.sin(angle));
    }
  });
  return points;
}

/** A convex clockwise polygon moved outwards. */
function grown(points: Polygon, by: number): number[] {
  const n = points.length / 2;
  const moved: number[] = [];
  const normal = (i: number): [number, number] | null => {
    const [a, b] = [2 * i, 2 * ((i + 1) % n)];
    const [dx, dy] = [points[b] - points[a], points[b + 1] - points[a + 1]];
    const length = Math.hypot(dx, dy);
    return length < 1e-9 ? null : [dy / length, -dx / length];
  };
  for (let i = 0; i < n; i++) {
    const [before, after] = [normal((i + n - 1) % n), normal(i)];
    const [nx, ny] = [(before?.[0] ?? 0) + (after?.[0] ?? 0), (before?.[1] ?? 0) + (after?.[1] ?? 0)];
    const length = Math.hypot(nx, ny) || 1;
    moved.push(points[2 * i] + (by * nx) / length, points[2 * i + 1] + (by * ny) / length);
  }
  return moved;
}
