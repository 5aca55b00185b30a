import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../src/engine/edit/apply.ts';
import { EditError, type LoggedEdit } from '../../src/engine/edit/edit.ts';
import { parseEventLog } from '../../src/engine/edit/log.ts';
import { replay } from '../../src/engine/edit/replay.ts';
import { AdoptionError, adopt } from '../../src/engine/model/adopt.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { build } from '../../src/engine/run/build.ts';
import { every } from '../../src/engine/run/schedule.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { listParameters } from '../../src/engine/scenario/listParameters.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { cellfield, temporaryFolder } from '../cli/cellfield.ts';
import { COLONY } from '../session/support.ts';

const scenario = loadScenario(COLONY);
const at = { x: 20, y: 15, z: 0.5 };
const LOG: readonly LoggedEdit[] = [
  { step: 0, time: 0, edit: { kind: 'killCells', ids: [3] } },
  { step: 8, time: 16, edit: { kind: 'paint', field: 0, at, radius: 5, amount: 1e5 } },
  { step: 8, time: 16, edit: { kind: 'parameter', name: 'leak', value: '0.6' } },
  { step: 20, time: 40, edit: { kind: 'place', type: 1, at, radius: 12, count: 3 } },
];

function replayed(log: readonly LoggedEdit[], untilStep: number): string {
  let model = build(scenario);
  for (const next of replay(model, scenario, log, { untilStep })) model = next;
  return stateHash(model);
}

describe('a replayed log', () => {
  it('gives the state of the run in which the edits were made', () => {
    let run = { model: build(scenario), scenario };
    for (const { step, edit } of LOG) {
      simulate(run.model, { untilStep: step });
      run = applyEdit(run.model, run.scenario, edit);
    }
    simulate(run.model, { untilStep: 35 });
    expect(replayed(LOG, 35)).toBe(stateHash(run.model));
    expect(replayed(LOG.slice(1), 35)).not.toBe(stateHash(run.model));
    expect(replayed([], 35)).toBe(stateHash(simulate(build(scenario), { untilStep: 35 })));
  });

  it('lets observers see each step once, before the edits that follow it', () => {
    const seen: [number, number][] = [];
    const observer = {
      when: every(4),
      act: ({ step, population }: { step: number; population: { count: number } }) =>
        seen.push([step, population.count]),
    };
    for (const _ of replay(build(scenario), scenario, LOG, { untilStep: 12, observers: [observer] }));
    expect(seen.map(([step]) => step)).toEqual([0, 4, 8, 12]);
    expect(seen[0][1] - seen[1][1]).toBe(1);
  });

  it('must be in order', () => {
    const log = [LOG[3], LOG[1]];
    expect(() => replay(build(scenario), scenario, log).next()).toThrow(
      /event 1 is at step 8, before step 20/,
    );
  });

  it('must not go on past the end', () => {
    const steps = scenario.description.time.steps;
    const late = (step: number) => [{ ...LOG[0], step, time: 0 }];
    expect(() => replayed(late(steps + 1), 1)).toThrow(`past step ${steps}`);
    expect(replayed(late(steps), 1)).toBe(replayed([], 1));
  });

  it('names the event that cannot be carried out', () => {
    const bad = { kind: 'paint', field: 0, at: { x: 1e4, y: 15, z: 0.5 }, radius: 5, amount: 1 } as const;
    const run = replay(build(scenario), scenario, [LOG[0], { step: 2, time: 4, edit: bad }], {
      untilStep: 3,
    });
    expect(() => [...run]).toThrow(/^event 1, at step 2: .+/);
    const parameter = { kind: 'parameter', name: 'nothing', value: '1' } as const;
    expect(() => replayed([{ step: 0, time: 0, edit: parameter }], 1)).toThrow(/^event 0, at step 0: .+/);
  });
});

describe('the text of a log', () => {
  it('is read back as it was written', () => {
    expect(parseEventLog(JSON.stringify(LOG))).toEqual(LOG);
    expect(parseEventLog('- { step: 3, edit: { kind: killCells, ids: [1] } }')).toEqual([
      { step: 3, time: 0, edit: { kind: 'killCells', ids: [1] } },
    ]);
  });

  it.each([
    ['{', /neither JSON nor YAML/],
    ['3', /not a list/],
    ['[3]', /event 0: `step`/],
    ['[{"step": -1}]', /`step` must be a whole number from 0, got -1/],
    ['[{"step": 0}]', /event 0.edit: `kind` must be .* got nothing/],
    ['[{"step": 0, "edit": {"kind": "explode"}}]', /got "explode"/],
    [
      '[{"step": 0, "edit": {"kind": "kill", "at": {"x": 1, "y": "2", "z": 0}, "radius": 1}}]',
      /edit.at: `y`/,
    ],
    ['[{"step": 0, "edit": {"kind": "killCells", "ids": [0.5]}}]', /list of whole numbers/],
  ])('%s is refused', (text, message) => {
    expect(() => parseEventLog(text)).toThrow(EditError);
    expect(() => parseEventLog(text)).toThrow(message);
  });
});

