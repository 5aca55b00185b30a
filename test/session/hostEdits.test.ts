import { describe, expect, it } from 'vitest';
import { replay } from '../../src/engine/edit/replay.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { build } from '../../src/engine/run/build.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { edited, editsTo, KILL, PAINT, PARAMETER, PLACE, RUN, straight } from './hostFixtures.ts';
import { Bench, COLONY } from './support.ts';

describe('edits', () => {
  it('are logged with their step, booked as user edit, and keep the balance closed', () => {
    const bench = editsTo(new Bench());
    const { entries, canUndo } = bench.last('log');
    expect(entries).toEqual([
      { step: 10, time: 20, edit: PAINT },
      { step: 15, time: 30, edit: PLACE },
      { step: 15, time: 30, edit: PARAMETER },
      { step: 20, time: 40, edit: KILL },
    ]);
    expect(canUndo).toBe(true);
    const { balance } = bench.last('balance');
    expect(balance.worstRelative).toBeLessThan(1e-12);
    expect(balance.worstStep).toBeLessThan(1e-12);
    expect(balance.moieties.some(({ byCause }) => 'user edit' in byCause)).toBe(true);
    for (const { where, total } of balance.moieties) {
      const sum = Object.values(where).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-12 * Math.abs(total));
    }
  });

  it('are reproduced headless from the log: the same state', () => {
    const bench = editsTo(new Bench());
    const scenario = loadScenario(COLONY);
    const run = replay(build(scenario), scenario, bench.last('log').entries, { untilStep: 30 });
    let model = build(scenario);
    for (const next of run) model = next;
    expect(bench.hash(edited())).toBe(stateHash(model));
    expect(stateHash(model)).not.toBe(straight(30));
  });

  it('can be made while running', () => {
    const bench = new Bench({ tick: 1 });
    bench.load();
    bench.send(RUN).settle(bench.clock + 40);
    bench.send({ type: 'edit', edit: PAINT }).settle();
    const { step } = bench.last('log').entries[0];
    expect(step).toBeGreaterThan(0);
    expect(bench.status.phase).toBe('finished');
    const scenario = loadScenario(COLONY);
    let model = build(scenario);
    for (const next of replay(model, scenario, [{ step, time: 0, edit: PAINT }])) model = next;
    expect(bench.hash()).toBe(stateHash(model));
  });

  it('that are impossible are refused; those that change nothing are not logged', () => {
    const bench = new Bench();
    bench.load();
    bench.send({ type: 'edit', edit: { ...PAINT, field: 9 } });
    expect(bench.last('refused').message).toMatch(/no field number 9/);
    bench.send({ type: 'edit', edit: { kind: 'killCells', ids: [4711] } });
    expect(bench.all('log').length).toBe(1);
    expect(bench.hash()).toBe(straight(0));
  });
});

describe('undo', () => {
  it('goes back to just before each edit, whatever its kind', () => {
    for (const edit of [PAINT, PLACE, KILL, PARAMETER]) {
      const bench = new Bench();
      bench.load();
      const before = bench.step(12).hash();
      bench.send({ type: 'edit', edit });
      bench.step(9);
      expect(bench.send({ type: 'undo' }).settle().status).toMatchObject({ phase: 'paused', step: 12 });
      expect(bench.hash()).toBe(before);
      expect(bench.last('log')).toMatchObject({ entries: [], canUndo: false });
      // And the run goes on as if the edit had never been.
      bench.step(18);
      expect(bench.hash()).toBe(straight(30));
    }
  });

  it('goes back edit by edit, with the earlier ones kept', () => {
    const bench = editsTo(new Bench());
    const states = [30, 20, 15, 15, 10];
    for (const step of states.slice(1)) {
      bench.send({ type: 'undo' }).settle();
      expect(bench.status.step).toBe(step);
    }
    expect(bench.hash()).toBe(straight(10));
    bench.send({ type: 'undo' });
    expect(bench.last('refused').message).toMatch(/no edit/);
  });

  it('works with hardly any memory, and with none, by running up again', () => {
    for (const memory of [0, 20_000, 200_000]) {
      const bench = editsTo(new Bench({ memory, tick: 20 }));
      const final = bench.hash(edited());
      expect(final).toBe(editsTo(new Bench()).hash(edited()));
      bench.send({ type: 'undo' }).settle();
      bench.send({ type: 'undo' }).settle();
      bench.send({ type: 'undo' }).settle();
      bench.send({ type: 'undo' }).settle();
      expect(bench.status.step).toBe(10);
      expect(bench.hash()).toBe(straight(10));
    }
  });
});
