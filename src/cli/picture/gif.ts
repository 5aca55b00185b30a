import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mapOf } from '../../picture/cellColours.ts';
import { layerTables, TABLE_SIZE } from '../../picture/colour/maps.ts';
import type { Image } from '../../picture/raster/image.ts';
import type { Subject } from '../../picture/subject.ts';
import type { StageView } from '../../picture/view.ts';
import { writeAll } from '../files.ts';

type Palette = number[][];

/** gifenc is a CommonJS module without types: this is what is used of it. */
interface Gifenc {
  GIFEncoder(options: { readonly auto: boolean }): {
    writeHeader(): void;
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette?: Palette; delay: number; repeat: number; first: boolean },
    ): void;
    finish(): void;
    bytesView(): Uint8Array;
    readonly stream: { reset(): void };
  };
  quantize(rgba: Uint8Array, colours: number): Palette;
}

const { GIFEncoder, quantize }: Gifenc = createRequire(import.meta.url)('gifenc');

const COLOURS = 256;
/** Colours of a palette that are kept for the one field shown. */
const OF_FIELD = 128;
/** Pictures that the rest of the palette is made of. */
const SAMPLES = 8;

/** The colours of the one field shown: a quantiser would join neighbours among them, which shows as steps. */
export function fieldColours({ cellTypes }: Subject, { fields, theme, cells }: StageView): Palette {
  if (fields.length !== 1) return [];
  const table = layerTables([fields[0].map], theme, cellTypes.length > 0 && mapOf(cells) !== null);
  return Array.from({ length: OF_FIELD }, (_, i) => {
    const entry = 4 * Math.round((i * (TABLE_SIZE - 1)) / (OF_FIELD - 1));
    return [...table.subarray(entry, entry + 3)];
  });
}

/**
 * Pictures as a GIF that plays for ever, with one palette for all: a palette for each would flicker. Written picture by picture.
 * @param kept colours that must be in the palette
 */
export function writeGif(
  path: string,
  count: number,
  picture: (index: number) => Image,
  perSecond: number,
  kept: Palette,
): void {
  const chosen = Math.min(SAMPLES, count);
  const samples = Array.from({ length: chosen }, (_, k) =>
    picture(Math.round((k * (count - 1)) / Math.max(1, chosen - 1))),
  );
  const palette = [...kept, ...quantize(concatenated(samples), COLOURS - kept.length)];
  const nearest = nearestIn(palette);
  const file = openSync(path, 'wx');
  try {
    const gif = GIFEncoder({ auto: false });
    const flush = () => {
      writeAll(file, gif.bytesView());
      gif.stream.reset();
    };
    gif.writeHeader();
    // Times in a GIF are hundredths of a second: rounded on the way, not in each picture.
    const centiseconds = (i: number) => Math.round((100 * i) / perSecond);
    for (let i = 0; i < count; i++) {
      const { pixels, width, height } = picture(i);
      const delay = 10 * (centiseconds(i + 1) - centiseconds(i));
      const first = i === 0;
      gif.writeFrame(nearest(pixels), width, height, { ...(first && { palette }), first, delay, repeat: 0 });
      flush();
    }
    gif.finish();
    flush();
  } finally {
    closeSync(file);
  }
}

/** Bits of a channel by which colours are told apart. */
const BITS = 7;

/** The nearest colour of a palette for each pixel, by squared distance; remembered from picture to picture. */
function nearestIn(palette: Palette): (rgba: Uint8Array) => Uint8Array {
  const known = new Int16Array(2 ** (3 * BITS)).fill(-1);
  const drop = 8 - BITS;
  const search = (r: number, g: number, b: number): number => {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < palette.length; i++) {
      const [red, green, blue] = palette[i];
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (distance < least) [least, best] = [distance, i];
    }
    return best;
  };
  return rgba => {
    const index = new Uint8Array(rgba.length / 4);
    for (let i = 0; i < index.length; i++) {
      const [r, g, b] = [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]];
      const key = ((r >> drop) << (2 * BITS)) | ((g >> drop) << BITS) | (b >> drop);
      if (known[key] < 0) known[key] = search(r, g, b);
      index[i] = known[key];
    }
    return index;
  };
}

function concatenated(images: readonly Image[]): Uint8Array {
  const all = new Uint8Array(images.reduce((sum, { pixels }) => sum + pixels.length, 0));
  let at = 0;
  for (const { pixels } of images) {
    all.set(pixels, at);
    at += pixels.length;
  }
  return all;
}
