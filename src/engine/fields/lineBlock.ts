import type { AxisOperator } from './axisOperator.ts';

/** Lines along x solved together: four independent recurrences hide each other's latency. */
export const BLOCK_ROWS = 4;

/**
 * Solves four lines along x in place, without uptake. `t` holds BLOCK_ROWS rows of n right-hand sides and gets the
 * potentials; `ghosts` gets what lies beyond the ends, low then high for each row.
 */
export function solveLines(t: Float64Array, operator: AxisOperator, ghosts: Float64Array): void {
  const { n, coupling: c, factor } = operator;
  const n2 = 2 * n;
  const n3 = 3 * n;
  let z0 = operator.low.ghost;
  let z1 = z0;
  let z2 = z0;
  let z3 = z0;
  for (let i = 0; i < n; i++) {
    const f = factor[i];
    const g = c * f;
    z0 = t[i] * f + g * z0;
    z1 = t[n + i] * f + g * z1;
    z2 = t[n2 + i] * f + g * z2;
    z3 = t[n3 + i] * f + g * z3;
    t[i] = z0;
    t[n + i] = z1;
    t[n2 + i] = z2;
    t[n3 + i] = z3;
  }
  if (operator.periodic) {
    for (let row = 0; row < BLOCK_ROWS; row++) {
      joinEnds(t, row * n, n, operator.reach, 0, operator.closure, ghosts, row);
    }
  } else setGhosts(operator, ghosts);
  let p0 = ghosts[1];
  let p1 = ghosts[3];
  let p2 = ghosts[5];
  let p3 = ghosts[7];
  for (let i = n - 1; i >= 0; i--) {
    const g = c * factor[i];
    p0 = t[i] + g * p0;
    p1 = t[n + i] + g * p1;
    p2 = t[n2 + i] + g * p2;
    p3 = t[n3 + i] + g * p3;
    t[i] = p0;
    t[n + i] = p1;
    t[n2 + i] = p2;
    t[n3 + i] = p3;
  }
}

/**
 * The same with uptake: `factor` holds 1 / pivot of every voxel, `reach` and `closure` the periodic axis's tables per
 * voxel and per line. The block starts at row `row0` of the grid and has `count` rows; rows of the block beyond them
 * repeat the last and are of no use.
 */
export function solveLinesWithUptake(
  t: Float64Array,
  operator: AxisOperator,
  factor: Float64Array,
  reach: Float64Array,
  closure: Float64Array,
  count: number,
  ghosts: Float64Array,
): void {
  const { n, coupling: c } = operator;
  const n2 = 2 * n;
  const n3 = 3 * n;
  let z0 = operator.low.ghost;
  let z1 = z0;
  let z2 = z0;
  let z3 = z0;
  for (let i = 0; i < n; i++) {
    const f0 = factor[i];
    const f1 = factor[n + i];
    const f2 = factor[n2 + i];
    const f3 = factor[n3 + i];
    z0 = t[i] * f0 + c * f0 * z0;
    z1 = t[n + i] * f1 + c * f1 * z1;
    z2 = t[n2 + i] * f2 + c * f2 * z2;
    z3 = t[n3 + i] * f3 + c * f3 * z3;
    t[i] = z0;
    t[n + i] = z1;
    t[n2 + i] = z2;
    t[n3 + i] = z3;
  }
  if (operator.periodic) {
    for (let row = 0; row < count; row++) {
      joinEnds(t, row * n, n, reach, row * n, closure[row], ghosts, row);
    }
  } else setGhosts(operator, ghosts);
  let p0 = ghosts[1];
  let p1 = ghosts[3];
  let p2 = ghosts[5];
  let p3 = ghosts[7];
  for (let i = n - 1; i >= 0; i--) {
    p0 = t[i] + c * factor[i] * p0;
    p1 = t[n + i] + c * factor[n + i] * p1;
    p2 = t[n2 + i] + c * factor[n2 + i] * p2;
    p3 = t[n3 + i] + c * factor[n3 + i] * p3;
    t[i] = p0;
    t[n + i] = p1;
    t[n2 + i] = p2;
    t[n3 + i] = p3;
  }
}

/** 1 / pivot of four lines along x with uptake; `half` = a / n, so that half · κ joins the diagonal. */
export function factoriseLines(
  operator: AxisOperator,
  uptake: Float64Array,
  half: number,
  factor: Float64Array,
  row0: number,
  count: number,
): void {
  const { n, coupling, diagonal } = operator;
  const cc = coupling * coupling;
  const n2 = 2 * n;
  const n3 = 3 * n;
  const o0 = row0 * n;
  const o1 = o0 + Math.min(1, count - 1) * n;
  const o2 = o0 + Math.min(2, count - 1) * n;
  const o3 = o0 + Math.min(3, count - 1) * n;
  let f0 = 0;
  let f1 = 0;
  let f2 = 0;
  let f3 = 0;
  for (let i = 0; i < n; i++) {
    const d = diagonal[i];
    f0 = 1 / (d + half * uptake[o0 + i] - cc * f0);
    f1 = 1 / (d + half * uptake[o1 + i] - cc * f1);
    f2 = 1 / (d + half * uptake[o2 + i] - cc * f2);
    f3 = 1 / (d + half * uptake[o3 + i] - cc * f3);
    factor[i] = f0;
    factor[n + i] = f1;
    factor[n2 + i] = f2;
    factor[n3 + i] = f3;
  }
}

/** The periodic axis's `reach` for the line at offset `o`; returns its `closure` (AxisOperator has the derivation). */
export function closeLine(
  operator: AxisOperator,
  factor: Float64Array,
  reach: Float64Array,
  o: number,
): number {
  const { n, coupling } = operator;
  let link = 1;
  let ends = 0;
  for (let i = o; i < o + n; i++) {
    const next = link * coupling * factor[i];
    ends += link * next;
    reach[i] = next;
    link = next;
  }
  return 1 / (1 - (2 * link + coupling * factor[o + n - 1] + ends));
}

/** Finds the ghost σ of a periodic line from its eliminated values z, and lets z feel it. */
function joinEnds(
  t: Float64Array,
  o: number,
  n: number,
  reach: Float64Array,
  ro: number,
  closure: number,
  ghosts: Float64Array,
  row: number,
): void {
  let ends = t[o] + t[o + n - 1];
  for (let i = 1; i < n; i++) ends += reach[ro + i - 1] * t[o + i];
  const sigma = ends * closure;
  for (let i = 0; i < n; i++) t[o + i] += reach[ro + i] * sigma;
  ghosts[2 * row] = sigma;
  ghosts[2 * row + 1] = sigma;
}

function setGhosts(operator: AxisOperator, ghosts: Float64Array): void {
  for (let row = 0; row < BLOCK_ROWS; row++) {
    ghosts[2 * row] = operator.low.ghost;
    ghosts[2 * row + 1] = operator.high.ghost;
  }
}
