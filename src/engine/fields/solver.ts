import { shared } from '../crew/column.ts';
import { ALONE, type Crew } from '../crew/crew.ts';
import { adaptively } from './adaptive.ts';
import type { AxisOperator } from './axisOperator.ts';
import { beyondFactorisation, chooseSolver, partsForDamping } from './choice.ts';
import { createCrewSweep } from './crewSweep.ts';
import { createOperatorCache, prepareFactors } from './factors.ts';
import type { FieldDescription } from './field.ts';
import type { Advance, AdvanceBy, FieldStep, Predict, Scheme } from './fieldStep.ts';
import { createFilm, type Film } from './film.ts';
import type { Grid } from './grid.ts';
import { advanceInParts } from './parts.ts';
import type { Sweep, Update } from './plan.ts';
import { D, W } from './scheme.ts';
import { runSweep } from './sweep.ts';
import { total } from './total.ts';
import { type Clock, createUnfactoredSolver } from './unfactored.ts';
import { createWorkspace } from './workspace.ts';

export type { FieldStep, Scheme };

/**
 * Advances fields of one grid; docs/numerics.md derives the schemes. Arrays hold one number per voxel. `c` is left as
 * it was; `next`, `exposure` and `out` must be other arrays than the inputs.
 */
export interface FieldSolver {
  /** Where in time the next window begins; only boundaries that vary with time read it. And what the field's reservoirs hold then. */
  readonly clock: Clock;
  /** What the cells make of the medium; only fields with `film` or `layer` read it. */
  readonly film: Film;
  /**
   * One window of h seconds, by TR-BDF2; factorised, in as many equal parts as the damping of the grid's modes needs, or
   * unfactored (choice.ts); of each of the field's own steps, where it has some. A part that would
   * leave a negative value is quartered, and in the end taken by backward Euler in delta form or by LOD. `source` S is in
   * molecules/µm³/s, `uptake` κ ≥ 0 in 1/s and without decay; `exposure` gets E (molecules·s/µm³). Beyond rounding
   * the result is negative only where c + h S is.
   */
  readonly advance: Advance;
  /** The same window whatever the sign of the result: a smooth map of `source`, for iterations. */
  readonly advanceFreely: Advance;
  /** The same by a stated scheme, in one part. */
  readonly advanceBy: AdvanceBy<Scheme>;
  /** The state h seconds later by backward Euler in delta form, first order; by LOD where that is negative. */
  readonly predict: Predict;
}

/** Decay × window beyond which decay is booked voxel by voxel. */
const STIFF_DECAY = 30;

/** A part that does not stay positive is quartered at most this often. */
const DEEPEST = 3;

/** A window is cut into at most so many parts; a scenario that needs more was warned of. */
const MOST_PARTS = 1000;

