import { afterAll, describe, expect, it } from 'vitest';
import {
  build,
  loadScenario,
  type Model,
  restoreSnapshot,
  saveSnapshot,
  simulate,
  stateHash,
  steps,
} from '../../src/engine/index.ts';
import { type NodeThreads, startThreads } from '../../src/threads/index.ts';
import { SHIPPED, start, startWith } from '../scenarios/shipped.ts';
import { CROWDS } from './crowds.ts';

const COUNTS = [2, 3, 4];
const pools = new Map<number, NodeThreads>(COUNTS.map(count => [count, startThreads(count)]));
const pool = (count: number): NodeThreads => pools.get(count) as NodeThreads;

afterAll(async () => {
  for (const threads of pools.values()) await threads.close();
});

/** Steps, with all threads there as often as can be. */
async function run(model: Model, untilStep: number): Promise<Model> {
  for (const _ of steps(model, { untilStep })) {
    for (let i = 0; i < 200 && model.crew.present() < model.crew.threads; i++) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
  return model;
}

describe.each(SHIPPED)('%s', name => {
  const untilStep = 100;
  let alone: string | undefined;

  it.each(COUNTS)('ends in the same state on %i threads', async count => {
    alone ??= stateHash(simulate(start(name), { untilStep }));
    const model = await run(startWith(name, { threads: pool(count) }), untilStep);
    expect(stateHash(model)).toBe(alone);
  });
});

describe.each(Object.entries(CROWDS))('%s', (name, text) => {
  const untilStep = name.startsWith('thousands') ? 40 : 60;
  let alone: string | undefined;

  it('goes through 4, 3, 2 and 1 threads by way of snapshots', async () => {
    alone ??= stateHash(simulate(build(loadScenario(text)), { untilStep }));
    let saved: Uint8Array | null = null;
    let model = build(loadScenario(text));
    for (const [i, count] of [4, 3, 2, 1].entries()) {
      model = build(loadScenario(text), { threads: count === 1 ? null : pool(count) });
      if (saved) restoreSnapshot(model, saved, 'x');
      await run(model, Math.round(((i + 1) * untilStep) / 4));
      saved = saveSnapshot(model, 'x');
    }
    expect(stateHash(model)).toBe(alone);
  });
});
