import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoggedEdit } from '../../src/engine/edit/edit.ts';
import { replay } from '../../src/engine/edit/replay.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import type { Model } from '../../src/engine/model/model.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { startThreads } from '../../src/threads/index.ts';
import { cellfield, temporaryFolder, writeScenario } from '../cli/cellfield.ts';
import { COLONY } from '../session/support.ts';

/** The colony (steps of 2 s) with a schedule. */
function scheduled(interventions: string) {
  return loadScenario(`${COLONY}\ninterventions:\n${interventions.trim().replace(/^ */gm, '  ')}\n`);
}

/** What a cause brought of every substance, by the substance's name; nothing where it brought nothing. */
function brought({ ledger, substances }: Model, name: string): Record<string, number> {
  const found: Record<string, number> = {};
  ledger.causes.all.forEach((cause, c) => {
    const amount = ledger.extents.value(c);
    if (cause.name === name && amount !== 0) found[substances.all[cause.changes[0].substance].name] = amount;
  });
  return found;
}

function closed(model: Model): number {
  return Math.max(model.balance.worstRelative(), ...model.balance.worstStep);
}

const SCHEDULE = `
  less: { at: 10 s, remove: { share: 50% } }
  drop: { at: [16 s, 24 s], dose: { AHL: 1e5 }, in: { disc: { centre: [20 um, 15 um], radius: 5 um } } }
  rinse: { every: 20 s, from: 20 s, wash: 30% }
  induce: { at: 30 s, set: { leak: 0.6 }, for: 10 s }
  late: { at: 36 s, set: { leak: 0.9, import: 0.2 /s } }
  seed: { at: 40 s, add: { type: TYPE, count: 3, in: { disc: { centre: [20 um, 15 um], radius: 12 um } } } }
`.replace('TYPE', loadScenario(COLONY).description.cellTypes[1].name);

