import type { FieldOperator } from './fieldOperator.ts';
import { createFlow } from './flowParts.ts';
import type { Grid } from './grid.ts';
import { solveFlow } from './multigrid/biconjugateGradients.ts';
import { type Solution, solve } from './multigrid/conjugateGradients.ts';
import { createFlowHierarchy, refreshFlow } from './multigrid/flowHierarchy.ts';
import { flowResidual } from './multigrid/flowMatrix.ts';
import {
  addSinks,
  coarseDiagonals,
  createHierarchy,
  cycle,
  type Hierarchy,
  refresh,
} from './multigrid/hierarchy.ts';
import { residual } from './multigrid/kernels.ts';
import { createLevel, finishLevel, forRows, type Level, wrap } from './multigrid/level.ts';
import { meanLink, SEEPAGE, seep, solidPlaces } from './seepage.ts';
import { refine } from './spectral/refine.ts';
import type { SpectralSolver } from './spectral/spectralSolver.ts';

/** M = inertia · I − a A for one field, A = L − K, ready to be solved with. Arrays have the operator's layout. */
export interface ImplicitSystem {
  /** Right-hand side, and solution: the guess before. */
  readonly b: Float64Array;
  readonly x: Float64Array;
  /** Chooses the coarse grids by the operator as it is, whatever it becomes later. */
  found(): void;
  /** The operator has changed: the next `prepare` takes it up. */
  renew(): void;
  /** Sets a (s) and K = λ + κ (1/s); `uptake` is κ per voxel of the grid. */
  prepare(decay: number, a: number, uptake: Float64Array | null, inertia?: number): void;
  /** out = M v; the halo of v must be right, that of `out` is 0. */
  multiply(v: Float64Array, out: Float64Array): void;
  /**
   * Solves M x = b until no residual exceeds `tolerance`, or rounding. Where the leftover made an entry negative that the
   * exact solution has not, x is lowered (see lower). Returns the number of iterations.
   */
  solve(tolerance: number): number;
  /**
   * Makes x a solution from below: M x ≤ b wherever x > 0, so that x + (b − M x), which is what the conservative update gives,
   * is not negative where b is not. x moves by about the residual of the solve. False where x was lowered already, or is
   * negative beyond what the residual explains.
   */
  lower(): boolean;
  /** out ≈ M⁻¹ r by one symmetric cycle of multigrid. */
  precondition(r: Float64Array, out: Float64Array): void;
}

/** Scratch that the systems of a grid share. */
export interface Room {
  readonly state: Float64Array;
  readonly first: Float64Array;
  readonly mean: Float64Array;
  readonly load: Float64Array;
  readonly b: Float64Array;
  readonly x: Float64Array;
  readonly direction: Float64Array;
  readonly image: Float64Array;
}

export function createRoom(size: number): Room {
  const column = () => new Float64Array(size);
  return {
    state: column(),
    first: column(),
    mean: column(),
    load: column(),
    b: column(),
    x: column(),
    direction: column(),
    image: column(),
  };
}

/** Diffusion number a D/h² (and its like) of the matrix that the coarse grids are chosen by. */
const REFERENCE = 1e4;

/** Uptake up to this share of a diagonal without it is taken up by the coarse diagonals alone. */
const SMALL_SINKS = 0.25;

/** What solves directly where nothing but the field's own decay takes from it. */
export interface Direct {
  readonly solver: SpectralSolver;
  readonly diffusivity: number;
}

