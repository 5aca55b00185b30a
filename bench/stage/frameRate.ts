import { cpus } from 'node:os';
import { findChromium } from '../../test/support/chromium.ts';
import { type Figure, printFigures } from '../figure.ts';
import type { Rate, StageBench } from './page.ts';
import { descendantsTime } from './processorTime.ts';
import { openStagePage } from './serve.ts';

/**
 * Frames per second of the stage in Chromium at 1280 × 800 with every cell and every voxel changing before each frame, and
 * what a frame costs all of the browser's processes. The display's own limit is lifted. Where there is no graphics card the
 * browser draws in software and shares the cores with itself.
 */
const CASES = [
  { name: 'empty stage', cells: 0, fields: 0 },
  { name: '256² field', cells: 0, fields: 1 },
  { name: '10⁴ cells', cells: 1e4, fields: 0 },
  { name: '10⁴ cells, 256² field', cells: 1e4, fields: 1, goal: 60 },
  { name: '10⁵ cells, 256² field', cells: 1e5, fields: 1 },
] as const;

const MILLISECONDS = 2000;
const REPETITIONS = 2;

export async function* bench(): AsyncGenerator<Figure> {
  if (findChromium() === null) {
    console.error('not measured: no Chromium was found (set CHROMIUM_PATH)');
    return;
  }
  const { page, close } = await openStagePage(undefined, [
    '--disable-gpu-vsync',
    '--disable-frame-rate-limit',
  ]);
  try {
    const renderer = await page.evaluate(() => {
      const gl = document.createElement('canvas').getContext('webgl2');
      const info = gl?.getExtension('WEBGL_debug_renderer_info');
      return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'unknown';
    });
    console.error(`${renderer}, ${cpus().length} cores`);
    for (const { name, cells, fields, ...rest } of CASES) {
      let best = 0;
      let cost = Number.POSITIVE_INFINITY;
      for (let repetition = 0; repetition < REPETITIONS; repetition++) {
        const before = descendantsTime();
        const rate: Rate = await page.evaluate(
          async ([count, layers, duration]) => {
            const { stageBench } = window as unknown as { stageBench: StageBench };
            const layer = { field: 0, map: 'viridis', scale: 'linear', range: 'auto' } as const;
            await stageBench.view({ fields: layers > 0 ? [layer] : [] });
            return stageBench.frameRate(count, 256, duration);
          },
          [cells, fields, MILLISECONDS] as const,
        );
        const after = descendantsTime();
        best = Math.max(best, rate.best);
        if (before !== null && after !== null) cost = Math.min(cost, (1000 * (after - before)) / rate.drawn);
      }
      const note = Number.isFinite(cost) ? `${cost.toFixed(1)} ms of processor time per frame` : undefined;
      yield { name, value: best, unit: 'frames/s', ...rest, ...(note && { note }) };
    }
  } finally {
    await close();
  }
}

if (import.meta.main) await printFigures(bench());
