import { type Backup, createBackup, type Population } from '../cells/population.ts';
import type { CompiledCircuit } from '../circuits/compile.ts';
import { lineColumns } from '../circuits/lines.ts';
import { like } from '../crew/column.ts';
import type { Crew } from '../crew/crew.ts';
import { type Description, seesLines } from '../description/description.ts';

/** Cells of a type that are advanced by one thread at a time, and whose extents are summed first. */
export const CIRCUIT_BLOCK = 64;

/**
 * Scratch memory of a step, allocated once and grown with the population. Cell arrays are slot-major:
 * [slot * fieldCount + f] or [slot * uptakeStride + u].
 */
export interface Workspace {
  readonly fieldCount: number;
  /** Largest number of uptake channels of any type (at least 1). */
  readonly uptakeStride: number;
  /** Some rate reads a field, so a second-order window needs the field at its middle. */
  readonly readsFields: boolean;
  readonly hasUptake: boolean;
  readonly leaks: boolean;
  readonly seesLines: boolean;
  /** An uptake channel consumes several fields, so the order of their solves matters. */
  readonly hasSharedUptake: boolean;
  /** Some channel takes from this field. */
  readonly takes: readonly boolean[];
  /** A stochastic channel takes whole molecules from this field. */
  readonly takenWhole: readonly boolean[];

  /** Cells that the cell arrays have room for. */
  capacity: number;
  /** Slots of each type, slots[t][0 … slotCounts[t]). */
  readonly slots: Int32Array[];
  readonly slotCounts: Int32Array;

  /** Concentrations that the cells see in this window. */
  sampled: Float64Array;
  /** The same on lines in time, lineColumns(fieldCount) by cell, where cells see them so (circuits/lines.ts); else empty. */
  lines: Float64Array;
  /** Molecules that fields get beyond that where a scenario has one channel leak (coupling/injectedBias.ts); else empty. */
  leaked: Float64Array;
  /** Net molecules each cell gave to each field in this window; while predicting, molecules/s given. */
  released: Float64Array;
  /**
   * Molecules that stochastic channels of a cell may still take (guarded windows); while predicting, what each cell takes from
   * each field per concentration, µm³/s.
   */
  available: Float64Array;
  /** Uptake coefficients, extents per second per molecule/µm³ = µm³/s. */
  coefficient: Float64Array;
  /** Uptake extents that the cell's own integration assumed. */
  expectedUptake: Float64Array;
  /** Exposure ∫c dt sampled at each cell for one field, molecules·s/µm³. */
  exposure: Float64Array;
  /** Amounts at the middle of the window, for uptake coefficients of second order. */
  midAmounts: Float64Array;
  /** The cells at the start of the window, to restore when it is rejected. */
  readonly backup: Backup;

  /** Next state of each field, and of its reservoirs. */
  readonly next: Float64Array[];
  readonly nextBulk: readonly Float64Array[];
  /** Per voxel, for the field being solved: source, molecules/µm³/s; uptake κ, 1/s; exposure E. */
  readonly source: Float64Array;
  readonly uptake: Float64Array;
  readonly voxelExposure: Float64Array;

  /** Totals per substance: at the last audit, as just measured, and a block's partial sums. */
  readonly totals: Float64Array;
  readonly measured: Float64Array;
  readonly partial: Float64Array;
  /** Molecules of each field that cells have given (or taken: negative) and the field has not yet received. */
  readonly transit: Float64Array;
  /** Named change per substance of the operator being audited. */
  readonly named: Float64Array;
  /** Extents of each reaction in this window, per cell type. */
  readonly extents: Float64Array[];
  /** The same of every block of CIRCUIT_BLOCK cells of the type in hand, `rowLength` numbers each. */
  extentRows: Float64Array;
  readonly rowLength: number;
  /** Amounts of every cell substance in each block of diagnostics/totals.ts. */
  sumRows: Float64Array;
  /** Fields in the order in which this window solves them; `rank` is their place in the order of solveOrder. */
  readonly order: Int32Array;
  readonly rank: Int32Array;
  /** How fast each field is depleted, where that decides the order. */
  readonly depletion: Float64Array;
  readonly solved: Uint8Array;
}

