import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { congruential, type Problem, problems } from './arbitrary.ts';
import { denseTrBdf2 } from './denseScheme.ts';
import { all, fixed, makeField, makeGrid, maximumDifference, PERIODIC } from './semiDiscrete.ts';

/** Bookkeeping and new state of one step. */
function advance(
  { grid, field, c, h, source, uptake }: Problem,
  scheme: 'tr-bdf2' | 'positive',
  exposed: boolean,
) {
  const next = new Float64Array(grid.voxels).fill(NaN);
  const exposure = exposed ? new Float64Array(grid.voxels).fill(NaN) : null;
  const step = createFieldSolver(grid).advanceBy(scheme, field, c, h, source, uptake, next, exposure);
  return { next, exposure, step };
}

describe('rows taken four at a time', () => {
  // Where an exposure is asked for without uptake the solver goes row by row, else in blocks.
  it.each(['tr-bdf2', 'positive'] as const)('give the bits of rows taken one by one: %s', scheme => {
    fc.assert(
      fc.property(problems({ most: [23, 14], leastSource: -1, stiffness: 3 }), problem => {
        const plain = { ...problem, uptake: null };
        const blocks = advance(plain, scheme, false);
        const rows = advance(plain, scheme, true);
        expect(blocks.next).toEqual(rows.next);
        expect(blocks.step).toEqual(rows.step);
      }),
      { seed: 31, numRuns: 150 },
    );
  });

  it.each([
    ['walls', fixed(0.7)],
    ['a periodic box', PERIODIC],
  ])('solve the scheme with uptake, with several blocks along y and z, in %s', (_, face) => {
    const random = congruential(21);
    for (const cells of [
      [2, 6, 10],
      [3, 10, 5],
      [6, 19, 1],
    ] as const) {
      const grid = makeGrid(cells, [2, 9, 7], all(face));
      const fill = () => Float64Array.from({ length: grid.voxels }, random);
      const [c, source, uptake] = [fill(), fill(), fill()];
      const field = makeField(1.5, 0.2, all(face));
      const expected = denseTrBdf2(grid, field, c, 0.8, source, uptake);
      const { next, exposure } = advance({ grid, field, c, h: 0.8, source, uptake }, 'tr-bdf2', true);
      expect(maximumDifference(next, expected.next)).toBeLessThan(1e-12);
      expect(exposure && maximumDifference(exposure, expected.exposure)).toBeLessThan(1e-12);
    }
  });

  it('leave nothing of one step in the next of another field', () => {
    const grid = makeGrid([5, 11, 9], [5, 11, 9], all(PERIODIC));
    const random = congruential(5);
    const fill = () => Float64Array.from({ length: grid.voxels }, random);
    const [c, uptake] = [fill(), fill()];
    const [shared, alone, other] = [fill(), fill(), fill()];
    const field = makeField(3, 0.1, all(PERIODIC));
    const solver = createFieldSolver(grid);
    solver.advanceBy('tr-bdf2', makeField(50, 1, all(fixed(2))), fill(), 2, fill(), fill(), other, null);
    solver.predict(field, fill(), 1, null, fill(), other);
    solver.advanceBy('tr-bdf2', field, c, 0.5, null, uptake, shared, null);
    createFieldSolver(grid).advanceBy('tr-bdf2', field, c, 0.5, null, uptake, alone, null);
    expect(shared).toEqual(alone);
  });
});
