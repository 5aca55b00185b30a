import type { Grid } from '../fields/grid.ts';
import { total } from '../fields/total.ts';
import { BLOCK, createExplicitBlock, type ExplicitBlock } from './explicitBlock.ts';
import { changesOf, type FieldReaction } from './fieldReaction.ts';
import { compileNetwork } from './network.ts';
import { createStiffVoxel, type VoxelFault } from './stiffVoxel.ts';

/** Advances the reactions of fields with one another, voxel by voxel; docs/numerics.md, "Reactions of fields". */
export interface Reactor {
  /** Fields that reactions change, ascending. */
  readonly changed: readonly number[];
  /**
   * `duration` s from `time` on, from `fields` into `next` (only the changed ones are written). The state is what it was
   * plus Σ stoichiometry × extent in every voxel; the sums of extents stay in `extents`.
   */
  advance(
    fields: readonly Float64Array[],
    next: readonly Float64Array[],
    time: number,
    duration: number,
  ): ReactorFault | null;
  /** Σ over voxels of the extents of each reaction, molecules/µm³; times the voxel volume: molecules. */
  readonly extents: Float64Array;
  /** Whether reaction r changes a field at all. */
  takes(r: number, field: number): boolean;
  /** Since the model was made: voxels that one explicit step did not do, and steps of the stiff method in them. */
  readonly counts: { stiffVoxels: number; stiffSteps: number };
}

export interface ReactorFault {
  readonly voxel: number;
  readonly fault: VoxelFault;
  /** The field at fault, where one is. */
  readonly field: number;
}

/** A concentration below this share of the field's largest, or below one molecule in a voxel, needs no more digits than that. */
const FLOOR = 1e-3;

/** Where so many explicit steps would not do, the stiff method takes over. */
const MOST_EXPLICIT = 16;

