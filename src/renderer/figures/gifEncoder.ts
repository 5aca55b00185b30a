import type { FilmEncoder, FilmFormat } from './encoder.ts';
import type { GifCommand, GifEvent } from './gifMessages.ts';
import { describeProvenance, type Provenance } from './provenance.ts';

/**
 * Hundredths of a second for which picture i is shown. A GIF counts in them: rounding the end of each picture rather than
 * its length keeps the whole as long as it should be. Below two hundredths browsers fall back to ten.
 */
export function gifDelay(index: number, rate: number): number {
  return Math.max(2, Math.round((100 * (index + 1)) / rate) - Math.round((100 * index) / rate));
}

/** Pictures as a GIF that repeats for ever, each with 256 colours of its own; made in a worker. */
export function createGifEncoder({ width, height, rate }: FilmFormat, provenance: Provenance): FilmEncoder {
  const worker = new Worker(new URL('../../worker/gif.ts', import.meta.url), { type: 'module' });
  let answer: { resolve: (event: GifEvent) => void; reject: (error: Error) => void } | null = null;
  worker.addEventListener('message', ({ data }: MessageEvent<GifEvent>) => {
    const waiting = answer;
    answer = null;
    if (data.type === 'failed') waiting?.reject(new Error(`The GIF could not be made: ${data.message}`));
    else waiting?.resolve(data);
  });
  worker.addEventListener('error', event => {
    answer?.reject(new Error(`The GIF could not be made: ${event.message || 'its worker failed to start'}`));
    answer = null;
  });
  const ask = (command: GifCommand, transfer: Transferable[] = []): Promise<GifEvent> =>
    new Promise((resolve, reject) => {
      answer = { resolve, reject };
      worker.postMessage(command, transfer);
    });
  // The next picture is drawn while the worker has this one.
  let last = ask({
    type: 'start',
    width,
    height,
    comment: `${provenance.title}: ${describeProvenance(provenance)}`,
  });
  last.catch(() => undefined);
  return {
    async add(picture, index) {
      const context = picture.getContext('2d');
      if (!context) throw new Error('no 2-D canvas is available');
      const pixels = context.getImageData(0, 0, width, height).data.buffer;
      await last;
      last = ask({ type: 'frame', pixels, delay: gifDelay(index, rate) }, [pixels]);
      last.catch(() => undefined);
    },
    async finish() {
      await last;
      const event = await ask({ type: 'finish' });
      worker.terminate();
      if (event.type !== 'done') throw new Error('The GIF could not be made.');
      return new Uint8Array(event.bytes);
    },
    async cancel() {
      worker.terminate();
      answer = null;
    },
  };
}
