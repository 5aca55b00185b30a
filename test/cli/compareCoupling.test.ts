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
    for (const name of [
      'weak lie',
      'weak strang',
      'strong end',
      'strong linear',
      'strong midpoint',
      'joint',
      'monolithic',
    ])
      expect(stdout).toContain(name);
    expect(stdout).toMatch(/differences from strong midpoint, step \/ 4/);
    expect(stdout).toMatch(/cheapest within 0\.010: .* with a step of 0\.(5|25|125) s/);
  });

  it('prints one object', async () => {
    const { stdout, status } = await cellfield('compare-coupling', scenario, '--until', '2 s', '--json');
    expect(status).toBe(0);
    const { candidates, until, stochastic, fields } = JSON.parse(stdout);
    expect([until, stochastic, fields]).toEqual([2, false, ['food']]);
    expect(candidates).toHaveLength(7);
    for (const { runs, order } of candidates) {
      expect(runs).toHaveLength(3);
      expect(order).toBeGreaterThan(0.7);
    }
  });

  it('names no schedule where there is nothing to couple, but a step', async () => {
    const alone = writeScenario(
      folder,
      'alone.yaml',
      `cellfield: 1
title: Alone
domain: { size: [20 um, 20 um], grid: [10, 10], thickness: 1 um }
time: { end: 4 s, step: 0.5 s }
fields:
  food: { diffusivity: 4 um^2/s, initial: "x < 10 um ? 5 nM : 0 nM" }
`,
    );
    const { stdout, status } = await cellfield('compare-coupling', alone);
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/weak|strong|joint|cheapest/);
    expect(stdout).toMatch(
      /there is nothing to couple: no cell takes from a field, gives to one or reads one\nlargest step within 0\.010: [\d.]+ s/,
    );
  });

  it('says how many runs would show the tolerance where noise hides it, and how far off each field is', async () => {
    const noisy = writeScenario(
      folder,
      'noisy.yaml',
      `cellfield: 1
title: Noisy
seed: 1
domain: { size: [10 um, 10 um], grid: [2, 2], thickness: 1 um }
time: { end: 4 s, step: 0.5 s }
fields:
  food: { diffusivity: 40 um^2/s, initial: 40 nM }
  waste: { diffusivity: 40 um^2/s, initial: 40 nM }
cells:
  eater:
    shape: { disc: { radius: 0.5 um } }
    species: { S: 0 }
    reactions:
      eat: { equation: field.food -> S, rate: 1 um^3/s * field.food }
      drop: { equation: S -> field.waste, k: 1 /s }
population: [{ type: eater, count: 4 }]
mechanics: none
`,
    );
    const { stdout, status } = await cellfield(
      'compare-coupling',
      noisy,
      '--runs',
      '1',
      '--tolerance',
      '0.1',
    );
    expect(status).toBe(0);
    const [, runs] = /--runs (\d+) in place of 1, or a longer --until, would show 0\.10/.exec(stdout) ?? [];
    expect(Number(runs)).toBeGreaterThan(10);
    expect(stdout).toMatch(/^ +schedule +step +food +waste$/m);
    const { runsNeeded, noise } = JSON.parse(
      (await cellfield('compare-coupling', noisy, '--runs', '1', '--tolerance', '0.1', '--json')).stdout,
    );
    expect(runsNeeded).toBe(Number(runs));
    expect(runsNeeded).toBe(Math.ceil(((2 * noise.worst) / 0.1) ** 2));
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
