import type { Deflate } from '../session/record/recorder.ts';

/** zlib by the browser's own means, off this thread. */
export const deflate: Deflate = async bytes => {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
