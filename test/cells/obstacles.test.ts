import { describe, expect, it } from 'vitest';
import { obstaclesOf } from '../../src/engine/cells/obstacles.ts';
import { createGrid, type Grid } from '../../src/engine/fields/grid.ts';
import {
  build,
  loadScenario,
  type Model,
  restoreSnapshot,
  saveSnapshot,
  simulate,
  stateHash,
} from '../../src/engine/index.ts';

function gridWith(isSolid: (x: number, y: number, z: number) => boolean, periodic = false, nz = 1): Grid {
  const grid = createGrid(nz === 1 ? 2 : 3, [20, 16, nz], [20, 16, nz], [periodic, periodic, false]);
  const solid = Uint8Array.from({ length: grid.voxels }, (_, v) =>
    isSolid((v % 20) + 0.5, (Math.floor(v / 20) % 16) + 0.5, Math.floor(v / 320) + 0.5) ? 1 : 0,
  );
  return { ...grid, solid };
}

function cleared(grid: Grid, x: number, y: number, radius: number, z = 0.5): [number, number, number] {
  const one = (value: number) => Float64Array.of(value);
  const ball = { count: 1, x: one(x), y: one(y), z: one(z), radius: one(radius) };
  obstaclesOf(grid)?.clear(ball);
  return [ball.x[0], ball.y[0], ball.z[0]];
}

describe('obstacles as walls', () => {
  const floor = gridWith((_, y) => y < 4);

  it('hold a centre a radius off, and leave alone what is clear', () => {
    expect(cleared(floor, 7.3, 4.2, 1.5)).toEqual([7.3, 5.5, 0.5]);
    expect(cleared(floor, 7.3, 5.6, 1.5)).toEqual([7.3, 5.6, 0.5]);
    // From inside, and from right on its surface.
    expect(cleared(floor, 7.3, 2.9, 1.5)[1]).toBeCloseTo(5.5, 5);
    expect(cleared(floor, 7.3, 4, 1.5)[1]).toBeCloseTo(5.5, 5);
    expect(obstaclesOf(floor)?.depth(3, 4.5, 0.5, 1)).toBeCloseTo(0.5, 12);
    expect(obstaclesOf(floor)?.depth(3, 5, 0.5, 1)).toBe(0);
    expect(obstaclesOf(floor)?.depth(3, 1, 0.5, 1)).toBeGreaterThan(1);
  });

  it('turn a cell about an edge, and hold it off both walls of a corner', () => {
    const edge = gridWith((x, y) => x < 10 && y < 4);
    const [x, y] = cleared(edge, 10.3, 4.4, 1);
    expect(Math.hypot(x - 10, y - 4)).toBeCloseTo(1, 9);
    expect(y / x).toBeGreaterThan(0);
    const corner = gridWith((u, v) => u < 5 || v < 4);
    const [a, b] = cleared(corner, 5.4, 4.3, 1.2);
    expect([a, b]).toEqual([6.2, 5.2]);
    // Against the ceiling of the domain as well.
    expect(cleared(floor, 0.2, 3.9, 1)).toEqual([1, 5, 0.5]);
  });

  it('work across a periodic boundary, in space, and with voxels larger than cells', () => {
    const seam = gridWith(x => x > 18, true);
    expect(cleared(seam, 0.3, 8, 1)[0]).toBeCloseTo(1, 12);
    expect(cleared(seam, 20.3, 8, 1)[0]).toBeCloseTo(21, 12);
    const block = gridWith((x, y, z) => x < 10 && y < 8 && z < 3, false, 6);
    expect(cleared(block, 4.2, 4.3, 0.7, 3.1)).toEqual([4.2, 4.3, 3.7]);
    expect(cleared(floor, 7.3, 4.1, 0.2)[1]).toBeCloseTo(4.2, 12);
  });

  it('leave a cell wider than a gap between its walls', () => {
    const gap = gridWith((_, y) => y < 4 || y > 6);
    const [, y] = cleared(gap, 7, 4.6, 3);
    expect(Math.abs(y - 5)).toBeLessThan(0.1);
  });
});

const text = (population: string, mechanics = 'mechanics: { repulsion: soft, rate: 0.1 /s }') => `
cellfield: 1
title: A colony among pillars
domain:
  size: [40 um, 30 um]
  grid: [40, 30]
  thickness: 1 um
  obstacles:
    - { disc: { centre: [20 um, 15 um], radius: 5 um } }
    - { box: { from: [0 um, 0 um], to: [40 um, 3 um] } }
    - { where: x > 30 um and y > 18 um }
time: { end: 5 h, step: 60 s }
fields:
  food: { diffusivity: 100 um^2/s, initial: 1 uM }
cells:
  rod:
    shape: { disc: { radius: 0.8 um } }
    growth: 1.4 /h
    division: { sizer: { volume: 4 um^3, noise: 10% } }
population:
  - ${population}
${mechanics}
`;

const depths = ({ description, population }: Model) => {
  const obstacles = obstaclesOf(description.grid);
  return Array.from(
    { length: population.count },
    (_, i) =>
      (obstacles?.depth(population.x[i], population.y[i], population.z[i], population.radius[i]) ?? 0) /
      population.radius[i],
  );
};

describe('cells among obstacles', () => {
  it('are stopped by them as they grow and push, and resume to the bit', () => {
    const scenario = loadScenario(
      text('{ type: rod, count: 6, in: { disc: { centre: [20 um, 7 um], radius: 3 um } } }'),
    );
    const model = simulate(build(scenario), { untilStep: 100 });
    const bytes = saveSnapshot(model, 'x');
    simulate(model, { untilStep: 200 });
    expect(model.population.count).toBeGreaterThan(60);
    expect(Math.max(...depths(model))).toBeLessThan(1e-6);
    // The colony has gone round the pillar.
    expect(Math.max(...model.population.y.subarray(0, model.population.count))).toBeGreaterThan(20);
    const resumed = build(scenario);
    restoreSnapshot(resumed, bytes, 'x');
    simulate(resumed, { untilStep: 200 });
    expect(stateHash(resumed)).toBe(stateHash(model));
  });

  it('are taken out of them also without mechanics', () => {
    const model = build(
      loadScenario(text('{ type: rod, in: { points: [[20 um, 9 um]] } }', 'mechanics: none')),
    );
    simulate(model, { untilStep: 100 });
    expect(model.population.count).toBeGreaterThan(2);
    expect(Math.max(...depths(model))).toBeLessThan(1e-6);
  });

  it('start clear of them', () => {
    const model = build(loadScenario(text('{ type: rod, count: 120 }')));
    expect(Math.max(...depths(model))).toBe(0);
    const near = build(loadScenario(text('{ type: rod, in: { points: [[10 um, 3.5 um]] } }')));
    expect(near.population.y[0]).toBeCloseTo(3.8, 9);
  });

  it('are refused in them', () => {
    const place = (population: string) => () => build(loadScenario(text(population)));
    expect(place('{ type: rod, in: { points: [[5 um, 5 um], [20 um, 14 um]] } }')).toThrowError(
      /cell 1 at \(20, 14\) µm would lie in an obstacle/,
    );
    expect(
      place('{ type: rod, count: 2, in: { disc: { centre: [20 um, 15 um], radius: 3 um } } }'),
    ).toThrowError(/obstacles fill this disc/);
  });
});