export function createFieldSolver(grid: Grid, crew: Crew = ALONE): FieldSolver {
  const workspace =
    crew.threads === 1 ? createWorkspace(grid) : createWorkspace(grid, n => shared(new Float64Array(n)));
  const crewSweep = crew.threads === 1 ? null : createCrewSweep(grid, crew, workspace);
  const cache = createOperatorCache(grid);
  const clock: Clock = { time: 0, reservoirs: null };
  const film = createFilm();
  const unfactored = createUnfactoredSolver(grid, clock, film);

  /** The sweep from c that is backward Euler over a: in delta form, or plain LOD. */
  function eulerSweep(
    operators: readonly AxisOperator[],
    c: Float64Array,
    a: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    delta: boolean,
  ): Sweep {
    const half = a / grid.dimensions;
    const explicit = delta ? c : null;
    return {
      grid,
      workspace,
      stacks: workspace.stacks,
      operators,
      a,
      half,
      uptake,
      fresh: true,
      explicit,
      p: 1,
      start: c,
      q: 0,
      source,
    };
  }

  /** What runs a sweep on these arrays: the crew, or the calling thread alone. */
  function runnerOf(
    explicit: boolean,
    operators: readonly AxisOperator[],
    uptake: Float64Array | null,
    arrays: readonly (Float64Array | null)[],
  ): typeof runSweep {
    return crewSweep?.takes(explicit, operators, uptake, arrays) ? crewSweep.run : runSweep;
  }

  const advanceFactorised: FieldSolver['advanceBy'] = (
    scheme,
    field,
    c,
    h,
    source,
    uptake,
    next,
    exposure,
  ) => {
    if (uptake !== null && exposure === null && workspace.exposure.length === 0) {
      workspace.exposure = workspace.make(grid.voxels);
    }
    const taken = uptake !== null && exposure === null ? workspace.exposure : exposure;
    const update: Update = { kind: 'update', window: h, decay: field.decay, next, exposure: taken };
    const a = scheme === 'tr-bdf2' ? D * h : h;
    const operators = cache.get(field, a);
    const run = runnerOf(scheme !== 'positive', operators, uptake, [c, source, uptake, next, taken]);
    if (uptake !== null) prepareFactors(grid, workspace, operators);
    for (const part of workspace.inflowParts) part.fill(0);
    workspace.rowSums.fill(0);
    if (scheme === 'euler') run(eulerSweep(operators, c, a, source, uptake, true), update);
    else if (scheme === 'positive') {
      workspace.explicitY.fill(0);
      workspace.explicitZ.fill(0);
      runSweep(eulerSweep(operators, c, a, source, uptake, false), update);
    } else {
      // Stage 1 gives Y = u + δ₁/2, so v = w u + (w + d) (2Y − u) = 2 (w + d) Y − d u.
      const { middle } = workspace;
      run(eulerSweep(operators, c, a, source, uptake, true), {
        kind: 'mixture',
        p: 2 * (W + D),
        q: -D,
        out: middle,
      });
      // Stage 2: P_x solves (I − a A_x) P_x = v + d (u − u_γ) + …, and v + 2d (u − Y) = 2w Y + d u, with Y from v.
      const p = W / (W + D);
      const sweep = eulerSweep(operators, c, a, source, uptake, true);
      run({ ...sweep, stacks: workspace.later, fresh: false, explicit: middle, p: D + D * p, q: p }, update);
    }
    const volume = grid.voxelVolume;
    const exposed = total(workspace.rowSums) * (uptake === null ? h / grid.dimensions : 1);
    return {
      scheme,
      substeps: 1,
      minimum: workspace.least[0],
      decayed: field.decay * exposed * volume,
      relaxed: 0,
      inflow: Float64Array.from(workspace.inflowParts, part => total(part) * volume),
    };
  };

  /** Unfactored, delta form and plain form of backward Euler are one: positive, and right in the steady state. */
  const advanceUnfactored: FieldSolver['advanceBy'] = (scheme, ...rest) =>
    unfactored.advanceBy(scheme === 'tr-bdf2' || scheme === 'quasi-steady' ? scheme : 'positive', ...rest);

  /**
   * TR-BDF2 over one part; where that would leave a negative value, or let a sink take one, over quarters of it; and where
   * that does not help, a first-order scheme. The new state is negative only if all fail.
   */
  function advancePart(advanceBy: FieldSolver['advanceBy'], level: number): Advance {
    return (field, c, h, source, uptake, next, exposure) => {
      const isSound = (step: FieldStep) => step.minimum >= 0 && !givesBack(uptake, exposure);
      let step = advanceBy('tr-bdf2', field, c, h, source, uptake, next, exposure);
      if (isSound(step)) return step;
      if (level < DEEPEST) {
        const quarter = advancePart(advanceBy, level + 1);
        const scratch = workspace.forParts(level + 1);
        step = advanceInParts(quarter, scratch, clock, 4, field, c, h, source, uptake, next, exposure);
        if (isSound(step)) return step;
      }
      step = advanceBy('euler', field, c, h, source, uptake, next, exposure);
      return isSound(step) ? step : advanceBy('positive', field, c, h, source, uptake, next, exposure);
    };
  }

  const isBeyond = (field: FieldDescription) =>
    field.solver === 'multigrid' || field.solver === 'spectral' || beyondFactorisation(grid, field) !== null;

  /** A window by whichever solver is chosen for it; a factorised one in as many parts as damping needs. */
  function wholeWindow(factorised: Advance, unfactored: Advance): Advance {
    return (field, c, h, source, uptake, next, exposure) => {
      if (field.dynamics === 'quasi-steady') {
        return advanceUnfactored('quasi-steady', field, c, h, source, uptake, next, exposure);
      }
      if (chooseSolver(grid, field, h).solver !== 'adi') {
        return unfactored(field, c, h, source, uptake, next, exposure);
      }
      // With stiff decay the terms of the axes cancel; the path for uptake sums them voxel by voxel, to rounding.
      const sink = uptake ?? (field.decay * h > STIFF_DECAY ? workspace.noUptake() : null);
      const parts = Math.min(MOST_PARTS, partsForDamping(grid, field, h));
      if (parts === 1) return factorised(field, c, h, source, sink, next, exposure);
      const scratch = workspace.forParts(0);
      return advanceInParts(factorised, scratch, clock, parts, field, c, h, source, sink, next, exposure);
    };
  }

  /** The same in the field's own steps, where it has some, and those cut further to its tolerance. */
  function inOwnSteps(whole: Advance): Advance {
    const steps = adaptively(whole, workspace, DEEPEST + 2, clock);
    return (field, c, h, source, uptake, next, exposure) => {
      const parts = ownSteps(field);
      if (parts === 1) return steps(field, c, h, source, uptake, next, exposure);
      const scratch = workspace.forParts(DEEPEST + 1);
      return advanceInParts(steps, scratch, clock, parts, field, c, h, source, uptake, next, exposure);
    };
  }

  const predict: FieldSolver['predict'] = (field, c, h, source, uptake, out) => {
    if (chooseSolver(grid, field, 2 * h).solver !== 'adi') {
      unfactored.predict(field, c, h, source, uptake, out);
      return;
    }
    const operators = cache.get(field, h);
    const run = runnerOf(true, operators, uptake, [c, source, uptake, out]);
    if (uptake !== null) prepareFactors(grid, workspace, operators);
    const whole = { kind: 'mixture', p: 1, q: 0, out } as const;
    run(eulerSweep(operators, c, h, source, uptake, true), whole);
    if (!hasNegative(out)) return;
    workspace.explicitY.fill(0);
    workspace.explicitZ.fill(0);
    runSweep(eulerSweep(operators, c, h, source, uptake, false), whole);
  };

  return {
    clock,
    film,
    advanceBy(scheme, field, ...rest) {
      return isBeyond(field)
        ? advanceUnfactored(scheme, field, ...rest)
        : advanceFactorised(scheme, field, ...rest);
    },
    advance: inOwnSteps(wholeWindow(advancePart(advanceFactorised, 0), advancePart(advanceUnfactored, 0))),
    advanceFreely: inOwnSteps(
      wholeWindow(
        (...window) => advanceFactorised('tr-bdf2', ...window),
        (...window) => advanceUnfactored('tr-bdf2', ...window),
      ),
    ),
    predict(field, c, h, source, uptake, out) {
      // What is predicted is the middle of a window.
      const parts = Math.ceil(ownSteps(field) / 2);
      if (parts === 1) return predict(field, c, h, source, uptake, out);
      const { between } = workspace.forParts(DEEPEST + 1);
      const start = clock.time;
      let from = c;
      for (let part = 0; part < parts; part++) {
        const to = (parts - part) % 2 === 1 ? out : between;
        clock.time = start + (part * h) / parts;
        predict(field, from, h / parts, source, uptake, to);
        from = to;
      }
      clock.time = start;
    },
  };
}

/** Equal parts that a field's window is solved in; a quasi-steady one has no time of its own. */
function ownSteps({ dynamics, parts = 1 }: FieldDescription): number {
  return dynamics === 'quasi-steady' ? 1 : parts;
}

/** Whether a sink would take a negative amount: the exposure is a mean of potentials, not all of which are states. */
function givesBack(uptake: Float64Array | null, exposure: Float64Array | null): boolean {
  if (uptake === null || exposure === null) return false;
  for (let v = 0; v < uptake.length; v++) if (exposure[v] < 0 && uptake[v] > 0) return true;
  return false;
}

function hasNegative(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) return true;
  return false;
}
