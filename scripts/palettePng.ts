import { crc32, deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';

/** Colours of a box of the median cut, each with the pixels that have it. */
type Box = readonly (readonly [colour: number, count: number])[];

const MOST_COLOURS = 256;
const SHIFTS = [16, 8, 0] as const;

/**
 * A PNG again with a palette of at most 256 colours, chosen by median cut (Heckbert 1982, doi:10.1145/965145.801294): a third
 * of the size for a screenshot. Transparency is lost.
 */
export function withPalette(bytes: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(bytes);
  const counts = new Map<number, number>();
  for (let i = 0; i < data.length; i += 4) {
    const colour = colourAt(data, i);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const boxes = medianCut([...counts]);
  const entry = new Map<number, number>();
  boxes.forEach((box, b) => {
    for (const [colour] of box) entry.set(colour, b);
  });
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    // Filter 0 of each row: differences of palette entries mean nothing.
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + 1 + x] = entry.get(colourAt(data, 4 * (y * width + x))) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, palette, deflate, no interlace.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    bytes.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(boxes.flatMap(mean))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(data: Buffer, i: number): number {
  return (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
}

/** Splits the box with the most spread, by pixels, at the median of its longest side until there are enough boxes. */
function medianCut(colours: Box): Box[] {
  const boxes: Box[] = [colours];
  while (boxes.length < MOST_COLOURS) {
    const measured = boxes.map(box => ({ box, ...longestSide(box) }));
    const widest = measured.reduce((a, b) => (b.weight > a.weight ? b : a));
    if (widest.length === 0) break;
    const sorted = widest.box.toSorted(
      ([a], [b]) => ((a >> widest.shift) & 255) - ((b >> widest.shift) & 255) || a - b,
    );
    const half = pixelsOf(sorted) / 2;
    let [at, sum] = [0, 0];
    while (at < sorted.length - 1 && sum < half) sum += sorted[at++][1];
    boxes.splice(boxes.indexOf(widest.box), 1, sorted.slice(0, at), sorted.slice(at));
  }
  return boxes;
}

function longestSide(box: Box): { shift: number; length: number; weight: number } {
  let [shift, length] = [0, 0];
  for (const candidate of SHIFTS) {
    const values = box.map(([colour]) => (colour >> candidate) & 255);
    const extent = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
    if (extent > length) [shift, length] = [candidate, extent];
  }
  // Between the error that a split saves (∝ pixels) and rare colours that stand out.
  return { shift, length, weight: length * Math.sqrt(pixelsOf(box)) };
}

function pixelsOf(box: Box): number {
  return box.reduce((sum, [, count]) => sum + count, 0);
}

function mean(box: Box): number[] {
  const pixels = pixelsOf(box);
  return SHIFTS.map(shift =>
    Math.round(box.reduce((sum, [colour, count]) => sum + ((colour >> shift) & 255) * count, 0) / pixels),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
