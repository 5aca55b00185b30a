import { describe, expect, it } from 'vitest';
import { stateHash } from '../../src/engine/model/hash.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { MOST_ROWS } from '../../src/session/series.ts';
import { Bench, COLONY } from './support.ts';

const RUN = { type: 'run', stepsPerSecond: null } as const;

/** All rows that a reader of the series events has by now. */
function rowsOf(bench: Bench): number[][] {
  let rows: number[][] = [];
  for (const { reset, rows: news, columns } of bench.all('series')) {
    if (reset) rows = [];
    for (let from = 0; from < news.length; from += columns)
      rows.push([...news.subarray(from, from + columns)]);
  }
  return rows;
}

describe('the time series', () => {
  it('has a row at every recorded step, with what the columns say', () => {
    const bench = new Bench({ tick: 0.5 });
    const { seriesColumns } = bench.load();
    bench.send(RUN).settle();
    const rows = rowsOf(bench);
    expect(rows.map(([time]) => time)).toEqual(Array.from({ length: 13 }, (_, i) => 20 * i));
    const model = simulate(build(loadScenario(COLONY)));
    const value = (of: string, name: string, statistic: string) =>
      rows[12][seriesColumns.findIndex(c => c.of === of && c.name === name && c.statistic === statistic)];
    let [senders, luxI, squares] = [0, 0, 0];
    const { population } = model;
    for (let slot = 0; slot < population.count; slot++) {
      if (population.type[slot] !== 0) continue;
      senders++;
      luxI += population.amounts[4 * slot + 2];
      squares += population.amounts[4 * slot + 2] ** 2;
    }
    expect(value('cells', 'sender', 'count')).toBe(senders);
    expect(value('species', 'sender.LuxI', 'mean')).toBeCloseTo(luxI / senders, 9);
    const variance = (squares - luxI ** 2 / senders) / (senders - 1);
    expect(value('species', 'sender.LuxI', 'sd')).toBeCloseTo(Math.sqrt(variance), 9);
    expect(value('field', 'AHL', 'max')).toBe(Math.max(...model.fields[0]));
    expect(value('residual', model.balance.moieties[0].name, 'relative')).toBeLessThan(1e-12);
    expect(value('probe', 'probe 1 AHL', 'value')).toBeNaN();
  });

  it('has no holes and no other rows after any way back and forth', () => {
    const straight = new Bench({ tick: 0.5 });
    straight.load();
    straight.send(RUN).settle();
    const bench = new Bench({ tick: 5 });
    bench.load();
    for (const time of [200, 31, 120, 118, 240, 10, 240]) {
      bench.send({ type: 'seek', time }).settle();
      expect(rowsOf(bench)).toEqual(rowsOf(straight).filter(([at]) => at <= time));
    }
  });

  it('forgets what an edit or an undo made untrue', () => {
    const bench = new Bench();
    bench.load();
    bench.send(RUN).settle();
    const plain = rowsOf(bench);
    bench.send({ type: 'seek', time: 60 }).settle();
    const at = { x: 20, y: 15, z: 0 };
    bench.send({ type: 'edit', edit: { kind: 'paint', field: 0, at, radius: 9, amount: 1e6 } }, RUN).settle();
    const edited = rowsOf(bench);
    expect(edited.length).toBe(13);
    expect(edited.slice(0, 4)).toEqual(plain.slice(0, 4));
    for (let i = 4; i < 13; i++) expect(edited[i]).not.toEqual(plain[i]);
    bench.send({ type: 'undo' }, RUN).settle();
    expect(rowsOf(bench)).toEqual(plain);
  });

  it('keeps a bounded number of rows, evenly spread', () => {
    const text = COLONY.replace('end: 4 min', 'end: 20000 s')
      .replace('record: 20 s', 'record: 2 s')
      .replace(/population:[\s\S]*coupling/, 'population: []\ncoupling');
    const bench = new Bench();
    bench.load(text);
    bench.send(RUN).settle();
    const times = rowsOf(bench).map(([time]) => time);
    expect(times.length).toBeGreaterThan(MOST_ROWS / 2);
    expect(times.length).toBeLessThanOrEqual(MOST_ROWS);
    const gaps = new Set(times.slice(1).map((time, i) => time - times[i]));
    expect([...gaps]).toEqual([8]);
  });

  it('follows probes from when they are set', () => {
    const bench = new Bench();
    const { seriesColumns } = bench.load();
    bench.step(20);
    bench.send({ type: 'watch', cells: [], probes: [{ x: 20, y: 15, z: 0 }] });
    bench.step(20);
    const column = seriesColumns.findIndex(({ name }) => name === 'probe 1 AHL');
    const values = rowsOf(bench).map(row => row[column]);
    expect(values.slice(0, 2)).toEqual([Number.NaN, Number.NaN]);
    const voxel = 10 + 20 * 6;
    expect(values.slice(2)).toEqual(
      [20, 30, 40].map(untilStep => simulate(build(loadScenario(COLONY)), { untilStep }).fields[0][voxel]),
    );
  });
});

