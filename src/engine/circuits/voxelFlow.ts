import type { CellType } from '../cells/cellType.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import { ABSOLUTE_SHARE } from '../ode/bogackiShampine.ts';
import type { Linearisation, Problem } from '../ode/integrator.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';
import { createSwitching, type Switching } from '../ode/switching.ts';
import { netChange } from './circuit.ts';
import { createFlow, type Flow } from './flow.ts';
import type { Voxel } from './reactionSystem.ts';
import { type CircuitWindow, type Failure, failRate } from './window.ts';

/**
 * The continuous channels of all cells of one voxel, uptake too, together with the voxel's content, as one system of ordinary
 * differential equations for the extents e of every channel of every cell:
 *
 *     de_i/dt = v_i(x_i + N_i e_i, n/V),     n = n₀ + Σ_i G_i e_i
 *
 * so that what a cell took is to the rounding of one sum what the voxel lost. Dormand–Prince, and RODAS where that is stiff (ode/).
 *
 * Linear systems σI − J, J_ij = δ_ij V_i N_i + B_i G_j with V = ∂v/∂x and B = ∂v/∂n, are an arrow: each cell is eliminated by itself
 * (A_i = σI − V_i N_i, of the size of its species by Woodbury's formula), and what is left has the size of the fields:
 * k_i = A_i⁻¹ r_i + A_i⁻¹ B_i φ,   (I − Σ G_i A_i⁻¹ B_i) φ = Σ G_i A_i⁻¹ r_i. Cost in proportion to the cells.
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

/** What is known of a type. */
interface TypeFlow {
  readonly flow: Flow;
  /** given[c]: net molecules that channel c gives to each field. */
  readonly given: readonly (readonly (readonly [field: number, n: number])[])[];
  /** Channels whose rate must not be negative. */
  readonly checked: Int32Array;
}

/** A cell at work: its place among the unknowns, and its part of the linear system. */
interface Member {
  readonly of: TypeFlow;
  readonly type: number;
  slot: number;
  first: number;
  readonly extents: Float64Array;
  readonly partial: Float64Array;
  readonly product: Float64Array;
  readonly matrix: Float64Array;
  readonly pivots: Int32Array;
  /** B = ∂v/∂n, and A⁻¹ B; [channel * fieldCount + f]. */
  readonly outer: Float64Array;
  readonly response: Float64Array;
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
  const flows = types.map((type, t) => (type ? typeFlow(type, strict[t], fieldCount, generate) : null));
  if (flows.every(flow => flow === null)) return null;
  const absolute = tolerance * ABSOLUTE_SHARE;
  const { contents, volume } = voxel;
  const pools: Member[][] = types.map(() => []);
  const used = new Int32Array(types.length);
  let members: Member[] = [];
  let size = 0;
  let windows: readonly CircuitWindow[] = [];

  const content = new Float64Array(fieldCount);
  const rates = scratch(flows, of => of.flow.count);
  const change = scratch(flows, of => of.flow.size);
  const schur = new Float64Array(fieldCount * fieldCount);
  const schurPivots = new Int32Array(fieldCount);
  const sums = new Float64Array(fieldCount);
  let sigma = 1;
  /** Of the last evaluation: where a rate was not valid. */
  let invalid: { member: Member; channel: number; rate: number } | null = null;

  function gather(slots: Int32Array, from: number, to: number): void {
    members = [];
    size = 0;
    used.fill(0);
    for (let n = from; n < to; n++) {
      const t = windows[0].population.type[slots[n]];
      const of = flows[t];
      if (!of) continue;
      const pool = pools[t];
      const index = used[t]++;
      if (index === pool.length) pool.push(createMember(of, t, fieldCount));
      const member = pool[index];
      member.slot = slots[n];
      member.first = size;
      size += of.flow.count;
      members.push(member);
    }
  }

  /** Contents at extents y; the least of them. */
  function moveContent(y: Float64Array): number {
    content.fill(0);
    for (const { of, first } of members) addGiven(of, y, first, content);
    let least = Number.POSITIVE_INFINITY;
    for (let f = 0; f < fieldCount; f++) {
      content[f] += contents[f];
      if (!(content[f] >= least)) least = content[f];
    }
    return least;
  }

  /** Points a cell's flow at its state at extents y, in the surroundings `content`; the least amount. */
  function moveMember(member: Member, y: Float64Array): number {
    const { of, slot, first, extents, type } = member;
    const { sampled } = windows[type];
    for (let f = 0; f < fieldCount; f++) sampled[slot * fieldCount + f] = content[f] / volume;
    of.flow.enter(windows[type], slot);
    for (let c = 0; c < of.flow.count; c++) extents[c] = y[first + c];
    return of.flow.moveTo(extents);
  }

