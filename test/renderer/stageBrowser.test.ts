/// <reference lib="dom" />
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StageBench } from '../../bench/stage/page.ts';
import { type OpenPage, openStagePage } from '../../bench/stage/serve.ts';
import { createGenerator, syntheticScenario } from '../../bench/stage/synthetic.ts';
import { Clones } from '../../src/picture/clones.ts';
import { Ranges } from '../../src/picture/ranges.ts';
import { paintScene } from '../../src/picture/raster/paint.ts';
import { sceneOf } from '../../src/picture/scene.ts';
import type { StageView } from '../../src/picture/view.ts';
import { whyNoChromium } from '../support/chromium.ts';

const reason = whyNoChromium();
if (reason !== null) console.warn(`The stage is not tested in a browser: ${reason}.`);

/** The stage in a real browser, under a strict content security policy, with software graphics where there are no other. */
describe.skipIf(reason !== null)('the stage in Chromium', () => {
  let open: OpenPage;
  const errors: string[] = [];

  beforeAll(async () => {
    open = await openStagePage();
    open.page.on('pageerror', error => errors.push(error.message));
    await open.page.evaluate(async () => {
      const { stageBench } = window as unknown as { stageBench: StageBench };
      await stageBench.view({ cells: { by: 'type' }, theme: 'dark' });
      await stageBench.synthetic(400, 64);
    });
    await settled();
  }, 60_000);

  afterAll(async () => {
    await open?.close();
  });

  /** Longer than any motion. */
  const settled = () => open.page.waitForTimeout(400);

  /** Values of events of a kind since the last call. */
  async function events(kind: string): Promise<unknown[]> {
    return open.page.evaluate(name => {
      const { log } = (window as unknown as { stageBench: StageBench }).stageBench;
      const found = log.filter(entry => Array.isArray(entry) && entry[0] === name);
      log.length = 0;
      return found.map(entry => (Array.isArray(entry) ? entry[1] : null));
    }, kind);
  }

  async function snapshot(scale: 1 | 2 | 4): Promise<PNG> {
    const text = await open.page.evaluate(async factor => {
      const { stageBench } = window as unknown as { stageBench: StageBench };
      const blob = await (await stageBench.stage()).snapshot(factor);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let binary = '';
      for (let i = 0; i < bytes.length; i += 8192)
        binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(binary);
    }, scale);
    return PNG.sync.read(Buffer.from(text, 'base64'));
  }

  const colourAt = (png: PNG, x: number, y: number) => [
    ...png.data.subarray(4 * (y * png.width + x)).subarray(0, 3),
  ];

  it('draws field, cells and captions, at one, two and four times its size', async () => {
    for (const scale of [1, 2, 4] as const) {
      const png = await snapshot(scale);
      expect([png.width, png.height]).toEqual([1280 * scale, 800 * scale]);
      // Outside the domain the ground; in its corner the low end of viridis (68, 1, 84).
      expect(colourAt(png, 200 * scale, 400 * scale)).toEqual([13, 16, 21]);
      const corner = colourAt(png, 280 * scale, 40 * scale);
      expect(Math.abs(corner[0] - 68) + Math.abs(corner[1] - 1) + Math.abs(corner[2] - 84)).toBeLessThan(12);
      // Somewhere in the legend's first swatch there is the colour of the first type.
      const legend = Array.from({ length: 200 * scale }, (_, i) =>
        colourAt(png, 1080 * scale + i, 689 * scale),
      );
      expect(legend).toContainEqual([86, 180, 233]);
    }
  });

  it('draws what the command draws without a browser', async () => {
    const scenario = syntheticScenario([64, 64, 1], 2);
    const { frame } = createGenerator(scenario, 400);
    const view: StageView = {
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
    const ranges = new Ranges();
    ranges.update(frame, view);
    const scene = sceneOf(scenario, frame, view, ranges, new Clones(), { width: 1280, height: 800 });
    const ours = paintScene(scenario, scene, view, 1);
    const theirs = await snapshot(1);
    expect([ours.width, ours.height]).toEqual([theirs.width, theirs.height]);
    // The domain: captions lie outside of it here, and differ by the fonts of the machine.
    let squares = 0;
    let values = 0;
    let largest = 0;
    for (let y = 30; y < 770; y++) {
      for (let at = 4 * (y * 1280 + 280); at < 4 * (y * 1280 + 1000); at++) {
        const difference = ours.pixels[at] - theirs.data[at];
        squares += difference * difference;
        largest = Math.max(largest, Math.abs(difference));
        values++;
      }
    }
    // 54 dB and 8 of 255 in software: the graphics card rounds in other places.
    expect(10 * Math.log10(255 ** 2 / (squares / values))).toBeGreaterThan(48);
    expect(largest).toBeLessThan(20);
  });

  it('tells where the pointer is, and selects by click, shift-click and lasso', async () => {
    const { mouse, keyboard } = open.page;
    await events('select');
    // Cell 1 lies closest to the middle: r = 0.47 · 64 · 2 µm · √(0.5 / 400) from it, at the angle 0.
    await mouse.move(640 + 12, 400);
    await settled();
    const hovers = await events('hover');
    expect(hovers.at(-1)).toMatchObject({
      cell: 0,
      concentrations: [expect.any(Number), expect.any(Number), expect.any(Number)],
    });
    await mouse.click(640 + 12, 400);
    expect(await events('select')).toEqual([[1]]);
    await keyboard.down('Shift');
    await mouse.click(640 + 12, 400);
    expect(await events('select')).toEqual([[]]);
    await mouse.move(500, 300);
    await mouse.down();
    for (const [x, y] of [
      [780, 300],
      [780, 500],
      [500, 500],
    ])
      await mouse.move(x, y, { steps: 8 });
    await mouse.up();
    await keyboard.up('Shift');
    const [lassoed] = await events('select');
    // The lasso holds 280 × 200 pixels of a disc of 353.6 pixels' radius with 400 evenly spread cells: about 57 of them.
    expect(lassoed).toBeInstanceOf(Array);
    expect((lassoed as number[]).length).toBeGreaterThan(45);
    expect((lassoed as number[]).length).toBeLessThan(70);
    await mouse.click(300, 60);
    expect(await events('select')).toEqual([[]]);
  });

  it('zooms at the pointer and drags', async () => {
    const { mouse } = open.page;
    await mouse.move(800, 300);
    await settled();
    const before = (await events('hover')).at(-1) as { at: { x: number; y: number } };
    await mouse.wheel(0, -300);
    await settled();
    await mouse.move(800.5, 300);
    await settled();
    const zoomed = (await events('hover')).at(-1) as { at: { x: number; y: number } };
    expect(zoomed.at.x).toBeCloseTo(before.at.x, 0);
    expect(zoomed.at.y).toBeCloseTo(before.at.y, 0);
    await mouse.down();
    await mouse.move(700, 380, { steps: 5 });
    await mouse.up();
    await settled();
    const dragged = (await events('hover')).at(-1) as { at: { x: number; y: number } };
    expect(dragged.at.x).toBeCloseTo(zoomed.at.x, 0);
    expect(dragged.at.y).toBeCloseTo(zoomed.at.y, 0);
    await open.page.evaluate(async () => {
      (await (window as unknown as { stageBench: StageBench }).stageBench.stage()).fit();
    });
    await settled();
  });

  it('paints dab after dab', async () => {
    const { mouse } = open.page;
    await open.page.evaluate(async () => {
      const { stageBench } = window as unknown as { stageBench: StageBench };
      await stageBench.tool({ kind: 'paint', field: 1, radius: 4, amount: 10 });
    });
    await events('edit');
    await mouse.move(500, 400);
    await mouse.down();
    await mouse.move(700, 400, { steps: 7 });
    await mouse.up();
    const edits = (await events('edit')) as { kind: string; at: { x: number } }[];
    // 200 pixels at 752 / 128 pixels per µm are 34.04 µm: a dab at the start and one every 2 µm.
    expect(edits).toHaveLength(18);
    expect(edits.every(({ kind }) => kind === 'paint')).toBe(true);
    for (let i = 1; i < edits.length; i++) expect(edits[i].at.x - edits[i - 1].at.x).toBeCloseTo(2, 6);
    await open.page.evaluate(async () => {
      await (window as unknown as { stageBench: StageBench }).stageBench.tool({ kind: 'select' });
    });
  });

  it('comes back from a lost context with the same picture', async () => {
    await open.page.mouse.move(5, 5);
    await settled();
    const before = await snapshot(1);
    await events('contextLost');
    await open.page.evaluate(() => {
      const lose = document.querySelector('canvas')?.getContext('webgl2')?.getExtension('WEBGL_lose_context');
      lose?.loseContext();
      setTimeout(() => lose?.restoreContext(), 100);
    });
    await open.page.waitForTimeout(800);
    expect(await events('contextLost')).toEqual([true, false]);
    const after = await snapshot(1);
    expect(after.data.equals(before.data)).toBe(true);
  });

  it('sleeps while nothing changes', async () => {
    await settled();
    await open.page.waitForTimeout(1100);
    const rate = await open.page.evaluate(async () => {
      const { stageBench } = window as unknown as { stageBench: StageBench };
      return (await stageBench.stage()).framesPerSecond;
    });
    expect(rate).toBe(0);
    expect(errors).toEqual([]);
  });
});