describe('watched cells', () => {
  it('are traced: volume, amounts, and exchange that adds up to what the fields got', () => {
    const bench = new Bench({ tick: 0 });
    const info = bench.load();
    const everyone = Array.from({ length: 18 }, (_, i) => i + 1);
    bench.send({ type: 'watch', cells: everyone, probes: [] });
    // Before anyone divides or dies, what all cells gave is what the ledger says.
    bench.step(6);
    const traces = bench.all('traces').flatMap(({ traces }) => traces);
    const model = simulate(build(loadScenario(COLONY)), { untilStep: 6 });
    expect(model.population.nextId).toBe(19);
    const { extents, causes } = model.ledger;
    const given = info.fields.map((_, f) =>
      causes.all.reduce((sum, cause, c) => {
        const change = cause.changes.find(({ substance }) => substance === model.substances.cellCount + f);
        return cause.kind === 'reaction' && change ? sum + change.amount * extents.value(c) : sum;
      }, 0),
    );
    expect(given[1]).toBeLessThan(-1e6);
    info.fields.forEach((_, f) => {
      let sum = 0;
      for (const { rows, columns } of traces) {
        for (let from = 0; from < rows.length; from += columns) sum += rows[from + columns - 2 + f];
      }
      expect(sum / given[f]).toBeCloseTo(1, 9);
    });
    const first = traces.filter(({ id }) => id === 1).at(-1);
    expect(first).toMatchObject({ alive: true, columns: 2 + 4 + 2, daughters: [] });
    const slot = model.population.id.indexOf(1);
    expect(first?.rows[0]).toBe(12);
    expect(first?.rows[1]).toBe(model.population.volume[slot]);
    expect([...(first?.rows.subarray(2, 6) ?? [])]).toEqual([
      ...model.population.amounts.subarray(4 * slot, 4 * slot + 4),
    ]);
  });

  it('end with their daughters when they divide, without when they die, and live again after going back', () => {
    const bench = new Bench();
    bench.load();
    // Most of them are not born yet.
    bench.send({ type: 'watch', cells: Array.from({ length: 64 }, (_, i) => i + 1), probes: [] });
    bench.send(RUN).settle();
    const ended = bench.all('traces').flatMap(({ traces }) => traces.filter(({ alive }) => !alive));
    expect(new Set(ended.map(({ id }) => id)).size).toBe(ended.length);
    const divided = ended.find(({ daughters }) => daughters.length === 2);
    if (!divided) throw new Error('nobody divided');
    expect(ended.some(({ daughters }) => daughters.length === 0)).toBe(true);
    const model = build(loadScenario(COLONY));
    for (
      let step = 1;
      !model.division.log.mother.subarray(0, model.division.log.count).includes(divided.id);
      step++
    ) {
      simulate(model, { untilStep: step });
    }
    const i = model.division.log.mother.indexOf(divided.id);
    expect(divided.daughters).toEqual([model.division.log.first[i], model.division.log.second[i]]);
    bench.send({ type: 'seek', time: 4 }).settle();
    const again = bench.last('traces').traces.find(({ id }) => id === divided.id);
    expect(again).toMatchObject({ alive: true });
    expect(again?.rows[0]).toBe(4);
  });

  it('do not change the run', () => {
    const bench = new Bench();
    bench.load();
    bench.send({ type: 'watch', cells: [1, 2, 3, 999], probes: [{ x: 1, y: 1, z: 0 }] }, RUN).settle();
    expect(bench.hash()).toBe(stateHash(simulate(build(loadScenario(COLONY)))));
  });
});

