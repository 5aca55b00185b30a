import { isShared, like } from '../crew/column.ts';
import { type Crew, ENOUGH_FOR_LITTLE } from '../crew/crew.ts';
import type { AxisOperator } from './axisOperator.ts';
import { closeStack, factoriseRows } from './factors.ts';
import { descend, descendAndUpdate, updateFirstRow } from './finish.ts';
import type { Grid } from './grid.ts';
import { BLOCK_ROWS } from './lineBlock.ts';
import type { Mixture, Sweep, Update } from './plan.ts';
import { addRow, combineRow, factoriseRow, forwardRow, forwardRowWithUptake, rowSum } from './rows.ts';
import { prepareGhosts, turnBack } from './stack.ts';
import { solveLinesOf } from './sweep.ts';
import { edgeFaceRow, sinkRow, updateRow, updateRowExposed } from './update.ts';
import { createWorkspace, type Stack, type Workspace } from './workspace.ts';

/**
 * The sweeps of sweep.ts by a crew, to the same bits. What there is one loop, for the cache's sake, is three runs here, for the
 * lines of one axis are independent only while those of the others rest:
 *
 *     lines     blocks of lines along x, in 3-D whole planes with their sweep along y; leaves the right-hand sides of the last axis
 *     columns   segments of columns along the last axis: elimination and back-substitution, which leaves the potentials
 *     rows      the mixture or the update from them, row by row
 */
export interface CrewSweep {
  /** Whether the crew can run a sweep on these arrays, all of which its tasks must have in common. */
  takes(
    explicit: boolean,
    operators: readonly AxisOperator[],
    uptake: Float64Array | null,
    arrays: readonly (Float64Array | null)[],
  ): boolean;
  run(sweep: Sweep, finish: Mixture | Update): void;
}

/**
 * What makes it worth the trouble: three passes through memory instead of one eat up what two threads save (measured: 0.4 times
 * as fast at 400² voxels, 1.05 times at 1024², 1.1 times at 96³), and a run costs some ten microseconds of waiting.
 */
const FEWEST_VOXELS_BY_THREADS = 2 ** 20;

/** Lines along x of a block, a multiple of BLOCK_ROWS. */
const LINES = 4 * BLOCK_ROWS;

/** Columns of a segment: in 2-D of one row, in 3-D of a plane. */
const COLUMNS = { 2: 64, 3: 1024 } as const;

/** Voxels that the finish takes at once along a plane, as sweep.ts does; and rows of voxels, about, of a block. */
const SEGMENT = 1024;
const ROWS = 16;

/** What the boss gives a run. */
type Given =
  | 'uptake'
  | 'explicit'
  | 'start'
  | 'source'
  | 'next'
  | 'exposure'
  | 'out'
  | 'operators'
  | 'leasts';

const HAS_UPTAKE = 1;
const HAS_SOURCE = 2;
const HAS_EXPOSURE = 4;
const IS_FRESH = 8;
const IS_UPDATE = 16;

/** Numbers of an axis before its tables. */
const HEAD = 9;

