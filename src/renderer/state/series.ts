import type { SeriesColumn } from '../../session/contract.ts';

/** The time series of a run, column by column, growing outside React. */
export interface Series {
  readonly columns: readonly SeriesColumn[];
  readonly length: number;
  /** A changing number: one more after every change. */
  readonly version: number;
  column(index: number): Float64Array;
  /** Indices of the columns that fit. */
  find(match: Partial<SeriesColumn>): number[];
  reset(columns: readonly SeriesColumn[]): void;
  /** Appends rows laid out row by row; after `reset` they replace what was there. Rows of another width are refused. */
  append(rows: Float64Array, columns: number, reset: boolean): void;
  subscribe(listener: () => void): () => void;
}

export function createSeries(): Series {
  let columns: readonly SeriesColumn[] = [];
  let data: Float64Array[] = [];
  let length = 0;
  let version = 0;
  const listeners = new Set<() => void>();
  const changed = () => {
    version++;
    for (const listener of [...listeners]) listener();
  };
  return {
    get columns() {
      return columns;
    },
    get length() {
      return length;
    },
    get version() {
      return version;
    },
    column: index => data[index].subarray(0, length),
    find: match =>
      columns.flatMap((column, i) =>
        (match.of ?? column.of) === column.of &&
        (match.name ?? column.name) === column.name &&
        (match.statistic ?? column.statistic) === column.statistic
          ? [i]
          : [],
      ),
    reset(next) {
      columns = next;
      data = next.map(() => new Float64Array(256));
      length = 0;
      changed();
    },
    append(rows, width, reset) {
      if (width !== columns.length)
        throw new RangeError(`rows of ${width} columns, expected ${columns.length}`);
      if (reset) length = 0;
      const added = width === 0 ? 0 : Math.floor(rows.length / width);
      if (width > 0 && length + added > data[0].length) {
        const capacity = Math.max(2 * data[0].length, length + added);
        data = data.map(old => {
          const grown = new Float64Array(capacity);
          grown.set(old.subarray(0, length));
          return grown;
        });
      }
      for (let c = 0; c < width; c++) {
        const column = data[c];
        for (let row = 0; row < added; row++) column[length + row] = rows[row * width + c];
      }
      length += added;
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