describe('a run that fails', () => {
  /** At 20 s a rate becomes infinite. */
  const FAILING = COLONY.replace('rate: 0.1 /s * mRNA', 'rate: "0.1 /s * mRNA / (time < 20 s)"');

  it('says why, and stays at the last good state, from which one can go back or mend it', () => {
    const bench = new Bench({ tick: 5 });
    bench.load(FAILING);
    bench.send({ type: 'ready', buffer: null }, RUN).settle();
    const { kind, message, step } = bench.last('failed');
    expect(kind).toBe('rate');
    expect(message).toMatch(/sender\.translation/);
    expect(bench.status.phase).toBe('failed');
    const last = bench.status.step;
    expect(last).toBeGreaterThanOrEqual(step - 1);
    const good = stateHash(simulate(build(loadScenario(FAILING)), { untilStep: last }));
    expect(bench.hash(FAILING)).toBe(good);
    bench.send(RUN).settle();
    expect(bench.last('refused').message).toMatch(/failed/);
    bench.send({ type: 'seek', time: 8 }).settle();
    expect(bench.status).toMatchObject({ phase: 'paused', step: 4 });
    bench.send(RUN).settle();
    expect(bench.all('failed').length).toBe(2);
    expect(bench.hash(FAILING)).toBe(good);
  });

  it('can be mended by a parameter', () => {
    const text = COLONY.replace(
      'rate: 0.1 /s * mRNA',
      'rate: "0.1 /s * mRNA / (time < 20 s or leak > 0.2)"',
    ).replace('(time < 20 s or leak > 0.2)', 'max(time < 20 s, leak > 0.2)');
    const bench = new Bench();
    bench.load(text);
    bench.send(RUN).settle();
    expect(bench.status.phase).toBe('failed');
    bench.send({ type: 'edit', edit: { kind: 'parameter', name: 'leak', value: '0.3' } });
    expect(bench.status.phase).toBe('paused');
    bench.send(RUN).settle();
    expect(bench.status).toMatchObject({ phase: 'finished', step: 120 });
  });

  it('of its balance shows the step that did it', () => {
    const bench = new Bench();
    bench.load(COLONY.replace('tolerance: 1e-12', 'tolerance: 1e-25'));
    bench.send(RUN).settle();
    expect(bench.last('failed').kind).toBe('balance');
    expect(bench.status.phase).toBe('failed');
    const { balance } = bench.last('balance');
    expect(balance.breaches).toBe(1);
    expect(balance.worstStep).toBeGreaterThan(balance.tolerance);
    expect(balance.moieties.some(({ byOperator }) => Object.values(byOperator).some(r => r !== 0))).toBe(
      true,
    );
  });

  it('pauses at the first breach where the scenario only warns', () => {
    const bench = new Bench();
    bench.load(COLONY.replace('tolerance: 1e-12, onBreach: stop', 'tolerance: 1e-25, onBreach: warn'));
    bench.send(RUN).settle();
    expect(bench.status.phase).toBe('paused');
    expect(bench.last('balance').balance.breaches).toBe(1);
    bench.send(RUN).settle();
    expect(bench.status.phase).toBe('finished');
  });
});
