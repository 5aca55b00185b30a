/**
 * Text in the metadata of a PNG (W3C PNG specification, chunks tEXt and iTXt). What has only Latin-1 goes into tEXt, which
 * every reader knows, all else into iTXt, which is UTF-8.
 */

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Signature, and the chunk IHDR: length, type, 13 bytes, sum. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;

/** The PNG with these texts right after its header. @throws Error where the bytes are no PNG */
export function withText(
  png: Uint8Array,
  entries: readonly (readonly [keyword: string, text: string])[],
): Uint8Array<ArrayBuffer> {
  if (png.length < AFTER_HEADER || SIGNATURE.some((byte, i) => png[i] !== byte)) throw new Error('not a PNG');
  const chunks = entries.map(([keyword, text]) => textChunk(keyword, text));
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, png.length);
  const result = new Uint8Array(length);
  result.set(png.subarray(0, AFTER_HEADER));
  let at = AFTER_HEADER;
  for (const chunk of chunks) {
    result.set(chunk, at);
    at += chunk.length;
  }
  result.set(png.subarray(AFTER_HEADER), at);
  return result;
}

function textChunk(keyword: string, text: string): Uint8Array {
  // Of control characters only the line feed is allowed.
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, ' ');
  const name = latin1(keyword.slice(0, 79));
  if (/^[\n\x20-\x7e\xa0-\xff]*$/.test(clean)) return chunk('tEXt', [...name, 0, ...latin1(clean)]);
  // Not compressed; no language; no translated keyword.
  return chunk('iTXt', [...name, 0, 0, 0, 0, 0, ...new TextEncoder().encode(clean)]);
}

function latin1(text: string): number[] {
  return Array.from(text, character => character.charCodeAt(0) & 0xff);
}

function chunk(type: 'tEXt' | 'iTXt', data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(latin1(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** The sum that ends every chunk: CRC-32 as in ISO 3309. */
function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
