import { describe, expect, it } from 'vitest';
import { replay } from '../../src/engine/edit/replay.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { build } from '../../src/engine/run/build.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { edited, editsTo, KILL, PAINT, RUN, straight } from './hostFixtures.ts';
import { Bench, COLONY } from './support.ts';

describe('loading', () => {
  it('pauses at the start and tells all a view needs', () => {
    const bench = new Bench();
    const info = bench.load();
    expect(info).toMatchObject({ title: 'A colony in miniature', seed: '7', steps: 120, step: 2 });
    expect(info.parameters).toEqual([
      { name: 'leak', text: '0.1', number: 0.1, unit: '', comment: 'share of the full rate' },
      { name: 'import', text: '0.5 /s', number: 0.5, unit: '/s', comment: '' },
    ]);
    expect(info.cellTypes.map(type => type.species.length)).toEqual([4, 4]);
    expect(info.moieties.length).toBeGreaterThan(0);
    expect(bench.status).toMatchObject({ phase: 'paused', step: 0, steps: 120, cells: 18 });
    const series = bench.last('series');
    expect(series).toMatchObject({ reset: true, columns: info.seriesColumns.length });
    expect(series.rows.length).toBe(series.columns);
    expect(bench.last('log')).toMatchObject({ entries: [], canUndo: false });
    expect(bench.last('balance').balance.moieties.map(({ name }) => name)).toEqual(info.moieties);
    expect(bench.hash()).toBe(straight(0));
    expect(bench.idle).toBe(true);
  });

  it('refuses a faulty scenario with its problems, and keeps the run that was there', () => {
    const bench = new Bench();
    bench.load();
    bench.step(3).send({ type: 'load', request: 77, text: 'cellfield: 1\ntitle: [', file: 'x' });
    expect(bench.last('problems')).toMatchObject({ request: 77 });
    expect(bench.last('problems').problems.length).toBeGreaterThan(0);
    expect(bench.status.step).toBe(3);
    expect(bench.step(1).status.step).toBe(4);
  });

  it('checks text without loading it', () => {
    const bench = new Bench();
    bench.send({ type: 'check', request: 5, text: COLONY, file: 'x' });
    expect(bench.last('problems')).toEqual({ type: 'problems', request: 5, problems: [] });
    bench.send({ type: 'check', request: 6, text: COLONY.replace('0.5 /s', '0.5 um'), file: 'x' });
    expect(bench.last('problems').problems[0].message).toMatch(/dimension/);
    expect(bench.all('status')).toEqual([]);
  });

  it('must come before anything else', () => {
    const bench = new Bench().send(RUN, { type: 'undo' }, { type: 'snapshot', request: 1 });
    expect(bench.events.map(({ type }) => type)).toEqual(['refused', 'refused', 'refused']);
    expect(bench.idle).toBe(true);
  });
});

describe('running', () => {
  it('goes to the end, to the bit as the plain engine does, and tells of it on the way', () => {
    const bench = new Bench({ tick: 0.5 });
    bench.load();
    bench.send(RUN);
    expect(bench.status.phase).toBe('running');
    bench.settle();
    expect(bench.status).toMatchObject({ phase: 'finished', step: 120, time: 240, stepsPerSecond: 0 });
    expect(bench.hash()).toBe(straight(120));
    expect(bench.idle).toBe(true);
    const running = bench.all('status').filter(({ status }) => status.phase === 'running');
    expect(running.length).toBeGreaterThan(3);
    const { stepsPerSecond, phases } = running[running.length - 1].status;
    expect(stepsPerSecond).toBeGreaterThan(0);
    const shares = Object.values(phases).reduce((a, b) => a + b, 0);
    expect(shares).toBeGreaterThan(0.1);
    expect(shares).toBeLessThanOrEqual(1.001);
  });

  it('stops at a given time, and goes on from there', () => {
    const bench = new Bench();
    bench.load();
    bench.send({ ...RUN, until: 60 }).settle();
    expect(bench.status).toMatchObject({ phase: 'paused', step: 30 });
    bench.send(RUN).settle();
    expect(bench.hash()).toBe(straight(120));
  });

  it('lets messages in between slices of about 10 ms, so that pause is heard', () => {
    const bench = new Bench({ tick: 1 });
    bench.load();
    bench.send(RUN);
    bench.settle(bench.clock + 30);
    const { step } = bench.send({ type: 'pause' }).status;
    expect(step).toBeGreaterThan(0);
    expect(step).toBeLessThan(20);
    expect(bench.status.phase).toBe('paused');
    bench.settle();
    expect(bench.status.step).toBe(step);
  });

  it.each([5, 20, 200])('honours a limit of %d steps per second', limit => {
    const bench = new Bench({ tick: 0 });
    bench.load();
    bench.send({ type: 'run', stepsPerSecond: limit });
    const start = bench.clock;
    for (const after of [0, 100, 250, 400]) {
      bench.settle(start + after);
      // Watching publishes the status; the same limit again gives no extra step.
      bench.send({ type: 'watch', cells: [], probes: [] }, { type: 'run', stepsPerSecond: limit });
      expect(bench.status.step).toBeLessThanOrEqual(1 + (limit * after) / 1000 + 1e-6);
      expect(bench.status.step).toBeGreaterThanOrEqual(Math.floor((limit * after) / 1000) - 1);
    }
    bench.send({ type: 'restart' }, { type: 'run', stepsPerSecond: limit });
    bench.settle(bench.clock + 500);
    expect(bench.send({ type: 'pause' }).status.step).toBe(Math.min(120, 1 + Math.floor(limit / 2)));
  });

  it('does not catch up what it could not do in time', () => {
    // 40 ms per reading of the clock: far slower than 100 steps per second.
    const bench = new Bench({ tick: 40 });
    bench.load();
    bench.send({ type: 'run', stepsPerSecond: 100 });
    bench.settle(bench.clock + 2000);
    expect(bench.send({ type: 'pause' }).status.step).toBeLessThan(40);
  });

  it('takes single steps', () => {
    const bench = new Bench();
    bench.load();
    expect(bench.step(1).status).toMatchObject({ phase: 'paused', step: 1 });
    expect(bench.step(7).status.step).toBe(8);
    expect(bench.hash()).toBe(straight(8));
  });
});

