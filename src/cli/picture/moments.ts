import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../../engine/index.ts';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import { Clones } from '../../picture/clones.ts';
import { frameOfRecording } from '../../picture/recordedFrame.ts';
import type { Source } from '../export/source.ts';
import { FILES } from '../recording/files.ts';

/** The moments of a recording as frames to be drawn: the cells and the fields last recorded up to then. */
export class Moments {
  readonly clones = new Clones();
  readonly #source: Source;
  #field: { readonly entry: FrameEntry; readonly values: readonly Float32Array[] } | null = null;

  constructor(source: Source) {
    this.#source = source;
    const path = join(source.opened.folder, FILES.events);
    if (!existsSync(path)) return;
    for (const [, ...ids] of readFileSync(path, 'latin1').matchAll(
      /^\d+,[^,]+,division,(\d+),(\d+),(\d+),.*\n/gm,
    )) {
      const [mother, first, second] = ids.map(Number);
      this.clones.divide(mother, first, second);
    }
  }

  frameAt({ step, time }: FrameEntry): Frame {
    const { reader, description } = this.#source;
    const cells = reader.entries.findLast(entry => entry.step <= step && entry.cells !== null);
    const field = reader.entries.findLast(entry => entry.step <= step && entry.field !== null);
    return frameOfRecording(step, time, reader.columns, cells ? reader.cells(cells) : null, [
      ...this.#fieldsAt(field, description.grid.voxels),
    ]);
  }

  /** Not a number where no fields were recorded up to then. */
  #fieldsAt(entry: FrameEntry | undefined, voxels: number): readonly Float32Array[] {
    const { reader, description } = this.#source;
    if (!entry) return description.fields.map(() => new Float32Array(voxels).fill(Number.NaN));
    if (this.#field?.entry !== entry) this.#field = { entry, values: reader.fields(entry) ?? [] };
    return this.#field.values;
  }
}
