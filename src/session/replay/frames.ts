import { type CellFrame, type ColumnValues, cellColumns } from '../../engine/recording/cellColumns.ts';
import { CellStreamError, decodeCells, findBatch } from '../../engine/recording/cellStream.ts';
import { chunkKey, fieldLayout, ZARR_FOLDER } from '../../engine/recording/fieldStore.ts';
import { DEATH_NUMBERS, type Frame, type FrameSize, startFrame } from '../../engine/recording/frame.ts';
import { ReplayError } from './error.ts';
import { firstAfter } from './events.ts';
import { Kept } from './kept.ts';
import type { FileLike } from './place.ts';
import type { OpenedRecording } from './recording.ts';

/** Undoes zlib; `most` is how long the result may be. */
export type Inflate = (bytes: Uint8Array, most: number) => Promise<Uint8Array>;

/** The longest beginning of a stream of cells: schema and names of types. */
const HEAD = 2 ** 20;

/** What a frame shows, read and decoded, but for the deaths. */
export interface Pieces {
  readonly cells: CellFrame | null;
  readonly fields: readonly Float32Array[] | null;
}

/**
 * The frames of a recording as the stage takes them, each read from its place in the files when it is asked for. A frame of
 * cells only shows the fields last recorded before it, and one of fields only the cells.
 */
export class ReplayFrames {
  readonly length: number;
  readonly #recording: OpenedRecording;
  readonly #inflate: Inflate;
  readonly #columns: ReturnType<typeof cellColumns>;
  readonly #layout: ReturnType<typeof fieldLayout>;
  readonly #stride: number;
  /** By frame, the last one at or before it that has cells, and fields; −1 where there is none. */
  readonly #cellsAt: Int32Array;
  readonly #fieldsAt: Int32Array;
  readonly #cells: Kept<CellFrame>;
  readonly #fields: Kept<Float32Array[]>;
  #file: Promise<{ file: FileLike; head: Uint8Array }> | null = null;

