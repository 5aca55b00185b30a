import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameReader } from '../src/cli/recording/frameReader.ts';
import { Recording } from '../src/cli/recording/recording.ts';
import {
  build,
  loadScenario,
  type Model,
  type Observer,
  type Scenario,
  simulate,
} from '../src/engine/index.ts';
import { type Figure, printFigures } from './figure.ts';
import { sendersScenario } from './sendersScenario.ts';

/**
 * What recording costs a run of 10⁴ cells with a frame of cells and of fields every 10 steps, and how long a frame takes to find and
 * read. Goals: at most 10 % of the run's time; 50 ms.
 */
const STEPS = 100;

/** Milliseconds of a run, and of the last part of it, in which the writer catches up. */
function time(model: Model, observers: readonly Observer[]): number {
  const began = performance.now();
  simulate(model, { untilStep: model.step + STEPS, observers });
  return performance.now() - began;
}

function measure(scenario: Scenario, label: string, folder: string): Figure[] {
  const model = build(scenario, { now: () => performance.now() });
  simulate(model, { untilStep: 1 });
  const recording = Recording.create(folder, { scenario, model }, false);
  const observers = recording.observers();
  const ratios: number[] = [];
  // Compiled first. Then a recorded run stands between two plain ones: the colony grows, and machines slow down.
  time(model, observers);
  let before = time(model, []);
  for (let turn = 0; turn < 5; turn++) {
    const recorded = time(model, observers);
    const after = time(model, []);
    ratios.push((2 * recorded) / (before + after) - 1);
    before = after;
  }
  recording.close(model, 'done');
  const reader = new FrameReader(folder, scenario.description);
  const seeks = reader.entries.map(entry => {
    const began = performance.now();
    reader.cells(entry);
    reader.fields(entry);
    return performance.now() - began;
  });
  const bytes = reader.entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const cells = reader.entries.reduce((sum, entry) => sum + (entry.cells ?? 0), 0);
  return [
    {
      name: `recording, a frame every 10 steps, ${label}`,
      value: 100 * median(ratios),
      unit: '% of the run',
      goal: 10,
      note: `${ratios.map(ratio => (100 * ratio).toFixed(1)).join(', ')}; waited ${recording.waited.toFixed(0)} ms; ${(bytes / cells).toFixed(0)} bytes per cell and frame`,
    },
    { name: `finding and reading a frame, ${label}`, value: median(seeks), unit: 'ms', goal: 50 },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

export function* bench(): Generator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'cellfield-bench-'));
  try {
    const text = sendersScenario({
      cells: 10_000,
      width: 256,
      grid: 256,
      region: 'domain',
      splitting: 'strang',
    });
    const step = loadScenario(text).description.time.step;
    const set = [
      `time.end=${20 * STEPS * step} s`,
      `recording.cells=${10 * step} s`,
      `recording.fields=${10 * step} s`,
    ];
    const scenario = loadScenario(text, { set: [...set, 'recording.checkpoints=none'] });
    yield* measure(scenario, '10⁴ cells, 256² field', join(folder, 'recording'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await printFigures(bench());
