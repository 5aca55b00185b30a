/// <reference lib="dom" />
import { readFrame } from '../../src/engine/recording/frame.ts';
import { createStage } from '../../src/renderer/stage/stage.ts';
import type { Stage, StageView, Tool } from '../../src/renderer/stage/view.ts';
import { createGenerator, syntheticScenario } from './synthetic.ts';

/** A page with one stage on it, steered from outside through `window.stageBench`. */
const PLAIN: StageView = {
  fields: [{ field: 0, map: 'viridis', scale: 'linear', range: 'auto' }],
  contours: false,
  slice: 0,
  cells: { by: 'type' },
  trails: false,
  scaleBar: true,
  legend: true,
  timeStamp: true,
  theme: 'dark',
};

const log: unknown[] = [];
let view = PLAIN;
let stage: Stage | null = null;

async function theStage(): Promise<Stage> {
  const container = document.querySelector<HTMLElement>('#stage');
  if (!container) throw new Error('no container');
  const record = (name: string) => (value: unknown) => void log.push([name, value]);
  stage ??= await createStage(
    container,
    {
      hover: record('hover'),
      select: ids => {
        log.push(['select', ids]);
        stage?.setSelection(ids);
      },
      edit: record('edit'),
      probe: record('probe'),
      contextLost: record('contextLost'),
      ranges: (fields, cells) => void log.push(['ranges', fields, cells]),
    },
    view,
  );
  return stage;
}

const stageBench = {
  log,
  async view(changes: Partial<StageView>): Promise<void> {
    view = { ...view, ...changes };
    (await theStage()).setView(view);
  },
  async tool(tool: Tool): Promise<void> {
    (await theStage()).setTool(tool);
  },
  async synthetic(count: number, voxels: number, nz = 1): Promise<void> {
    const scenario = syntheticScenario([voxels, voxels, nz], 2);
    const target = await theStage();
    target.setScenario(scenario);
    target.setFrame(createGenerator(scenario, count).frame);
  },
  /** A frame written by the engine, with what the stage needs to know of its scenario. */
  async recorded(name: string): Promise<void> {
    const info = await (await fetch(`./${name}.json`)).json();
    const bytes = await (await fetch(`./${name}.frame`)).arrayBuffer();
    const target = await theStage();
    target.setScenario({ ...syntheticScenario([1, 1, 1], 1), ...info });
    target.setFrame(readFrame(bytes));
  },
  /**
   * Frames drawn per second while every cell and voxel changes before each display refresh: the mean, and what the
   * quickest 0.3 s reached (on a machine that also does other things).
   */
  async frameRate(count: number, voxels: number, milliseconds: number): Promise<Rate> {
    const scenario = syntheticScenario([voxels, voxels, 1], 2);
    const target = await theStage();
    target.setScenario(scenario);
    const generator = createGenerator(scenario, count);
    let step = 0;
    const warmUp = 500;
    const start = performance.now();
    const times: number[] = [];
    return new Promise(resolve => {
      const tick = (now: number): void => {
        if (now - start >= warmUp) times.push(now);
        if (now - start >= warmUp + milliseconds) {
          resolve(rateOf(times, step));
          return;
        }
        generator.advance(++step);
        target.setFrame(generator.frame);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
  },
  async stage(): Promise<Stage> {
    return theStage();
  },
};

export interface Rate {
  /** Frames drawn altogether. */
  readonly drawn: number;
  readonly mean: number;
  readonly best: number;
}

/** Rates from the times (ms) of successive frames. */
function rateOf(times: readonly number[], drawn: number): Rate {
  const last = times.length - 1;
  const mean = (1000 * last) / (times[last] - times[0]);
  let best = 0;
  for (let from = 0, to = 1; to <= last; to++) {
    while (to - from > 1 && times[to] - times[from + 1] >= 300) from++;
    const span = times[to] - times[from];
    if (span >= 300) best = Math.max(best, (1000 * (to - from)) / span);
  }
  return { drawn, mean, best: Math.max(mean, best) };
}

export type StageBench = typeof stageBench;

Object.assign(window, { stageBench });
