import { beforeAll, describe, expect, it } from 'vitest';
import type { CellType, Mechanics } from '../../src/engine/cells/cellType.ts';
import { createDivision } from '../../src/engine/cells/division.ts';
import { refreshGeometry } from '../../src/engine/cells/geometry.ts';
import { createMechanics } from '../../src/engine/cells/mechanics.ts';
import type { Population } from '../../src/engine/cells/population.ts';
import { cellsAt, cellType, contents, domain } from '../cells/fixtures.ts';

const grid = domain(2, 200);
const type: CellType = cellType({
  division: { kind: 'adder', volume: Math.PI, noise: 0.1, asymmetry: 0.02 },
});
/** Rate × doubling time = 1800. */
const mechanics: Mechanics = { repulsion: 'soft', rate: 1, adhesion: 0, range: 0 };
const CELLS = 250;
const STEP = 10;
const GROWTH = 2 ** (STEP / 1800);

/** A colony grown from one cell in the middle, under growth alone. */
function colony(cells: number, seed: string): Population {
  const population = cellsAt(grid, type, [[100, 100, 0, 1]], seed);
  population.divisionVolume[0] = 2 * Math.PI;
  const division = createDivision([type], grid);
  const contact = createMechanics(grid, mechanics);
  for (let step = 0; population.count < cells; step++) {
    for (let i = 0; i < population.count; i++) population.amounts[i * population.stride] *= GROWTH;
    refreshGeometry(population, [type], grid);
    division.advance(population, step * STEP);
    contact.advance(population, STEP);
  }
  return population;
}

describe('a colony grown from one cell', () => {
  const colonies: Population[] = [];
  beforeAll(() => {
    for (let c = 0; c < 12; c++) colonies.push(colony(CELLS, `colony ${c}`));
  });

  it('has no preferred direction: the second and fourth angular moments vanish within their scatter', () => {
    for (const order of [2, 4]) {
      for (const part of [Math.cos, Math.sin]) {
        const moments = colonies.map(({ count, x, y }) => {
          const cx = x.subarray(0, count).reduce((a, b) => a + b, 0) / count;
          const cy = y.subarray(0, count).reduce((a, b) => a + b, 0) / count;
          let sum = 0;
          let weight = 0;
          for (let i = 0; i < count; i++) {
            // Weighted by r⁴, which asks for the outline.
            const r4 = ((x[i] - cx) ** 2 + (y[i] - cy) ** 2) ** 2;
            sum += r4 * part(order * Math.atan2(y[i] - cy, x[i] - cx));
            weight += r4;
          }
          return sum / weight;
        });
        const mean = moments.reduce((a, b) => a + b, 0) / moments.length;
        const variance = moments.reduce((a, b) => a + (b - mean) ** 2, 0) / (moments.length - 1);
        // Student's t with 11 degrees of freedom exceeds 4.4 once in 10³; a square has a fourth moment of −0.43.
        expect(Math.abs(mean)).toBeLessThan(4.4 * Math.sqrt(variance / moments.length));
        expect(Math.sqrt(variance)).toBeLessThan(0.1);
      }
    }
  });

  it('stays compact: cells cover the disc of its gyration radius at the density of a packing', () => {
    for (const { count, x, y, volume } of colonies) {
      const area = volume.subarray(0, count).reduce((a, b) => a + b, 0);
      let gyration = 0;
      for (let i = 0; i < count; i++) gyration += ((x[i] - 100) ** 2 + (y[i] - 100) ** 2) / count;
      // A uniform disc of radius R has ⟨r²⟩ = R²/2.
      const density = area / (Math.PI * 2 * gyration);
      expect(density).toBeGreaterThan(0.75);
      expect(density).toBeLessThan(1);
    }
  });

  it('is the same to the last bit when it is grown again', () => {
    expect(contents(colony(CELLS, 'colony 3'))).toEqual(contents(colonies[3]));
  });
});