export function createCrewSweep(grid: Grid, crew: Crew, common: Workspace): CrewSweep {
  const [nx, ny, nz] = grid.cells;
  const deep = grid.dimensions === 3;
  const none = new Float64Array(0);
  const tables = 3 * Math.max(nx, ny, nz) + HEAD;
  const given: Record<Given, Float64Array> = {
    uptake: none,
    explicit: none,
    start: none,
    source: none,
    next: none,
    exposure: none,
    out: none,
    operators: new Float64Array(grid.dimensions * tables),
    leasts: none,
  };
  crew.share(given, Object.keys(given));
  const own = createWorkspace(grid, n => new Float64Array(n));
  const pitch = deep ? nx * ny : nx;
  const last: Stack = { ...own.stacks[deep ? 1 : 0], z: new Float64Array(grid.voxels) };
  const workspace: Workspace = {
    ...own,
    rowSums: common.rowSums,
    inflowParts: [...common.inflowParts],
    first: common.first,
    stacks: deep ? [own.stacks[0], last] : [last, own.stacks[1]],
  };
  crew.share(workspace, ['rowSums', 'first']);
  crew.share(workspace.inflowParts, [...workspace.inflowParts.keys()]);
  crew.share(last, ['z', 'potential', 'lowGhost', 'highGhost']);
  crew.share(workspace.factors, [grid.dimensions - 1]);
  const faces = {
    above: new Float64Array(pitch),
    below: new Float64Array(pitch),
    here: new Float64Array(pitch),
  };

  let sweep: Sweep | null = null;
  let finish: Mixture | Update | null = null;
  let known = -1;

  /** Sweep and finish of the run in hand, from what the boss has given. */
  function begin([a, half, p, q, run, flags, window, decay, fp, fq]: Float64Array): void {
    if (run === known) return;
    known = run;
    const operators = unpack(given.operators, grid.dimensions, tables);
    sweep = {
      grid,
      workspace,
      stacks: workspace.stacks,
      operators,
      a,
      half,
      uptake: flags & HAS_UPTAKE ? given.uptake : null,
      fresh: (flags & IS_FRESH) !== 0,
      explicit: given.explicit,
      p,
      start: given.start,
      q,
      source: flags & HAS_SOURCE ? given.source : null,
    };
    finish =
      flags & IS_UPDATE
        ? {
            kind: 'update',
            window,
            decay,
            next: given.next,
            exposure: flags & HAS_EXPOSURE ? given.exposure : null,
          }
        : { kind: 'mixture', p: fp, q: fq, out: given.out };
    if (sweep.uptake) {
      const sizes = [BLOCK_ROWS * nx, nx * ny];
      for (let axis = 0; axis < grid.dimensions - 1; axis++) {
        if (workspace.factors[axis].length > 0) continue;
        workspace.factors[axis] = new Float64Array(sizes[axis]);
        workspace.reaches[axis] = new Float64Array(sizes[axis]);
        workspace.closures[axis] = new Float64Array(sizes[axis] / grid.cells[axis]);
      }
    }
  }

  const lines = crew.task((block, numbers) => {
    begin(numbers);
    if (!sweep || !finish) return null;
    const { block: r, explicitY: w } = workspace;
    if (!deep) {
      const end = Math.min((block + 1) * LINES, ny);
      for (let j = block * LINES; j < end; j += BLOCK_ROWS) {
        solveLinesOf(sweep, finish, j, 0);
        const count = Math.min(BLOCK_ROWS, ny - j) * nx;
        const o = j * nx;
        for (let i = 0; i < count; i++) last.z[o + i] = r[i] - w[i];
      }
      return null;
    }
    solvePlane(sweep, finish, block);
    return null;
  });

  /** Lines along x and y of plane k. */
  function solvePlane(of: Sweep, end: Mixture | Update, k: number): void {
    const { block, explicitY, explicitZ, factors } = workspace;
    const rows = workspace.stacks[0];
    const { coupling, factor } = of.operators[1];
    prepareGhosts(of, rows);
    for (let j = 0; j < ny; j += BLOCK_ROWS) {
      solveLinesOf(of, end, j, k);
      const count = Math.min(BLOCK_ROWS, ny - j);
      if (of.uptake) factoriseRows(of, of.uptake, rows, j, 1, j * nx, (k * ny + j) * nx, count);
      for (let row = 0; row < count; row++) {
        const o = (j + row) * nx;
        const previous = o === 0 ? rows.lowGhost : rows.z;
        const op = Math.max(0, o - nx);
        const at = row * nx;
        if (of.uptake) {
          const f = factors[1];
          forwardRowWithUptake(rows.z, o, block, at, explicitY, at, previous, op, f, o, coupling, nx);
        } else forwardRow(rows.z, o, block, at, explicitY, at, previous, op, factor[j + row], coupling, nx);
      }
    }
    if (of.uptake && of.operators[1].periodic) closeStack(of, rows);
    turnBack(of, rows, 0, nx);
    const origin = k * nx * ny;
    for (let j = ny - 1; j >= 0; j--) {
      if (end.kind === 'update') descendAndUpdate(of, rows, end, j, 0, nx, origin, k);
      else descend(of, rows, j, 0, nx);
      const o = j * nx;
      for (let i = 0; i < nx; i++) last.z[origin + o + i] = rows.potential[i] - explicitZ[o + i];
    }
    if (end.kind === 'update') updateFirstRow(of, rows, end, 0, nx, origin, k);
  }

  const columns = crew.task((block, numbers) => {
    begin(numbers);
    if (!sweep) return null;
    const { z, potential, lowGhost } = last;
    const { n, coupling: c, factor, diagonal } = sweep.operators[last.axis];
    const { uptake, half, fresh } = sweep;
    const factors = workspace.factors[last.axis];
    const zeros = faces.below.fill(0);
    const from = block * COLUMNS[grid.dimensions];
    const length = Math.min(COLUMNS[grid.dimensions], pitch - from);
    for (let index = 0, o = from; index < n; index++, o += pitch) {
      const previous = index === 0 ? lowGhost : z;
      const op = index === 0 ? from : o - pitch;
      if (uptake === null) forwardRow(z, o, z, o, zeros, 0, previous, op, factor[index], c, length);
      else {
        if (fresh) {
          const below = index === 0 ? zeros : factors;
          const ob = index === 0 ? 0 : o - pitch;
          factoriseRow(factors, o, below, ob, uptake, o, diagonal[index], half, c, length);
        }
        forwardRowWithUptake(z, o, z, o, zeros, 0, previous, op, factors, o, c, length);
      }
    }
    turnBack(sweep, last, from, length);
    for (let index = n - 1, o = from + (n - 1) * pitch; index >= 0; index--, o -= pitch) {
      if (uptake === null) {
        const g = c * factor[index];
        for (let i = 0; i < length; i++) {
          const here = z[o + i] + g * potential[from + i];
          potential[from + i] = here;
          z[o + i] = here;
        }
      } else {
        for (let i = 0; i < length; i++) {
          const here = z[o + i] + c * factors[o + i] * potential[from + i];
          potential[from + i] = here;
          z[o + i] = here;
        }
      }
    }
    return null;
  });

  const rows = crew.task((block, numbers) => {
    begin(numbers);
    if (!sweep || !finish) return null;
    workspace.least[0] = Infinity;
    const { n } = sweep.operators[last.axis];
    if (!deep) {
      for (let j = block * ROWS; j < Math.min((block + 1) * ROWS, n); j++)
        finishRow(sweep, finish, j, 0, nx, 0);
    } else {
      const step = Math.max(1, Math.round(SEGMENT / nx));
      for (let j = 0; j < ny; j += step) {
        const length = Math.min(step, ny - j) * nx;
        if (block > 0) finishRow(sweep, finish, block, j * nx, length, j);
        else {
          if (n === 1) edgeInflow(sweep, finish, j * nx, length, j);
          for (let row = j; row < Math.min(j + step, ny); row++)
            finishRow(sweep, finish, 0, row * nx, nx, row);
        }
      }
    }
    given.leasts[block] = workspace.least[0];
    return null;
  });

  /** Mixture or update of `length` voxels from `column` of row `index` of the last stack, the potentials being known. */
  function finishRow(
    of: Sweep,
    end: Mixture | Update,
    index: number,
    column: number,
    length: number,
    part: number,
  ): void {
    const { z } = last;
    const o = index * pitch + column;
    if (end.kind === 'mixture') {
      combineRow(end.out, o, end.p, z, o, end.q, of.start, o, length);
      return;
    }
    const { n, coupling, low, high, periodic } = of.operators[last.axis];
    const { next, exposure, window, decay } = end;
    const { rowSums, inflowParts, least } = workspace;
    const { above, below, here } = faces;
    const cu = (coupling * window) / of.a;
    const e = window / grid.dimensions;
    if (index < n - 1) faceRow(above, z, o + pitch, o, cu, length);
    else if (periodic || high.open) {
      edgeFaceRow(above, 0, z, o, last.highGhost, column, cu, length);
      // Planes book the edge by segments (sweep.ts); a row of the first plane is less than one.
      if (!periodic && (!deep || index > 0)) inflowParts[2 * last.axis + 1][part] = rowSum(above, 0, length);
    } else above.fill(0, 0, length);
    if (index > 0) faceRow(below, z, o, o - pitch, cu, length);
    else if (periodic) edgeFaceRow(below, 0, z, (n - 1) * pitch + column, last.highGhost, column, cu, length);
    else if (low.open) {
      edgeFaceRow(below, 0, z, o, last.lowGhost, column, -cu, length);
      inflowParts[2 * last.axis][part] = -rowSum(below, 0, length);
    } else below.fill(0, 0, length);
    const row = o / nx;
    for (let i = 0; i < length; i++) here[i] = z[o + i];
    if (of.uptake === null || exposure === null) {
      if (exposure !== null) addRow(exposure, o, z, o, e, length);
      rowSums[row] += updateRow(next, o, above, below, here, 0, decay * e, least, length);
      return;
    }
    updateRowExposed(next, exposure, o, above, below, here, 0, e, length);
    rowSums[row] = sinkRow(next, exposure, of.uptake, o, decay, least, length);
  }

  /** Inflow through the high edge of a single plane. */
  function edgeInflow(of: Sweep, end: Mixture | Update, column: number, length: number, part: number): void {
    const { coupling, high, periodic } = of.operators[last.axis];
    if (end.kind === 'mixture' || periodic || !high.open) return;
    const cu = (coupling * end.window) / of.a;
    edgeFaceRow(faces.above, 0, last.z, column, last.highGhost, column, cu, length);
    workspace.inflowParts[2 * last.axis + 1][part] = rowSum(faces.above, 0, length);
  }

  let runs = 0;
  return {
    takes(explicit, operators, uptake, arrays) {
      return (
        crew.threads >= ENOUGH_FOR_LITTLE &&
        explicit &&
        grid.voxels * crew.threads >= FEWEST_VOXELS_BY_THREADS &&
        !(uptake !== null && operators[grid.dimensions - 1].periodic) &&
        arrays.every(array => array === null || isShared(array))
      );
    },
    run(of, end) {
      const { uptake, source, fresh } = of;
      const isUpdate = end.kind === 'update';
      const exposure = isUpdate ? end.exposure : null;
      given.start = of.start;
      given.explicit = of.explicit ?? given.explicit;
      if (uptake) given.uptake = uptake;
      if (source) given.source = source;
      if (exposure) given.exposure = exposure;
      if (isUpdate) given.next = end.next;
      else given.out = end.out;
      const factors = workspace.factors;
      const axis = grid.dimensions - 1;
      if (uptake && factors[axis].length === 0) factors[axis] = like(factors[axis], grid.voxels);
      const blocks = deep ? nz : Math.ceil(ny / ROWS);
      if (given.leasts.length < blocks) given.leasts = like(given.leasts, blocks);
      pack(of.operators, given.operators, tables);
      const flags =
        (uptake ? HAS_UPTAKE : 0) |
        (source ? HAS_SOURCE : 0) |
        (exposure ? HAS_EXPOSURE : 0) |
        (fresh ? IS_FRESH : 0) |
        (isUpdate ? IS_UPDATE : 0);
      const shares = isUpdate ? [end.window, end.decay, 0, 0] : [0, 0, end.p, end.q];
      const numbers = [of.a, of.half, of.p, of.q, ++runs, flags, ...shares] as const;
      prepareGhosts({ ...of, workspace }, last);
      if (of.explicit && of.operators[axis].periodic) workspace.first.set(of.explicit.subarray(0, pitch));
      lines(deep ? nz : Math.ceil(ny / LINES), ...numbers);
      columns(Math.ceil(pitch / COLUMNS[grid.dimensions]), ...numbers);
      rows(blocks, ...numbers);
      let least = Infinity;
      for (let block = 0; block < blocks; block++) least = Math.min(least, given.leasts[block]);
      common.least[0] = least;
    },
  };
}