  /** @param memory bytes for decoded frames */
  constructor(recording: OpenedRecording, inflate: Inflate, memory: number = 2 ** 27) {
    const { frames, scenario } = recording;
    const { description } = scenario;
    this.length = frames.length;
    this.#recording = recording;
    this.#inflate = inflate;
    this.#columns = cellColumns(description);
    this.#layout = fieldLayout(description);
    this.#stride = description.cellTypes.reduce(
      (most, { circuit }) => Math.max(most, circuit.species.length),
      0,
    );
    this.#cellsAt = lastOf(frames, ({ cells }) => cells !== null);
    this.#fieldsAt = lastOf(frames, ({ field }) => field !== null);
    this.#cells = new Kept(memory / 2, ({ buffer }) => buffer.byteLength);
    this.#fields = new Kept(memory / 2, fields =>
      fields.reduce((sum, { byteLength }) => sum + byteLength, 0),
    );
  }

  timeOf(index: number): number {
    return this.#recording.frames[index].time;
  }

  stepOf(index: number): number {
    return this.#recording.frames[index].step;
  }

  /** How many cells the frame shows. */
  countOf(index: number): number {
    return this.#recording.frames[this.#cellsAt[index]]?.cells ?? 0;
  }

  /** The last frame that is not after a time; the first where all are. */
  at(time: number): number {
    let low = 0;
    let high = this.length - 1;
    // Half a step of slack: times come back from clocks and sliders.
    const slack = this.#recording.scenario.description.time.step / 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.timeOf(middle) <= time + slack) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Reads what a frame shows. @throws ReplayError where it is damaged */
  async load(index: number): Promise<Pieces> {
    const [cells, fields] = await Promise.all([
      this.#loadCells(this.#cellsAt[index]),
      this.#loadFields(this.#fieldsAt[index]),
    ]);
    return { cells, fields };
  }

  /** The cells of a frame, for those that go through many; not kept. @throws ReplayError */
  async cells(index: number): Promise<CellFrame | null> {
    const at = this.#cellsAt[index];
    if (at < 0) return null;
    return this.#cells.get(at) ?? (await this.#readCells(at));
  }

  /** Index of the column of a species in the frames of cells, by cell type; −1 where the type has none of that index. */
  speciesColumn(type: number, species: number): number {
    return this.#columns.findIndex(column => column.species?.[type] === species);
  }

  /** A frame in the form of a live one, of what `load` gave. `deaths` as in a frame; `reuse` may be overwritten. */
  write(index: number, { cells, fields }: Pieces, deaths: readonly number[], reuse?: ArrayBuffer): Frame {
    const { scenario, series, frames } = this.#recording;
    const { description } = scenario;
    const { step, time } = frames[index];
    const row = firstAfter(series.times, time) - 1;
    const bulk = series.bulk(row);
    const size: FrameSize = {
      count: cells?.count ?? 0,
      stride: this.#stride,
      deaths: deaths.length / DEATH_NUMBERS,
      fields: description.fields.length,
      voxels: description.grid.voxels,
      reservoirs: bulk.length,
      rods: description.cellTypes.some(({ shape }) => shape.kind === 'rod'),
      phases: this.#columns.some(({ name, species }) => name === 'phase' && species === null),
    };
    const frame = startFrame(step, time, size, reuse);
    if (cells) this.#fillCells(frame, cells);
    frame.deaths.set(deaths);
    frame.fields.forEach((values, f) => {
      if (fields) values.set(fields[f]);
      else values.fill(0);
    });
    frame.bulk.set(bulk);
    return frame;
  }

  /** A column that every cell has, by its name. */
  column({ values }: CellFrame, name: string): ColumnValues {
    return values[this.#columns.findIndex(one => one.name === name)];
  }

  #fillCells(frame: Frame, cells: CellFrame): void {
    const { values, count } = cells;
    const column = (name: string) => this.column(cells, name);
    frame.id.set(column('id'));
    frame.parent.set(column('parent'));
    const type = column('type');
    frame.type.set(type);
    for (const axis of ['x', 'y', 'z', 'radius', 'volume'] as const) frame[axis].set(column(axis));
    frame.birthVolume.set(column('birth_volume'));
    frame.divisionVolume.set(column('division_volume'));
    frame.birthTime.set(column('birth_time'));
    if (frame.half) this.#fillAxes(frame.half, cells);
    if (frame.phase) {
      const { cellTypes } = this.#recording.scenario.description;
      const phase = column('phase');
      for (let i = 0; i < count; i++) {
        frame.phase[i] = cellTypes[type[i]].division?.phases ? phase[i] : Number.NaN;
      }
    }
    const { amounts, stride } = frame;
    amounts.fill(0);
    this.#columns.forEach(({ species }, c) => {
      if (!species) return;
      const from = values[c];
      for (let i = 0; i < count; i++) {
        const index = species[type[i]];
        if (index >= 0) amounts[i * stride + index] = from[i];
      }
    });
  }

  /** From the centre to a cap: half of what the length from pole to pole is beyond the two caps. */
  #fillAxes(half: NonNullable<Frame['half']>, cells: CellFrame): void {
    const length = this.column(cells, 'length');
    const radius = this.column(cells, 'radius');
    for (const axis of ['x', 'y', 'z'] as const) {
      const unit = this.column(cells, `axis_${axis}`);
      for (let i = 0; i < cells.count; i++) half[axis][i] = unit[i] * (length[i] / 2 - radius[i]);
    }
  }

  async #loadCells(at: number): Promise<CellFrame | null> {
    if (at < 0) return null;
    const kept = this.#cells.get(at);
    if (kept) return kept;
    const read = await this.#readCells(at);
    this.#cells.set(at, read);
    return read;
  }

  async #readCells(at: number): Promise<CellFrame> {
    const entry = this.#recording.frames[at];
    try {
      this.#file ??= this.#openCells();
      const { file, head } = await this.#file;
      const batch = new Uint8Array(await file.slice(entry.offset, entry.offset + entry.bytes).arrayBuffer());
      const frame = decodeCells(this.#columns, head, batch);
      if (frame.count !== entry.cells) throw new CellStreamError('it has another number of cells');
      return frame;
    } catch (error) {
      if (!(error instanceof CellStreamError)) throw error;
      throw new ReplayError(`cells.arrows, step ${entry.step}: ${error.message}`);
    }
  }

  async #openCells(): Promise<{ file: FileLike; head: Uint8Array }> {
    const file = await this.#recording.folder.file('cells.arrows');
    if (!file) throw new ReplayError('cells.arrows is missing');
    const start = new Uint8Array(await file.slice(0, Math.min(HEAD, file.size)).arrayBuffer());
    return { file, head: start.subarray(0, findBatch(start)) };
  }

  async #loadFields(at: number): Promise<Float32Array[] | null> {
    if (at < 0) return null;
    const kept = this.#fields.get(at);
    if (kept) return kept;
    const frame = this.#recording.frames[at].field ?? 0;
    const [nx, ny, nz] = this.#layout.cells;
    const bytes = 4 * nx * ny * nz;
    const fields = await Promise.all(
      this.#layout.fields.map(async name => {
        const path = `${ZARR_FOLDER}/${chunkKey(name, frame)}`;
        const file = await this.#recording.folder.file(path);
        if (!file) throw new ReplayError(`${path} is missing`);
        const values = await this.#inflate(new Uint8Array(await file.arrayBuffer()), bytes).catch(() => null);
        if (values?.byteLength !== bytes) throw new ReplayError(`${path} is damaged`);
        return new Float32Array(new Uint8Array(values).buffer);
      }),
    );
    this.#fields.set(at, fields);
    return fields;
  }
}

function lastOf<T>(entries: readonly T[], has: (entry: T) => boolean): Int32Array {
  let last = -1;
  return Int32Array.from(entries, (entry, index) => {
    if (has(entry)) last = index;
    return last;
  });
}
