import { describe, expect, it } from 'vitest';
import { stateHash } from '../../src/engine/model/hash.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { analyseScales } from '../../src/engine/scales/analyse.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { NEGATIVE_RATE } from '../app/scenarios.ts';
import { Bench, COLONY } from './support.ts';

const RUN = { type: 'run', stepsPerSecond: null } as const;

/** The plain engine's run after so many steps. */
const straight = (steps: number) => simulate(build(loadScenario(COLONY)), { untilStep: steps });

describe('time scales of a session', () => {
  it('are those of the present state, and are told how long they took', () => {
    const bench = new Bench({ tick: 0.5 });
    bench.load();
    for (const steps of [0, 40]) {
      bench.step(steps).send({ type: 'scales', request: 10 + steps });
      const { request, report, reason, took } = bench.last('scales');
      expect({ request, reason }).toEqual({ request: 10 + steps, reason: '' });
      expect(report).toEqual(analyseScales(straight(steps)));
      expect(report?.pairs.length).toBeGreaterThan(0);
      expect(took).toBeGreaterThan(0);
    }
  });

  it('leave a run as it is, to the bit, however often they are asked for', () => {
    const bench = new Bench({ tick: 0.5 });
    bench.load();
    bench.send(RUN);
    for (let request = 1; !bench.idle; request++) {
      bench.send({ type: 'scales', request }).settle(bench.clock + 60);
    }
    expect(bench.all('scales').length).toBeGreaterThan(3);
    const times = new Set(bench.all('scales').map(({ report }) => report?.time));
    expect(times.size).toBeGreaterThan(3);
    expect(bench.status.phase).toBe('finished');
    expect(bench.hash()).toBe(stateHash(straight(120)));
  });

  it('follow an edit of a parameter', () => {
    const bench = new Bench();
    bench.load();
    bench.step(10).send({ type: 'scales', request: 1 });
    const before = bench.last('scales').report;
    bench.send(
      { type: 'edit', edit: { kind: 'parameter', name: 'import', value: '5 /s' } },
      { type: 'scales', request: 2 },
    );
    const after = bench.last('scales').report;
    const membrane = (report: typeof before) =>
      report?.processes.find(({ name }) => name.startsWith('membrane, field side of AHL'))?.time ?? 0;
    expect(membrane(before)).toBeGreaterThan(0);
    // Ten times as permeable.
    expect(membrane(after)).toBeCloseTo(membrane(before) / 10, 9);
  });

  it('are refused while the state is half a step, and come again after', () => {
    const bench = new Bench({ tick: 1 });
    bench.load(NEGATIVE_RATE.text);
    bench.send(RUN);
    while (bench.all('failed').length === 0) bench.settle(bench.clock + 5);
    bench.send({ type: 'scales', request: 1 });
    const refused = bench.last('scales');
    bench.settle().send({ type: 'scales', request: 2 });
    expect(refused).toMatchObject({ report: null, reason: 'there is no whole state to look at' });
    expect(bench.last('scales')).toMatchObject({ request: 2, reason: '' });
    expect(bench.last('scales').report?.time).toBe(bench.status.time);
  });
});
