import type { Inflate } from '../session/replay/frames.ts';

/** Undoes zlib by the browser's own means, off this thread. */
export const inflate: Inflate = async (bytes, most) => {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'));
  const result = new Uint8Array(most);
  let length = 0;
  for await (const part of stream as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    if (length + part.length > most) throw new RangeError('it is longer than it should be');
    result.set(part, length);
    length += part.length;
  }
  return result.subarray(0, length);
};
