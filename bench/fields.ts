import type { Boundary, FieldDescription } from '../src/engine/fields/field.ts';
import { createGrid } from '../src/engine/fields/grid.ts';
import { createFieldSolver } from '../src/engine/fields/solver.ts';
import { type Figure, printFigures } from './figure.ts';

const CLOSED: Boundary = { kind: 'no-flux' };

interface Case {
  readonly name: string;
  readonly cells: readonly [number, number, number];
  readonly fields: number;
  readonly withUptake: boolean;
  readonly withSource: boolean;
  readonly goal?: number;
}

const square = [512, 512, 1] as const;
const cube = [128, 128, 128] as const;

const CASES: readonly Case[] = [
  { name: '512², uptake', cells: square, fields: 1, withUptake: true, withSource: false, goal: 1e8 },
  { name: '512²', cells: square, fields: 1, withUptake: false, withSource: false, goal: 2e8 },
  { name: '512², uptake and source', cells: square, fields: 1, withUptake: true, withSource: true },
  {
    name: '512², four fields, uptake',
    cells: square,
    fields: 4,
    withUptake: true,
    withSource: false,
    goal: 1e8,
  },
  { name: '512², four fields', cells: square, fields: 4, withUptake: false, withSource: false, goal: 2e8 },
  { name: '128³, uptake', cells: cube, fields: 1, withUptake: true, withSource: false, goal: 6e7 },
  { name: '128³', cells: cube, fields: 1, withUptake: false, withSource: false, goal: 1.2e8 },
];

/** Voxel-stages per second, two to a TR-BDF2 step, from the fastest of the repetitions. */
function measure({ cells, fields, withUptake, withSource }: Case, seconds: number): number {
  const grid = createGrid(cells[2] === 1 ? 2 : 3, cells, [1000, 1000, cells[2] === 1 ? 1 : 1000]);
  const solver = createFieldSolver(grid);
  const array = (value: number) => new Float64Array(grid.voxels).fill(value);
  const states = Array.from({ length: fields }, (_, i) => ({
    field: {
      name: `tracer ${i}`,
      diffusivity: 1600 + i,
      decay: 1.7e-3,
      initial: { kind: 'number', value: 38 },
      boundary: [CLOSED, CLOSED, CLOSED, CLOSED, CLOSED, CLOSED],
    } satisfies FieldDescription,
    c: array(38),
    next: array(0),
    source: withSource ? array(0.01) : null,
    // A fifth of the voxels, scattered: what cells do.
    uptake: withUptake ? Float64Array.from(array(0), (_, v) => ((v * 7919) % 97 < 20 ? 0.052 : 0)) : null,
    exposure: withUptake ? array(0) : null,
  }));
  let best = Infinity;
  const end = performance.now() + 1000 * seconds;
  for (let repetition = 0; repetition < 5 || performance.now() < end; repetition++) {
    const start = performance.now();
    for (const { field, c, next, source, uptake, exposure } of states) {
      solver.advance(field, c, 0.6, source, uptake, next, exposure);
    }
    best = Math.min(best, performance.now() - start);
  }
  return (2 * fields * grid.voxels) / (best / 1000);
}

export function* bench(seconds = 4): Generator<Figure> {
  for (const one of CASES) {
    yield {
      name: `field stages, ${one.name}`,
      value: measure(one, seconds),
      unit: 'voxel-stages/s',
      ...(one.goal === undefined ? {} : { goal: one.goal }),
    };
  }
}

if (import.meta.main) await printFigures(bench());
