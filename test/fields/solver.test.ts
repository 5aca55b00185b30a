import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFieldSolver, type Scheme } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { congruential, type Problem, problems } from './arbitrary.ts';
import { denseDeltaEuler, denseLod, denseTrBdf2 } from './denseScheme.ts';
import { all, fixed, makeField, makeGrid, maximumDifference, NO_FLUX, PERIODIC } from './semiDiscrete.ts';

const small = problems({ most: [10, 5], leastSource: -1, stiffness: 2 });
const large = problems({ most: [23, 9], leastSource: -1, stiffness: 4 });

function advance(problem: Problem, scheme: Scheme) {
  const { grid, field, c, h, source, uptake } = problem;
  const next = new Float64Array(grid.voxels).fill(NaN);
  const exposure = new Float64Array(grid.voxels).fill(NaN);
  const solver = createFieldSolver(grid);
  const before = c.slice();
  const step = solver.advanceBy(scheme, field, c, h, source, uptake, next, exposure);
  expect(c).toEqual(before);
  return { next, exposure, step };
}

/** Largest amount that enters the sums of a step: what its rounding errors are in proportion to. */
function largestTerm({ grid, field, c, h, source, uptake }: Problem, exposure: Float64Array): number {
  let most = 0;
  for (const value of c) most = Math.max(most, value);
  for (const face of field.boundary) if (face.kind === 'value') most = Math.max(most, face.value);
  for (let v = 0; v < grid.voxels; v++) {
    const k = field.decay + (uptake === null ? 0 : uptake[v]);
    most = Math.max(most, source === null ? 0 : h * Math.abs(source[v]), k * Math.abs(exposure[v]));
    // Potentials are about E/h; a face flux is D h / spacing² times that.
    for (let axis = 0; axis < grid.dimensions; axis++) {
      most = Math.max(most, (field.diffusivity / grid.spacing[axis] ** 2) * Math.abs(exposure[v]));
    }
  }
  return most;
}

describe('field solver against dense matrices', () => {
  for (const [scheme, dense] of [
    ['tr-bdf2', denseTrBdf2],
    ['positive', denseLod],
  ] as const) {
    it(`solves ${scheme} as derived, on any grid, boundary, source and uptake`, () => {
      fc.assert(
        fc.property(small, problem => {
          const { grid, field, c, h, source, uptake } = problem;
          const expected = dense(grid, field, c, h, source, uptake);
          const { next, exposure, step } = advance(problem, scheme);
          const scale = largestTerm(problem, expected.exposure);
          expect(maximumDifference(next, expected.next)).toBeLessThan(1e-11 * scale);
          expect(maximumDifference(exposure, expected.exposure) / h).toBeLessThan(1e-11 * scale);
          expect(step.scheme).toBe(scheme);
          expect(step.minimum).toBe(Math.min(...next));
        }),
        { seed: 11, numRuns: 150 },
      );
    });
  }

  it('solves alike in the bulk of a grid, where rows go in blocks', () => {
    const random = congruential(21);
    for (const cells of [
      [5, 14, 1],
      [3, 11, 4],
    ] as const) {
      for (const face of [fixed(0.7), PERIODIC]) {
        for (const withUptake of [false, true]) {
          const grid = makeGrid(cells, [4, 9, 3], all(face));
          const fill = () => Float64Array.from({ length: grid.voxels }, random);
          const [c, source, uptake] = [fill(), fill(), withUptake ? fill() : null];
          const field = makeField(1.5, 0.2, all(face));
          const expected = denseTrBdf2(grid, field, c, 0.8, source, uptake);
          const { next, exposure } = advance({ grid, field, c, h: 0.8, source, uptake }, 'tr-bdf2');
          expect(maximumDifference(next, expected.next)).toBeLessThan(1e-12);
          expect(maximumDifference(exposure, expected.exposure)).toBeLessThan(1e-12);
        }
      }
    }
  });

  it('predicts by backward Euler in delta form', () => {
    fc.assert(
      fc.property(small, ({ grid, field, c, h, source, uptake }) => {
        const expected = denseDeltaEuler(grid, field, c, h, source, uptake);
        const positive = Math.min(...expected) > 1e-9;
        fc.pre(positive);
        const out = new Float64Array(grid.voxels);
        createFieldSolver(grid).predict(field, c, h, source, uptake, out);
        expect(maximumDifference(out, expected)).toBeLessThan(1e-11 * (1 + Math.max(...expected)));
      }),
      { seed: 12, numRuns: 150 },
    );
  });
});

