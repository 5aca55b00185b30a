import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build, every, loadScenario, simulate } from '../../src/engine/index.ts';

const STEPS = 100_000;
const TOLERANCE = 1e-12;

describe('a chemostat over 10⁵ steps', () => {
  const file = 'chemostat.yaml';
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const model = build(loadScenario(text, { file }));
  let worstOverall = 0;
  let deaths = 0;
  let least = model.population.count;
  let last = model.population.count;
  let lastId = model.population.nextId;
  simulate(model, {
    untilStep: STEPS,
    observers: [
      {
        when: every(1),
        act: ({ balance, population: { count, nextId } }) => {
          worstOverall = Math.max(worstOverall, balance.worstRelative());
          // A division makes two ids and adds one cell.
          deaths += last + (nextId - lastId) / 2 - count;
          [last, lastId] = [count, nextId];
          least = Math.min(least, count);
        },
      },
    ],
  });
  const report = model.balance.report();
  const moved = (moiety: string, cause: string) =>
    Math.abs(report.find(({ name }) => name === moiety)?.byCause[cause] ?? 0);

  it('has had growth, division, death and exchange of both kinds in it', () => {
    expect(model.step).toBe(STEPS);
    expect(least).toBeGreaterThan(5);
    expect(deaths).toBeGreaterThan(100);
    expect(model.population.nextId).toBeGreaterThan(200);
    const { extents, causes } = model.ledger;
    const extentOf = (name: string) => extents.value(causes.all.findIndex(cause => cause.name === name));
    for (const name of ['import', 'export', 'feeding', 'storing', 'secretion', 'pairing']) {
      expect({ name, happened: extentOf(`cell.${name}`) > 1000 }).toEqual({ name, happened: true });
    }
  });

  it('names every moiety that the stoichiometry conserves', () => {
    expect(report.map(({ name }) => name).sort()).toEqual([
      '6690000 cell.biomass + cell.store + field.glucose + field.debris',
      'cell.A + field.AHL',
      'cell.P + 2 cell.P2',
    ]);
    expect(moved('cell.A + field.AHL', 'AHL decay')).toBeGreaterThan(1000);
  });

  it('closes the balance of each within 10⁻¹² at every step', () => {
    for (const { name, worstStep } of report) {
      expect({ name, closes: worstStep <= TOLERANCE }).toEqual({ name, closes: true });
    }
  });

  it('closes it within 10⁻¹² over all steps taken so far, at every step', () => {
    expect(worstOverall).toBeLessThanOrEqual(TOLERANCE);
    // Independently of the engine's own sums: what is there now against what was there plus what the causes name.
    for (const { name, initial, total, byCause } of report) {
      const named = Object.values(byCause).reduce((sum, amount) => sum + amount, initial);
      const moved = Object.values(byCause).reduce((sum, amount) => sum + Math.abs(amount), Math.abs(initial));
      expect({ name, closes: Math.abs(total - named) <= TOLERANCE * moved }).toEqual({ name, closes: true });
    }
  });
});
