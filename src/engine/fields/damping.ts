import type { Grid } from './grid.ts';
import { D, W } from './scheme.ts';

/** Modes that the equation reduces to less than e⁻⁵ = 0.7 % in a step should be gone after it. */
const FAST = 5;

/** Of such a mode at most this fraction may be left: it then fades e-fold in a hundred steps. */
const KEPT_AT_MOST = 0.99;

/**
 * What one step of factorised TR-BDF2 multiplies a mode by whose rates along the axes are x_m / H, i.e. A_m = −x_m / H;
 * exactly it would be exp(−Σ x_m). Written from the two stages as docs/numerics.md has them.
 */
export function amplification(x: readonly number[]): number {
  let sum = 0;
  let factors = 1;
  for (const rate of x) {
    sum += rate;
    factors *= 1 + D * rate;
  }
  const middle = 1 - (2 * D * sum) / factors;
  const mean = W + (W + D) * middle;
  return middle + (1 - middle - sum * mean) / factors;
}

/**
 * The largest amplification over those modes that diffusion itself would wipe out within a step, 0 if there are none: the
 * most rapid one along each axis, 4D/h², with the constant one along the others.
 */
export function persistence(grid: Grid, diffusivity: number, step: number): number {
  const { dimensions, cells, spacing } = grid;
  const rates = Array.from({ length: dimensions }, (_, axis) =>
    cells[axis] > 1 ? (4 * diffusivity * step) / spacing[axis] ** 2 : 0,
  );
  let largest = 0;
  for (let modes = 1; modes < 1 << dimensions; modes++) {
    const x = rates.map((rate, axis) => ((modes >> axis) & 1 ? rate : 0));
    if (x.reduce((sum, rate) => sum + rate, 0) >= FAST) largest = Math.max(largest, amplification(x));
  }
  return largest;
}

/** Whether differences from voxel to voxel that should vanish within a step outlast a hundred. */
export function dampsBadly(grid: Grid, diffusivity: number, step: number): boolean {
  return persistence(grid, diffusivity, step) > KEPT_AT_MOST;
}

/** The longest step, up to `step`, that damps them; to within a thousandth. */
export function longestDampedStep(grid: Grid, diffusivity: number, step: number): number {
  if (!dampsBadly(grid, diffusivity, step)) return step;
  let damped = step;
  while (dampsBadly(grid, diffusivity, damped)) damped /= 2;
  let bad = 2 * damped;
  while (bad - damped > 1e-3 * damped) {
    const middle = (damped + bad) / 2;
    if (dampsBadly(grid, diffusivity, middle)) bad = middle;
    else damped = middle;
  }
  return damped;
}
