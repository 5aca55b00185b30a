import { applyPalette, GIFEncoder, quantize } from 'gifenc';
import type { GifCommand, GifEvent } from '../renderer/figures/gifMessages.ts';

/** The module worker that makes GIFs: choosing 256 colours of a picture takes long enough to be felt. */
let encoder: ReturnType<typeof GIFEncoder> | null = null;
let size = { width: 0, height: 0 };

function carryOut(command: GifCommand): GifEvent {
  switch (command.type) {
    case 'start':
      encoder = GIFEncoder({ auto: false });
      size = { width: command.width, height: command.height };
      encoder.writeHeader();
      comment = command.comment;
      first = true;
      return { type: 'ready' };
    case 'frame': {
      if (!encoder) throw new Error('it was not started');
      const pixels = new Uint8Array(command.pixels);
      const palette = quantize(pixels, 256, { format: 'rgb565' });
      const index = applyPalette(pixels, palette, 'rgb565');
      encoder.writeFrame(index, size.width, size.height, {
        palette,
        first,
        delay: 10 * command.delay,
        repeat: 0,
      });
      first = false;
      return { type: 'ready' };
    }
    case 'finish': {
      if (!encoder) throw new Error('it was not started');
      writeComment(comment);
      encoder.finish();
      const bytes = encoder.bytes();
      encoder = null;
      return { type: 'done', bytes: bytes.buffer };
    }
  }
}

let comment = '';
let first = true;

/** Comment extension (GIF89a, 24): blocks of at most 255 bytes, ended by an empty one. */
function writeComment(text: string): void {
  if (!encoder) return;
  const bytes = new TextEncoder().encode(text);
  const { stream } = encoder;
  stream.writeByte(0x21);
  stream.writeByte(0xfe);
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.subarray(at, at + 255);
    stream.writeByte(block.length);
    for (const byte of block) stream.writeByte(byte);
  }
  stream.writeByte(0);
}

self.onmessage = ({ data }: MessageEvent<GifCommand>) => {
  let event: GifEvent;
  try {
    event = carryOut(data);
  } catch (error) {
    event = { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(event, { transfer: event.type === 'done' ? [event.bytes] : [] });
};
