import type { StagedCells } from '../circuits/stagedCells.ts';
import type { MonolithicCoupling } from '../description/description.ts';
import type { Kernel } from '../exchange/kernel.ts';
import { createBlockRoom, largestOf, solveBlocks } from '../fields/blockSolve.ts';
import type { FieldStep } from '../fields/fieldStep.ts';
import { forRows, type Layout } from '../fields/multigrid/level.ts';
import { D, W } from '../fields/scheme.ts';
import { createStagedField } from '../fields/stagedField.ts';
import type { Model } from '../model/model.ts';
import { type Answers, createCellResponse, weighted, weightedAbove } from './cellResponse.ts';
import { createTouch, setTouch, type Touch } from './touch.ts';

/**
 * The implicit stages of a step of cells and fields together. In each the unknowns are the coupled fields c, with their reservoirs,
 * and the extents e of every cell's continuous channels:
 *
 *     M c = b + g₀ + a g(v, c)          e = e₀ + a v(x + N e, w·c)
 *
 * g the rates by which cells give to voxels or take from them: what a cell gives on balance is spread by the kernel's weights d, what it takes by d c, so
 * that nothing is taken where there is nothing. Cell by cell the second is solved for e at the present c (circuits/stagedCells.ts), with the answer
 * K = G ∂e/∂c; then Newton's method for the first alone has a matrix in which the cells are eliminated, whatever their number:
 * local, and of the size of the fields (cellResponse.ts), solved by BiCGStab and multigrid.
 */
export interface Stages {
  /** The fields that are solved with the cells. */
  readonly coupled: readonly number[];
  /** By cell and field: what cells see of the iterate. */
  readonly seen: Float64Array;
  /** Room for a state of each coupled field, and what became of it at last; by field. */
  readonly tried: readonly Float64Array[];
  readonly results: FieldStep[];
  /** Opens a step of the fields; sets `seen` to its start. */
  begin(time: number, duration: number, count: 1 | 2): void;
  /** Solves its stages; the cells have begun theirs. */
  solve(choice: MonolithicCoupling): StagesSolved;
  /** Sets what field f got over the step as a source, molecules/µm³/s per voxel; false where that is nothing. */
  setSource(f: number, source: Float64Array): boolean;
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
  /** Molecules/µm³ that cells have given since the step began; molecules/µm³/s that they give now, and the sum of that over the stages before. */
  const [gained, now, earlier] = [vector(), vector(), vector()];
  const [rest, step] = [vector(), vector()];
  const room = createBlockRoom(sizes);
  const scale = fields.map(() => 1);
  const answer = m > 0 ? createCellResponse(fields, scale, grid.voxelVolume, grid.voxels) : null;
  const results: FieldStep[] = [];
  const tried = description.fields.map((_, f) => new Float64Array(coupled.includes(f) ? grid.voxels : 0));
  const touches = new Map<Kernel, Touch>();
  let seen = new Float64Array(0);
  /** The cells that take part, and the place of each slot among them. */
  let listed: number[] = [];
  let order = new Int32Array(0);
  let given = new Float64Array(0);
  let answers: Answers = {
    cells: 0,
    seen: [],
    touched: [],
    response: new Float64Array(0),
    sink: new Float64Array(0),
    inverse: new Float64Array(0),
  };
  let [duration, count]: [number, 1 | 2] = [0, 2];

  function touchOf(kernel: Kernel): Touch {
    const known = touches.get(kernel) ?? createTouch();
    touches.set(kernel, known);
    return known;
  }

  /** Rooms for the cells, and where in the layout each touches the fields. */
  function makeRoom(): void {
    const { population, kernels } = model;
    if (order.length < population.capacity) {
      seen = new Float64Array(population.capacity * fieldCount);
      order = new Int32Array(population.capacity);
    }
    listed = [];
    for (let slot = 0; slot < population.count; slot++) {
      if (!cells[population.type[slot]]) continue;
      order[slot] = listed.length;
      listed.push(slot);
    }
    const size = listed.length * m;
    const fits = given.length >= size;
    if (!fits) given = new Float64Array(2 * size);
    const used = new Set(coupled.flatMap(f => [kernels.sample[f], kernels.deposit[f]]));
    for (const kernel of used) setTouch(touchOf(kernel), kernel, listed, grid, fields[0].layout);
    answers = {
      cells: listed.length,
      seen: coupled.map(f => touchOf(kernels.sample[f])),
      touched: coupled.map(f => touchOf(kernels.deposit[f])),
      response: fits ? answers.response : new Float64Array(2 * size * m),
      sink: fits ? answers.sink : new Float64Array(2 * size),
      inverse: fits ? answers.inverse : new Float64Array(2 * size),
    };
  }