/** Fluxes, downwards, between a row of potentials and the one below it. */
function faceRow(
  to: Float64Array,
  z: Float64Array,
  above: number,
  below: number,
  cu: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) to[i] = cu * (z[above + i] - z[below + i]);
}

/** Writes the tables of all axes, `room` numbers each. */
function pack(operators: readonly AxisOperator[], into: Float64Array, room: number): void {
  operators.forEach((operator, axis) => {
    const { n, coupling, decay, closure, low, high, periodic, diagonal, factor, reach } = operator;
    const at = axis * room;
    const sides = [Number(low.open), low.ghost, Number(high.open), high.ghost];
    into.set([n, coupling, decay, closure, ...sides, Number(periodic)], at);
    into.set(diagonal, at + HEAD);
    into.set(factor, at + HEAD + n);
    into.set(reach, at + HEAD + 2 * n);
  });
}

function unpack(from: Float64Array, axes: number, room: number): AxisOperator[] {
  return Array.from({ length: axes }, (_, axis) => {
    const at = axis * room;
    const [n, coupling, decay, closure, lowOpen, lowGhost, highOpen, highGhost, periodic] = from.subarray(
      at,
      at + HEAD,
    );
    const table = (index: number) => from.subarray(at + HEAD + index * n, at + HEAD + (index + 1) * n);
    return {
      n,
      coupling,
      decay,
      diagonal: table(0),
      factor: table(1),
      low: { open: lowOpen === 1, ghost: lowGhost },
      high: { open: highOpen === 1, ghost: highGhost },
      periodic: periodic === 1,
      reach: table(2),
      closure,
    };
  });
}
