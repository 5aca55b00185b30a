import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Description } from '../../engine/index.ts';
import { type CellColumn, type CellFrame, cellColumns } from '../../engine/recording/cellColumns.ts';
import { CellStreamError, decodeCells, findBatch } from '../../engine/recording/cellStream.ts';
import { chunkKey, type FieldLayout, fieldLayout } from '../../engine/recording/fieldStore.ts';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import { UsageError } from '../exit.ts';
import { FRAME_FILES, wholeFrames } from './frameFiles.ts';

/** The longest beginning of a stream of cells: schema and names of types. */
const HEAD = 2 ** 20;

/** Frames of a recording, each read for itself. */
export class FrameReader {
  readonly entries: readonly FrameEntry[];
  readonly columns: readonly CellColumn[];
  readonly #folder: string;
  readonly #layout: FieldLayout;
  #head: Uint8Array | null = null;

  constructor(folder: string, description: Description) {
    this.#folder = folder;
    this.entries = wholeFrames(folder);
    this.columns = cellColumns(description);
    this.#layout = fieldLayout(description);
  }

  /** The record batch of a frame as it lies in the file; null where the frame has no cells. */
  batch({ cells, offset, bytes }: FrameEntry): Uint8Array | null {
    return cells === null ? null : this.#read(offset, bytes);
  }

  /** @throws UsageError where the frame is damaged */
  cells(entry: FrameEntry): CellFrame | null {
    const batch = this.batch(entry);
    if (batch === null) return null;
    try {
      this.#head ??= this.#readHead();
      const frame = decodeCells(this.columns, this.#head, batch);
      return { ...frame, step: entry.step, time: entry.time };
    } catch (error) {
      if (!(error instanceof CellStreamError)) throw error;
      throw new UsageError(`${join(this.#folder, FRAME_FILES.cells)}, step ${entry.step}: ${error.message}`);
    }
  }

  /** The fields of a frame, molecules/µm³; null where it has none. @throws UsageError where a chunk is missing or damaged */
  fields({ field }: FrameEntry): Float32Array[] | null {
    if (field === null) return null;
    const [nx, ny, nz] = this.#layout.cells;
    const voxels = nx * ny * nz;
    return this.#layout.fields.map(name => {
      const path = join(this.#folder, FRAME_FILES.fields, chunkKey(name, field));
      if (!existsSync(path)) throw new UsageError(`${path} is missing`);
      let bytes: Uint8Array;
      try {
        bytes = inflateSync(readFileSync(path), { maxOutputLength: 4 * voxels });
      } catch {
        throw new UsageError(`${path} is damaged`);
      }
      if (bytes.length !== 4 * voxels)
        throw new UsageError(`${path} is damaged: it has not ${voxels} values`);
      return new Float32Array(Uint8Array.from(bytes).buffer);
    });
  }

  #readHead(): Uint8Array {
    const start = this.#read(0, HEAD);
    return start.subarray(0, findBatch(start));
  }

  #read(offset: number, length: number): Uint8Array {
    const file = openSync(join(this.#folder, FRAME_FILES.cells), 'r');
    try {
      const bytes = new Uint8Array(length);
      const read = readSync(file, bytes, 0, length, offset);
      return bytes.subarray(0, read);
    } finally {
      closeSync(file);
    }
  }
}
