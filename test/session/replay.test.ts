import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrame, writeFrame } from '../../src/engine/index.ts';
import type { Event } from '../../src/session/contract.ts';
import { ReplayHost } from '../../src/session/replay/host.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { chosenFolder, recordRun, removeRun, surroundings } from './replayFixtures.ts';

const [COLONY] = Object.values(SCENARIOS);
/** Frames of cells every 2 steps, of fields every 6. */
const TEXT = COLONY.replace(
  'fields:',
  'recording: { cells: 4 s, fields: 12 s, checkpoints: 1 min }\nfields:',
);

/** What a live view would have seen, by step. */
const seen = new Map<number, ArrayBuffer>();
let folder = '';

beforeAll(() => {
  folder = recordRun(TEXT, model => {
    seen.set(model.step, writeFrame(model).buffer);
  });
}, 120_000);
afterAll(() => removeRun(folder));

async function open(path = folder) {
  const around = surroundings();
  const host = await ReplayHost.open(1, chosenFolder(path), around.options);
  await around.move(0);
  const last = <T extends Event['type']>(type: T) => around.of(type).at(-1);
  const shown = () => readFrame(last('frame')?.buffer ?? new ArrayBuffer(0));
  const send = (command: Parameters<ReplayHost['receive']>[0]) => host?.receive(command);
  return { ...around, host, last, shown, send };
}

