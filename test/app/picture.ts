import { PNG } from 'pngjs';

/** A picture in 8-bit RGB. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** r, g, b, row by row. */
  readonly data: Float64Array;
}

/** A PNG averaged over blocks of so many pixels a side, so that fonts and the edges of lines count for little. */
export function shrink(bytes: Buffer, block: number): Picture {
  const { width, height, data } = PNG.sync.read(bytes);
  const [w, h] = [Math.floor(width / block), Math.floor(height / block)];
  const small = new Float64Array(3 * w * h);
  for (let y = 0; y < h * block; y++) {
    for (let x = 0; x < w * block; x++) {
      const at = 3 * (Math.floor(y / block) * w + Math.floor(x / block));
      for (let c = 0; c < 3; c++) small[at + c] += data[4 * (y * width + x) + c] / (block * block);
    }
  }
  return { width: w, height: h, data: small };
}

export function encode({ width, height, data }: Picture): Buffer {
  const png = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) png.data[4 * i + c] = Math.round(data[3 * i + c]);
    png.data[4 * i + 3] = 255;
  }
  return PNG.sync.write(png, { deflateLevel: 9, colorType: 2 });
}

export interface Difference {
  /** Mean over pixels and channels, 0 … 255. */
  readonly mean: number;
  /** The same over the worst tile of 16 × 16 pixels: something that is missing, or in another place. */
  readonly worst: number;
  /** Correlation of the lightness over the picture: 1 where the structure is the same. */
  readonly structure: number;
}

/** @throws Error where the pictures differ in size */
export function compare(a: Picture, b: Picture): Difference {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`a picture of ${a.width} × ${a.height} against one of ${b.width} × ${b.height}`);
  }
  const { width, height } = a;
  const tile = 16;
  const across = Math.ceil(width / tile);
  const sums = new Float64Array(across * Math.ceil(height / tile));
  const counts = new Float64Array(sums.length);
  let [total, ma, mb] = [0, 0, 0];
  const lightness = (picture: Picture, i: number) =>
    0.299 * picture.data[3 * i] + 0.587 * picture.data[3 * i + 1] + 0.114 * picture.data[3 * i + 2];
  const pixels = width * height;
  for (let i = 0; i < pixels; i++) {
    let difference = 0;
    for (let c = 0; c < 3; c++) difference += Math.abs(a.data[3 * i + c] - b.data[3 * i + c]) / 3;
    const at = Math.floor(Math.floor(i / width) / tile) * across + Math.floor((i % width) / tile);
    sums[at] += difference;
    counts[at]++;
    total += difference;
    ma += lightness(a, i) / pixels;
    mb += lightness(b, i) / pixels;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < pixels; i++) {
    const [da, db] = [lightness(a, i) - ma, lightness(b, i) - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return {
    mean: total / pixels,
    worst: Math.max(...sums.map((sum, i) => sum / counts[i])),
    structure: ab / Math.sqrt(aa * bb),
  };
}
