import { type DenseFactor, factorise, solveDense } from './dense.ts';
import { coarsen } from './galerkin.ts';
import {
  createInterpolation,
  type Interpolation,
  prolongate,
  restrict,
  setWeights,
} from './interpolation.ts';
import { relax, residual } from './kernels.ts';
import { createLevel, forRows, type Level, largestCoupling, stepsOf, wrap } from './level.ts';

/** Levels from fine to coarse; the last one in use is solved exactly, or relaxed where its voxels are hardly coupled. */
export interface Hierarchy {
  /** Made as deep as they were ever needed. */
  readonly levels: Level[];
  readonly maps: Interpolation[];
  /** Index of the last level in use. */
  last: number;
  factor: DenseFactor | null;
  /** Whether couplings jump at so many voxels that the finest grid, too, is corrected twice. */
  readonly isRough: boolean;
}

/** At most so many unknowns are solved for by elimination. */
const DENSE = 80;

/** Below this share off the diagonal relaxation alone converges by a factor of ten and more per cycle. */
const HARDLY_COUPLED = 0.4;

/** An axis is coarsened where its coupling is at least this share of the strongest: others are smooth only later. */
const STRONG = 0.5;

/** Couplings that differ by more are a jump; a medium where more than this share of the voxels is next to one is rough. */
const JUMP = 10;
const ROUGH = 0.2;

/** Sweeps before and after the coarse correction, and on a last level that is only relaxed. */
const SWEEPS = 2;
const LAST_SWEEPS = 2;

/**
 * The levels for matrices with the links of this one. Which axes are coarsened is decided here, once: it must not depend on
 * the window or on uptake, which a resumed run meets in another order.
 */
export function createHierarchy(finest: Level): Hierarchy {
  const isRough = roughness(finest) > ROUGH;
  const hierarchy: Hierarchy = { levels: [finest], maps: [], last: 0, factor: null, isRough };
  const { levels, maps } = hierarchy;
  let level = finest;
  while (level.layout.points > DENSE && largestCoupling(level) >= HARDLY_COUPLED) {
    const map = createInterpolation(level.layout, chooseAxes(level));
    setWeights(level, map);
    const coarse = createLevel(map.coarse, false);
    coarsen(level, map, coarse);
    maps.push(map);
    levels.push(coarse);
    level = coarse;
  }
  complete(hierarchy, levels.length - 1);
  return hierarchy;
}

/** Share of the voxels of a star that are coupled to one neighbour JUMP times as strongly as to another along the same axis. */
function roughness({ layout, links, offsets }: Level): number {
  let rough = 0;
  forRows(layout, (row, end) => {
    for (let v = row; v < end; v++) {
      for (let k = 0; k < links.length; k++) {
        const [ahead, behind] = [links[k][v], links[k][v - offsets[k]]];
        if (!(ahead > 0 && behind > 0) || (ahead < JUMP * behind && behind < JUMP * ahead)) continue;
        rough++;
        break;
      }
    }
  });
  return rough / layout.points;
}

/** Takes up new values of the finest level's diagonal and links. */
export function refresh(hierarchy: Hierarchy): void {
  const { levels, maps } = hierarchy;
  let depth = 0;
  for (; depth < maps.length && largestCoupling(levels[depth]) >= HARDLY_COUPLED; depth++) {
    setWeights(levels[depth], maps[depth]);
    coarsen(levels[depth], maps[depth], levels[depth + 1]);
  }
  complete(hierarchy, depth);
}

/** The diagonals of the coarse grids in use. */
export function coarseDiagonals({ levels, last }: Hierarchy): Float64Array[] {
  return levels.slice(1, last + 1).map(level => level.diagonal.slice());
}

/**
 * Takes up sinks that were added to the finest diagonal (a κ, with the halo 0): restricted to the coarse grids and added to the
 * diagonals that those have without. Links and interpolation stay as they are: what the sinks change of them is left out, which
 * costs hardly an iteration while they are small beside the links.
 */
export function addSinks(
  hierarchy: Hierarchy,
  diagonals: readonly Float64Array[],
  sinks: Float64Array,
): void {
  const { levels, maps, last } = hierarchy;
  let from = sinks;
  for (let depth = 0; depth < last; depth++) {
    const coarse = levels[depth + 1];
    const { diagonal, inverse, layout } = coarse;
    restrict(levels[depth].layout, maps[depth], from, coarse.r);
    from = coarse.r;
    diagonal.set(diagonals[depth]);
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) {
        diagonal[v] += from[v];
        inverse[v] = 1 / diagonal[v];
      }
    });
  }
  complete(hierarchy, last);
}

function complete(hierarchy: Hierarchy, last: number): void {
  const level = hierarchy.levels[last];
  hierarchy.last = last;
  hierarchy.factor = level.layout.points <= DENSE ? factorise(level) : null;
}

/** How strongly voxels are coupled along each axis: Σ links × (steps along it)², what a smooth variation feels. */
function axisStrengths({ layout, links, offsets }: Level): number[] {
  const sums = [0, 0, 0];
  links.forEach((link, k) => {
    let sum = 0;
    forRows(layout, (row, end) => {
      for (let v = row; v < end; v++) sum += link[v];
    });
    stepsOf(offsets[k], layout).forEach((steps, axis) => {
      if (steps !== 0) sums[axis] += sum;
    });
  });
  return sums.map((sum, axis) => (layout.n[axis] > 1 ? sum / (1 - 1 / layout.n[axis]) : 0));
}

function chooseAxes(level: Level): boolean[] {
  const { n, periodic, dimensions } = level.layout;
  const strength = axisStrengths(level);
  // A periodic axis keeps two voxels, so that none is its own neighbour.
  const can = n.map((count, axis) => axis < dimensions && count >= (periodic[axis] ? 3 : 2));
  const strongest = Math.max(...strength.filter((_, axis) => can[axis]));
  // What an all but empty flow leaves of the couplings may be rounding, of either sign.
  if (!(strongest > 0)) return can;
  return can.map((possible, axis) => possible && strength[axis] >= STRONG * strongest);
}

/**
 * One symmetric cycle for M x = b of the finest level; x is taken to be 0 at first unless `start`. As a linear map from b to
 * x it is symmetric and positive, so it can precondition conjugate gradients.
 */
export function cycle(hierarchy: Hierarchy, start: boolean, depth = 0): void {
  const { levels, maps, factor, last, isRough } = hierarchy;
  const level = levels[depth];
  if (!start) level.x.fill(0);
  if (depth === last) {
    if (factor) {
      solveDense(level, factor);
      wrap(level.layout, level.x);
      return;
    }
    for (let sweep = 0; sweep < LAST_SWEEPS; sweep++) relax(level, false);
    for (let sweep = 0; sweep < LAST_SWEEPS; sweep++) relax(level, true);
    return;
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) relax(level, false);
  residual(level, level.x, level.b, level.r);
  restrict(level.layout, maps[depth], level.r, levels[depth + 1].b);
  const next = levels[depth + 1];
  cycle(hierarchy, false, depth + 1);
  // A W-cycle below the finest grid, where it costs little, and from it where a coarse grid cannot resolve the jumps: what coarse
  // matrices get wrong about them must not add up.
  if ((depth > 0 || isRough) && level.layout.points > 3 * next.layout.points)
    cycle(hierarchy, true, depth + 1);
  prolongate(level.layout, maps[depth], levels[depth + 1].x, level.x);
  for (let sweep = 0; sweep < SWEEPS; sweep++) relax(level, true);
}
