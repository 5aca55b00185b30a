import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import type { Problem } from '../ode/integrator.ts';
import { createSwitching, type Switching } from '../ode/switching.ts';
import type { Voxel } from './reactionSystem.ts';
import { createVoxelArrow } from './voxelArrow.ts';
import { createVoxelSystem, type VoxelSystem } from './voxelSystem.ts';
import { type CircuitWindow, type Failure, failRate } from './window.ts';

/**
 * The continuous channels of all cells of one voxel, uptake too, together with the voxel's content, as one system of ordinary
 * differential equations for the extents e of every channel of every cell:
 *
 *     de_i/dt = v_i(x_i + N_i e_i, n/V),     n = n₀ + Σ_i G_i e_i
 *
 * so that what a cell took is to the rounding of one sum what the voxel lost. Dormand–Prince, and RODAS where that is stiff (ode/).
 *
 * Linear systems are solved cell by cell (voxelArrow.ts), at a cost in proportion to the cells.
 *
 * A step that ends below zero (within the error allowed; what is being exhausted) is taken by backward Euler instead, solved for
 * the extents by Newton's method, where that is as close to it as the error allows, and else again, shorter. Nothing is clipped.
 */
export interface VoxelFlow {
  /** As VoxelFirings.advance, without random numbers. */
  advance(
    windows: readonly CircuitWindow[],
    slots: Int32Array,
    from: number,
    to: number,
    duration: number,
    failure: Failure,
  ): boolean;
}

/** Jacobian × window beyond which the stiff solver begins (as in deterministic.ts). */
const STIFF_WINDOW = 1000;

/** Solvers kept, one per number of unknowns. */
const MOST_KEPT = 64;

/** Newton iterations of one backward Euler step. */
const MOST_ITERATIONS = 12;

/** Null where no type has a continuous channel. `strict[t]`: rates of that type must not be negative. */
export function createVoxelFlow(
  types: readonly (CellType | null)[],
  strict: readonly boolean[],
  fieldCount: number,
  voxel: Voxel,
  tolerance: number,
  generate: boolean,
): VoxelFlow | null {
  const system = createVoxelSystem(types, strict, fieldCount, voxel, tolerance, generate);
  return system && flowOf(system);
}

function flowOf(system: VoxelSystem): VoxelFlow {
  const arrow = createVoxelArrow(system);
  const { fieldCount, derivative, errorOf, isBelow } = system;

  /** Solvers by number of unknowns; which cells they are for is in `members`. */
  const kept = new Map<number, Solver>();
  function solverOf(): Solver {
    const { size } = system;
    const known = kept.get(size);
    if (known) return known;
    if (kept.size === MOST_KEPT) kept.delete([...kept.keys()][0]);
    const problem: Problem = {
      size,
      derivative: (_time, y, out) => derivative(y, out),
      norm: (error, _before, after) => errorOf(error, after),
    };
    const column = () => new Float64Array(size);
    const made: Solver = {
      integrator: createSwitching(problem, arrow),
      origin: column(),
      totals: column(),
      euler: column(),
      residual: column(),
    };
    kept.set(size, made);
    return made;
  }

  /** The step from the present state by backward Euler into `euler`, beginning from extents `guess`; whether it was found. */
  function takeEuler({ euler, residual }: Solver, guess: Float64Array, h: number): boolean {
    const { size } = system;
    euler.set(guess);
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      if (!derivative(euler, residual)) return false;
      arrow.evaluate(0, euler, residual, h, sparePlace(size));
      if (!arrow.factorise(1 / h)) return false;
      for (let i = 0; i < size; i++) residual[i] -= euler[i] / h;
      arrow.solve(residual);
      for (let i = 0; i < size; i++) euler[i] += residual[i];
      const moved = errorOf(residual, euler);
      if (moved < 1e-6) return !isBelow(euler);
    }
    return false;
  }

  /** Makes the state at extents y the present one. */
  function accept(y: Float64Array, totals: Float64Array): void {
    system.accept(y);
    for (let i = 0; i < system.size; i++) totals[i] += y[i];
  }

  function explain(solver: Solver, failure: Failure): false {
    const { members, size } = system;
    if (!derivative(solver.origin, solver.residual) || system.invalid) {
      const { member, channel, rate } = system.invalid ?? {
        member: members[0],
        channel: 0,
        rate: Number.NaN,
      };
      return failRate(failure, member.of.flow.network.channels[channel].reaction, member.slot, rate);
    }
    let fastest = 0;
    for (let i = 1; i < size; i++)
      if (Math.abs(solver.residual[i]) > Math.abs(solver.residual[fastest])) fastest = i;
    const member = members.findLast(({ first }) => first <= fastest) ?? members[0];
    const { reaction } = member.of.flow.network.channels[fastest - member.first];
    failRate(failure, reaction, member.slot, solver.residual[fastest]);
    failure.cause = 'stuck';
    return false;
  }

  function integrate(solver: Solver, duration: number, failure: Failure): boolean {
    const { integrator, origin, totals, euler } = solver;
    totals.fill(0);
    const isStiff = arrow.normAt(origin) * duration > STIFF_WINDOW;
    if (!integrator.restart(0, origin, duration, isStiff ? 'stiff' : 'explicit'))
      return explain(solver, failure);
    for (let steps = 0; integrator.to < duration; steps++) {
      if (steps === RUN_LIMITS.steps) {
        explain(solver, failure);
        failure.cause = 'steps';
        return false;
      }
      if (integrator.step(duration) === 'failed') return explain(solver, failure);
      const { state, from, to } = integrator;
      if (!isBelow(state)) {
        accept(state, totals);
        state.fill(0);
        continue;
      }
      const h = to - from;
      const found = takeEuler(solver, state, h);
      for (let i = 0; i < system.size; i++) state[i] -= euler[i];
      if (found && errorOf(state, euler) <= 1) {
        accept(euler, totals);
        if (to < duration && !integrator.restart(to, origin, h, integrator.solver))
          return explain(solver, failure);
        state.fill(0);
      } else if (!(from + h / 4 > from) || !integrator.restart(from, origin, h / 4, integrator.solver)) {
        return explain(solver, failure);
      }
    }
    return true;
  }

  return {
    advance(windows, slots, from, to, duration, failure) {
      system.gather(windows, slots, from, to);
      const { members } = system;
      if (members.length === 0) return true;
      const solver = solverOf();
      if (!integrate(solver, duration, failure)) return false;
      for (const { of, slot, type, first } of members) {
        const { released, extents, expectedUptake, uptakeStride } = windows[type];
        of.flow.network.channels.forEach(({ reaction, uptake }, c) => {
          const extent = solver.totals[first + c];
          extents[reaction] += extent;
          for (const [f, n] of of.given[c]) released[slot * fieldCount + f] += n * extent;
          if (uptake >= 0 && expectedUptake) expectedUptake[slot * uptakeStride + uptake] += extent;
        });
      }
      return true;
    },
  };
}

interface Solver {
  readonly integrator: Switching;
  /** No extents. */
  readonly origin: Float64Array;
  /** Extents since the window began. */
  readonly totals: Float64Array;
  readonly euler: Float64Array;
  readonly residual: Float64Array;
}

let spare = new Float64Array(0);

/** A place for values that nobody asks for. */
function sparePlace(size: number): Float64Array {
  if (spare.length < size) spare = new Float64Array(size);
  return spare;
}