  function sample(): void {
    for (let n = 0; n < listed.length; n++) {
      for (let k = 0; k < m; k++) {
        const { x, beyond } = fields[k];
        const touch = answers.seen[k];
        let sum = weighted(touch, n, x);
        if (beyond) sum += weighted(touch, n, beyond);
        seen[listed[n] * fieldCount + coupled[k]] = sum;
      }
    }
  }

  /** Sets `now` from the cells' rates at the present iterate, and the sinks that they are, implicit over a. */
  function deposit(a: number): void {
    for (const one of cells) one?.flows(order, given);
    const { sink, inverse, touched } = answers;
    for (let k = 0; k < m; k++) {
      const to = now[k].fill(0);
      const { x } = fields[k];
      const { starts, places, weight } = touched[k];
      for (let n = 0; n < listed.length; n++) {
        const gain = given[n * m + k] / grid.voxelVolume;
        const there = gain < 0 ? weightedAbove(touched[k], n, x, x) : 0;
        // Rates that go on where nothing is left have no such shares.
        const over = there > 0 ? 1 / there : 0;
        inverse[n * m + k] = over;
        sink[n * m + k] = -a * given[n * m + k] * over;
        if (gain === 0) continue;
        for (let p = starts[n]; p < starts[n + 1]; p++) {
          const here = x[places[p]];
          const share = over === 0 ? 1 : here > 0 ? here * over : 0;
          to[places[p]] += weight[p] * share * gain;
        }
      }
    }
  }

  function solveCells(): boolean {
    return cells.every(one => one?.solve(seen, order, answers.response) ?? true);
  }

  /** Solves the stage that was opened. */
  function solveStage(
    { tolerance, iterations }: MonolithicCoupling,
    a: number,
    weight: number,
    isLast: boolean,
  ): StagesSolved {
    const { profile } = model;
    const failed = (why: string, at: number) => ({ failed: why, iterations: at, contraction: 0 });
    let [first, since, last] = [0, 1, Number.POSITIVE_INFINITY];
    for (let iteration = 1; iteration <= iterations; iteration++) {
      profile.enter('sample');
      sample();
      profile.enter('circuits');
      if (!solveCells())
        return failed('the equations of a cell have no solution that Newton’s method finds', iteration);
      profile.enter('exchange');
      deposit(a);
      for (let k = 0; k < m; k++) {
        const [sum, before, rate] = [gained[k], earlier[k], now[k]];
        for (let v = 0; v < sum.length; v++) sum[v] = weight * before[v] + a * rate[v];
      }
      answer?.assemble(answers);
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
        if (count === 2) for (let v = 0; v < x.length; v++) x[v] += step[k][v];
        else for (let v = 0; v < x.length; v++) x[v] = stepAbove(x[v], step[k][v]);
      });
    }
    return failed(`Newton’s method did not converge with iterations: ${iterations}`, iterations);
  }

  return {
    coupled,
    get seen() {
      return seen;
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
      // At the start, where the cells have begun.
      deposit(0);
      for (let k = 0; k < m; k++) earlier[k].set(now[k]);
      for (let stage = 1; stage <= count; stage++) {
        const implicit = count === 2 ? D * duration : duration;
        const weight = count === 1 ? 0 : stage === 1 ? implicit : W * duration;
        const offset = count === 2 && stage === 1 ? 2 * D * duration : duration;
        for (const field of fields) field.openStage();
        for (const one of cells) one?.openStage(implicit, weight, offset);
        const solved = solveStage(choice, implicit, weight, stage === count);
        iterations += solved.iterations;
        contraction = Math.max(contraction, solved.contraction);
        if (solved.failed !== null) return { ...solved, iterations };
        for (const field of fields) field.closeStage();
        for (const one of cells) one?.closeStage();
        for (let k = 0; k < m; k++) {
          for (let v = 0; v < now[k].length; v++) earlier[k][v] += now[k][v];
        }
      }
      return { failed: null, iterations, contraction };
    },
    setSource(f, source) {
      const k = coupled.indexOf(f);
      const all = gained[k];
      let any = false;
      let voxel = 0;
      forRows(fields[k].layout, (row, end) => {
        for (let v = row; v < end; v++) {
          source[voxel++] = all[v] / duration;
          if (all[v] !== 0) any = true;
        }
      });
      return any;
    },
    finish(f, source, next) {
      return fields[coupled.indexOf(f)].finish(source, next);
    },
  };
}

/**
 * x + step, but not below a tenth of x: backward Euler has a solution above 0, and where uptake saturates steps from far above it
 * lead below, from where the way back is longer.
 */
function stepAbove(x: number, step: number): number {
  const next = x + step;
  return next < 0.1 * x ? 0.1 * x : next;
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
