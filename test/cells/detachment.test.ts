import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import type { Model } from '../../src/engine/model/model.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { cellfield, temporaryFolder, writeScenario } from '../cli/cellfield.ts';

function film(points: readonly (readonly [number, number])[], detachment: string, domain = ''): string {
  return `
cellfield: 1
title: film
domain: { size: [100 um, 50 um], grid: [50, 25], thickness: 1 um${domain} }
time: { end: 10 s, step: 1 s }
fields: { food: { diffusivity: 0 um^2/s, initial: 0 nM } }
cells: { a: { shape: { disc: { radius: 1 um } }, species: { A: 3 } } }
population: [{ type: a, in: { points: [${points.map(([x, y]) => `[${x} um, ${y} um]`).join(', ')}] } }]
mechanics: none
detachment: ${detachment}
`;
}

function ids({ population }: Model): number[] {
  return Array.from(population.id.subarray(0, population.count)).sort((a, b) => a - b);
}

function brought({ ledger, substances }: Model, name: string): Record<string, number> {
  const found: Record<string, number> = {};
  ledger.causes.all.forEach((cause, c) => {
    const amount = ledger.extents.value(c);
    if (cause.name === name && amount !== 0) found[substances.all[cause.changes[0].substance].name] = amount;
  });
  return found;
}

describe('detachment', () => {
  it('takes clusters that no chain of contacts holds to the substratum', () => {
    // A tower 1-2-3 from the ground with an arm 4, a raft 5-6, a lone cell 7, one at the obstacle 8, and one at the ceiling 9.
    const points = [
      [10, 1],
      [10, 3.05],
      [10, 5.1],
      [12.05, 5.1],
      [30, 9],
      [31.9, 9],
      [40, 20],
      [70, 26.05],
      [90, 49],
    ] as const;
    const block = ', obstacles: [{ box: { from: [60 um, 20 um], to: [80 um, 25 um] } }]';
    const stepped = (detachment: string) => {
      const model = build(loadScenario(film(points, detachment, block)));
      advance(model);
      expect(model.balance.worstRelative()).toBeLessThan(1e-13);
      return model;
    };
    const model = stepped('{ substratum: [bottom] }');
    expect(ids(model)).toEqual([1, 2, 3, 4]);
    expect(brought(model, 'cluster sloughing')).toEqual({
      'a.A': -15,
      'a.biomass': expect.closeTo(-5 * Math.PI * 300, 6),
    });
    expect(ids(stepped('{ substratum: [bottom, obstacles] }'))).toEqual([1, 2, 3, 4, 8]);
    expect(ids(stepped('{ substratum: [bottom, top, obstacles] }'))).toEqual([1, 2, 3, 4, 8, 9]);
    expect(ids(stepped('{ substratum: [bottom], range: 0.04 um }'))).toEqual([1]);
    expect(ids(stepped('{ substratum: [bottom], sloughing: false }'))).toHaveLength(9);
    expect(ids(stepped('{ substratum: [bottom], every: 2 s }'))).toHaveLength(9);
  });

  it('erodes cells at the surface at the rate of their height, and what they held', () => {
    // Towers of 5: the top alone is at the surface.
    const points = Array.from({ length: 45 }, (_, t) =>
      Array.from({ length: 5 }, (__, i) => [1.5 + 2.1 * t, 1 + 2 * i] as const),
    ).flat();
    const rate = 0.3;
    const text = film(points, `{ substratum: [bottom], erosion: "${rate} /s * (y > 8 um)", range: 0.02 um }`);
    const model = build(loadScenario(text));
    advance(model);
    const gone = 225 - model.population.count;
    const p = 1 - Math.exp(-rate);
    expect(Math.abs(gone - 45 * p)).toBeLessThan(4 * Math.sqrt(45 * p * (1 - p)));
    expect(model.population.y.subarray(0, model.population.count).filter(y => y > 8).length).toBe(45 - gone);
    // Below 8 µm nothing goes however exposed.
    simulate(model);
    expect(model.population.count).toBeGreaterThanOrEqual(180);
    expect(brought(model, 'surface erosion')['a.A']).toBe(-3 * (225 - model.population.count));
    expect(brought(model, 'cluster sloughing')).toEqual({});
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('is the same after a resume, and among the recorded events', async () => {
    const points = Array.from(
      { length: 60 },
      (_, i) => [2 + 2.02 * (i % 20), 1 + 2.02 * Math.floor(i / 20)] as const,
    );
    const text = film(points, '{ substratum: [bottom], erosion: 0.1 /s }');
    const straight = simulate(build(loadScenario(text)), { untilStep: 4 });
    const resumed = build(loadScenario(text));
    restoreSnapshot(resumed, saveSnapshot(straight, 'x'), 'x');
    for (const model of [straight, resumed]) simulate(model);
    expect(stateHash(resumed)).toBe(stateHash(straight));
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const run = await cellfield(
      'run',
      writeScenario(folder, 'film.yaml', text),
      '--out',
      out,
      '--json',
      '--quiet',
    );
    const { cells, stateHash: hash } = JSON.parse(run.stdout);
    expect(hash).toBe(stateHash(straight));
    const rows = readFileSync(join(out, 'events.csv'), 'utf8')
      .split('\n')
      .filter(row => row.includes(',detachment,'));
    expect(rows).toHaveLength(60 - cells.a);
  });
});
