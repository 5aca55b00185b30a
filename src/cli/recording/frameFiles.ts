import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type CellColumn, cellValues } from '../../engine/recording/cellColumns.ts';
import { type CellStream, createCellStream } from '../../engine/recording/cellStream.ts';
import {
  chunkKey,
  type FieldLayout,
  type StoreFile,
  storeBeginning,
  storeExtent,
  ZARR_FOLDER,
} from '../../engine/recording/fieldStore.ts';
import { FRAME_HEADER, type FrameEntry, frameRow, parseFrames } from '../../engine/recording/frameIndex.ts';
import { UNFINISHED, writeAll } from '../files.ts';
import { RowFile } from './rowFile.ts';

/** The files of the frames; docs/recording.md says what is in them. */
export const FRAME_FILES = { index: 'frames.csv', cells: 'cells.arrows', fields: ZARR_FOLDER } as const;

/** What a recording's frames are made of. Plain data: it crosses to a thread. */
export interface FrameLayout {
  readonly columns: readonly CellColumn[];
  readonly cellTypes: readonly string[];
  readonly fields: FieldLayout;
  /** Title, version, seed …, written into both files. */
  readonly about: Readonly<Record<string, string>>;
}

/** A frame as the engine's thread hands it over. */
export interface FramePacket {
  readonly step: number;
  /** s */
  readonly time: number;
  /** Columns of the cells (recording/cellColumns.ts). */
  readonly cells: { readonly count: number; readonly buffer: ArrayBuffer } | null;
  /** All fields, one after the other, molecules/µm³. */
  readonly fields: ArrayBuffer | null;
}

/** zlib's fastest: fields are written much more often than read. */
const LEVEL = 1;

/**
 * Writes frames. A frame exists once its row in the index does; what belongs to it is written before, so that a kill at any
 * moment leaves whole frames, and a full disk takes nothing from those that are there.
 */
export class FrameFiles {
  readonly #folder: string;
  readonly #layout: FrameLayout;
  readonly #stream: CellStream;
  readonly #index: RowFile;
  readonly #cells: number;
  /** Bytes of the stream, and the times of the frames of fields. */
  #end: number;
  readonly #times: number[];

  private constructor(
    folder: string,
    layout: FrameLayout,
    index: RowFile,
    cells: number,
    end: number,
    times: number[],
  ) {
    this.#folder = folder;
    this.#layout = layout;
    this.#stream = createCellStream(layout.columns, layout.cellTypes, layout.about);
    this.#index = index;
    this.#cells = cells;
    this.#end = end;
    this.#times = times;
  }

  static create(folder: string, layout: FrameLayout): FrameFiles {
    const { head } = createCellStream(layout.columns, layout.cellTypes, layout.about);
    const cells = openSync(join(folder, FRAME_FILES.cells), 'wx');
    writeAll(cells, head);
    if (layout.fields.fields.length > 0) {
      const beginning = storeBeginning(layout.fields, layout.about);
      for (const { key } of beginning)
        mkdirSync(dirname(join(folder, ZARR_FOLDER, key)), { recursive: true });
      writeStore(folder, beginning);
      writeStore(folder, storeExtent(layout.fields, []));
    }
    const index = RowFile.create(join(folder, FRAME_FILES.index), FRAME_HEADER);
    return new FrameFiles(folder, layout, index, cells, head.length, []);
  }

  /** Continues after the last whole frame that is not later than `step`; what lies beyond it is dropped. */
  static reopen(folder: string, layout: FrameLayout, step: number): FrameFiles {
    const { head } = createCellStream(layout.columns, layout.cellTypes, layout.about);
    const kept = wholeFrames(folder).filter(entry => entry.step <= step);
    const last = kept.at(-1)?.step ?? -1;
    const index = RowFile.reopen(join(folder, FRAME_FILES.index), FRAME_HEADER, one => one <= last);
    const cells = openSync(join(folder, FRAME_FILES.cells), 'r+');
    const end = kept.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), head.length);
    ftruncateSync(cells, end);
    closeSync(cells);
    const times = kept.filter(({ field }) => field !== null).map(({ time }) => time);
    if (layout.fields.fields.length > 0) {
      writeStore(folder, storeExtent(layout.fields, times));
      dropChunks(folder, layout.fields, times.length);
    }
    return new FrameFiles(folder, layout, index, openSync(join(folder, FRAME_FILES.cells), 'a'), end, times);
  }

  /** Writes a frame whole, or nothing of it. */
  write({ step, time, cells, fields }: FramePacket): void {
    const { columns } = this.#layout;
    const field = fields ? this.#times.length : null;
    let bytes = 0;
    try {
      if (fields) this.#writeFields(fields, time);
      if (cells) {
        const { count, buffer } = cells;
        const values = cellValues(columns, buffer, count);
        const batch = this.#stream.encode({ step, time, count, buffer, values });
        writeAll(this.#cells, batch);
        bytes = batch.length;
      }
      const entry: FrameEntry = {
        step,
        time,
        cells: cells?.count ?? null,
        offset: bytes && this.#end,
        bytes,
        field,
      };
      this.#index.append(frameRow(entry));
    } catch (error) {
      ftruncateSync(this.#cells, this.#end);
      throw error;
    }
    this.#end += bytes;
    if (fields) this.#times.push(time);
  }

  #writeFields(buffer: ArrayBuffer, time: number): void {
    const { fields } = this.#layout;
    const [nx, ny, nz] = fields.cells;
    const size = 4 * nx * ny * nz;
    const frame = this.#times.length;
    fields.fields.forEach((name, f) => {
      const values = new Uint8Array(buffer, f * size, size);
      writeFileSync(
        join(this.#folder, ZARR_FOLDER, chunkKey(name, frame)),
        deflateSync(values, { level: LEVEL }),
      );
    });
    writeStore(this.#folder, storeExtent(fields, [...this.#times, time]));
  }

  /** Waits until the index and the cells are on the disk. */
  flush(): void {
    fsyncSync(this.#cells);
    this.#index.flush();
  }

  close(): void {
    closeSync(this.#cells);
    this.#index.close();
  }
}

/** The frames of a recording that are wholly there. */
export function wholeFrames(folder: string): FrameEntry[] {
  const index = join(folder, FRAME_FILES.index);
  if (!existsSync(index)) return [];
  const cells = openSync(join(folder, FRAME_FILES.cells), 'r');
  try {
    const { size } = fstatSync(cells);
    const entries = parseFrames(readFileSync(index, 'latin1'));
    const broken = entries.findIndex(({ offset, bytes }) => offset + bytes > size);
    return broken < 0 ? entries : entries.slice(0, broken);
  } finally {
    closeSync(cells);
  }
}

/** Each file under another name first, then renamed: readers see the old one or the new one. */
function writeStore(folder: string, files: readonly StoreFile[]): void {
  for (const { key, content } of files) {
    const path = join(folder, ZARR_FOLDER, key);
    const bytes = typeof content === 'string' ? content : deflateSync(content, { level: LEVEL });
    writeFileSync(path + UNFINISHED, bytes);
    renameSync(path + UNFINISHED, path);
  }
}

/** Chunks beyond the last frame, which a killed or longer run has left. */
function dropChunks(folder: string, { fields }: FieldLayout, frames: number): void {
  for (const name of fields) {
    for (let frame = frames; ; frame++) {
      const path = join(folder, ZARR_FOLDER, chunkKey(name, frame));
      if (!existsSync(path)) break;
      rmSync(path);
    }
  }
}