  function derivative(y: Float64Array, out: Float64Array): boolean {
    invalid = null;
    if (Number.isNaN(moveContent(y))) return false;
    for (const member of members) {
      const { of, first } = member;
      if (Number.isNaN(moveMember(member, y))) return false;
      let wrong = of.flow.rates(0, rates);
      for (let i = 0; wrong < 0 && i < of.checked.length; i++)
        if (!(rates[of.checked[i]] >= 0)) wrong = of.checked[i];
      if (wrong >= 0) {
        invalid = { member, channel: wrong, rate: rates[wrong] };
        return false;
      }
      for (let c = 0; c < of.flow.count; c++) out[first + c] = rates[c];
    }
    return true;
  }

  /** Largest change that extents `error` make, over what is allowed at extents `after`; Infinity where that is below the floor. */
  function errorOf(error: Float64Array, after: Float64Array): number {
    if (!(moveContent(after) >= -absolute)) return Number.POSITIVE_INFINITY;
    sums.fill(0);
    let largest = 0;
    for (const member of members) {
      const { of, first, extents } = member;
      const { amounts, network, size: species } = of.flow;
      if (!(moveMember(member, after) >= -absolute)) return Number.POSITIVE_INFINITY;
      for (let c = 0; c < of.flow.count; c++) extents[c] = error[first + c];
      of.flow.combine(extents, change);
      for (let i = 0; i < species; i++) {
        const scaled = Math.abs(change[i]) / (absolute + tolerance * Math.abs(amounts[network.changed[i]]));
        if (!(scaled <= largest)) largest = scaled;
      }
      for (const c of network.detached) {
        const scaled = Math.abs(error[first + c]) / (absolute + tolerance * Math.abs(after[first + c]));
        if (!(scaled <= largest)) largest = scaled;
      }
      addGiven(of, error, first, sums);
    }
    for (let f = 0; f < fieldCount; f++) {
      const scaled = Math.abs(sums[f]) / (absolute + tolerance * Math.abs(content[f]));
      if (!(scaled <= largest)) largest = scaled;
    }
    return largest;
  }

  /** Whether any amount or content is below zero at extents y. */
  function isBelow(y: Float64Array): boolean {
    if (!(moveContent(y) >= 0)) return true;
    for (const member of members) if (!(moveMember(member, y) >= 0)) return true;
    return false;
  }

  const linear: Linearisation = {
    evaluate(_time, y, _slope, _step, timeSlope) {
      timeSlope.fill(0);
      moveContent(y);
      for (const member of members) {
        const { of, partial, product, outer } = member;
        const { count, size: species, network } = of.flow;
        moveMember(member, y);
        of.flow.jacobian(0, partial);
        of.flow.fieldJacobian(0, outer);
        for (let k = 0; k < count * fieldCount; k++) outer[k] /= volume;
        product.fill(0);
        for (let i = 0; i < species; i++) {
          for (const [channel, n] of network.changers[i]) {
            for (let j = 0; j < species; j++) product[i * species + j] += n * partial[channel * species + j];
          }
        }
      }
    },
    factorise(shift) {
      sigma = shift;
      schur.fill(0);
      for (let f = 0; f < fieldCount; f++) schur[f * fieldCount + f] = 1;
      for (const member of members) {
        const { of, product, matrix, pivots, outer, response } = member;
        const { count, size: species } = of.flow;
        for (let i = 0; i < species * species; i++) matrix[i] = -product[i];
        for (let i = 0; i < species; i++) matrix[i * species + i] += sigma;
        if (!factorise(matrix, pivots, species)) return false;
        for (let f = 0; f < fieldCount; f++) {
          for (let c = 0; c < count; c++) rates[c] = outer[c * fieldCount + f];
          solveCell(member, rates, 0);
          for (let c = 0; c < count; c++) {
            response[c * fieldCount + f] = rates[c];
            for (const [g, n] of of.given[c]) schur[g * fieldCount + f] -= n * rates[c];
          }
        }
      }
      return factorise(schur, schurPivots, fieldCount);
    },
    solve(x) {
      sums.fill(0);
      for (const member of members) {
        solveCell(member, x, member.first);
        addGiven(member.of, x, member.first, sums);
      }
      solveFactorised(schur, schurPivots, fieldCount, sums);
      for (const { of, first, response } of members) {
        for (let c = 0; c < of.flow.count; c++) {
          let sum = x[first + c];
          for (let f = 0; f < fieldCount; f++) sum += response[c * fieldCount + f] * sums[f];
          x[first + c] = sum;
        }
      }
    },
  };

  /** A⁻¹ x of one cell, at x[first …]: (x + V u)/σ, (σI − N V) u = N x. */
  function solveCell({ of, partial, matrix, pivots, extents }: Member, x: Float64Array, first: number): void {
    const { count, size: species } = of.flow;
    for (let c = 0; c < count; c++) extents[c] = x[first + c];
    of.flow.combine(extents, change);
    solveFactorised(matrix, pivots, species, change);
    for (let c = 0; c < count; c++) {
      let sum = extents[c];
      for (let s = 0; s < species; s++) sum += partial[c * species + s] * change[s];
      x[first + c] = sum / sigma;
    }
  }