describe('a recording in place of a run', () => {
  it('says what it is, with its series, edits and events', async () => {
    const { last, events } = await open();
    expect(events[0].type).toBe('loaded');
    const scenario = last('loaded')?.scenario;
    expect(scenario).toMatchObject({ title: 'A colony in miniature', steps: 120, step: 2 });
    const recording = scenario?.recording;
    expect([...(recording?.times ?? [])]).toEqual(Array.from({ length: 61 }, (_, i) => 4 * i));
    expect(recording?.states.slice(-1)).toEqual([240]);
    const rows = readFileSync(join(folder, 'events.csv'), 'utf8').split('\n');
    const count = (kind: string) => rows.filter(row => row.split(',')[2] === kind).length;
    expect(recording?.divisions.reduce((a, b) => a + b, 0)).toBe(count('division'));
    expect(recording?.deaths.reduce((a, b) => a + b, 0)).toBe(count('death'));
    expect(count('death')).toBeGreaterThan(0);

    const series = last('series');
    const table = readFileSync(join(folder, 'timeseries.csv'), 'utf8').trim().split('\n');
    const at = table[0].split(',').indexOf('AHL_mean_per_um3');
    const column =
      scenario?.seriesColumns.findIndex(one => one.name === 'AHL' && one.statistic === 'mean') ?? -1;
    const means = table.slice(1).map(row => Number(row.split(',')[at]));
    const width = series?.columns ?? 0;
    expect(means.map((_, row) => series?.rows[row * width + column])).toEqual(means);
  });

  it('shows every frame as it was seen live: cells of its step, fields last recorded', async () => {
    const { send, move, shown, last } = await open();
    for (let step = 0; step <= 120; step += 2) {
      send({ type: 'ready', buffer: null });
      send({ type: 'seek', time: 2 * step });
      await move(0);
      const frame = shown();
      const live = readFrame(seen.get(step) ?? new ArrayBuffer(0));
      expect(frame.step).toBe(step);
      expect(last('status')?.status).toMatchObject({ step, phase: 'paused', cells: live.count });
      for (const name of [
        'id',
        'parent',
        'type',
        'x',
        'y',
        'z',
        'radius',
        'volume',
        'birthVolume',
        'divisionVolume',
        'birthTime',
        'amounts',
      ] as const)
        expect(frame[name]).toEqual(live[name]);
      const older = readFrame(seen.get(step - (step % 6)) ?? new ArrayBuffer(0));
      expect(frame.fields).toEqual(older.fields);
    }
  });

  it('reads only what is asked for last', async () => {
    const { send, move, shown, of } = await open();
    send({ type: 'ready', buffer: null });
    await move(0);
    const before = of('frame').length;
    send({ type: 'ready', buffer: null });
    for (let time = 0; time <= 200; time += 4) send({ type: 'seek', time });
    await move(0);
    expect(shown().time).toBe(200);
    expect(of('frame').length).toBe(before + 1);
  });

  it('plays at a rate, backwards, in a loop, and rests at the end', async () => {
    const { send, move, shown, last, of } = await open();
    const times: number[] = [];
    const watch = async (milliseconds: number) => {
      for (let t = 0; t < milliseconds; t += 10) {
        send({ type: 'ready', buffer: null });
        await move(10);
        const { time } = shown();
        if (times.at(-1) !== time) times.push(time);
      }
      return times.splice(0);
    };
    send({ type: 'playback', playback: { framesPerSecond: 10, loop: null } });
    send({ type: 'run', stepsPerSecond: null });
    expect(last('status')?.status.phase).toBe('running');
    expect(await watch(520)).toEqual([0, 4, 8, 12, 16, 20]);
    send({ type: 'playback', playback: { framesPerSecond: -20, loop: null } });
    expect(await watch(400)).toEqual([20, 16, 12, 8, 4, 0]);
    expect(last('status')?.status).toMatchObject({ phase: 'paused', step: 0 });
    send({ type: 'playback', playback: { framesPerSecond: 10, loop: [8, 16] } });
    send({ type: 'run', stepsPerSecond: null });
    expect(await watch(750)).toEqual([8, 12, 16, 8, 12, 16, 8, 12]);
    // Faster than the display: frames are passed over, and the end is shown.
    send({ type: 'playback', playback: { framesPerSecond: 300, loop: null } });
    const fast = await watch(400);
    expect(fast.at(-1)).toBe(240);
    expect(fast.length).toBeLessThan(30);
    expect(last('status')?.status.phase).toBe('paused');
    expect(of('frame').some(({ buffer }) => readFrame(buffer).deaths.length > 0)).toBe(true);
  });

  it('tells the life of a watched cell from its birth to its end', async () => {
    const { send, move, of } = await open();
    const [, , , mother, first, second] = (
      readFileSync(join(folder, 'events.csv'), 'utf8')
        .split('\n')
        .find(row => row.split(',')[2] === 'division') ?? ''
    )
      .split(',')
      .map(Number);
    send({ type: 'watch', cells: [mother], probes: [] });
    await move(200);
    const traces = of('traces').flatMap(event => event.traces);
    expect(traces.every(({ id }) => id === mother)).toBe(true);
    expect(traces.at(-1)).toMatchObject({ alive: false, daughters: [first, second] });
    const rows = traces.flatMap(({ rows, columns }) =>
      Array.from({ length: rows.length / columns }, (_, i) => [
        ...rows.slice(i * columns, (i + 1) * columns),
      ]),
    );
    for (const [time, volume, biomass] of rows) {
      const live = readFrame(seen.get(time / 2) ?? new ArrayBuffer(0));
      const slot = live.id.indexOf(mother);
      expect([volume, Math.fround(biomass)]).toEqual([live.volume[slot], live.amounts[slot * live.stride]]);
    }
    const lived = [...seen].filter(
      ([step, buffer]) => step % 2 === 0 && readFrame(buffer).id.includes(mother),
    );
    expect(rows.map(([time]) => time / 2)).toEqual(lived.map(([step]) => step));
  });

  it('gives single frames to be shown small, and refuses what would change it', async () => {
    const { send, move, last } = await open();
    send({ type: 'peek', request: 7, time: 101 });
    await move(0);
    expect(last('peek')).toMatchObject({ request: 7, time: 100 });
    expect(readFrame(last('peek')?.buffer ?? new ArrayBuffer(0)).step).toBe(50);
    send({ type: 'edit', edit: { kind: 'killCells', ids: [1] } });
    expect(last('refused')?.message).toMatch(/this is a recording/);
  });

  it('ends before a frame that is not whole, and stays where it is before a damaged one', async () => {
    const copy = join(folder, '..', 'damaged');
    cpSync(folder, copy, { recursive: true });
    appendFileSync(join(copy, 'frames.csv'), '122,244,12,');
    const chunk = join(copy, 'fields.zarr', 'AHL', '5.0.0.0');
    writeFileSync(chunk, readFileSync(chunk).subarray(0, 100));
    rmSync(join(copy, 'fields.zarr', 'glucose', '6.0.0.0'));
    const { send, move, last, of } = await open(copy);
    expect(last('loaded')?.scenario.recording?.times).toHaveLength(61);
    send({ type: 'seek', time: 40 });
    await move(0);
    for (const [time, message] of [
      [64, /fields.zarr\/AHL\/5.0.0.0 is damaged/],
      [72, /fields.zarr\/glucose\/6.0.0.0 is missing/],
    ] as const) {
      send({ type: 'seek', time });
      await move(0);
      expect(of('refused').at(-1)?.message).toMatch(message);
      expect(last('status')?.status.time).toBe(40);
    }
  });

  it('shows rods along their axes', async () => {
    const lives = new Map<number, ArrayBuffer>();
    const rods = recordRun(
      `cellfield: 1
title: Rods
domain: { size: [40 um, 40 um], grid: [4, 4], thickness: 1 um }
time: { end: 20 min, step: 1 min }
cells:
  rod:
    shape: { rod: { radius: 0.5 um, length: 3 um } }
    species: {}
    growth: 2 /h
    division: { adder: { added: 2 um^3 } }
population:
  - { type: rod, in: { points: [[20 um, 20 um], [12 um, 20 um]] } }
`,
      model => {
        lives.set(model.step, writeFrame(model).buffer);
      },
    );
    try {
      const { send, move, shown } = await open(rods);
      send({ type: 'ready', buffer: null });
      await move(0);
      send({ type: 'ready', buffer: null });
      send({ type: 'seek', time: 1200 });
      await move(0);
      const live = readFrame(lives.get(20) ?? new ArrayBuffer(0));
      const { half, step } = shown();
      expect(step).toBe(20);
      for (const axis of ['x', 'y', 'z'] as const) {
        expect(half?.[axis].length).toBe(live.count);
        // Rounded to single precision once more.
        half?.[axis].forEach((value, i) => {
          expect(Math.abs(value - (live.half?.[axis][i] ?? Number.NaN))).toBeLessThan(1e-6);
        });
      }
    } finally {
      removeRun(rods);
    }
  });

  it('is refused where it is none, with what is wrong', async () => {
    const empty = join(folder, '..');
    const { host, last } = await open(empty);
    expect(host).toBeNull();
    expect(last('problems')?.problems[0].message).toMatch(
      /recording is not a recording: it has no scenario.yaml/,
    );
    const copy = join(folder, '..', 'other');
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, 'scenario.yaml'), 'cellfield: 1\ntitle: x\n');
    expect((await open(copy)).last('problems')?.problems[0].message).toMatch(
      /scenario.yaml, written by version/,
    );
  });
});
