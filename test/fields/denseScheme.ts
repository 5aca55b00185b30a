import { Matrix, solve } from 'ml-matrix';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { rateOfChange } from './semiDiscrete.ts';

/**
 * The schemes of docs/numerics.md in their textbook form, with dense matrices taken from rateOfChange one axis at a
 * time: an oracle for the solver that shares nothing with it but the equations.
 */
export interface DenseStep {
  readonly next: Float64Array;
  readonly exposure: Float64Array;
}

interface AxisTerms {
  /** A_m = L_m − K/n. */
  readonly a: Matrix;
  readonly b: Matrix;
}

function axisTerms(grid: Grid, field: FieldDescription, uptake: Float64Array | null): AxisTerms[] {
  return Array.from({ length: grid.dimensions }, (_, axis) => {
    // Only this axis's faces exchange: the others get a spacing so wide that nothing crosses.
    const spacing = grid.spacing.map((h, other) => (other === axis ? h : Infinity)) as [
      number,
      number,
      number,
    ];
    const alone = { ...grid, spacing };
    const share = { ...field, decay: field.decay / grid.dimensions };
    const part = uptake === null ? null : uptake.map(k => k / grid.dimensions);
    const zero = new Float64Array(grid.voxels);
    const b = new Float64Array(grid.voxels);
    rateOfChange(alone, share, zero, null, part, b);
    const a = Matrix.zeros(grid.voxels, grid.voxels);
    const column = new Float64Array(grid.voxels);
    for (let v = 0; v < grid.voxels; v++) {
      const unit = new Float64Array(grid.voxels);
      unit[v] = 1;
      rateOfChange(alone, share, unit, null, part, column);
      for (let w = 0; w < grid.voxels; w++) a.set(w, v, column[w] - b[w]);
    }
    return { a, b: Matrix.columnVector([...b]) };
  });
}

function setUp(
  grid: Grid,
  field: FieldDescription,
  c: Float64Array,
  source: Float64Array | null,
  uptake: Float64Array | null,
) {
  const terms = axisTerms(grid, field, uptake);
  const identity = Matrix.eye(grid.voxels);
  const u = Matrix.columnVector([...c]);
  const given = Matrix.columnVector([...(source ?? new Float64Array(grid.voxels))]);
  const b = terms.reduce((sum, term) => Matrix.add(sum, term.b), given);
  /** A x + S + b. */
  const rate = (x: Matrix) => terms.reduce((sum, { a }) => Matrix.add(sum, a.mmul(x)), b);
  /** q_m of the factorised solve with right-hand side r. */
  const sweeps = (r: Matrix, implicit: number) => {
    const results: Matrix[] = [];
    let q = r;
    for (const { a } of terms) {
      q = solve(Matrix.sub(identity, Matrix.mul(a, implicit)), q);
      results.push(q);
    }
    return results;
  };
  return { terms, identity, u, given, rate, sweeps };
}

export function denseTrBdf2(
  grid: Grid,
  field: FieldDescription,
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
): DenseStep {
  const { u, rate, sweeps } = setUp(grid, field, c, source, uptake);
  const d = (2 - Math.SQRT2) / 2;
  const w = Math.SQRT2 / 4;
  const first = sweeps(Matrix.mul(rate(u), 2 * d * h), d * h);
  const middle = Matrix.add(u, first[first.length - 1]);
  const v = Matrix.add(Matrix.mul(u, w), Matrix.mul(middle, w + d));
  const second = sweeps(Matrix.add(Matrix.sub(u, middle), Matrix.mul(rate(v), h)), d * h);
  const next = Matrix.add(middle, second[second.length - 1]);
  const mean = second
    .reduce((sum, q) => Matrix.add(sum, q), Matrix.zeros(grid.voxels, 1))
    .mul(d / second.length);
  const exposure = Matrix.add(v, mean).mul(h);
  return { next: Float64Array.from(next.to1DArray()), exposure: Float64Array.from(exposure.to1DArray()) };
}

export function denseLod(
  grid: Grid,
  field: FieldDescription,
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
): DenseStep {
  const { terms, identity, u, given } = setUp(grid, field, c, source, uptake);
  let state = Matrix.add(u, Matrix.mul(given, h));
  let exposure = Matrix.zeros(grid.voxels, 1);
  for (const { a, b } of terms) {
    state = solve(Matrix.sub(identity, Matrix.mul(a, h)), Matrix.add(state, Matrix.mul(b, h)));
    exposure = Matrix.add(exposure, Matrix.mul(state, h / terms.length));
  }
  return { next: Float64Array.from(state.to1DArray()), exposure: Float64Array.from(exposure.to1DArray()) };
}

/** Backward Euler in delta form. */
export function denseDeltaEuler(
  grid: Grid,
  field: FieldDescription,
  c: Float64Array,
  h: number,
  source: Float64Array | null,
  uptake: Float64Array | null,
): Float64Array {
  const { u, rate, sweeps } = setUp(grid, field, c, source, uptake);
  const results = sweeps(Matrix.mul(rate(u), h), h);
  return Float64Array.from(Matrix.add(u, results[results.length - 1]).to1DArray());
}
