import { describe, expect, it } from 'vitest';
import {
  build,
  everyStep,
  loadScenario,
  type Model,
  type ModelOptions,
  restoreSnapshot,
  saveSnapshot,
  simulate,
  stateHash,
  summarise,
  timeSeriesHeader,
  timeSeriesRow,
} from '../../src/engine/index.ts';
import { SCENARIOS } from './scenarios.ts';

/** Steps of every scenario here. */
const STEPS = 120;

function run(text: string, options: { seed?: string; model?: ModelOptions; until?: number } = {}): Model {
  const scenario = loadScenario(text, options.seed === undefined ? {} : { seed: options.seed });
  return simulate(build(scenario, options.model), { untilStep: options.until ?? STEPS });
}

describe.each(Object.entries(SCENARIOS))('%s', (_, text) => {
  const straight = run(text);
  const hash = stateHash(straight);

  it('has division, death and exchange in it, and closes its balance', () => {
    const founders = build(loadScenario(text)).population;
    expect(straight.step).toBe(STEPS);
    expect(straight.population.nextId).toBeGreaterThan(founders.nextId + 4);
    const { moieties } = summarise(straight);
    const causes = moieties.flatMap(({ byCause }) => Object.keys(byCause));
    expect(causes.some(cause => cause.endsWith(' death'))).toBe(true);
    expect(straight.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('ends in the same state twice', () => {
    expect(stateHash(run(text))).toBe(hash);
  });

  it('ends in another state with another seed', () => {
    expect(stateHash(run(text, { seed: 'another' }))).not.toBe(hash);
  });

  it('ends in the same state with rates interpreted as with rates compiled', () => {
    expect(stateHash(run(text, { model: { generateCode: false } }))).toBe(hash);
  });

  it('ends in the same state with observers and a clock as without', () => {
    const model = build(loadScenario(text), { now: () => performance.now() });
    const seen: string[] = [];
    const observer = {
      when: everyStep,
      act: (now: Model) => {
        seen.push(
          timeSeriesHeader(now),
          timeSeriesRow(now),
          stateHash(now),
          String(saveSnapshot(now, '').length),
        );
        summarise(now);
      },
    };
    simulate(model, { untilStep: STEPS, observers: [observer] });
    expect(seen).toHaveLength(4 * (STEPS + 1));
    expect(stateHash(model)).toBe(hash);
  });

  it('has another hash after every step', () => {
    const hashes = new Set<string>();
    const observer = { when: everyStep, act: (now: Model) => hashes.add(stateHash(now)) };
    simulate(build(loadScenario(text)), { untilStep: 20, observers: [observer] });
    expect(hashes.size).toBe(21);
  });

  it.each([0, 1, STEPS / 2, STEPS - 1])('ends in the same state when saved and restored at step %i', at => {
    const first = run(text, { until: at });
    const second = build(loadScenario(text));
    restoreSnapshot(second, saveSnapshot(first, 'this'), 'this');
    expect(second.step).toBe(at);
    expect(stateHash(second)).toBe(stateHash(first));
    simulate(second, { untilStep: STEPS });
    expect(stateHash(second)).toBe(hash);
    expect(books(second)).toEqual(books(straight));
  });

  it('ends in the same state when restored into a model that has run ahead', () => {
    const saved = saveSnapshot(run(text, { until: STEPS / 4 }), 'this');
    const model = run(text, { until: STEPS / 2, seed: 'another' });
    restoreSnapshot(model, saved, 'this');
    expect(stateHash(simulate(model, { untilStep: STEPS }))).toBe(hash);
    expect(books(model)).toEqual(books(straight));
  });
});

/** All of a summary but the wall-clock times, and the seed, which belongs to the description. */
function books(model: Model): object {
  const { phaseSeconds: _, seed: __, ...rest } = summarise(model);
  return rest;
}

it('writes a snapshot of the same bytes after save and restore', () => {
  for (const text of Object.values(SCENARIOS)) {
    const saved = saveSnapshot(run(text, { until: 30 }), 'this');
    const model = build(loadScenario(text));
    restoreSnapshot(model, saved, 'this');
    expect(saveSnapshot(model, 'this')).toEqual(saved);
  }
});
