import type { CellColumn, CellFrame } from '../../engine/recording/cellColumns.ts';
import { fieldLayout } from '../../engine/recording/fieldStore.ts';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import { cellEntries, fieldEntries, type Source } from './source.ts';

/** A column of a flat table. */
export interface TableColumn {
  readonly name: string;
  /** As `um^3`; empty for names and ids. */
  readonly unit: string;
  readonly kind: 'u32' | 'f32' | 'f64' | 'text';
  /** Whether values may be missing (null). */
  readonly optional: boolean;
}

export type TableValues = Uint32Array | Float32Array | Float64Array | (number | string | null)[];

/** Rows of one frame; values[c][i] is column c of row i. */
export interface TableChunk {
  readonly rows: number;
  readonly values: readonly TableValues[];
}

/** A recording as one flat table, frame by frame. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly chunks: Iterable<TableChunk>;
}

const WHEN: readonly TableColumn[] = [
  { name: 'step', unit: '', kind: 'u32', optional: false },
  { name: 'time', unit: 's', kind: 'f64', optional: false },
];

function when({ step, time }: FrameEntry, rows: number): TableValues[] {
  return [new Uint32Array(rows).fill(step), new Float64Array(rows).fill(time)];
}

/** One row per cell and frame. */
export function tableOfCells(source: Source): Table {
  const { reader, description, tick } = source;
  const entries = cellEntries(source);
  const names = description.cellTypes.map(({ name }) => name);
  const columns = reader.columns.map(({ name, unit, kind, species }): TableColumn => {
    return { name, unit, kind: kind === 'u16' ? 'text' : kind, optional: species?.includes(-1) ?? false };
  });
  function* chunks(): Generator<TableChunk> {
    for (const entry of entries) {
      const frame = reader.cells(entry);
      if (!frame) continue;
      const values = reader.columns.map((column, c) => valuesOf(column, frame, c, names));
      yield { rows: frame.count, values: [...when(entry, frame.count), ...values] };
      tick();
    }
  }
  return { columns: [...WHEN, ...columns], chunks: chunks() };
}

/** Place of the type among the columns of a frame. */
export const TYPE = 2;

function valuesOf(
  { kind, species }: CellColumn,
  { values, count }: CellFrame,
  c: number,
  names: readonly string[],
): TableValues {
  const type = values[TYPE];
  if (kind === 'u16') return Array.from(values[c], index => names[index]);
  if (!species?.includes(-1)) return values[c] as Exclude<TableValues, unknown[]>;
  return Array.from({ length: count }, (_, i) => (species[type[i]] < 0 ? null : values[c][i]));
}

/** Values of a column with NaN where a cell's type has no such species. */
export function withNaN(
  { species }: CellColumn,
  { values, count }: CellFrame,
  c: number,
): CellFrame['values'][0] {
  if (!species?.includes(-1)) return values[c];
  const filled = Float64Array.from(values[c]);
  for (let i = 0; i < count; i++) if (species[values[TYPE][i]] < 0) filled[i] = Number.NaN;
  return filled;
}

/** One row per voxel and frame: its centre and the concentration of every field there. */
export function tableOfFields(source: Source): Table {
  const { reader, description, tick } = source;
  const entries = fieldEntries(source);
  const { cells, spacing, fields } = fieldLayout(description);
  const [nx, ny, nz] = cells;
  const voxels = nx * ny * nz;
  const places = [0, 1, 2].map(axis => {
    const stride = [1, nx, nx * ny][axis];
    return Float64Array.from(
      { length: voxels },
      (_, v) => ((Math.floor(v / stride) % cells[axis]) + 0.5) * spacing[axis],
    );
  });
  function* chunks(): Generator<TableChunk> {
    for (const entry of entries) {
      const values = reader.fields(entry);
      if (!values) continue;
      yield { rows: voxels, values: [...when(entry, voxels), ...places, ...values] };
      tick();
    }
  }
  return {
    columns: [
      ...WHEN,
      ...['x', 'y', 'z'].map((name): TableColumn => ({ name, unit: 'um', kind: 'f64', optional: false })),
      ...fields.map((name): TableColumn => ({ name, unit: 'molecules/um^3', kind: 'f32', optional: false })),
    ],
    chunks: chunks(),
  };
}