describe('bookkeeping of a step', () => {
  for (const scheme of ['tr-bdf2', 'euler', 'positive'] as const) {
    it(`closes to rounding by ${scheme}`, () => {
      fc.assert(
        fc.property(large, problem => {
          const { grid, field, c, h, source, uptake } = problem;
          const { next, exposure, step } = advance(problem, scheme);
          const volume = grid.voxelVolume;
          const given = source === null ? 0 : h * volume * total(source);
          const taken = uptake === null ? 0 : volume * total(exposure.map((e, v) => e * uptake[v]));
          const residual =
            volume * (total(next) - total(c)) - total(step.inflow) - given + step.decayed + taken;
          // Rounding of a sum of n terms grows like √n.
          const scale = volume * largestTerm(problem, exposure) * grid.voxels;

          expect(Math.abs(residual)).toBeLessThan(1e-14 * scale);
          expect(step.decayed).toBeCloseTo(
            volume * field.decay * total(exposure),
            12 - Math.log10(scale + 1),
          );
          field.boundary.forEach((face, i) => {
            if (face.kind !== 'value' || field.diffusivity === 0) expect(Math.abs(step.inflow[i])).toBe(0);
          });
        }),
        { seed: 13, numRuns: 300 },
      );
    });
  }

  it('closes voxel by voxel where nothing diffuses', () => {
    fc.assert(
      fc.property(large, problem => {
        const { grid, c, h, source, uptake } = problem;
        const field = { ...problem.field, diffusivity: 0 };
        const { next, exposure } = advance({ ...problem, field }, 'tr-bdf2');
        const scale = largestTerm({ ...problem, field }, exposure);
        for (let v = 0; v < grid.voxels; v++) {
          const k = field.decay + (uptake === null ? 0 : uptake[v]);
          const change = (source === null ? 0 : h * source[v]) - k * exposure[v];
          expect(Math.abs(next[v] - c[v] - change)).toBeLessThan(1e-15 * 8 * scale);
        }
      }),
      { seed: 14, numRuns: 200 },
    );
  });

  it('gives a steady linear profile and the flux of each face', () => {
    const boundary = [fixed(2), fixed(5), NO_FLUX, NO_FLUX, PERIODIC, PERIODIC] as const;
    const grid = makeGrid([10, 6, 4], [20, 9, 2], boundary);
    const c = Float64Array.from({ length: grid.voxels }, (_, v) => 2 + (3 * ((v % 10) + 0.5)) / 10);
    const { next, step } = advance(
      { grid, field: makeField(7, 0, boundary), c, source: null, uptake: null, h: 3 },
      'tr-bdf2',
    );
    // Fluxes of up to H D/dz² · c ≈ 84 · 5 cancel: rounding is relative to those.
    expect(maximumDifference(next, c)).toBeLessThan(1e-12);
    // Area 18 µm², gradient 3/20: through the right face flows H D · area · gradient.
    const expected = 3 * 7 * 18 * (3 / 20);
    expect(step.inflow[1] / expected).toBeCloseTo(1, 12);
    expect(step.inflow[0] / expected).toBeCloseTo(-1, 12);
    expect([...step.inflow.slice(2)]).toEqual([0, 0, 0, 0]);
  });

  it('keeps the total over 10⁵ steps', () => {
    const grid = makeGrid([9, 7, 1], [9, 7, 1]);
    const field = makeField(1, 0, all(NO_FLUX));
    const random = congruential(5);
    const solver = createFieldSolver(grid);
    let c: Float64Array = Float64Array.from({ length: grid.voxels }, random);
    let next: Float64Array = new Float64Array(grid.voxels);
    const before = total(c);
    const source = new Float64Array(grid.voxels);
    for (let step = 0; step < 1e5; step++) {
      // A source that gives in one voxel what it takes in another keeps the state from settling.
      source.fill(0);
      const voxel = step % grid.voxels;
      source[voxel] = 1;
      source[(voxel + 31) % grid.voxels] = -1;
      solver.advance(field, c, 0.01, source, null, next, null);
      [c, next] = [next, c];
    }
    // Rounding walks at random: √(10⁵ · 63) steps of 1e-16 relative to a voxel's value, about 3e-13 of one voxel.
    expect(Math.abs(total(c) - before)).toBeLessThan(1e-12 * before);
    expect(maximumDifference(c, c.slice().fill(before / grid.voxels))).toBeGreaterThan(1e-3);
  });
});

