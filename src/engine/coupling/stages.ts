import type { StagedCells } from '../circuits/stagedCells.ts';
import type { MonolithicCoupling } from '../description/description.ts';
import { createBlockRoom, largestOf, solveBlocks } from '../fields/blockSolve.ts';
import { placeOf } from '../fields/fieldOperator.ts';
import type { FieldStep } from '../fields/fieldStep.ts';
import type { Layout } from '../fields/multigrid/level.ts';
import { D, W } from '../fields/scheme.ts';
import { createStagedField } from '../fields/stagedField.ts';
import type { Model } from '../model/model.ts';
import { createCellResponse } from './cellResponse.ts';

/**
 * The implicit stages of a step of cells and fields together. In each the unknowns are the coupled fields c, with their reservoirs,
 * and the extents e of every cell's continuous channels:
 *
 *     M c = b + 1/V Σ_cells w G e(c)          e = e₀ + a v(x + N e, w·c)
 *
 * Cell by cell the second is solved for e at the present c (circuits/stagedCells.ts), with the answer K = G ∂e/∂c; then Newton's method for the first
 * alone has the matrix M − 1/V Σ w K wᵀ: the cells are eliminated, whatever their number, and what is left is local and of the size of the
 * fields (cellResponse.ts), solved by BiCGStab and multigrid.
 */
export interface Stages {
  /** The fields that are solved with the cells. */
  readonly coupled: readonly number[];
  /** By cell and field: what cells see of the iterate, and molecules they have given since the step began. */
  readonly seen: Float64Array;
  readonly given: Float64Array;
  /** Room for a state of each coupled field, and what became of it at last; by field. */
  readonly tried: readonly Float64Array[];
  readonly results: FieldStep[];
  /** Opens a step of the fields; sets `seen` to its start. */
  begin(time: number, duration: number, count: 1 | 2): void;
  /** Solves its stages; the cells have begun theirs. */
  solve(choice: MonolithicCoupling): StagesSolved;
  /** See StagedField.finish. */
  finish(f: number, source: Float64Array | null, next: Float64Array): FieldStep;
}

export interface StagesSolved {
  /** Why there is no solution, or null. */
  readonly failed: string | null;
  /** Newton iterations over all stages, and the worst factor by which they shrank the residual. */
  readonly iterations: number;
  readonly contraction: number;
}

/** What an inner solve leaves of the residual of Newton's method. */
const INNER = 1e-3;

/** A residual is rounding up to so many units in the last place of its largest term. */
const UNITS = 32 * 2 ** -53;

/** Where the new state would be negative by up to so many tolerances, the residual is made as small as rounding lets it be. */
const NEAR_ZERO = 100;

