import { describe, expect, it } from 'vitest';
import { cellfield, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const scenario = writeScenario(
  folder,
  'line.yaml',
  `cellfield: 1
title: Line
seed: 1
domain: { size: [20 um, 4 um], grid: [10, 2], thickness: 1 um }
time: { end: 4 s, step: 0.5 s }
fields:
  food: { diffusivity: 4 um^2/s, initial: 5 nM, boundary: { left: { value: 10 nM } } }
cells:
  eater:
    shape: { disc: { radius: 0.5 um } }
    species: { S: 0 }
    reactions:
      eat: { equation: field.food -> S, continuous: true, rate: 5 um^3/s * field.food }
      leak: { equation: S -> field.food, continuous: true, k: 0.3 /s }
population: [{ type: eater, count: 2, in: { points: [[3 um, 1 um], [11 um, 1 um]] } }]
coupling: { kernel: nearest }
`,
);

describe('cellfield compare-coupling', () => {
  it('prints the schedules beside each other, and which is the cheapest', async () => {
    const { stdout, status } = await cellfield('compare-coupling', scenario);
    expect(status).toBe(0);
    for (const name of ['weak lie', 'weak strang', 'strong end', 'strong midpoint', 'joint'])
      expect(stdout).toContain(name);
    expect(stdout).toMatch(/differences from strong midpoint, step \/ 4/);
    expect(stdout).toMatch(/cheapest within 0\.010: .* with a step of 0\.(5|25|125) s/);
  });

  it('prints one object', async () => {
    const { stdout, status } = await cellfield('compare-coupling', scenario, '--until', '2 s', '--json');
    expect(status).toBe(0);
    const { candidates, until, stochastic, fields } = JSON.parse(stdout);
    expect([until, stochastic, fields]).toEqual([2, false, ['food']]);
    expect(candidates).toHaveLength(5);
    for (const { runs, order } of candidates) {
      expect(runs).toHaveLength(3);
      expect(order).toBeGreaterThan(0.7);
    }
  });

  it.each([
    [['--tolerance', '0'], /--tolerance must be above 0/],
    [['--runs', '1.5'], /--runs must be a whole number/],
  ])('%s is a slip', async (options, message) => {
    const { stderr, status } = await cellfield('compare-coupling', scenario, ...options);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
