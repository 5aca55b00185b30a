import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  between,
  type Camera,
  clampCamera,
  easeOut,
  fitCamera,
  pan,
  toScreen,
  toWorld,
  zoomAt,
} from '../../src/picture/camera.ts';
import { CameraMotion, MOTION } from '../../src/renderer/stage/cameraMotion.ts';
import { FrameRate } from '../../src/renderer/stage/frameRate.ts';
import { Stroke } from '../../src/renderer/stage/stroke.ts';

const SEED = 7;
const window = { width: 1280, height: 800 };
const domain = { width: 200, height: 100 };
const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const camera: fc.Arbitrary<Camera> = fc.record({
  x: coordinate,
  y: coordinate,
  scale: fc.double({ min: 0.05, max: 500, noNaN: true }),
});
const pixel = fc.double({ min: 0, max: 1280, noNaN: true });

describe('camera', () => {
  it('maps screen to world and back, with y upwards in the world', () => {
    fc.assert(
      fc.property(camera, pixel, pixel, (c, x, y) => {
        const [sx, sy] = toScreen(c, window, ...toWorld(c, window, x, y));
        expect(sx).toBeCloseTo(x, 5);
        expect(sy).toBeCloseTo(y, 5);
      }),
      { seed: SEED },
    );
    const c = { x: 10, y: 20, scale: 2 };
    expect(toScreen(c, window, 10, 20)).toEqual([640, 400]);
    expect(toScreen(c, window, 10, 30)).toEqual([640, 380]);
  });

  it('keeps the point under the pointer while zooming, all the way of a glide', () => {
    const factor = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        camera,
        factor,
        pixel,
        pixel,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (c, f, x, y, t) => {
          const to = zoomAt(c, window, f, x, y);
          expect(to.scale).toBeCloseTo(c.scale * f, 9);
          const [sx, sy] = toScreen(between(c, to, t), window, ...toWorld(c, window, x, y));
          // Nearly equal scales make the share of the way a quotient of small numbers.
          expect(Math.abs(sx - x)).toBeLessThan(1e-2);
          expect(Math.abs(sy - y)).toBeLessThan(1e-2);
        },
      ),
      { seed: SEED },
    );
  });

  it('drags the picture with the hand', () => {
    const c = { x: 50, y: 50, scale: 4 };
    const before = toScreen(c, window, 60, 40);
    const after = toScreen(pan(c, 12, -7), window, 60, 40);
    expect(after[0] - before[0]).toBeCloseTo(12, 9);
    expect(after[1] - before[1]).toBeCloseTo(-7, 9);
  });

  it('fits the whole domain, centred, touching the margin in one direction', () => {
    const c = fitCamera(window, domain);
    const [left, bottom] = toScreen(c, window, 0, 0);
    const [right, top] = toScreen(c, window, domain.width, domain.height);
    expect(left + right).toBeCloseTo(window.width, 9);
    expect(top + bottom).toBeCloseTo(window.height, 9);
    expect(left).toBeGreaterThan(0);
    expect(top).toBeGreaterThan(0);
    expect(right - left).toBeCloseTo(0.94 * window.width, 6);
  });

  it('never leaves the domain nor its limits of scale', () => {
    const fit = fitCamera(window, domain).scale;
    fc.assert(
      fc.property(camera, c => {
        const { x, y, scale } = clampCamera(c, window, domain);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(domain.width);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(domain.height);
        expect(scale).toBeGreaterThanOrEqual(fit / 4);
        expect(scale).toBeLessThanOrEqual(600);
      }),
      { seed: SEED },
    );
  });

  it('eases from 0 to 1 without turning back', () => {
    expect(easeOut(0)).toBe(0);
    expect(easeOut(1)).toBe(1);
    for (let t = 0; t < 1; t += 0.05) expect(easeOut(t + 0.05)).toBeGreaterThan(easeOut(t));
  });
});

describe('camera motion', () => {
  const from = { x: 0, y: 0, scale: 1 };
  const to = { x: 10, y: 0, scale: 1 };

  it('glides within 150 ms, or jumps', () => {
    expect(MOTION).toBeLessThanOrEqual(150);
    const motion = new CameraMotion(from);
    motion.send(to, 1000, true);
    expect(motion.at(1000)).toEqual(from);
    expect(motion.at(1000 + MOTION / 2).x).toBeGreaterThan(5);
    expect(motion.moving(1000 + MOTION / 2)).toBe(true);
    expect(motion.at(1000 + MOTION)).toEqual(to);
    expect(motion.moving(1000 + MOTION)).toBe(false);
    motion.send(from, 2000, false);
    expect(motion.at(2000)).toEqual(from);
    expect(motion.moving(2000)).toBe(false);
  });

  it('changes its mind without a jump, and follows a drag meanwhile', () => {
    const motion = new CameraMotion(from);
    motion.send(to, 0, true);
    const half = motion.at(50);
    motion.send({ x: -10, y: 0, scale: 2 }, 50, true);
    expect(motion.at(50)).toEqual(half);
    motion.shift(3, 4);
    expect(motion.at(50)).toEqual({ ...half, x: half.x + 3, y: half.y + 4 });
    expect(motion.at(1000)).toEqual({ x: -7, y: 4, scale: 2 });
  });
});

describe('strokes', () => {
  it('dab at equal distances however the path is cut up', () => {
    const whole = new Stroke(0, 0, 2).moveTo(9, 0);
    expect(whole.map(([x]) => x)).toEqual([2, 4, 6, 8]);
    const parts = new Stroke(0, 0, 2);
    const dabs = [1, 1.5, 4.5, 4.6, 9].flatMap(x => parts.moveTo(x, 0));
    dabs.forEach(([x], i) => {
      expect(x).toBeCloseTo(whole[i][0], 9);
    });
    expect(dabs).toHaveLength(4);
  });

  it('measure the way along corners, and do nothing where there is none', () => {
    const stroke = new Stroke(0, 0, 5);
    expect(stroke.moveTo(0, 0)).toEqual([]);
    expect(stroke.moveTo(3, 0)).toEqual([]);
    expect(stroke.moveTo(3, 4)).toEqual([[3, 2]]);
  });
});

describe('frame rate', () => {
  it('counts the frames of the last second', () => {
    const rate = new FrameRate();
    for (let t = 0; t <= 2000; t += 20) rate.tick(t);
    expect(rate.at(2000)).toBe(50);
    expect(rate.at(2500)).toBe(25);
    expect(rate.at(3001)).toBe(0);
  });
});
