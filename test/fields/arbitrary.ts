import fc from 'fast-check';
import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import type { Grid } from '../../src/engine/fields/grid.ts';
import { type Boundaries, makeField, makeGrid, NO_FLUX, PERIODIC } from './semiDiscrete.ts';

/** A random field problem: grid, boundaries, coefficients, state, source, uptake, step. */
export interface Problem {
  readonly grid: Grid;
  readonly field: FieldDescription;
  readonly c: Float64Array;
  readonly source: Float64Array | null;
  readonly uptake: Float64Array | null;
  readonly h: number;
}

export interface Ranges {
  /** Most voxels along an axis, in 2-D and in 3-D. */
  readonly most: readonly [number, number];
  /** Least source, molecules/µm³/s. */
  readonly leastSource: number;
  /** Most of h · uptake and of h · decay, and of D h / spacing² (common exponents of ten). */
  readonly stiffness: number;
}

const positive = (least: number, most: number) =>
  fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);

const wall: fc.Arbitrary<Boundary> = fc.oneof(
  fc.constant(NO_FLUX),
  fc.double({ min: 0, max: 5, noNaN: true }).map(value => ({ kind: 'value', value }) as const),
);
const walls: fc.Arbitrary<readonly [Boundary, Boundary]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(wall, wall) },
  { weight: 1, arbitrary: fc.constant([PERIODIC, PERIODIC] as const) },
);

export function problems({ most, leastSource, stiffness }: Ranges): fc.Arbitrary<Problem> {
  return fc
    .record({
      deep: fc.boolean(),
      cells: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)),
      spacing: fc.tuple(positive(0.5, 2), positive(0.5, 2), positive(0.5, 2)),
      walls: fc.tuple(walls, walls, walls),
      diffusion: fc.oneof(fc.constant(0), positive(1e-2, 10 ** stiffness)),
      decay: fc.oneof(fc.constant(0), positive(1e-3, 10)),
      uptake: fc.oneof(fc.constant(0), positive(1e-2, 10 ** stiffness)),
      source: fc.oneof(fc.constant(0), positive(1e-2, 10)),
      h: positive(1e-2, 1e2),
      seed: fc.nat(2 ** 31),
    })
    .map(made => {
      const limit = most[made.deep ? 1 : 0];
      const cells = made.cells.map((n, axis) => (axis === 2 && !made.deep ? 1 : 1 + (n % limit))) as [
        number,
        number,
        number,
      ];
      const size = cells.map((n, axis) => n * made.spacing[axis]) as [number, number, number];
      const boundary: Boundaries = [...made.walls[0], ...made.walls[1], ...made.walls[2]];
      const grid = makeGrid(cells, size, boundary, made.deep ? 3 : 2);
      const random = congruential(made.seed);
      const fill = (of: () => number) => Float64Array.from({ length: grid.voxels }, of);
      return {
        grid,
        // Dimensionless groups are drawn, then divided by the step.
        field: makeField(made.diffusion / made.h, made.decay / made.h, boundary),
        // A third of the voxels is empty.
        c: fill(() => Math.max(0, 1.5 * random() - 0.5)),
        source:
          made.source === 0
            ? null
            : fill(() => ((leastSource + (1 - leastSource) * random()) * made.source) / made.h),
        uptake:
          made.uptake === 0 ? null : fill(() => (random() < 0.5 ? 0 : (random() * made.uptake) / made.h)),
        h: made.h,
      };
    });
}

/** Numbers in [0, 1) from a 31-bit linear congruential generator: test data, no statistics. */
export function congruential(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
