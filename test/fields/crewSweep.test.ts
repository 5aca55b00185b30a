import { describe, expect, it } from 'vitest';
import { shared } from '../../src/engine/crew/column.ts';
import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { createFieldSolver, type Scheme } from '../../src/engine/fields/solver.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { uniform } from '../../src/engine/random/xoshiro.ts';
import { backwards } from '../support/crew.ts';

const shapes = [
  { name: '2-D', dimensions: 2, cells: [77, 43, 1] },
  { name: '2-D, one segment wide', dimensions: 2, cells: [31, 90, 1] },
  { name: '3-D', dimensions: 3, cells: [18, 13, 11] },
  { name: '3-D, planes of several segments', dimensions: 3, cells: [60, 41, 6] },
] as const;

const open: Boundary = { kind: 'value', value: 0.7 };
const closed: Boundary = { kind: 'no-flux' };
const periodic: Boundary = { kind: 'periodic' };
const borders: readonly (readonly [string, readonly Boundary[]])[] = [
  ['closed', [closed, closed, closed, closed, closed, closed]],
  ['open on the last axis', [closed, open, open, open, open, open]],
  ['periodic along x', [periodic, periodic, open, closed, closed, open]],
  ['periodic', [periodic, periodic, periodic, periodic, periodic, periodic]],
];

describe.each(shapes)('$name', ({ dimensions, cells }) => {
  describe.each(borders)('%s', (_, faces) => {
    it.each([
      ['decay', 0.3, false, false],
      ['a source', 0, true, false],
      ['uptake and a source', 0.1, true, true],
    ] as const)('with %s a crew leaves the same bits and the same books', (_what, decay, fed, eaten) => {
      const wraps = (axis: number) => faces[2 * axis].kind === 'periodic' && axis < dimensions;
      const grid = createGrid(
        dimensions,
        [...cells],
        [cells[0], cells[1], dimensions === 3 ? cells[2] : 1],
        [wraps(0), wraps(1), wraps(2)],
      );
      const field = {
        name: 'c',
        diffusivity: 3,
        decay,
        boundary: faces.map((face, i) => (i < 2 * dimensions ? face : closed)),
      } as unknown as FieldDescription;
      const stream = rootStream('crew');
      const draw = () => shared(Float64Array.from({ length: grid.voxels }, () => uniform(stream, 0)));
      const [c, source, uptake] = [draw(), fed ? draw() : null, eaten ? draw() : null];
      // So many that any grid is worth it.
      const crew = backwards(2 ** 20);
      for (const scheme of ['tr-bdf2', 'euler', 'predict'] as const) {
        const outcome = (solver: ReturnType<typeof createFieldSolver>) => {
          const next = shared(new Float64Array(grid.voxels));
          const exposure = uptake || scheme === 'euler' ? shared(new Float64Array(grid.voxels)) : null;
          if (scheme === 'predict') {
            solver.predict(field, c, 0.2, source, uptake, next);
            return { next, exposure };
          }
          const step = solver.advanceBy(
            scheme satisfies Scheme,
            field,
            c,
            0.4,
            source,
            uptake,
            next,
            exposure,
          );
          return { next, exposure, step };
        };
        const before = crew.runs;
        const byCrew = outcome(createFieldSolver(grid, crew));
        // With uptake a periodic last axis is for one thread.
        if (!(eaten && wraps(dimensions - 1))) expect(crew.runs).toBeGreaterThan(before);
        expect(byCrew).toEqual(outcome(createFieldSolver(grid)));
      }
    });
  });
});
