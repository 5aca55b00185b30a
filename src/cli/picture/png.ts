import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import type { Image } from '../../picture/raster/image.ts';

/** Signature and header: what text may follow. */
const HEADER = 8 + 25;

/** An image as PNG, with texts (tEXt, or iTXt where they are more than Latin-1) that say what it shows. */
export function pngOf({ width, height, pixels }: Image, about: Readonly<Record<string, string>>): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const bytes = PNG.sync.write(png, { colorType: 2, inputColorType: 6 });
  const texts = Object.entries(about).map(([key, text]) => textChunk(key, text));
  return Buffer.concat([bytes.subarray(0, HEADER), ...texts, bytes.subarray(HEADER)]);
}

function textChunk(key: string, text: string): Buffer {
  // Latin-1 without controls fits tEXt; iTXt is UTF-8, not compressed, of no language.
  const plain = [...text].every(
    character => character === '\n' || (character >= ' ' && character <= '\u00ff'),
  );
  const content = plain
    ? Buffer.from(`tEXt${key}\0${text}`, 'latin1')
    : Buffer.from(`iTXt${key}\0\0\0\0\0${text}`, 'utf8');
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}