describe('positivity', () => {
  const given = problems({ most: [15, 6], leastSource: 0, stiffness: 3 });

  it('holds for any state, source, uptake and step, and TR-BDF2 is given up where it would go negative', () => {
    let fallbacks = 0;
    let kept = 0;
    fc.assert(
      fc.property(given, ({ grid, field, c, h, source, uptake }) => {
        const next = new Float64Array(grid.voxels);
        const solver = createFieldSolver(grid);
        const step = solver.advance(field, c, h, source, uptake, next, null);
        if (step.substeps > 1 || step.scheme !== 'tr-bdf2') fallbacks++;
        else kept++;
        expect(step.minimum).toBeGreaterThanOrEqual(0);
        expect(Math.min(...next)).toBe(step.minimum);
        const out = new Float64Array(grid.voxels);
        solver.predict(field, c, h / 2, source, uptake, out);
        expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 15, numRuns: 500 },
    );
    expect(fallbacks).toBeGreaterThan(50);
    expect(kept).toBeGreaterThan(50);
  });

  it('reports the minimum where the source takes more than there is', () => {
    const grid = makeGrid([6, 5, 1], [6, 5, 1]);
    const c = new Float64Array(30).fill(1);
    const source = new Float64Array(30).fill(-2);
    const next = new Float64Array(30);
    const step = createFieldSolver(grid).advance(
      makeField(1, 0, all(NO_FLUX)),
      c,
      1,
      source,
      null,
      next,
      null,
    );
    expect(step.minimum).toBeCloseTo(-1, 12);
  });

  it('LOD obeys the maximum principle', () => {
    fc.assert(
      fc.property(given, problem => {
        const bare = { ...problem, source: null };
        const { next } = advance(bare, 'positive');
        const values = problem.field.boundary.flatMap((face, i) =>
          face.kind === 'value' && (i < 4 || problem.grid.dimensions === 3) ? [face.value] : [],
        );
        const ceiling = Math.max(...problem.c, ...values);
        expect(Math.max(...next)).toBeLessThanOrEqual(ceiling * (1 + 1e-11));
        if (problem.field.decay > 0 || problem.uptake !== null) return;
        const floor = Math.min(...problem.c, ...values);
        expect(Math.min(...next)).toBeGreaterThanOrEqual(floor - 1e-11 * ceiling);
      }),
      { seed: 16, numRuns: 300 },
    );
  });
});

describe('symmetry and periodicity', () => {
  // The axes' operators commute without per-voxel uptake, so the order of the sweeps leaves the new state as it is. The
  // potentials, and with them the exposure and the flux through each face, do depend on it (in second order).
  it('solves the problem with its axes exchanged alike', () => {
    const random = congruential(9);
    const cells = [7, 6, 5] as const;
    const size = [3, 4, 5] as const;
    const boundary = [fixed(1), NO_FLUX, PERIODIC, PERIODIC, NO_FLUX, fixed(0.5)] as const;
    const grid = makeGrid(cells, size, boundary);
    const field = makeField(2, 0.3, boundary);
    const c = Float64Array.from({ length: grid.voxels }, () => 1 + random());
    const source = Float64Array.from({ length: grid.voxels }, random);
    const plain = advance({ grid, field, c, h: 0.2, source, uptake: null }, 'tr-bdf2');
    for (const order of [
      [1, 0, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const turnedCells = order.map(axis => cells[axis]) as [number, number, number];
      const place = (v: number): number => {
        const at = [v % 7, Math.floor(v / 7) % 6, Math.floor(v / 42)];
        const [i, j, k] = order.map(axis => at[axis]);
        return i + turnedCells[0] * (j + turnedCells[1] * k);
      };
      const turn = (x: Float64Array) => {
        const out = new Float64Array(x.length);
        x.forEach((value, v) => {
          out[place(v)] = value;
        });
        return out;
      };
      const faces = order.flatMap(axis => [boundary[2 * axis], boundary[2 * axis + 1]]);
      const [f0, f1, f2, f3, f4, f5] = faces;
      const turnedBoundary = [f0, f1, f2, f3, f4, f5] as const;
      const turnedSize = order.map(axis => size[axis]) as [number, number, number];
      const turned = advance(
        {
          grid: makeGrid(turnedCells, turnedSize, turnedBoundary),
          field: makeField(2, 0.3, turnedBoundary),
          c: turn(c),
          h: 0.2,
          source: turn(source),
          uptake: null,
        },
        'tr-bdf2',
      );
      expect(maximumDifference(turned.next, turn(plain.next))).toBeLessThan(1e-13);
    }
  });

  it('decays a periodic mode by the exact factor of the scheme', () => {
    for (const axis of [0, 1, 2]) {
      for (const withUptake of [false, true]) {
        const cells = [3, 2, 4] as [number, number, number];
        cells[axis] = 12;
        const grid = makeGrid(cells, [6, 5, 7], all(PERIODIC));
        const strides = [1, cells[0], cells[0] * cells[1]];
        const mode = Float64Array.from({ length: grid.voxels }, (_, v) =>
          Math.cos((2 * Math.PI * 2 * (Math.floor(v / strides[axis]) % 12)) / 12 + 0.4),
        );
        const h = 0.7;
        const decay = 0.25;
        const kappa = withUptake ? 0.5 : 0;
        const uptake = withUptake ? new Float64Array(grid.voxels).fill(kappa) : null;
        const { next } = advance(
          { grid, field: makeField(1.3, decay, all(PERIODIC)), c: mode, source: null, uptake, h },
          'tr-bdf2',
        );
        // Eigenvalues of A_m: along its axis the mode's, along the others the share of decay alone.
        const wave = (2 * Math.sin((2 * Math.PI * 2) / 12 / 2)) / grid.spacing[axis];
        const share = -(decay + kappa) / 3;
        const along = -1.3 * wave * wave + share;
        const d = 1 - Math.SQRT1_2;
        const w = Math.SQRT2 / 4;
        const whole = along + 2 * share;
        const solve = (1 - d * h * along) * (1 - d * h * share) ** 2;
        const middle = 1 + (2 * d * h * whole) / solve;
        const v = w + (w + d) * middle;
        const factor = middle + (1 - middle + h * whole * v) / solve;
        const expected = mode.map(value => value * factor);
        expect(maximumDifference(next, expected)).toBeLessThan(1e-14);
      }
    }
  });
});

describe('total', () => {
  it('adds by a fixed tree with an error that hardly grows', () => {
    const random = congruential(3);
    const values = Float64Array.from({ length: 100_003 }, () => Math.floor(random() * 2 ** 40) / 2 ** 41);
    // Multiples of 2⁻⁴¹ add exactly as integers in the sum of two halves of their bits.
    let high = 0n;
    for (const value of values) high += BigInt(value * 2 ** 41);
    const exact = Number(high) / 2 ** 41;
    expect(Math.abs(total(values) - exact)).toBeLessThan(1e-15 * 4 * exact);
    expect(total(values, 10, 5)).toBe(values[10] + values[11] + values[12] + values[13] + values[14]);
    expect(total(new Float64Array(0))).toBe(0);
  });
});
