import type { Trace } from '../../session/contract.ts';

/** The history of one watched cell: rows of time (s), volume (µm³), amounts of its species, net molecules given to fields. */
export interface CellHistory {
  readonly id: number;
  readonly alive: boolean;
  readonly daughters: readonly number[];
  readonly columns: number;
  readonly length: number;
  /** Column-major views, one per column. */
  readonly data: readonly Float64Array[];
}

/** Histories of watched cells, by id, growing outside React. */
export interface Traces {
  get(id: number): CellHistory | null;
  /** Appends; rows at or before the last kept time begin anew there (the clock went back). */
  append(traces: readonly Trace[]): void;
  /** Forgets all but these. */
  keep(ids: readonly number[]): void;
  clear(): void;
  subscribe(listener: () => void): () => void;
}

interface Growing {
  alive: boolean;
  daughters: readonly number[];
  columns: number;
  length: number;
  data: Float64Array[];
}

export function createTraces(): Traces {
  const cells = new Map<number, Growing>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    get(id) {
      const cell = cells.get(id);
      if (!cell) return null;
      return { id, ...cell, data: cell.data.map(column => column.subarray(0, cell.length)) };
    },
    append(traces) {
      for (const trace of traces) {
        let cell = cells.get(trace.id);
        if (!cell || cell.columns !== trace.columns) {
          const data = Array.from({ length: trace.columns }, () => new Float64Array(128));
          cell = { alive: true, daughters: [], columns: trace.columns, length: 0, data };
          cells.set(trace.id, cell);
        }
        cell.alive = trace.alive;
        cell.daughters = trace.daughters;
        appendRows(cell, trace.rows);
      }
      changed();
    },
    keep(ids) {
      const kept = new Set(ids);
      for (const id of [...cells.keys()]) if (!kept.has(id)) cells.delete(id);
      changed();
    },
    clear() {
      cells.clear();
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function appendRows(cell: Growing, rows: Float64Array): void {
  const { columns } = cell;
  if (columns === 0) return;
  const added = Math.floor(rows.length / columns);
  if (added === 0) return;
  while (cell.length > 0 && cell.data[0][cell.length - 1] >= rows[0]) cell.length--;
  const needed = cell.length + added;
  if (needed > cell.data[0].length) {
    cell.data = cell.data.map(old => {
      const grown = new Float64Array(Math.max(2 * old.length, needed));
      grown.set(old.subarray(0, cell.length));
      return grown;
    });
  }
  for (let row = 0; row < added; row++) {
    for (let c = 0; c < columns; c++) cell.data[c][cell.length + row] = rows[row * columns + c];
  }
  cell.length = needed;
}