  /** A bound of the eigenvalues of the system at its start: the largest row sum among amounts and contents. */
  function jacobianNorm(y: Float64Array): number {
    linear.evaluate(0, y, y, 0, new Float64Array(size));
    const rows = new Float64Array(fieldCount);
    const among = new Float64Array(fieldCount * fieldCount);
    let most = 0;
    for (const { of, product, partial, outer } of members) {
      const { size: species, network, count } = of.flow;
      for (let i = 0; i < species; i++) {
        let row = 0;
        for (let j = 0; j < species; j++) row += Math.abs(product[i * species + j]);
        for (let f = 0; f < fieldCount; f++) {
          let entry = 0;
          for (const [channel, n] of network.changers[i]) entry += n * outer[channel * fieldCount + f];
          row += Math.abs(entry);
        }
        most = Math.max(most, row);
      }
      for (let c = 0; c < count; c++) {
        for (const [g, n] of of.given[c]) {
          for (let s = 0; s < species; s++) rows[g] += Math.abs(n * partial[c * species + s]);
          for (let f = 0; f < fieldCount; f++) among[g * fieldCount + f] += n * outer[c * fieldCount + f];
        }
      }
    }
    for (let g = 0; g < fieldCount; g++) {
      for (let f = 0; f < fieldCount; f++) rows[g] += Math.abs(among[g * fieldCount + f]);
      most = Math.max(most, rows[g]);
    }
    return most;
  }

  /** Solvers by number of unknowns; which cells they are for is in `members`. */
  const kept = new Map<number, Solver>();
  function solverOf(): Solver {
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
      integrator: createSwitching(problem, linear),
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
    euler.set(guess);
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      if (!derivative(euler, residual)) return false;
      linear.evaluate(0, euler, residual, h, sparePlace(size));
      if (!linear.factorise(1 / h)) return false;
      for (let i = 0; i < size; i++) residual[i] -= euler[i] / h;
      linear.solve(residual);
      for (let i = 0; i < size; i++) euler[i] += residual[i];
      const moved = errorOf(residual, euler);
      if (moved < 1e-6) return !isBelow(euler);
    }
    return false;
  }

  /** Makes the state at extents y the present one. */
  function accept(y: Float64Array, totals: Float64Array): void {
    moveContent(y);
    for (const member of members) {
      moveMember(member, y);
      const { amounts, network } = member.of.flow;
      const { population } = windows[member.type];
      for (const s of network.changed) population.amounts[member.slot * population.stride + s] = amounts[s];
    }
    contents.set(content);
    for (let i = 0; i < size; i++) totals[i] += y[i];
  }

  function explain(solver: Solver, failure: Failure): false {
    if (!derivative(solver.origin, solver.residual) || invalid) {
      const { member, channel, rate } = invalid ?? { member: members[0], channel: 0, rate: Number.NaN };
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
    const isStiff = jacobianNorm(origin) * duration > STIFF_WINDOW;
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
      for (let i = 0; i < size; i++) state[i] -= euler[i];
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
    advance(all, slots, from, to, duration, failure) {
      windows = all;
      gather(slots, from, to);
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

function typeFlow(type: CellType, strict: boolean, fieldCount: number, generate: boolean): TypeFlow | null {
  const flow = createFlow(type, fieldCount, true, false, generate);
  if (!flow) return null;
  const { channels } = flow.network;
  return {
    flow,
    given: channels.map(({ reaction }) => netChange(type.circuit.reactions[reaction], 'field')),
    checked: Int32Array.from(channels.flatMap(({ checked }, c) => (strict && checked ? [c] : []))),
  };
}

function createMember(of: TypeFlow, type: number, fieldCount: number): Member {
  const { count, size } = of.flow;
  return {
    of,
    type,
    slot: 0,
    first: 0,
    extents: new Float64Array(count),
    partial: new Float64Array(count * size),
    product: new Float64Array(size * size),
    matrix: new Float64Array(size * size),
    pivots: new Int32Array(size),
    outer: new Float64Array(count * fieldCount),
    response: new Float64Array(count * fieldCount),
  };
}

function addGiven({ given, flow }: TypeFlow, y: Float64Array, first: number, into: Float64Array): void {
  for (let c = 0; c < flow.count; c++) {
    for (const [f, n] of given[c]) into[f] += n * y[first + c];
  }
}

/** Room for what any of the types needs. */
function scratch(flows: readonly (TypeFlow | null)[], lengthOf: (of: TypeFlow) => number): Float64Array {
  return new Float64Array(Math.max(0, ...flows.map(of => (of ? lengthOf(of) : 0))));
}
