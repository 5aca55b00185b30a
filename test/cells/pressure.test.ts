import { describe, expect, test } from 'vitest';
import type { Mechanics } from '../../src/engine/cells/cellType.ts';
import { createPressureGauge } from '../../src/engine/cells/pressure.ts';
import { advance } from '../../src/engine/coupling/step.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { cellsAt, cellType, domain } from './fixtures.ts';

const SOFT: Mechanics = { repulsion: 'soft', rate: 0.1, adhesion: 0, range: 0 };

describe('pressure on a cell', () => {
  test('of six equal discs around it is 3 s/(4 π r), and that on each of them by its three neighbours', () => {
    const grid = domain(2, 20);
    const s = 0.1;
    const ring = Array.from(
      { length: 6 },
      (_, i) =>
        [
          10 + (2 - s) * Math.cos((i * Math.PI) / 3),
          10 + (2 - s) * Math.sin((i * Math.PI) / 3),
          0,
          1,
        ] as const,
    );
    const cells = cellsAt(grid, cellType(), [[10, 10, 0, 1], ...ring]);
    cells.pressure = new Float64Array(cells.capacity);
    const before = cells.x.slice();
    createPressureGauge(grid, SOFT).measure(cells);
    expect(cells.pressure[0]).toBeCloseTo((3 * s) / (4 * Math.PI), 12);
    // The neighbours of the ring lie at the same distance.
    for (let i = 1; i <= 6; i++) expect(cells.pressure[i]).toBeCloseTo((1.5 * s) / (4 * Math.PI), 12);
    expect(cells.x).toEqual(before);
  });

  test('of two spheres that adhere without touching is none; pressed by the Hertz law m s √(s/d)/(4 π r²)', () => {
    const grid = domain(3, 20);
    const sphere = cellType({ shape: { kind: 'sphere', radius: 1 } });
    const at = (gap: number, law: Mechanics) => {
      const cells = cellsAt(grid, sphere, [
        [8, 10, 10, 1],
        [10 + gap, 10, 10, 1],
      ]);
      cells.pressure = new Float64Array(cells.capacity);
      createPressureGauge(grid, law).measure(cells);
      return cells.pressure[0];
    };
    expect(at(0.1, { ...SOFT, adhesion: 0.3, range: 0.4 })).toBe(0);
    expect(at(-0.2, { ...SOFT, repulsion: 'hertz' })).toBeCloseTo(
      (0.5 * 0.2 * Math.sqrt(0.1)) / (4 * Math.PI),
      12,
    );
  });
});

/** Discs that grow by a factor e in 20 min unless pressed, in a periodic box of `size` µm. */
const sheet = (size: number, growth: string) => `cellfield: 1
title: discs
domain: { size: [${size} um, ${size} um], grid: [8, 8], thickness: 1 um }
time: { end: 2 h, step: 10 s }
fields: { a: { diffusivity: 10 um^2/s, initial: 0 nM, boundary: { all: periodic } } }
cells:
  cell:
    shape: { disc: { radius: 0.6 um } }
    growth: ${growth}
    division: { adder: { added: 1 um^3, noise: 10% } }
population:
  - { type: cell, count: 40, in: { disc: { centre: [${size / 2} um, ${size / 2} um], radius: 5 um } } }
mechanics: { rate: 0.1 /s }
`;

test('growth stops in a sheet that fills its box, and goes on in a colony that is free', () => {
  const INHIBITED = '"3 /h * max(0, 1 - pressure / 0.02)"';
  const biomasses = (text: string, steps: number) => {
    const model = createModel(loadScenario(text).description);
    const of = () => {
      const { count, stride, amounts } = model.population;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += amounts[i * stride];
      return sum;
    };
    const at = [of()];
    for (let step = 1; step <= steps; step++) {
      advance(model);
      if (step % 60 === 0) at.push(of());
    }
    return { at, pressure: model.population.pressure };
  };
  // 12 µm are full at about 150 discs; 10 min are a factor e^½ of free growth.
  const packed = biomasses(sheet(12, INHIBITED), 720).at;
  const last = packed.length - 1;
  expect(packed[1] / packed[0]).toBeGreaterThan(1.3);
  expect(packed[last] / packed[last - 1]).toBeLessThan(1.005);
  // Without inhibition the same box would be filled many times over.
  expect(packed[last] / packed[0]).toBeLessThan(0.1 * Math.exp(6));
  const free = biomasses(sheet(80, INHIBITED), 180).at;
  // Its own pressure, and that of daughters on their neighbours, slows it a little: e^½ = 1.65 without.
  expect(free[3] / free[2]).toBeGreaterThan(1.3);
  // Nothing is measured where nothing reads it.
  expect(biomasses(sheet(80, '3 /h'), 1).pressure).toBeUndefined();
});