/** `isLight`: whether uptake that is small may leave the coarse grids as they are but for their diagonals. */
export function createSystem(
  grid: Grid,
  operator: FieldOperator,
  room: Room,
  direct: Direct | null = null,
  isLight = true,
): ImplicitSystem {
  const { layout, losses, ahead } = operator;
  // With a flow `matrix` is the symmetric part only.
  const flow = ahead && createFlow(operator, ahead);
  const links = flow ? flow.means : operator.links;
  const matrix = createLevel(layout, true);
  // The preconditioner's own finest level, where obstacles make it differ.
  const finest: Level = grid.solid ? createLevel(layout, true) : matrix;
  const seepage = grid.solid ? links.map(link => SEEPAGE * meanLink(link)) : [];
  const { x, b, direction, image } = room;
  let hierarchy: Hierarchy | null = null;
  let prepared: { decay: number; a: number; inertia: number } | null = null;
  let allowance: Float64Array | null = null;
  let light: { decay: number; a: number; inertia: number; diagonals: Float64Array[] } | null = null;
  let hasUptake = false;
  let most = 0;
  let excess = 0;
  let largest = 0;
  let least = 0;
  let lowered = false;

  const closed = grid.solid ? solidPlaces(layout, grid.solid) : new Int32Array(0);
  const linear = () => ({ matrix, hierarchy: hierarchy as Hierarchy, closed, x, b, direction, image });
  const solveLinear = (tolerance: number): Solution =>
    flow?.hierarchy
      ? solveFlow(
          { matrix: flow.matrix, hierarchy: flow.hierarchy, closed, x, b, room: flow.room },
          tolerance,
        )
      : direct && !hasUptake
        ? refine(direct.solver, matrix, x, b, direction, tolerance)
        : solve(linear(), tolerance);

  /** δ with M δ ≥ ½: 1 without uptake, where the rows of M sum to at least 1. */
  function findAllowance(): Float64Array | null {
    if ((!hasUptake && !flow && prepared?.inertia === 1) || allowance) return allowance;
    const [right, solution] = [b.slice(), x.slice()];
    forRows(layout, (row, end) => b.fill(1, row, end));
    x.fill(0);
    solveLinear(0.5);
    wrap(layout, x);
    allowance = x.slice();
    b.set(right);
    x.set(solution);
    return allowance;
  }

  function lower(): boolean {
    if (lowered) return false;
    const delta = findAllowance();
    // The error is at most largest × M⁻¹ 1.
    if (least < -2 * largest * (delta === null ? 1 : largestOf(delta))) return false;
    lowered = true;
    // Rounding of b − M x is a few units in the last place of its largest term.
    const shift = 2 * excess + 4e-16 * most * largestOf(x);
    for (let v = 0; v < x.length; v++) {
      const by = delta === null ? shift : shift * delta[v];
      const below = x[v] - by;
      x[v] = below > 0 ? below : 0;
    }
    return true;
  }

  /** Sets M and, where obstacles make it differ, the preconditioner's finest matrix. */
  function assemble(decay: number, a: number, uptake: Float64Array | null, inertia: number): void {
    prepared = { decay, a, inertia };
    hasUptake = uptake !== null;
    allowance = null;
    most = 0;
    let voxel = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        const value = inertia + a * (decay + (uptake === null ? 0 : uptake[voxel]) + losses[v]);
        matrix.diagonal[v] = value;
        if (value > most) most = value;
        voxel++;
      }
    });
    links.forEach((link, axis) => {
      const scaled = matrix.links[axis];
      for (let v = 0; v < link.length; v++) scaled[v] = a * link[v];
    });
    finishLevel(matrix);
    flow?.set(a, matrix.diagonal);
    if (grid.solid) seep(grid.solid, matrix, finest, seepage, a);
  }

  function isSmall(decay: number, a: number, uptake: Float64Array, inertia: number): boolean {
    let voxel = 0;
    let isIt = true;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        if (a * uptake[voxel++] > SMALL_SINKS * (inertia + a * (decay + losses[v]))) isIt = false;
      }
    });
    return isIt;
  }

  /** Coarse grids without uptake, kept while windows are alike, and what uptake adds to their diagonals. */
  function takeLightly(decay: number, a: number, uptake: Float64Array, inertia: number): void {
    if (!light || light.decay !== decay || light.a !== a || light.inertia !== inertia) {
      assemble(decay, a, null, inertia);
      refresh(hierarchy as Hierarchy);
      light = { decay, a, inertia, diagonals: coarseDiagonals(hierarchy as Hierarchy) };
    }
    assemble(decay, a, uptake, inertia);
    // A system that only preconditions has no room of its own.
    const sinks = image.length > 0 ? image.fill(0) : new Float64Array(layout.size);
    let voxel = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) sinks[v] = a * uptake[voxel++];
    });
    addSinks(hierarchy as Hierarchy, light.diagonals, sinks);
  }

  function found(): void {
    if (hierarchy) return;
    // Long windows without sinks have the couplings at their barest.
    assemble(0, REFERENCE / (largestOf(losses) || 1), null, 1);
    hierarchy = createHierarchy(finest);
  }

  return {
    b,
    x,
    found,
    renew() {
      prepared = null;
      light = null;
      flow?.split();
    },
    prepare(decay, a, uptake, inertia = 1) {
      const same = prepared?.decay === decay && prepared.a === a && prepared.inertia === inertia;
      if (same && uptake === null && !hasUptake) return;
      if (direct && uptake === null) {
        assemble(decay, a, uptake, inertia);
        direct.solver.prepare(inertia + a * decay, a * direct.diffusivity);
        return;
      }
      found();
      if (isLight && uptake !== null && !flow && isSmall(decay, a, uptake, inertia)) {
        takeLightly(decay, a, uptake, inertia);
        return;
      }
      light = null;
      assemble(decay, a, uptake, inertia);
      refresh(hierarchy as Hierarchy);
      if (!flow) return;
      flow.hierarchy ??= createFlowHierarchy(hierarchy as Hierarchy);
      refreshFlow(flow.hierarchy, flow.drifts);
    },
    multiply(v, out) {
      out.fill(0);
      if (flow) flowResidual(flow.matrix, v, out, out);
      else residual(matrix, v, out, out);
      for (let i = 0; i < out.length; i++) out[i] = -out[i];
    },
    solve(tolerance) {
      // No residual can be smaller than the rounding of its terms.
      const floor = 4e-16 * most * Math.max(largestOf(x), largestOf(b) / most);
      const solution = solveLinear(Math.max(tolerance, floor));
      ({ excess, largest } = solution);
      lowered = false;
      least = 0;
      for (let v = 0; v < x.length; v++) if (x[v] < least) least = x[v];
      if (least < 0) lower();
      return solution.iterations;
    },
    lower,
    precondition(r, out) {
      const [fine] = (hierarchy as Hierarchy).levels;
      fine.b.set(r.length === fine.b.length ? r : r.subarray(0, fine.b.length));
      cycle(hierarchy as Hierarchy, false);
      out.set(fine.x);
      for (const place of closed) out[place] = 0;
    },
  };
}

function largestOf(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > most) most = size;
  }
  return most;
}