describe('another description', () => {
  const other = (...set: string[]) => loadScenario(COLONY, { set }).description;

  it('of the same substances and causes continues the state', () => {
    const model = simulate(build(scenario), { untilStep: 10 });
    const before = stateHash(model);
    const next = adopt(model, other('fields.AHL.diffusivity=100 um^2/s', 'mechanics=none', 'time.end=1 h'));
    expect(stateHash(next)).toBe(before);
    expect(next.mechanics).toBeNull();
    simulate(next, { untilStep: 20 });
    expect(next.balance.worstRelative()).toBeLessThan(1e-12);
    expect(stateHash(next)).not.toBe(stateHash(simulate(build(scenario), { untilStep: 20 })));
  });

  it.each([
    ['the step', 'time.step=1 s'],
    ['the grid', 'domain.grid=[10, 12]'],
    ['the grid', 'domain.size=[41 um, 30 um]'],
    ['the seed', 'seed=8'],
    ['the fields', 'fields.extra={ diffusivity: 1 um^2/s, decay: 0 /s, initial: 0 nM }'],
    ['the species', 'cells.receiver.species.new=3'],
    ['the reactions', 'cells.sender.reactions.synthesis.equation=LuxI -> LuxI + 2 A'],
    ['the reactions', 'cells.receiver.death={ rate: 1e-3 /s }'],
  ])('that changes %s is refused, and the run goes on', (what, set) => {
    const model = simulate(build(scenario), { untilStep: 10 });
    expect(() => adopt(model, other(set))).toThrow(AdoptionError);
    expect(() => adopt(model, other(set))).toThrow(`${what} cannot change`);
    simulate(model, { untilStep: 20 });
    expect(stateHash(model)).toBe(stateHash(simulate(build(scenario), { untilStep: 20 })));
  });
});

describe('the list of parameters', () => {
  it('has each as written, with number, unit and comment where there are such', () => {
    const text = `parameters:
  a: 490 um^2/s # how fast
  b: 1e-3
  c: "2 * a"
  d: .5 %
  e: { x: 1 }
  f: 5 nM
  g: "-3.0e+2 molecules/um^3"
`;
    expect(
      listParameters(text).map(({ name, text, number, unit, comment }) => [
        name,
        text,
        number,
        unit,
        comment,
      ]),
    ).toEqual([
      ['a', '490 um^2/s', 490, 'um^2/s', 'how fast'],
      ['b', '1e-3', 1e-3, '', ''],
      ['c', '2 * a', null, '', ''],
      ['d', '.5 %', 0.5, '%', ''],
      ['f', '5 nM', 5, 'nM', ''],
      ['g', '-3.0e+2 molecules/um^3', -300, 'molecules/um^3', ''],
    ]);
    expect(listParameters('title: none')).toEqual([]);
  });
});

describe('cellfield run --events', () => {
  const folder = temporaryFolder();
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const file = write('colony.yaml', COLONY);

  it('makes the edits of the log on the way', async () => {
    const events = write('events.json', JSON.stringify(LOG));
    const { status, stdout } = await cellfield('run', file, '--events', events, '--until', '70 s', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).stateHash).toBe(replayed(LOG, 35));
  });

  it('refuses a log that cannot be made; a recording of it says so', async () => {
    const wrong = write('wrong.json', JSON.stringify([{ ...LOG[1], edit: { ...LOG[1].edit, field: 7 } }]));
    const bad = await cellfield('run', file, '--events', wrong);
    expect(bad).toMatchObject({ status: 2 });
    expect(bad.stderr).toMatch(/no field number 7/);
    expect(await cellfield('run', file, '--events', join(folder, 'none.json'))).toMatchObject({ status: 2 });
    const out = await cellfield('run', file, '--events', wrong, '--out', join(folder, 'out'));
    expect(out).toMatchObject({ status: 2 });
    expect(out.stderr).toMatch(/wrong\.json: event 0, at step \d+: .*no field number 7/);
    expect(JSON.parse(readFileSync(join(folder, 'out', 'provenance.json'), 'utf8'))).toMatchObject({
      status: 'failed',
    });
  });
});
