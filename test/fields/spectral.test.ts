import { describe, expect, it } from 'vitest';
import { multiply, number, variable } from '../../src/engine/expression/build.ts';
import { chooseSolver } from '../../src/engine/fields/choice.ts';
import type { FieldDescription } from '../../src/engine/fields/field.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { createFourier } from '../../src/engine/fields/spectral/fourier.ts';
import { createLineTransform, type LineEnds } from '../../src/engine/fields/spectral/lineTransform.ts';
import { total } from '../../src/engine/fields/total.ts';
import { congruential } from './arbitrary.ts';
import {
  type Boundaries,
  fixed,
  makeField,
  makeGrid,
  maximumDifference,
  NO_FLUX,
  PERIODIC,
} from './semiDiscrete.ts';

const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 20, 22, 32, 45, 64, 77, 100];

describe('transforms', () => {
  it('are the Fourier sums of any length', () => {
    const random = congruential(3);
    for (const n of LENGTHS) {
      const re = Float64Array.from({ length: n }, random);
      const im = Float64Array.from({ length: n }, random);
      const sums = Array.from({ length: n }, (_, k) => {
        let [r, i] = [0, 0];
        for (let j = 0; j < n; j++) {
          const angle = (-2 * Math.PI * ((j * k) % n)) / n;
          r += Math.cos(angle) * re[j] - Math.sin(angle) * im[j];
          i += Math.cos(angle) * im[j] + Math.sin(angle) * re[j];
        }
        return [r, i];
      });
      createFourier(n).transform(re, im);
      sums.forEach(([r, i], k) => {
        expect(Math.hypot(re[k] - r, im[k] - i)).toBeLessThan(1e-13 * n);
      });
    }
  });

  it('make the second difference of a line a diagonal, for every kind of end, and can be undone', () => {
    const random = congruential(4);
    for (const ends of ['closed', 'held', 'closed-held', 'held-closed', 'periodic'] as LineEnds[]) {
      for (const n of LENGTHS) {
        const line = () => Float64Array.from({ length: n }, random);
        const [a, b] = [line(), line()];
        // −(second difference): a held end is half a voxel away and 0, a closed one mirrors.
        const difference = (x: Float64Array) =>
          x.map((here, j) => {
            const low = ends === 'periodic' ? x[(j + n - 1) % n] : ends.startsWith('held') ? -here : here;
            const high = ends === 'periodic' ? x[(j + 1) % n] : ends.endsWith('held') ? -here : here;
            return 2 * here - (j > 0 ? x[j - 1] : low) - (j < n - 1 ? x[j + 1] : high);
          });
        const transform = createLineTransform(n, ends);
        const [da, db] = [difference(a), difference(b)];
        const [ta, tb] = [a.slice(), b.slice()];
        transform.forward(ta, tb);
        transform.forward(da, db);
        for (let k = 0; k < n; k++) {
          expect(Math.abs(da[k] - transform.eigenvalues[k] * ta[k])).toBeLessThan(3e-13 * n);
          expect(Math.abs(db[k] - transform.eigenvalues[k] * tb[k])).toBeLessThan(3e-13 * n);
        }
        transform.inverse(ta, tb);
        for (let j = 0; j < n; j++) {
          expect(Math.abs(ta[j] - a[j])).toBeLessThan(1e-14 * n);
          expect(Math.abs(tb[j] - b[j])).toBeLessThan(1e-14 * n);
        }
      }
    }
  });
});

const VARYING = {
  kind: 'value',
  value: 1,
  expression: multiply(number(0.3), variable({ of: 'position', axis: 1 })),
} as const;
const FED = { kind: 'flux', flux: 0.7 } as const;