export function createStages(
  model: Model,
  coupled: readonly number[],
  cells: readonly (StagedCells | null)[],
): Stages {
  const { description, work } = model;
  const { grid } = description;
  const { fieldCount } = work;
  const m = coupled.length;
  const fields = coupled.map(f => createStagedField(grid, description.fields[f], model.solver.film));
  const sizes = fields.map(({ size }) => size);
  const vector = () => sizes.map(size => new Float64Array(size));
  const [gained, rest, step] = [vector(), vector(), vector()];
  const room = createBlockRoom(sizes);
  const scale = fields.map(() => 1);
  const answer = m > 0 ? createCellResponse(fields, scale, grid.voxelVolume, grid.voxels) : null;
  const results: FieldStep[] = [];
  const tried = description.fields.map((_, f) => new Float64Array(coupled.includes(f) ? grid.voxels : 0));
  let places = new Int32Array(0);
  let seen = new Float64Array(0);
  let given = new Float64Array(0);
  let response = new Float64Array(0);
  let listed: number[] = [];
  let [duration, count]: [number, 1 | 2] = [0, 2];

  /** Rooms for the cells, and where in the layout each touches the fields. */
  function makeRoom(): void {
    const { population, kernel } = model;
    const { points, voxel } = kernel;
    if (seen.length < population.capacity * fieldCount) {
      seen = new Float64Array(population.capacity * fieldCount);
      given = new Float64Array(population.capacity * fieldCount);
      response = new Float64Array(population.capacity * m * m);
    }
    if (places.length < population.capacity * points) places = new Int32Array(population.capacity * points);
    const [{ layout }] = fields;
    for (let p = 0; p < population.count * points; p++) places[p] = placeOf(grid, layout, voxel[p]);
    listed = [];
    for (let slot = 0; slot < population.count; slot++) if (cells[population.type[slot]]) listed.push(slot);
    given.fill(0);
  }

  function sample(): void {
    const { points, weight } = model.kernel;
    for (const slot of listed) {
      for (let k = 0; k < m; k++) {
        const { x, beyond } = fields[k];
        let sum = 0;
        for (let p = slot * points; p < (slot + 1) * points; p++) sum += weight[p] * x[places[p]];
        if (beyond)
          for (let p = slot * points; p < (slot + 1) * points; p++) sum += weight[p] * beyond[places[p]];
        seen[slot * fieldCount + coupled[k]] = sum;
      }
    }
  }

  /** What the cells have given, per volume, onto the layout. */
  function deposit(): void {
    const { points, weight } = model.kernel;
    for (let k = 0; k < m; k++) {
      const to = gained[k].fill(0);
      for (const slot of listed) {
        const amount = given[slot * fieldCount + coupled[k]] / grid.voxelVolume;
        if (amount === 0) continue;
        for (let p = slot * points; p < (slot + 1) * points; p++) to[places[p]] += weight[p] * amount;
      }
    }
  }

  function solveCells(): boolean {
    return cells.every(one => one?.solve(seen, given, response) ?? true);
  }

  /** Solves the stage that was opened. */
  function solveStage({ tolerance, iterations }: MonolithicCoupling, isLast: boolean): StagesSolved {
    const { profile, kernel } = model;
    const failed = (why: string, at: number) => ({ failed: why, iterations: at, contraction: 0 });
    let [first, since, last] = [0, 1, Number.POSITIVE_INFINITY];
    for (let iteration = 1; iteration <= iterations; iteration++) {
      profile.enter('sample');
      sample();
      profile.enter('circuits');
      if (!solveCells())
        return failed('the equations of a cell have no solution that Newton’s method finds', iteration);
      profile.enter('exchange');
      deposit();
      answer?.assemble(response, listed, places, kernel.weight, kernel.points);
      profile.enter('fields');
      let [error, fine, near, valid] = [0, 0, false, true];
      const allowed = fields.map((field, k) => {
        field.residual(gained[k], rest[k]);
        const most = Math.max(largestOf(field.start), largestOf(field.x));
        scale[k] = most > 0 ? most : 1;
        const floor = UNITS * most * (field.largestEntry + 2 * (answer?.strongest[k] ?? 0));
        const left = largestOf(rest[k]);
        valid &&= Number.isFinite(left);
        error = Math.max(error, left === 0 ? 0 : left / Math.max(tolerance * most, floor));
        fine = Math.max(fine, left === 0 ? 0 : left / floor);
        const enough = Math.max(tolerance * most, floor);
        // The conservative update will make x + r of it.
        const least = isLast ? leastOf(field.layout, field.x, rest[k]) : 0;
        if (least < 0 && least > -NEAR_ZERO * enough) near = true;
        return enough;
      });
      if (!valid) return failed('an iterate is not finite', iteration);
      // A field that was empty so far has no error to compare with.
      if (iteration === 1 || first === Number.POSITIVE_INFINITY) [first, since] = [error, iteration];
      // Close to zero the leftover decides the sign; so it goes as far as it falls.
      const settled = error <= 1 && (!near || fine <= 1 || error > 0.5 * last);
      if (settled) {
        const contraction =
          iteration === since || first === 0 ? 0 : (error / first) ** (1 / (iteration - since));
        return { failed: null, iterations: iteration, contraction };
      }
      last = error;
      if (iteration === 1) answer?.prepare();
      const goal = rest.map((part, k) =>
        Math.max(INNER * largestOf(part), (error <= 1 ? 1e-6 : 0.1) * allowed[k]),
      );
      const before = rest.map(largestOf);
      if (!answer) break;
      if (solveBlocks(answer, rest, step, goal, room) < 0) {
        const better = rest.every((part, k) => largestOf(part) <= 0.5 * before[k]);
        if (!better) return failed('its linear systems were not solved', iteration);
      }
      fields.forEach(({ x }, k) => {
        for (let v = 0; v < x.length; v++) x[v] += step[k][v];
      });
    }
    return failed(`Newton’s method did not converge with iterations: ${iterations}`, iterations);
  }

  return {
    coupled,
    get seen() {
      return seen;
    },
    get given() {
      return given;
    },
    tried,
    results,
    begin(time, h, stages) {
      [duration, count] = [h, stages];
      makeRoom();
      // Fields that only whole molecules meet are seen as they are.
      seen.set(work.sampled.subarray(0, model.population.count * fieldCount));
      fields.forEach((field, k) => {
        const f = coupled[k];
        const held = description.fields[f].reservoirs ? work.nextBulk[f] : null;
        field.begin(model.fields[f], held, time, h, stages);
      });
      sample();
    },
    solve(choice) {
      let [iterations, contraction] = [0, 0];
      for (let stage = 1; stage <= count; stage++) {
        const implicit = count === 2 ? D * duration : duration;
        const weight = count === 1 ? 0 : stage === 1 ? implicit : W * duration;
        const offset = count === 2 && stage === 1 ? 2 * D * duration : duration;
        for (const field of fields) field.openStage();
        for (const one of cells) one?.openStage(implicit, weight, offset);
        const solved = solveStage(choice, stage === count);
        iterations += solved.iterations;
        contraction = Math.max(contraction, solved.contraction);
        if (solved.failed !== null) return { ...solved, iterations };
        for (const field of fields) field.closeStage();
        for (const one of cells) one?.closeStage();
      }
      return { failed: null, iterations, contraction };
    },
    finish(f, source, next) {
      return fields[coupled.indexOf(f)].finish(source, next);
    },
  };
}

/** The least sum of two vectors inside the halo. */
function leastOf({ n, start, stride }: Layout, x: Float64Array, r: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < n[2]; k++) {
    for (let j = 0; j < n[1]; j++) {
      const row = start + j * stride[1] + k * stride[2];
      for (let v = row; v < row + n[0]; v++) if (x[v] + r[v] < least) least = x[v] + r[v];
    }
  }
  return least;
}