/** Null where there are no reactions. */
export function createReactor(
  reactions: readonly FieldReaction[],
  grid: Grid,
  generate: boolean,
): Reactor | null {
  const network = compileNetwork(reactions, generate);
  if (!network) return null;
  const { fields: read, changed: count, readsPosition } = network;
  const whole = createExplicitBlock(network);
  const part = createExplicitBlock(network);
  const list = new Int32Array(BLOCK);
  const voxel = createStiffVoxel(network);
  const blocks = Math.ceil(grid.voxels / BLOCK);
  const sums = reactions.map(() => new Float64Array(blocks));
  const extents = new Float64Array(reactions.length);
  const floor = new Float64Array(count);
  const counts = { stiffVoxels: 0, stiffSteps: 0 };
  const [nx, ny] = grid.cells;
  const [dx, dy, dz] = grid.spacing;

  function place(v: number, at: number, stride: number, position: Float64Array): void {
    position[at] = ((v % nx) + 0.5) * dx;
    position[stride + at] = ((Math.floor(v / nx) % ny) + 0.5) * dy;
    position[2 * stride + at] = (Math.floor(v / (nx * ny)) + 0.5) * dz;
  }

  /** Takes over voxel `from` of a block as voxel `to` of the whole one. */
  function take(block: ExplicitBlock, from: number, to: number): void {
    for (let i = 0; i < count; i++) whole.end[i * BLOCK + to] = block.end[i * BLOCK + from];
    for (let r = 0; r < reactions.length; r++) {
      whole.extents[r * BLOCK + to] = block.extents[r * BLOCK + from];
    }
  }

  /** The voxels of the whole block that one step did not do but `steps` should, side by side again; those done have no error left. */
  function followInSteps(steps: number, size: number, time: number, duration: number): void {
    let n = 0;
    for (let v = 0; v < size; v++) if (needed(whole.errors[v]) === steps) list[n++] = v;
    if (n === 0) return;
    for (let i = 0; i < read.length; i++) {
      for (let j = 0; j < n; j++) part.start[i * BLOCK + j] = whole.start[i * BLOCK + list[j]];
    }
    for (let axis = 0; axis < 3; axis++) {
      for (let j = 0; j < n; j++) part.position[axis * BLOCK + j] = whole.position[axis * BLOCK + list[j]];
    }
    part.advance(time, duration, steps, n, floor);
    for (let j = 0; j < n; j++) {
      // One that just failed is taken in twice as many.
      if (part.errors[j] > 1)
        whole.errors[list[j]] = Number.isFinite(part.errors[j]) ? (2 * steps) ** 4 : Number.POSITIVE_INFINITY;
      else {
        take(part, j, list[j]);
        whole.errors[list[j]] = 0;
      }
    }
  }

  /** Voxel `v`, number `at` of the whole block, by the stiff method. */
  function followStiffly(v: number, at: number, time: number, duration: number): ReactorFault | null {
    for (let i = 0; i < read.length; i++) voxel.state[i] = whole.start[i * BLOCK + at];
    if (readsPosition) place(v, 0, 1, voxel.position);
    const before = voxel.tried();
    const fault = voxel.advance(time, duration, floor);
    counts.stiffVoxels++;
    counts.stiffSteps += voxel.tried() - before;
    for (let i = 0; i < count; i++) whole.end[i * BLOCK + at] = voxel.state[i];
    for (let r = 0; r < reactions.length; r++) whole.extents[r * BLOCK + at] = voxel.extents[r];
    return fault && { voxel: v, fault, field: fault.kind === 'negative' ? read[fault.place] : -1 };
  }

  /** Voxels that an obstacle fills have no medium in which to react. */
  function keepSolid(first: number, size: number): void {
    const { solid } = grid;
    if (!solid) return;
    for (let v = 0; v < size; v++) {
      if (!solid[first + v]) continue;
      whole.errors[v] = 0;
      for (let i = 0; i < count; i++) whole.end[i * BLOCK + v] = whole.start[i * BLOCK + v];
      for (let r = 0; r < reactions.length; r++) whole.extents[r * BLOCK + v] = 0;
    }
  }

  /** The voxels from `first` on. */
  function advanceBlock(first: number, size: number, time: number, duration: number): ReactorFault | null {
    whole.advance(time, duration, 1, size, floor);
    keepSolid(first, size);
    let worst = 0;
    for (let v = 0; v < size; v++) worst = Math.max(worst, whole.errors[v]);
    if (worst <= 1) return null;
    for (let steps = 2; steps <= MOST_EXPLICIT; steps *= 2) followInSteps(steps, size, time, duration);
    for (let v = 0; v < size; v++) {
      const fault = whole.errors[v] > 1 ? followStiffly(first + v, v, time, duration) : null;
      if (fault) return fault;
    }
    return null;
  }

  return {
    changed: read.slice(0, count),
    extents,
    counts,
    takes: (r, field) => changesOf(reactions[r]).some(([changed]) => changed === field),
    advance(fields, next, time, duration) {
      for (let i = 0; i < count; i++) floor[i] = FLOOR * largest(fields[read[i]]) + FLOOR / grid.voxelVolume;
      for (let b = 0; b < blocks; b++) {
        const first = b * BLOCK;
        const size = Math.min(BLOCK, grid.voxels - first);
        for (let i = 0; i < read.length; i++) {
          whole.start.set(fields[read[i]].subarray(first, first + size), i * BLOCK);
        }
        if (readsPosition) for (let v = 0; v < size; v++) place(first + v, v, BLOCK, whole.position);
        const fault = advanceBlock(first, size, time, duration);
        if (fault) return fault;
        for (let i = 0; i < count; i++) {
          next[read[i]].set(whole.end.subarray(i * BLOCK, i * BLOCK + size), first);
        }
        for (let r = 0; r < reactions.length; r++) sums[r][b] = total(whole.extents, r * BLOCK, size);
      }
      for (let r = 0; r < reactions.length; r++) extents[r] = total(sums[r]);
      return null;
    },
  };
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let v = 0; v < values.length; v++) if (values[v] > most) most = values[v];
  return most;
}

/** Explicit steps after which an error of the fourth power of the step should be allowed: a power of 2. */
function needed(error: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(error) / 4));
}
