import type { Boundary, FieldDescription } from '../src/engine/fields/field.ts';
import { createFieldOperator } from '../src/engine/fields/fieldOperator.ts';
import { createGrid } from '../src/engine/fields/grid.ts';
import { createRoom, createSystem } from '../src/engine/fields/implicitSystem.ts';
import { createFieldSolver } from '../src/engine/fields/solver.ts';
import { type Figure, printFigures } from './figure.ts';

const HELD: Boundary = { kind: 'value', value: 1 };
const CLOSED: Boundary = { kind: 'no-flux' };

/** Seconds for a steady state with diffusivity 1 or 100 in blocks, from nothing, to 10⁻⁸: coarse grids included. */
function steady(n: number, value: (i: number, j: number) => number): number {
  const grid = createGrid(2, [n, n, 1], [n, n, 1]);
  const field: FieldDescription = {
    name: 'tracer',
    diffusivity: 1,
    decay: 0,
    initial: { kind: 'number', value: 0 },
    boundary: [HELD, CLOSED, HELD, CLOSED, CLOSED, CLOSED],
  };
  const operator = createFieldOperator(grid, field);
  const { layout, links, losses, faces } = operator;
  // The same matrix with the jumps in its links, made here: expressions of place would be timed with it.
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const v = layout.start + i + j * layout.stride[1];
      const harmonic = (a: number, b: number) => (2 * a * b) / (a + b);
      if (i < n - 1) links[0][v] = harmonic(value(i, j), value(i + 1, j));
      if (j < n - 1) links[1][v] = harmonic(value(i, j), value(i, j + 1));
    }
  }
  losses.fill(0);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const v = layout.start + i + j * layout.stride[1];
      losses[v] = links[0][v] + links[0][v - 1] + links[1][v] + links[1][v - layout.stride[1]];
    }
  }
  for (const { places, conductance } of faces) {
    for (let p = 0; p < places.length; p++) losses[places[p]] += conductance[p];
  }
  let best = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < 4; repetition++) {
    const start = performance.now();
    const system = createSystem(grid, operator, createRoom(layout.size));
    // A window of 10¹² s: the identity is nothing beside it.
    const window = 1e12;
    system.prepare(0, window, null);
    system.b.fill(0);
    system.x.fill(0);
    for (const { places, supply } of faces) {
      for (let p = 0; p < places.length; p++) system.b[places[p]] += window * supply[p];
    }
    system.solve(1e-8 * window);
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** Seconds of one unfactored step, and of one factorised, with uptake. */
function step(solver: 'adi' | 'multigrid', cells: readonly [number, number, number]): number {
  const grid = createGrid(cells[2] === 1 ? 2 : 3, cells, cells);
  const field: FieldDescription = {
    name: 'tracer',
    diffusivity: 1,
    decay: 0.01,
    initial: { kind: 'number', value: 1 },
    boundary: [CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED],
    solver,
  };
  const made = createFieldSolver(grid);
  const c = new Float64Array(grid.voxels).fill(1);
  const uptake = Float64Array.from(c, (_, v) => ((v * 7919) % 97 < 20 ? 0.05 : 0));
  const [next, exposure] = [c.slice(), c.slice()];
  let best = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < 4; repetition++) {
    const start = performance.now();
    made.advance(field, c, 5, null, uptake, next, exposure);
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

export function* bench(): Generator<Figure> {
  const blocks = (i: number, j: number) => (((i >> 5) + (j >> 5)) & 1 ? 100 : 1);
  const same = () => 1;
  yield { name: 'steady state of 512² to 1e-8', value: steady(512, same), unit: 's', goal: 0.35 };
  yield { name: 'the same, jumps of 100', value: steady(512, blocks), unit: 's', goal: 0.35 };
  for (const cells of [
    [512, 512, 1],
    [64, 64, 64],
  ] as const) {
    const size = cells[2] === 1 ? '512²' : '64³';
    for (const solver of ['multigrid', 'adi'] as const) {
      yield { name: `step with uptake, ${size}, ${solver}`, value: step(solver, cells), unit: 's' };
    }
  }
}

if (import.meta.main) await printFigures(bench());
