import { cycleShare, needsLife } from '../cells/life.ts';
import type { Population } from '../cells/population.ts';
import type { Description } from '../description/description.ts';
import type { Model } from '../model/model.ts';

export type ColumnKind = 'u16' | 'u32' | 'f32' | 'f64';
export type ColumnValues = Uint16Array | Uint32Array | Float32Array | Float64Array;

/** A column of the recorded cells. */
export interface CellColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** `um`, `um^3`, `s`, `fg`, `molecules`; empty for names and ids. */
  readonly unit: string;
  /**
   * For a species: its index in each cell type, −1 where the type has none of that name (the value is then missing). Null for
   * what every cell has.
   */
  readonly species: readonly number[] | null;
}

type Numbered = 'x' | 'y' | 'z' | 'radius' | 'volume' | 'birthTime' | 'birthVolume' | 'divisionVolume';

/** What every cell has, beside id, parent and type: the population's own columns. Single precision: 6·10⁻⁸ relative. */
const NUMBERS: readonly { readonly name: string; readonly unit: string; readonly from: Numbered }[] = [
  { name: 'x', unit: 'um', from: 'x' },
  { name: 'y', unit: 'um', from: 'y' },
  { name: 'z', unit: 'um', from: 'z' },
  { name: 'radius', unit: 'um', from: 'radius' },
  { name: 'volume', unit: 'um^3', from: 'volume' },
  { name: 'birth_time', unit: 's', from: 'birthTime' },
  { name: 'birth_volume', unit: 'um^3', from: 'birthVolume' },
  { name: 'division_volume', unit: 'um^3', from: 'divisionVolume' },
];

/** Where a type is a rod: its length from pole to pole and its unit axis. */
const RODS: readonly { readonly name: string; readonly unit: string }[] = [
  { name: 'length', unit: 'um' },
  { name: 'axis_x', unit: '' },
  { name: 'axis_y', unit: '' },
  { name: 'axis_z', unit: '' },
];

/** Where a type has phases or rules: share of the cycle of phases (0 without), and whether a cell is quiescent (1). */
const LIFE: readonly { readonly name: string; readonly unit: string }[] = [
  { name: 'phase', unit: '' },
  { name: 'quiescent', unit: '' },
];

/**
 * The columns of a frame of cells, in order: id, parent, type (index), place and size, those of rods and of phases and rules where there are any, then one per name of a species, shared
 * by the types that have it, in double precision, so that counts are exact.
 */
export function cellColumns({ cellTypes }: Description): CellColumn[] {
  const columns: CellColumn[] = [
    { name: 'id', kind: 'u32', unit: '', species: null },
    { name: 'parent', kind: 'u32', unit: '', species: null },
    { name: 'type', kind: 'u16', unit: '', species: null },
    ...NUMBERS.map(({ name, unit }): CellColumn => ({ name, kind: 'f32', unit, species: null })),
    ...[
      ...(cellTypes.some(({ shape }) => shape.kind === 'rod') ? RODS : []),
      ...(needsLife(cellTypes) ? LIFE : []),
    ].map(({ name, unit }): CellColumn => ({ name, kind: 'f32', unit, species: null })),
  ];
  const taken = new Set(columns.map(({ name }) => name).concat('step', 'time_s'));
  const names = new Set(cellTypes.flatMap(({ circuit }) => circuit.species.map(one => one.name)));
  for (const name of names) {
    const species = cellTypes.map(({ circuit }) => circuit.species.findIndex(one => one.name === name));
    const unit = species.some(index => index === 0) ? 'fg' : 'molecules';
    columns.push({ name: taken.has(name) ? `species ${name}` : name, kind: 'f64', unit, species });
  }
  return columns;
}

/** The cells of one moment: values[c][i] is column c of cell i. All columns lie in one buffer, which can be transferred. */
export interface CellFrame {
  readonly step: number;
  /** s */
  readonly time: number;
  readonly count: number;
  readonly buffer: ArrayBuffer;
  readonly values: readonly ColumnValues[];
}

const BYTES = { u16: 2, u32: 4, f32: 4, f64: 8 } as const;

export function cellFrameBytes(columns: readonly CellColumn[], count: number): number {
  return columns.reduce((sum, { kind }) => sum + aligned(BYTES[kind] * count), 0);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Views of the columns in a buffer. @throws RangeError where it is too short */
export function cellValues(
  columns: readonly CellColumn[],
  buffer: ArrayBuffer,
  count: number,
): ColumnValues[] {
  let offset = 0;
  return columns.map(({ kind }) => {
    const start = offset;
    offset += aligned(BYTES[kind] * count);
    if (kind === 'u16') return new Uint16Array(buffer, start, count);
    if (kind === 'u32') return new Uint32Array(buffer, start, count);
    if (kind === 'f32') return new Float32Array(buffer, start, count);
    return new Float64Array(buffer, start, count);
  });
}

/** Copies the cells of a model; `reuse` is a buffer that may be overwritten, replaced where it is too short. */
export function takeCells(model: Model, columns: readonly CellColumn[], reuse?: ArrayBuffer): CellFrame {
  const { population, description, step } = model;
  const { count } = population;
  const bytes = cellFrameBytes(columns, count);
  const buffer = reuse && reuse.byteLength >= bytes ? reuse : new ArrayBuffer(Math.ceil(1.25 * bytes));
  const values = cellValues(columns, buffer, count);
  const [id, parent, type] = values;
  id.set(population.id.subarray(0, count));
  parent.set(population.parent.subarray(0, count));
  type.set(population.type.subarray(0, count));
  NUMBERS.forEach(({ from }, i) => {
    values[3 + i].set(population[from].subarray(0, count));
  });
  let first = 3 + NUMBERS.length;
  const { rods } = population;
  if (rods) {
    const [length, x, y, z] = values.slice(first);
    for (let slot = 0; slot < count; slot++)
      length[slot] = 2 * (rods.halfLength[slot] + population.radius[slot]);
    x.set(rods.axisX.subarray(0, count));
    y.set(rods.axisY.subarray(0, count));
    z.set(rods.axisZ.subarray(0, count));
    first += RODS.length;
  }
  const { life } = population;
  if (life) {
    const [phase, quiescent] = values.slice(first);
    const time = step * description.time.step;
    for (let slot = 0; slot < count; slot++) {
      const share = cycleShare(life, slot, description.cellTypes[population.type[slot]], time);
      phase[slot] = share >= 0 ? share : 0;
    }
    quiescent.set(life.quiescent.subarray(0, count));
    first += LIFE.length;
  }
  for (let c = first; c < columns.length; c++) {
    takeSpecies(population, columns[c].species ?? [], values[c]);
  }
  return { step, time: step * description.time.step, count, buffer, values };
}

/** What is missing is 0 here, and marked as missing where the frame is encoded. */
function takeSpecies(population: Population, species: readonly number[], into: ColumnValues): void {
  const { amounts, type, stride, count } = population;
  if (species.length === 1) {
    for (let i = 0, at = species[0]; i < count; i++, at += stride) into[i] = amounts[at];
    return;
  }
  for (let i = 0; i < count; i++) {
    const index = species[type[i]];
    into[i] = index < 0 ? 0 : amounts[i * stride + index];
  }
}
