import type { AxisOperator } from './axisOperator.ts';
import { createOperatorCache, prepareFactors } from './factors.ts';
import type { FieldDescription } from './field.ts';
import type { Update } from './finish.ts';
import type { Grid } from './grid.ts';
import { D, W } from './scheme.ts';
import { runSweep, type Sweep } from './sweep.ts';
import { total } from './total.ts';
import { createWorkspace } from './workspace.ts';

/**
 * What a step did, in molecules. With the exposure E it closes the balance to rounding:
 * V Σ next − V Σ c = Σ inflow + H V Σ source − decayed − V Σ κ E.
 */
export interface FieldStep {
  readonly scheme: 'tr-bdf2' | 'positive';
  /** Least value of `next`, molecules/µm³; the caller rejects the step where it is negative. */
  readonly minimum: number;
  /** Lost to decay. */
  readonly decayed: number;
  /** Into the domain through each face, in the order of FACES; a periodic face is none, its entry 0. */
  readonly inflow: Float64Array;
}

/**
 * Advances fields of one grid; docs/numerics.md derives the schemes. Arrays hold one number per voxel. `c` is left as
 * it was; `next`, `exposure` and `out` must be other arrays than the inputs.
 */
export interface FieldSolver {
  /**
   * One window of h seconds, by TR-BDF2 or, where that would leave a negative value, by LOD. `source` S is in
   * molecules/µm³/s, `uptake` κ ≥ 0 in 1/s and without decay; `exposure` gets E (molecules·s/µm³). Beyond rounding
   * the result is negative only where c + h S is.
   */
  advance(
    field: FieldDescription,
    c: Float64Array,
    h: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    next: Float64Array,
    exposure: Float64Array | null,
  ): FieldStep;
  /** The same by a stated scheme, whatever the sign of the result. */
  advanceBy(
    scheme: FieldStep['scheme'],
    field: FieldDescription,
    c: Float64Array,
    h: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    next: Float64Array,
    exposure: Float64Array | null,
  ): FieldStep;
  /** The state h seconds later by backward Euler in delta form, first order; by LOD where that is negative. */
  predict(
    field: FieldDescription,
    c: Float64Array,
    h: number,
    source: Float64Array | null,
    uptake: Float64Array | null,
    out: Float64Array,
  ): void;
}

export function createFieldSolver(grid: Grid): FieldSolver {
  const workspace = createWorkspace(grid);
  const cache = createOperatorCache(grid);

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

  const advanceBy: FieldSolver['advanceBy'] = (scheme, field, c, h, source, uptake, next, exposure) => {
    if (uptake !== null && exposure === null && workspace.exposure.length === 0) {
      workspace.exposure = new Float64Array(grid.voxels);
    }
    const taken = uptake !== null && exposure === null ? workspace.exposure : exposure;
    const update: Update = { kind: 'update', window: h, decay: field.decay, next, exposure: taken };
    const a = scheme === 'tr-bdf2' ? D * h : h;
    const operators = cache.get(field, a);
    if (uptake !== null) prepareFactors(grid, workspace, operators);
    for (const part of workspace.inflowParts) part.fill(0);
    workspace.rowSums.fill(0);
    if (scheme === 'positive') {
      workspace.explicitY.fill(0);
      workspace.explicitZ.fill(0);
      runSweep(eulerSweep(operators, c, a, source, uptake, false), update);
    } else {
      // Stage 1 gives Y = u + δ₁/2, so v = w u + (w + d) (2Y − u) = 2 (w + d) Y − d u.
      const { middle } = workspace;
      runSweep(eulerSweep(operators, c, a, source, uptake, true), {
        kind: 'mixture',
        p: 2 * (W + D),
        q: -D,
        out: middle,
      });
      // Stage 2: P_x solves (I − a A_x) P_x = v + d (u − u_γ) + …, and v + 2d (u − Y) = 2w Y + d u, with Y from v.
      const p = W / (W + D);
      const sweep = eulerSweep(operators, c, a, source, uptake, true);
      runSweep(
        { ...sweep, stacks: workspace.later, fresh: false, explicit: middle, p: D + D * p, q: p },
        update,
      );
    }
    const volume = grid.voxelVolume;
    const exposed = total(workspace.rowSums) * (uptake === null ? h / grid.dimensions : 1);
    return {
      scheme,
      minimum: workspace.least[0],
      decayed: field.decay * exposed * volume,
      inflow: Float64Array.from(workspace.inflowParts, part => total(part) * volume),
    };
  };

  return {
    advanceBy,
    advance(field, c, h, source, uptake, next, exposure) {
      const step = advanceBy('tr-bdf2', field, c, h, source, uptake, next, exposure);
      return step.minimum < 0 ? advanceBy('positive', field, c, h, source, uptake, next, exposure) : step;
    },
    predict(field, c, h, source, uptake, out) {
      const operators = cache.get(field, h);
      if (uptake !== null) prepareFactors(grid, workspace, operators);
      const whole = { kind: 'mixture', p: 1, q: 0, out } as const;
      runSweep(eulerSweep(operators, c, h, source, uptake, true), whole);
      if (!out.some(value => value < 0)) return;
      workspace.explicitY.fill(0);
      workspace.explicitZ.fill(0);
      runSweep(eulerSweep(operators, c, h, source, uptake, false), whole);
    },
  };
}
