import { Zip, ZipPassThrough } from 'fflate';
import { toCsv } from '../plots/csv.ts';
import type { FilmEncoder } from './encoder.ts';
import { withText } from './pngText.ts';
import { describeProvenance, entriesOf, type Provenance } from './provenance.ts';

/** Every picture as a PNG of its own in a ZIP, with `times.csv`, which says what time of the run each of them shows. */
export function createPngSequence(times: readonly number[], provenance: Provenance): FilmEncoder {
  let parts: Uint8Array[] = [];
  let failed: Error | null = null;
  const zip = new Zip((error, part) => {
    if (error) failed = error;
    else parts.push(part);
  });
  const put = (name: string, bytes: Uint8Array): void => {
    // PNGs are compressed already.
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
    if (failed) throw failed;
  };
  const digits = Math.max(4, String(times.length - 1).length);
  const nameOf = (index: number) => `frame-${String(index).padStart(digits, '0')}.png`;
  return {
    async add(picture, index) {
      const blob = await new Promise<Blob | null>(resolve => picture.toBlob(resolve, 'image/png'));
      if (!blob) throw new Error('A picture could not be encoded.');
      const at = { ...provenance, from: times[index], to: times[index] };
      put(nameOf(index), withText(new Uint8Array(await blob.arrayBuffer()), entriesOf(at)));
    },
    async finish() {
      const table = toCsv([
        { name: 'frame', values: times.map((_, i) => i) },
        { name: 'time_s', values: times },
      ]);
      put('times.csv', new TextEncoder().encode(table));
      put('about.txt', new TextEncoder().encode(`${provenance.title}\n${describeProvenance(provenance)}\n`));
      zip.end();
      if (failed) throw failed;
      const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        result.set(part, at);
        at += part.length;
      }
      parts = [];
      return result;
    },
    async cancel() {
      zip.terminate();
      parts = [];
    },
  };
}