export function createWorkspace(description: Description, circuits: readonly CompiledCircuit[]): Workspace {
  const fieldCount = description.fields.length;
  const voxels = fieldCount > 0 ? description.grid.voxels : 0;
  const substances =
    description.cellTypes.reduce((sum, type) => sum + type.circuit.species.length, 0) +
    description.fields.reduce((sum, { reservoirs = [] }) => sum + 1 + reservoirs.length, 0);
  const uptakes = circuits.flatMap(circuit => circuit.uptakes);
  const column = () => new Float64Array(voxels);
  const hasUptake = uptakes.length > 0;
  const order = solveOrder(description, circuits);
  const taken = description.fields.map((_, f) => takers(description, f));
  return {
    fieldCount,
    uptakeStride: Math.max(1, ...circuits.map(circuit => circuit.uptakes.length)),
    readsFields: circuits.some(circuit => circuit.readsFields),
    hasUptake,
    hasSharedUptake: uptakes.some(uptake => uptake.fields.length > 1),
    takes: taken.map(({ any }) => any),
    takenWhole: taken.map(({ whole }) => whole),
    capacity: 0,
    slots: description.cellTypes.map(() => new Int32Array(0)),
    slotCounts: new Int32Array(description.cellTypes.length),
    sampled: new Float64Array(0),
    lines: new Float64Array(0),
    leaked: new Float64Array(0),
    leaks: description.injectBias != null,
    seesLines: seesLines(description.coupling),
    released: new Float64Array(0),
    available: new Float64Array(0),
    coefficient: new Float64Array(0),
    expectedUptake: new Float64Array(0),
    exposure: new Float64Array(0),
    midAmounts: new Float64Array(0),
    backup: createBackup(),
    next: description.fields.map(column),
    nextBulk: description.fields.map(({ reservoirs = [] }) => new Float64Array(reservoirs.length)),
    source: column(),
    uptake: taken.some(({ any }) => any) ? column() : new Float64Array(0),
    voxelExposure: hasUptake ? column() : new Float64Array(0),
    totals: new Float64Array(substances),
    measured: new Float64Array(substances),
    partial: new Float64Array(substances),
    transit: new Float64Array(fieldCount),
    named: new Float64Array(substances),
    extents: description.cellTypes.map(type => new Float64Array(type.circuit.reactions.length)),
    extentRows: new Float64Array(0),
    sumRows: new Float64Array(0),
    rowLength: Math.max(0, ...description.cellTypes.map(type => type.circuit.reactions.length)),
    order,
    rank: Int32Array.from(order, (_, f) => order.indexOf(f)),
    depletion: new Float64Array(fieldCount),
    solved: new Uint8Array(fieldCount),
  };
}

/** Makes common to a crew what its tasks read and write. */
export function shareWorkspace(work: Workspace, crew: Crew): void {
  crew.share(work, [
    'slotCounts',
    'sampled',
    'lines',
    'released',
    'available',
    'coefficient',
    'expectedUptake',
    'exposure',
    'midAmounts',
    'source',
    'uptake',
    'voxelExposure',
    'extentRows',
    'sumRows',
  ]);
  crew.share(work.backup, ['amounts', 'streams']);
  crew.share(work.slots, [...work.slots.keys()]);
  crew.share(work.next, [...work.next.keys()]);
}

/** Grows the cell arrays to the population's capacity. Contents need not survive: each is written before it is read. */
export function fitWorkspace(work: Workspace, population: Population, predicts: boolean): void {
  const { capacity, stride } = population;
  if (work.capacity >= capacity) return;
  work.capacity = capacity;
  const { fieldCount, uptakeStride, hasUptake } = work;
  work.sampled = like(work.sampled, capacity * fieldCount);
  if (work.seesLines) work.lines = like(work.lines, capacity * lineColumns(fieldCount));
  work.released = like(work.released, capacity * fieldCount);
  if (work.leaks) work.leaked = like(work.leaked, capacity * fieldCount);
  for (let t = 0; t < work.slots.length; t++) work.slots[t] = like(work.slots[t], capacity);
  if (predicts || work.takenWhole.some(Boolean)) work.available = like(work.available, capacity * fieldCount);
  work.extentRows = like(work.extentRows, work.rowLength * Math.ceil(capacity / CIRCUIT_BLOCK));
  if (hasUptake) {
    work.coefficient = like(work.coefficient, capacity * uptakeStride);
    work.exposure = like(work.exposure, capacity);
    if (predicts) {
      work.expectedUptake = like(work.expectedUptake, capacity * uptakeStride);
      work.midAmounts = like(work.midAmounts, capacity * stride);
    }
  }
}

/** Whether any channel consumes from field f, and whether a stochastic one does. */
function takers({ cellTypes }: Description, f: number): { any: boolean; whole: boolean } {
  const channels = cellTypes
    .flatMap(type => type.circuit.reactions)
    .filter(({ reactants }) => reactants.some(term => term.in === 'field' && term.index === f));
  return { any: channels.length > 0, whole: channels.some(({ continuous }) => !continuous) };
}

/**
 * The order in which fields are solved where the state does not decide it: a field that an uptake channel feeds comes after
 * the fields that the channel eats, so that what it gets is known when it is solved. A cycle is cut at its first field.
 */
function solveOrder(description: Description, circuits: readonly CompiledCircuit[]): Int32Array {
  const eatenFor = description.fields.map(() => new Set<number>());
  for (const [t, circuit] of circuits.entries()) {
    for (const uptake of circuit.uptakes) {
      const { products } = description.cellTypes[t].circuit.reactions[uptake.reaction];
      for (const product of products) {
        if (product.in === 'field') for (const { field } of uptake.fields) eatenFor[product.index].add(field);
      }
    }
  }
  const order: number[] = [];
  const left = description.fields.map((_, f) => f);
  while (left.length > 0) {
    const ready = left.findIndex(f => [...eatenFor[f]].every(eaten => eaten === f || order.includes(eaten)));
    order.push(...left.splice(Math.max(ready, 0), 1));
  }
  return Int32Array.from(order);
}
