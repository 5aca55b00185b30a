import { unzlibSync } from 'fflate';

/** Brightness of a picture's pixels, 0 (black, or transparent) to 1, row after row from the top. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const PREFIX = 'data:image/png;base64,';

/** A PNG file as a scenario carries it. */
export function isPictureText(value: string): boolean {
  return value.startsWith(PREFIX);
}

/** Pixels of a picture; one of more is taken for a mistake. */
const MOST_PIXELS = 16_777_216;

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/**
 * The brightness of a PNG (ISO/IEC 15948), given as a `data:` URL: of colours the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), times the
 * opacity. All colour types and bit depths; not interlaced ones.
 *
 * @throws Error that says what is wrong with it
 */
export function readPicture(text: string): Picture {
  const bytes = fromBase64(text.slice(PREFIX.length));
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) throw new Error('it is not a PNG picture');
  const view = new DataView(bytes.buffer);
  const parts: Uint8Array[] = [];
  let header: Uint8Array | null = null;
  let palette = new Uint8Array(0);
  let opacity = new Uint8Array(0);
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (data.length < length) throw new Error('the picture is cut short');
    if (kind === 'IHDR') header = data;
    else if (kind === 'PLTE') palette = data;
    else if (kind === 'tRNS') opacity = data;
    else if (kind === 'IDAT') parts.push(data);
    at += 12 + length;
  }
  if (header === null || header.length < 13) throw new Error('the picture is cut short');
  const [depth, colour, , , interlaced] = header.subarray(8);
  const size = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  const channels = [1, 0, 3, 1, 2, 0, 4][colour];
  if (!channels || ![1, 2, 4, 8, 16].includes(depth)) throw new Error('it is not a PNG picture');
  if (interlaced) throw new Error('the picture is interlaced, which is not read: save it without');
  if (!(width > 0 && height > 0 && width * height <= MOST_PIXELS)) {
    throw new Error(
      `it has ${width} × ${height} pixels; at most ${MOST_PIXELS.toLocaleString('en')} are read`,
    );
  }
  const rows = unfiltered(
    inflated(parts),
    Math.ceil((width * channels * depth) / 8),
    height,
    Math.max(1, (channels * depth) / 8),
  );
  const stride = rows.length / height;
  const most = 2 ** depth - 1;
  const sample = (row: number, n: number): number => {
    if (depth === 8) return rows[row * stride + n];
    if (depth === 16) return 256 * rows[row * stride + 2 * n] + rows[row * stride + 2 * n + 1];
    const bit = n * depth;
    return (rows[row * stride + (bit >> 3)] >> (8 - depth - (bit & 7))) & most;
  };
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const n = x * channels;
      const one = sample(y, n);
      let bright = one / most;
      if (colour === 2 || colour === 6) bright = luma(one, sample(y, n + 1), sample(y, n + 2)) / most;
      else if (colour === 3) {
        bright = luma(palette[3 * one], palette[3 * one + 1], palette[3 * one + 2]) / 255;
        if (one < opacity.length) bright *= opacity[one] / 255;
      }
      if (colour === 4 || colour === 6) bright *= sample(y, n + channels - 1) / most;
      values[y * width + x] = bright;
    }
  }
  return { width, height, values };
}

function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function inflated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  try {
    return unzlibSync(all);
  } catch {
    throw new Error('the picture is damaged');
  }
}

/** Undoes the filter of each row (its first byte); `back` bytes to the left lies the same channel of the pixel before. */
function unfiltered(data: Uint8Array, stride: number, height: number, back: number): Uint8Array {
  if (data.length < height * (stride + 1)) throw new Error('the picture is cut short');
  const rows = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const left = i >= back ? rows[y * stride + i - back] : 0;
      const up = y > 0 ? rows[(y - 1) * stride + i] : 0;
      const corner = y > 0 && i >= back ? rows[(y - 1) * stride + i - back] : 0;
      rows[y * stride + i] = data[y * (stride + 1) + 1 + i] + predicted(filter, left, up, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      throw new Error('the picture is damaged');
  }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/[\s=]/g, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let n = 0;
  for (const digit of digits) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) throw new Error('it is not a picture in base 64');
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[n++] = held >> bits;
    }
  }
  return bytes;
}
