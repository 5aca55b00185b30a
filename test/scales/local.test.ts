import { expect, it } from 'vitest';
import { build } from '../../src/engine/run/build.ts';
import { analyseScales, mapLocalGroups } from '../../src/engine/scales/analyse.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';

/** Cells in three voxels of 4 µm, two of them in one; A from 10 to 40 /µm³ along x; Monod with half-saturation 20. */
const model = (more = '', flow = '') =>
  build(
    loadScenario(`cellfield: 1
title: Local
domain: { size: [16 um, 8 um], grid: [4, 2], thickness: 1 um ${flow} }
time: { end: 10 s, step: 1 s }
fields:
  A: { diffusivity: 50 um^2/s, initial: "(x + 2 um) / (4 um) * 10 /um^3" ${more} }
  B: { diffusivity: 50 um^2/s, initial: 1 /um^3 }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    reactions:
      take: { equation: "field.A ->", continuous: true, rate: "60 /s * field.A / (20 /um^3 + field.A)" }
      give: { equation: "-> field.B", rate: 1 /s }
population: [{ type: c, in: { points: [[2 um, 2 um], [9 um, 2 um], [11 um, 2 um], [14 um, 6 um]] } }]
mechanics: none
coupling: { kernel: nearest }
`),
  );

// ∂/∂c of 60 c/(20 + c) is 1200/(20 + c)²; over voxels of 16 µm³.
const kappa = (c: number, cells = 1) => (cells * 1200) / (20 + c) ** 2 / 16;

it('local groups are those of each voxel’s own cells and concentration', () => {
  const [maps, ...others] = mapLocalGroups(model());
  expect(others).toEqual([]);
  const expected = [kappa(10), 0, kappa(30, 2), 0, 0, 0, 0, kappa(40)];
  expected.forEach((value, v) => {
    expect(maps.uptake[v]).toBeCloseTo(value, 12);
    expect(maps.voxelThiele[v]).toBeCloseTo(4 * Math.sqrt(value / 50), 12);
  });
  expect(maps.depletion[0]).toBeCloseTo(0.75, 12);
  expect(maps.depletion[2]).toBeCloseTo(0.25, 12);
  const { local, colony } = analyseScales(model());
  expect(local).toHaveLength(1);
  const [{ occupied, voxelThiele, thiele, damkohler1, depletion }] = local;
  expect(occupied).toBe(3 / 8);
  expect(damkohler1).toBeNull();
  const sorted = [kappa(10), kappa(30, 2), kappa(40)].map(k => 4 * Math.sqrt(k / 50)).sort((a, b) => a - b);
  expect([voxelThiele.least, voxelThiele.median, voxelThiele.most]).toEqual(
    sorted.map(x => expect.closeTo(x, 12)),
  );
  expect(thiele.most / voxelThiele.most).toBeCloseTo((colony?.radius ?? 0) / 4, 12);
  expect([depletion.least, depletion.most]).toEqual([0, expect.closeTo(0.75, 12)]);
  expect(depletion.at).toEqual([2, 2]);
});

it('local groups see flow and diffusivity where they are', () => {
  const flowing = model(', film: { factor: 0.25, from: 1% }', ', flow: { x: "y < 4 um ? 2 um/s : 8 um/s" }');
  const still = mapLocalGroups(model())[0];
  const maps = mapLocalGroups(flowing)[0];
  const radius = analyseScales(flowing).colony?.radius ?? 0;
  expect(maps.damkohler1?.[0]).toBeCloseTo((kappa(10) * radius) / 2, 10);
  expect(maps.damkohler1?.[7]).toBeCloseTo((kappa(40) * radius) / 8, 10);
  // A quarter of the diffusivity where the cells are.
  expect(maps.voxelThiele[0] / still.voxelThiele[0]).toBeCloseTo(2, 10);
});

it('local groups lie on the blocks of a coarser exchange grid', () => {
  const coarse = build(
    loadScenario(`cellfield: 1
title: Blocks
domain: { size: [16 um, 8 um], grid: [4, 2], thickness: 1 um }
time: { end: 10 s, step: 1 s }
fields:
  A: { diffusivity: 50 um^2/s, initial: 10 /um^3 }
cells:
  c:
    shape: { disc: { radius: 0.5 um } }
    reactions: { take: { equation: "field.A ->", continuous: true, rate: 3 um^3/s * field.A } }
population: [{ type: c, in: { points: [[10 um, 2 um]] } }]
mechanics: none
coupling: { kernel: nearest, exchange: { coarsen: 2 } }
`),
  );
  const [{ uptake }] = mapLocalGroups(coarse);
  expect([...uptake]).toEqual([0, 0, 3 / 64, 3 / 64, 0, 0, 3 / 64, 3 / 64]);
  expect(analyseScales(coarse).pairs).toHaveLength(1);
});
