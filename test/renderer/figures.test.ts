import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/engine/version.ts';
import { toScreen, toWorld } from '../../src/picture/camera.ts';
import { recordedTimes, timesBetween } from '../../src/renderer/figures/frameSource.ts';
import { gifDelay } from '../../src/renderer/figures/gifEncoder.ts';
import { withText } from '../../src/renderer/figures/pngText.ts';
import { describeProvenance, entriesOf, provenanceOf } from '../../src/renderer/figures/provenance.ts';
import { faultOf, summaryOf, type VideoSettings } from '../../src/renderer/figures/videoSettings.ts';
import { cameraFor, layOutFigure } from '../../src/renderer/stage/figureLayout.ts';
import type { Shot } from '../../src/renderer/stage/view.ts';
import { makeFrame } from './stageFixtures.ts';

const SCENARIO = { title: 'A dish', seed: '5', file: 'dish.yaml' };

describe('text in a PNG', () => {
  const png = PNG.sync.write(new PNG({ width: 2, height: 1 }));

  it('leaves the picture as it was, and its sums are right', () => {
    const marked = withText(png, [
      ['Title', 'A dish'],
      ['Description', 'Größe in µm'],
      ['Seed', '五'],
    ]);
    // pngjs checks the sum of every chunk.
    expect(PNG.sync.read(Buffer.from(marked), { checkCRC: true }).data).toEqual(PNG.sync.read(png).data);
    const text = Buffer.from(marked).toString('latin1');
    expect(text).toContain('tEXtTitle\0A dish');
    expect(text).toContain('tEXtDescription\0Gr\xf6\xdfe in \xb5m');
    expect(text).toContain(`iTXtSeed\0\0\0\0\0${Buffer.from('五').toString('latin1')}`);
  });

  it('is refused for what is no PNG', () => {
    expect(() => withText(new Uint8Array(100), [])).toThrow('not a PNG');
  });
});

describe('where a figure comes from', () => {
  it('names scenario, seed, version, time and the edits before it', () => {
    const of = provenanceOf(SCENARIO, [{ time: 10 }, { time: 20 }, { time: 40 }], 0, 30);
    expect(describeProvenance(of)).toBe(
      `scenario dish.yaml, seed 5, Cellfield ${VERSION}, 0:00:00 to 0:00:30, 2 edits by hand`,
    );
    expect(Object.fromEntries(entriesOf(provenanceOf(SCENARIO, [], 1.5)))).toMatchObject({
      Title: 'A dish',
      Seed: '5',
      Software: `Cellfield ${VERSION}`,
      'Simulated time': '1.5 s',
      Description: `scenario dish.yaml, seed 5, Cellfield ${VERSION}, at 0:00:01.500`,
    });
  });
});

describe('times of a film', () => {
  it('are even, with both ends, each at the end of a step', () => {
    expect(timesBetween(0, 10, 5, 0.5)).toEqual([0, 2.5, 5, 7.5, 10]);
    expect(timesBetween(2, 3, 4, 0.5)).toEqual([2, 2.5, 2.5, 3]);
    expect(timesBetween(4, 9, 1, 1)).toEqual([4]);
  });

  it('are those recorded, where the run is a recording', () => {
    expect(recordedTimes([0, 15, 30, 45, 60], [0, 10, 20, 30, 40, 50], 2)).toEqual([0, 10, 30, 40, 50]);
    expect(recordedTimes([0, 1], [5], 1)).toEqual([5, 5]);
  });

  it('add up in a GIF, however the length of a picture is rounded', () => {
    for (const rate of [3, 7, 12, 30, 50]) {
      const sum = Array.from({ length: 5 * rate }, (_, i) => gifDelay(i, rate)).reduce((a, b) => a + b, 0);
      expect(sum).toBe(500);
    }
  });
});

describe('the choice of a video', () => {
  const settings: VideoSettings = {
    kind: 'mp4',
    width: 640,
    height: 360,
    rate: 24,
    length: 10,
    from: 0,
    to: 3600,
    whole: false,
    held: false,
    legend: true,
    scaleBar: true,
    timeStamp: true,
  };
  const run = { step: 0.5, steps: 7200 };

  it('says how many pictures there are, and how fast it goes', () => {
    expect(summaryOf(settings)).toBe(
      '240 pictures, one every 15\u202fs of the run: 360 times as fast as life.',
    );
    expect(faultOf(settings, run)).toBeNull();
  });

  it('says what is wrong', () => {
    expect(faultOf({ ...settings, from: 3600 }, run)).toContain('after the beginning');
    expect(faultOf({ ...settings, to: 3601 }, run)).toContain('The run ends');
    expect(faultOf({ ...settings, kind: 'gif', rate: 60 }, run)).toContain('50 pictures per second');
    expect(faultOf({ ...settings, length: 600, rate: 60 }, run)).toContain('20\u202f000 pictures');
  });
});

describe('the layout of a figure', () => {
  const shot = {
    camera: { x: 30, y: 20, scale: 5 },
    window: { width: 800, height: 600 },
    scenario: { grid: { size: [100, 50, 1] } },
  } as unknown as Shot;

  it('is that of the stage at its own size', () => {
    const { ratio, window, camera } = layOutFigure(shot, shot.window, false);
    expect([ratio, window, camera]).toEqual([1, shot.window, shot.camera]);
  });

  it.each([
    [1920, 1080],
    [1080, 1080],
    [320, 180],
    [3840, 2160],
  ])('has all of the stage in %i × %i, in the middle', (width, height) => {
    const { ratio, window, camera } = layOutFigure(shot, { width, height }, false);
    expect(window.width * ratio).toBeCloseTo(width, 9);
    for (const corner of [
      [0, 0],
      [800, 600],
    ]) {
      const [x, y] = toScreen(camera, window, ...toWorld(shot.camera, shot.window, corner[0], corner[1]));
      expect(x).toBeGreaterThan(-1e-9);
      expect(x).toBeLessThan(window.width + 1e-9);
      expect(y).toBeGreaterThan(-1e-9);
      expect(y).toBeLessThan(window.height + 1e-9);
    }
    expect([camera.x, camera.y]).toEqual([30, 20]);
    expect(ratio).toBeGreaterThanOrEqual(0.75);
  });

  it('can show the whole domain', () => {
    const { camera } = layOutFigure(shot, { width: 800, height: 600 }, true);
    expect([camera.x, camera.y]).toEqual([50, 25]);
    expect(camera.scale).toBeCloseTo((0.94 * 800) / 100, 9);
  });

  it('goes with the followed cell while it is there', () => {
    const frame = makeFrame([
      { id: 7, x: 3, y: 4 },
      { id: 9, x: 10, y: 12 },
    ]);
    expect(cameraFor(frame, shot.camera, { id: 9, x: 1, y: -1 })).toEqual({ x: 11, y: 11, scale: 5 });
    expect(cameraFor(frame, shot.camera, { id: 8, x: 1, y: -1 })).toEqual(shot.camera);
  });
});