describe('seeking', () => {
  it('goes forwards and back, and is where a straight run would be', () => {
    const bench = new Bench({ tick: 5 });
    bench.load();
    for (const step of [40, 12, 80, 79, 0, 33, 120, 60]) {
      bench.send({ type: 'seek', time: 2 * step });
      if (bench.status.step !== step) expect(bench.status.phase).toBe('seeking');
      bench.settle();
      expect(bench.status).toMatchObject({ step, phase: step === 120 ? 'finished' : 'paused' });
      expect(bench.hash()).toBe(straight(step));
    }
  });

  it('makes the same edits again on the way', () => {
    const bench = editsTo(new Bench({ tick: 5 }));
    const there = bench.hash(edited());
    bench.send({ type: 'seek', time: 10 }).settle();
    expect(bench.hash()).toBe(straight(5));
    expect(bench.last('log').entries.length).toBe(4);
    bench.send({ type: 'seek', time: 60 }).settle();
    expect(bench.hash(edited())).toBe(there);
    bench.send({ type: 'seek', time: 24 }).settle();
    bench.step(18);
    expect(bench.hash(edited())).toBe(there);
  });

  it('lets a new edit replace those that lie ahead', () => {
    const bench = editsTo(new Bench());
    bench.send({ type: 'seek', time: 24 }).settle();
    bench.send({ type: 'edit', edit: KILL });
    expect(bench.last('log').entries.map(({ step }) => step)).toEqual([10, 12]);
    bench.step(20);
    const scenario = loadScenario(COLONY);
    let model = build(scenario);
    for (const next of replay(model, scenario, bench.last('log').entries, { untilStep: 32 })) model = next;
    expect(bench.hash()).toBe(stateHash(model));
  });

  it('takes an undo of an edit ahead out of the log, and stays', () => {
    const bench = new Bench();
    bench.load();
    bench.step(20).send({ type: 'edit', edit: PAINT });
    bench.send({ type: 'seek', time: 10 }, { type: 'undo' }).settle();
    expect(bench.status.step).toBe(5);
    expect(bench.last('log').entries).toEqual([]);
    expect(bench.step(25).hash()).toBe(straight(30));
  });

  it('refuses edits on the way', () => {
    const bench = new Bench();
    bench.load();
    bench.send({ type: 'seek', time: 100 }, { type: 'edit', edit: PAINT });
    expect(bench.last('refused').message).toMatch(/wait/);
    bench.settle();
    expect(bench.hash()).toBe(straight(50));
  });
});

describe('restart', () => {
  it('goes back to the scenario as loaded, without edits', () => {
    const bench = editsTo(new Bench());
    bench.send({ type: 'restart' }).settle();
    expect(bench.status).toMatchObject({ phase: 'paused', step: 0 });
    expect(bench.last('log').entries).toEqual([]);
    expect(bench.hash()).toBe(straight(0));
    expect(bench.last('series')).toMatchObject({ reset: true });
    expect(bench.step(30).hash()).toBe(straight(30));
  });
});
