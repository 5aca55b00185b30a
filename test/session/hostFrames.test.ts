import { describe, expect, it } from 'vitest';
import { DEATH_NUMBERS, readFrame } from '../../src/engine/recording/frame.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { KILL, PAINT, RUN } from './hostFixtures.ts';
import { Bench, COLONY } from './support.ts';

describe('frames', () => {
  it('come only when the view is ready, one for each time', () => {
    const bench = new Bench();
    bench.load();
    bench.step(10);
    expect(bench.all('frame')).toEqual([]);
    bench.send({ type: 'ready', buffer: null });
    expect(bench.all('frame').length).toBe(1);
    bench.step(50);
    expect(bench.all('frame').length).toBe(1);
    bench.send({ type: 'ready', buffer: null }).settle();
    expect(bench.all('frame').length).toBe(2);
    // Nothing new to see: it waits for the next change.
    bench.send({ type: 'ready', buffer: null }).settle();
    expect(bench.all('frame').length).toBe(2);
    bench.send({ type: 'edit', edit: PAINT }).settle();
    expect(bench.all('frame').length).toBe(3);
  });

  it('hold the state in single precision, in the buffer that came back', () => {
    const bench = new Bench();
    bench.load();
    bench.step(30).send({ type: 'ready', buffer: null }).settle();
    const first = bench.last('frame').buffer;
    const model = simulate(build(loadScenario(COLONY)), { untilStep: 30 });
    const frame = readFrame(first);
    expect(frame).toMatchObject({ step: 30, time: 60, count: model.population.count, stride: 4 });
    expect([...frame.x]).toEqual([...model.population.x.subarray(0, frame.count)].map(Math.fround));
    expect([...frame.fields[1]]).toEqual([...model.fields[1]].map(Math.fround));
    const size = first.byteLength;
    bench.step(1).send({ type: 'ready', buffer: first }).settle();
    expect(bench.last('frame').buffer.byteLength).toBe(size);
    expect(readFrame(bench.last('frame').buffer).step).toBe(31);
  });

  it('come at most 60 times a second', () => {
    const bench = new Bench({ tick: 0 });
    bench.load();
    bench.send({ type: 'run', stepsPerSecond: 100 });
    const start = bench.clock;
    while (bench.clock < start + 1000) {
      bench.send({ type: 'ready', buffer: null });
      bench.settle(bench.clock + 1);
    }
    expect(bench.all('frame').length).toBeLessThanOrEqual(61);
    expect(bench.all('frame').length).toBeGreaterThan(45);
  });

  it('take at most a 25th of the time of a run, where they are dear', () => {
    // Each reading of the clock takes 5 ms, so a frame takes at least that.
    const bench = new Bench({ tick: 5 });
    bench.load();
    bench.send(RUN);
    const start = bench.clock;
    while (bench.clock < start + 3000 && !bench.idle) {
      bench.send({ type: 'ready', buffer: null });
      bench.settle(bench.clock + 5);
    }
    const took = bench.clock - start;
    expect(bench.all('frame').length).toBeGreaterThan(1);
    expect(bench.all('frame').length * 5).toBeLessThan(0.06 * took + 15);
  });

  it('show who died since the last one', () => {
    const bench = new Bench();
    bench.load();
    bench.send({ type: 'ready', buffer: null }).settle();
    bench.step(100).send({ type: 'ready', buffer: null }).settle();
    const model = build(loadScenario(COLONY));
    let deaths = 0;
    for (let step = 1; step <= 100; step++) {
      simulate(model, { untilStep: step });
      deaths += model.death.log.count;
    }
    expect(deaths).toBeGreaterThan(0);
    const { deaths: shown } = readFrame(bench.last('frame').buffer);
    expect(shown.length).toBe(DEATH_NUMBERS * deaths);
    expect(shown[4]).toBe(0);
    expect(shown[3]).toBeGreaterThan(0.4);
    const before = bench.status.cells;
    const massacre = { ...KILL, radius: 10 };
    bench.send({ type: 'edit', edit: massacre }, { type: 'ready', buffer: null }).settle();
    expect(bench.status.cells).toBeLessThan(before);
    expect(readFrame(bench.last('frame').buffer).deaths.length).toBe(
      DEATH_NUMBERS * (before - bench.status.cells),
    );
    bench.send({ type: 'undo' }, { type: 'ready', buffer: null }).settle();
    expect(readFrame(bench.last('frame').buffer).deaths.length).toBe(0);
  });
});
