import type { Rgb } from '../colour/oklab.ts';
import type { Coverage } from './path.ts';

/** An opaque picture: r, g, b, a bytes, row by row from the top. */
export interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export function createImage(width: number, height: number, [red, green, blue]: Rgb): Image {
  const pixels = new Uint8Array(4 * width * height);
  for (let i = 0; i < pixels.length; i += 4) {
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
    pixels[i + 3] = 255;
  }
  return { width, height, pixels };
}

/** Lays a colour (0 … 255) over a pixel with an opacity 0 … 1. */
export function blend({ pixels }: Image, at: number, r: number, g: number, b: number, alpha: number): void {
  pixels[at] = Math.round(pixels[at] + alpha * (r - pixels[at]));
  pixels[at + 1] = Math.round(pixels[at + 1] + alpha * (g - pixels[at + 1]));
  pixels[at + 2] = Math.round(pixels[at + 2] + alpha * (b - pixels[at + 2]));
}

/** A colour and its opacity by place. */
export type Paint = (
  x: number,
  y: number,
) => readonly [red: number, green: number, blue: number, alpha: number];

export function fillCoverage(
  image: Image,
  { left, top, width, height, shares }: Coverage,
  paint: Paint,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const share = shares[y * width + x];
      if (share === 0) continue;
      const [r, g, b, alpha] = paint(left + x + 0.5, top + y + 0.5);
      blend(image, 4 * ((top + y) * image.width + left + x), r, g, b, alpha * share);
    }
  }
}