describe('interventions', () => {
  it('are what the same edits from a log are', () => {
    const type = loadScenario(COLONY).description.cellTypes[1].name;
    const scenario = scheduled(`
      drop: { at: [0 s, 16 s], dose: { AHL: 1e5 }, in: { disc: { centre: [20 um, 15 um], radius: 5 um } } }
      induce: { at: 16 s, set: { leak: 0.6 }, for: 14 s }
      seed: { at: 20 s, add: { type: ${type}, count: 3, in: { disc: { centre: [20 um, 15 um], radius: 12 um } } } }
      clear: { at: 26 s, remove: 1, in: { box: { from: [0 um, 0 um], to: [40 um, 30 um] } } }`);
    const plain = loadScenario(COLONY);
    const at = { x: 20, y: 15, z: 0.5 };
    const drop = { kind: 'paint', field: 0, at, radius: 5, amount: 1e5 } as const;
    const log: LoggedEdit[] = [
      { step: 0, time: 0, edit: drop },
      { step: 8, time: 16, edit: { kind: 'parameter', name: 'leak', value: '0.6' } },
      { step: 8, time: 16, edit: drop },
      { step: 10, time: 20, edit: { kind: 'place', type: 1, at, radius: 12, count: 3 } },
      { step: 13, time: 26, edit: { kind: 'kill', at, radius: 100 } },
      { step: 15, time: 30, edit: { kind: 'parameter', name: 'leak', value: '0.1' } },
    ];
    for (const untilStep of [8, 9, 11, 13, 18]) {
      let edited = build(plain);
      // An edit is made after its step, an intervention at the beginning of the one that follows.
      for (const next of replay(
        edited,
        plain,
        log.filter(({ step }) => step < untilStep),
        { untilStep },
      ))
        edited = next;
      const model = simulate(build(scenario), { untilStep });
      expect(stateHash(model), `step ${untilStep}`).toBe(stateHash(edited));
    }
    const model = simulate(build(scenario), { untilStep: 18 });
    expect(model.population.count).toBe(0);
    expect(brought(model, 'drop intervention')['field.AHL']).toBeCloseTo(2e5, 6);
    expect(brought(model, 'clear intervention')[`${type}.biomass`]).toBeLessThan(0);
    expect(brought(model, 'user edit')).toEqual({});
    expect(closed(model)).toBeLessThan(1e-12);
  });

  it('are done again alike by a run that is resumed at any step', () => {
    const scenario = scheduled(SCHEDULE);
    const straight = build(scenario);
    const states: Uint8Array[] = [];
    const last = 30;
    states.push(saveSnapshot(straight, 'x'));
    while (straight.step < last) {
      simulate(straight, { untilStep: straight.step + 1 });
      states.push(saveSnapshot(straight, 'x'));
    }
    for (const at of [0, 5, 8, 10, 15, 16, 18, 19, 20, 25]) {
      const resumed = build(scenario);
      restoreSnapshot(resumed, states[at], 'x');
      simulate(resumed, { untilStep: last });
      expect(saveSnapshot(resumed, 'x'), `from step ${at}`).toEqual(states[last]);
    }
    expect(closed(straight)).toBeLessThan(1e-12);
  });

  it('hold the value of what began last, and then of what is left', () => {
    const scenario = scheduled(SCHEDULE);
    const { regimes, changes } = scenario.description.interventions as NonNullable<
      typeof scenario.description.interventions
    >;
    // 30 s: leak 0.6; 36 s: leak 0.9 and import; at 40 s the first ends, which the second had replaced.
    expect(changes).toEqual([
      { step: 15, regime: 1 },
      { step: 18, regime: 2 },
    ]);
    expect(regimes.length).toBe(3);
    const back = scheduled(`
      always: { at: 10 s, set: { leak: 0.3 } }
      light: { every: 20 s, from: 20 s, until: 60 s, set: { leak: 0.6 }, for: 4 s }`);
    expect(back.description.interventions?.regimes.length).toBe(3);
    expect(back.description.interventions?.changes.map(({ step, regime }) => [step, regime])).toEqual([
      [5, 1],
      [10, 2],
      [12, 1],
      [20, 2],
      [22, 1],
      [30, 2],
      [32, 1],
    ]);
  });

  it('wash a share of the liquid away, and bring what the medium holds', () => {
    const text = `
cellfield: 1
title: wash
domain: { size: [10 um, 10 um], grid: [5, 5], thickness: 1 um }
time: { end: 10 s, step: 1 s }
fields:
  drug: { diffusivity: 0 um^2/s, initial: 10 /um^3 }
  food: { diffusivity: 0 um^2/s, initial: 3 /um^3 * x / (1 um) }
  slow: { diffusivity: 0 um^2/s, initial: 1 /um^3 }
interventions:
  rinse: { every: 2 s, from: 1 s, until: 5 s, wash: { share: 90%, medium: { food: 2 /um^3 }, fields: [drug, food] } }
  ramp: { at: 7 s, dose: { slow: 1 /um^3 * x / (1 um) }, in: { where: y > 5 um } }
`;
    const model = simulate(build(loadScenario(text)));
    for (const value of model.fields[0]) expect(value).toBeCloseTo(10 * 0.1 ** 3, 12);
    model.fields[1].forEach((value, v) => {
      const x = ((v % 5) + 0.5) * 2;
      expect(value).toBeCloseTo(2 + (3 * x - 2) * 0.1 ** 3, 12);
      expect(model.fields[2][v]).toBeCloseTo(Math.floor(v / 5) >= 3 ? 1 + x : 1, 12);
    });
    expect(brought(model, 'rinse intervention')['field.drug']).toBeCloseTo(-(10 - 0.01) * 100, 8);
    expect(brought(model, 'ramp intervention')).toEqual({ 'field.slow': expect.closeTo(5 * 4 * 10, 8) });
    expect(closed(model)).toBeLessThan(1e-14);
  });

  it('remove a share of the cells by their own chance', () => {
    const text = `
cellfield: 1
title: remove
domain: { size: [400 um, 400 um], grid: [10, 10], thickness: 1 um }
time: { end: 10 s, step: 1 s }
cells:
  a: { shape: { disc: { radius: 0.5 um } } }
  b: { shape: { disc: { radius: 0.5 um } } }
population: [{ type: a, count: 4000 }, { type: b, count: 1000 }]
interventions:
  predation: { at: [2 s, 4 s], remove: { type: a, share: 40% } }
`;
    const model = simulate(build(loadScenario(text)));
    const { type, count } = model.population;
    const left = type.subarray(0, count).reduce((sum, t) => sum + Number(t === 0), 0);
    expect(count - left).toBe(1000);
    const p = 0.6 ** 2;
    expect(Math.abs(left - 4000 * p)).toBeLessThan(4 * Math.sqrt(4000 * p * (1 - p)));
    expect(closed(model)).toBeLessThan(1e-13);
  });

  it('let cells arrive at a face at a rate', () => {
    const text = `
cellfield: 1
title: arrivals
domain: { size: [400 um, 100 um], grid: [40, 10], thickness: 1 um }
time: { end: 1000 s, step: 1 s }
cells: { a: { shape: { disc: { radius: 0.5 um } }, species: { A: 2 } } }
interventions:
  settling: { every: 10 s, from: 10 s, until: 900 s, arrive: { type: a, rate: 0.5 /s, face: top, amounts: { A: 5 } } }
`;
    const model = simulate(build(loadScenario(text)));
    const { count, x, y, birthTime } = model.population;
    // 90 times a Poisson number of mean 5.
    expect(Math.abs(count - 450)).toBeLessThan(4 * Math.sqrt(450));
    const column = (values: Float64Array) => Array.from(values.subarray(0, count));
    for (const at of column(y)) expect(at).toBeCloseTo(99.5, 9);
    expect(Math.abs(column(x).reduce((sum, at) => sum + at, 0) / count - 200)).toBeLessThan(
      4 * (400 / Math.sqrt(12 * count)),
    );
    expect(Math.min(...column(birthTime))).toBeGreaterThanOrEqual(10);
    expect(brought(model, 'settling intervention')['a.A']).toBe(5 * count);
  });

  it('are the same under every schedule of the coupling, resumed, and on several threads', async () => {
    const threads = startThreads(2);
    for (const schedule of ['strong', 'joint', 'weak']) {
      const kernel = schedule === 'joint' ? 'nearest' : 'linear';
      const scenario = loadScenario(scheduled(SCHEDULE).text, {
        set: [`coupling={ schedule: ${schedule}, kernel: ${kernel} }`],
      });
      const straight = simulate(build(scenario), { untilStep: 17 });
      const resumed = build(scenario);
      restoreSnapshot(resumed, saveSnapshot(straight, 'x'), 'x');
      const helped = build(scenario, { threads });
      for (const model of [straight, resumed, helped]) simulate(model, { untilStep: 24 });
      expect(stateHash(resumed), schedule).toBe(stateHash(straight));
      expect(stateHash(helped), schedule).toBe(stateHash(straight));
    }
    await threads.close();
  });

  it('are rows among the recorded events, once each, whole after a resume', async () => {
    const folder = temporaryFolder();
    const file = writeScenario(folder, 'run.yaml', scheduled(SCHEDULE).text);
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    expect((await cellfield('run', file, '--until', '50 s', '--out', whole, '--quiet')).status).toBe(0);
    expect((await cellfield('run', file, '--until', '16 s', '--out', parts, '--quiet')).status).toBe(0);
    expect((await cellfield('resume', parts, '--until', '50 s', '--quiet')).status).toBe(0);
    const events = readFileSync(join(whole, 'events.csv'), 'utf8');
    expect(readFileSync(join(parts, 'events.csv'), 'utf8')).toBe(events);
    const rows = events.split('\n').filter(row => row.includes(',intervention,'));
    expect(rows.map(row => row.slice(0, row.indexOf(',i')))).toEqual([
      '5,10',
      '8,16',
      '10,20',
      '12,24',
      '15,30',
      '18,36',
      '20,40',
      '20,40',
    ]);
    expect(rows[4]).toBe(
      '15,30,intervention,,,,,,,,"{""name"":""induce"",""kind"":""set"",""values"":{""leak"":""0.6""}}"',
    );
    expect(events).toMatch(/^6,12,death,\d+/m);
    expect((await cellfield('verify', whole, '--from', '20 s', '--quiet')).status).toBe(0);
  }, 60_000);

  it('say what is wrong with them', () => {
    const faults = (text: string) => {
      try {
        scheduled(text);
        return [];
      } catch (error) {
        return String(error instanceof Error ? error.message : error)
          .split('\n')
          .map(line => line.replace(/^scenario:\d+:\d+ /, ''));
      }
    };
    expect(faults('a: { dose: { AHL: 1 nM } }')).toEqual([
      'interventions.a: must have either `every`, with `from` and `until` where wanted, or `at` (got a mapping)',
    ]);
    expect(faults('a: { at: 3 s, dose: { AHL: 1 nM } }')).toEqual([
      'interventions.a.at: is not a whole multiple of `step` (got `3 s`); allowed: 2 s or 4 s, the nearest',
    ]);
    expect(faults('a: { at: 2 s, dose: { AHLL: 1 nM } }')).toEqual([
      'interventions.a.dose.AHLL: unknown field; did you mean `AHL`?',
    ]);
    expect(faults('a: { at: 2 s, dose: { AHL: -1 nM } }')[0]).toMatch(
      /must not be negative .*`wash` takes away/,
    );
    expect(faults('a: { at: 2 s, wash: 120% }')[0]).toMatch(/wash: must be at most 1/);
    expect(faults('a: { at: 2 s, set: { leek: 1 } }')[0]).toMatch(
      /set.leek: unknown parameter; did you mean `leak`\?/,
    );
    expect(faults('a: { at: 2 s, set: { leak: 1 /s } }')[0]).toMatch(
      /interventions.a.set: with these values cells\..* /,
    );
    expect(faults('a: { at: 2 s, dose: { AHL: 1 nM }, for: 4 s }')[0]).toMatch(/for: is for `set` alone/);
    expect(faults('a: { at: 2 s, dose: { AHL: 1 nM }, set: { leak: 1 } }')[0]).toMatch(
      /needs exactly one of/,
    );
    expect(
      faults(
        'a: { at: 2 s, arrive: { type: TYPE, rate: 1 /s, face: top } }'.replace(
          'TYPE',
          loadScenario(COLONY).description.cellTypes[0].name,
        ),
      )[0],
    ).toMatch(/needs `every`/);
    expect(faults('a: { at: 2 s, remove: { type: senderr } }')[0]).toMatch(/unknown cell type/);
  });
});