describe('the spectral solver', () => {
  const cases: readonly (readonly [readonly [number, number, number], Boundaries])[] = [
    [
      [12, 15, 1],
      [fixed(1), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX],
    ],
    [
      [10, 9, 1],
      [NO_FLUX, VARYING, PERIODIC, PERIODIC, NO_FLUX, NO_FLUX],
    ],
    [
      [1, 14, 1],
      [fixed(1), fixed(2), FED, fixed(0.5), NO_FLUX, NO_FLUX],
    ],
    [
      [8, 6, 5],
      [fixed(1), fixed(0), FED, NO_FLUX, PERIODIC, PERIODIC],
    ],
  ];

  it('takes the steps that multigrid takes, evolving or quasi-steady, and leaves the balance as exact', () => {
    for (const [cells, boundary] of cases) {
      const random = congruential(8);
      const grid = makeGrid(cells, [cells[0], 0.7 * cells[1], 1.3 * cells[2]], boundary);
      const c = Float64Array.from({ length: grid.voxels }, random);
      const source = Float64Array.from({ length: grid.voxels }, random);
      for (const more of [{}, { dynamics: 'quasi-steady' }] as const) {
        const field: FieldDescription = { ...makeField(3, 0.2, boundary), ...more };
        for (const h of [0.05, 3, 400]) {
          const [mine, theirs] = (['spectral', 'multigrid'] as const).map(solver => {
            const asked = { ...field, solver };
            expect(chooseSolver(grid, asked, h).solver).toBe(solver);
            const next = new Float64Array(grid.voxels);
            const step = createFieldSolver(grid).advance(asked, c, h, source, null, next, null);
            expect(step.minimum).toBeGreaterThanOrEqual(0);
            const gained = total(step.inflow) - step.decayed + step.relaxed;
            const change = (total(next) - total(c) - h * total(source)) * grid.voxelVolume;
            expect(Math.abs(change - gained)).toBeLessThan(1e-12 * (total(next) + h * total(source)));
            return next;
          });
          expect(maximumDifference(mine, theirs)).toBeLessThan(1e-8 * Math.max(...theirs));
        }
      }
    }
  });

  it('is chosen where coefficients are constant, with the reason, and not elsewhere', () => {
    const boundary: Boundaries = [fixed(1), NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX];
    const steady = { ...makeField(3, 0.2, boundary), dynamics: 'quasi-steady' } as const;
    const grid = makeGrid([20, 24, 1], [20, 24, 1], boundary);
    expect(chooseSolver(grid, steady, 1)).toEqual({
      solver: 'spectral',
      reason: 'the field is quasi-steady; its coefficients are constant',
    });
    const one = number(1);
    expect(chooseSolver(grid, { ...steady, medium: [one, one, one] }, 1).solver).toBe('multigrid');
    const layer = { kind: 'transfer', transfer: 1, value: 1 } as const;
    const behind: Boundaries = [layer, ...boundary.slice(1)] as unknown as Boundaries;
    expect(chooseSolver(grid, { ...steady, boundary: behind }, 1).solver).toBe('multigrid');
    // 509 is prime.
    expect(chooseSolver(makeGrid([509, 24, 1], [509, 24, 1], boundary), steady, 1).solver).toBe('multigrid');
    expect(chooseSolver(makeGrid([500, 24, 1], [500, 24, 1], boundary), steady, 1).solver).toBe('spectral');
  });

  it('obeys the maximum principle', () => {
    const random = congruential(2);
    const walls: Boundaries = [fixed(1), NO_FLUX, fixed(0), fixed(0.3), NO_FLUX, NO_FLUX];
    const grid = makeGrid([16, 12, 1], [16, 12, 1], walls);
    for (const D of [1e-3, 1, 1e4]) {
      const field = { ...makeField(D, 0, walls), dynamics: 'quasi-steady' } as const;
      const c = Float64Array.from({ length: grid.voxels }, random);
      const next = c.slice();
      createFieldSolver(grid).advance(field, c, 10, null, null, next, null);
      expect(Math.max(...next)).toBeLessThanOrEqual(1 + 1e-9);
      expect(Math.min(...next)).toBeGreaterThanOrEqual(0);
    }
  });
});
