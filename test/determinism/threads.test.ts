import { afterAll, describe, expect, it } from 'vitest';
import {
  build,
  loadScenario,
  type Model,
  RunFailure,
  restoreSnapshot,
  saveSnapshot,
  simulate,
  stateHash,
  steps,
  summarise,
} from '../../src/engine/index.ts';
import { type NodeThreads, startThreads } from '../../src/threads/index.ts';
import { SHIPPED, start, startWith } from '../scenarios/shipped.ts';
import { CROWDS } from './crowds.ts';

const pools = new Map<number, NodeThreads>();

function pool(count: number): NodeThreads {
  let threads = pools.get(count);
  if (threads === undefined) {
    threads = startThreads(count);
    pools.set(count, threads);
  }
  return threads;
}

afterAll(async () => {
  for (const threads of pools.values()) await threads.close();
});

/** Waits until all threads of a model's crew are there. */
async function mustered<M extends Model>(model: M): Promise<M> {
  const { crew } = model;
  const before = performance.now();
  while (crew.present() < crew.threads) {
    if (performance.now() - before > 20_000) throw new Error('the threads do not come');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  return model;
}

async function onThreads(text: string, count: number): Promise<Model> {
  return mustered(build(loadScenario(text), { threads: pool(count) }));
}

/** Everything that a run reports, but how long it took. */
function reported(model: Model): unknown {
  return { ...summarise(model), phaseSeconds: null };
}

/** Steps, waiting after each until the crew is complete again: it is not while members learn of new columns. */
async function advance(model: Model, untilStep: number): Promise<Model> {
  for (const _ of steps(model, { untilStep })) await mustered(model);
  return model;
}

describe.each(Object.entries(CROWDS))('%s', (name, text) => {
  const STEPS = name.startsWith('thousands') ? 12 : 40;
  const alone = simulate(build(loadScenario(text)), { untilStep: STEPS });

  it('grows beyond its first columns', () => {
    expect(alone.population.count).toBeGreaterThan(build(loadScenario(text)).population.capacity);
  });

  it.each([2, 3, 4])('ends in the same state on %i threads, with the same books', async count => {
    const model = await advance(await onThreads(text, count), STEPS);
    expect(model.crew.helped()).toBeGreaterThan(STEPS);
    expect(stateHash(model)).toBe(stateHash(alone));
    expect(reported(model)).toEqual(reported(alone));
  });

  it('ends in the same state when it goes on with another number of threads', async () => {
    const first = await advance(await onThreads(text, 3), STEPS / 2);
    const second = await onThreads(text, 2);
    restoreSnapshot(second, saveSnapshot(first, 'x'), 'x');
    expect(stateHash(await advance(second, STEPS))).toBe(stateHash(alone));
  });
});

describe('shipped scenarios', () => {
  it.each(SHIPPED)('%s: the same state on 3 threads', async name => {
    const few = { untilStep: 5 };
    const alone = simulate(start(name), few);
    const model = simulate(await mustered(startWith(name, { threads: pool(3) })), few);
    expect(stateHash(model)).toBe(stateHash(alone));
  });
});

describe('a large field', () => {
  const text = `
cellfield: 1
title: A field alone
domain: { size: [512 um, 600 um], grid: [512, 600], thickness: 1 um }
time: { end: 10 s, step: 0.1 s }
fields: { A: { diffusivity: 10 um^2/s, decay: 1e-3 /s, initial: "5 nM * (1 + sin(x / (10 um)))", solver: adi } }
cells: { a: { shape: { disc: { radius: 1 um } }, species: { X: 100 }, reactions: { give: { equation: "X -> field.A", k: 1 /s } } } }
population: [{ type: a, count: 1 }]
`;

  it('is swept by 4 threads to the same bits, with the same books', async () => {
    const alone = simulate(build(loadScenario(text)), { untilStep: 4 });
    const model = await advance(await onThreads(text, 4), 4);
    expect(model.crew.helped()).toBeGreaterThan(20);
    expect(stateHash(model)).toBe(stateHash(alone));
    expect(reported(model)).toEqual(reported(alone));
  });
});

describe('failures', () => {
  const bad = CROWDS['senders and eaters'].replace(
    'rate: 0.1 /s * mRNA',
    'rate: "0.1 /s * mRNA * (1 - 2 * (x > 30 um))"',
  );

  it('are of the same cell, in the same words', async () => {
    const outcome = (model: Model): string => {
      try {
        simulate(model, { untilStep: 10 });
      } catch (error) {
        if (error instanceof RunFailure) return error.message;
        throw error;
      }
      throw new Error('the run did not fail');
    };
    const alone = outcome(build(loadScenario(bad)));
    expect(alone).toContain('translation');
    for (const count of [2, 3]) expect(outcome(await onThreads(bad, count))).toBe(alone);
  });
});

describe('crews', () => {
  const text = CROWDS['senders and eaters'];

  it('go on alone when another model takes their threads', async () => {
    const first = await advance(await onThreads(text, 2), 10);
    const second = await onThreads(text, 2);
    expect(first.crew.present()).toBe(1);
    expect(stateHash(simulate(first, { untilStep: 20 }))).toBe(stateHash(await advance(second, 20)));
  });

  it('refuse a number of threads that is none', () => {
    for (const count of [0, 1.5, Number.NaN]) expect(() => startThreads(count)).toThrow(RangeError);
  });
});
