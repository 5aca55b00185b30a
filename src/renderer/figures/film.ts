import type { Painter } from '../stage/painter.ts';
import type { FilmEncoder } from './encoder.ts';
import type { FrameSource } from './frameSource.ts';

export interface FilmOptions {
  readonly signal: AbortSignal;
  /** Called after every picture. */
  readonly progress: (done: number) => void;
}

/**
 * Draws every frame of a source and encodes it. Whatever happens, source, painter and encoder are closed at the end; null
 * where it was cancelled.
 * @throws Error with a message for people
 */
export async function makeFilm(
  source: FrameSource,
  painter: Painter,
  encoder: FilmEncoder,
  { signal, progress }: FilmOptions,
): Promise<Uint8Array<ArrayBuffer> | null> {
  let finished = false;
  try {
    for (let i = 0; i < source.times.length; i++) {
      const frame = await source.frameAt(i);
      if (signal.aborted) return null;
      painter.draw(frame);
      await encoder.add(painter.canvas, i);
      progress(i + 1);
      if (signal.aborted) return null;
    }
    const bytes = await encoder.finish();
    finished = true;
    return signal.aborted ? null : bytes;
  } finally {
    source.close();
    painter.destroy();
    if (!finished) await encoder.cancel();
  }
}
