import type { CouplingChoice, MonolithicCoupling } from '../../src/engine/description/description.ts';

/** Schedules under which whole molecules are exchanged by the laws below. */
export type Lawful = Exclude<CouplingChoice, MonolithicCoupling>;

/**
 * The law that each schedule gives to whole molecules exchanged between the cells of a box and its content, at rate a per molecule out of the cells
 * and back, on a line of boxes between which the content diffuses (`hop` per molecule and neighbour). All of it is linear, so a mode
 * k = 0 … of the line goes its own way, with two amplitudes: x in the cells, y in the fields. Over a window H
 *
 *     x⁺ = q x + w₀ (y seen at the start) + w₁ (at the end) + noise,   variance of the noise m (1 − q²) a box,   q = exp(−aH)
 *     y⁺ = R y − P (x⁺ − x),                                            R = G(μH),   P = (1 − R)/(μH)
 *
 * m the mean content of a box's cells, μ = 2 hop (1 − cos(πk/boxes)), G the stability function of TR-BDF2. Molecules stay in the cell with
 * probability q and come in by a Poisson process of the rate seen; that this rate answers to them is of order 1/m beside it.
 */
export interface WindowLaw {
  /** Per mode: variances and covariance of x and y at the windows' ends, stationary. */
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
  /** Covariance of x with x one window later, over xx. */
  readonly lagged: number;
  /** Largest modulus of an eigenvalue of the window's map: 1 and beyond is unstable. */
  readonly radius: number;
}

type Matrix = readonly [number, number, number, number];

export function windowLaw(
  coupling: Exclude<Lawful, { schedule: 'monolithic' }>,
  window: number,
  rate: number,
  mean: number,
  decay = 0,
): WindowLaw {
  const [map, noise] =
    coupling.schedule === 'joint'
      ? jointMap(window, rate, mean, decay)
      : passMap(coupling, window, rate, mean, decay);
  return decay === 0 ? withoutDecay(map, noise) : stationary(map, noise);
}

/** The law of what really happens, fields without noise of their own: dx = a (y − x) + noise, dy = −dx − μ y. */
export function hybridLaw(window: number, rate: number, mean: number, decay = 0): WindowLaw {
  const parts = 4096;
  const [map, noise] = jointMap(window / parts, rate, mean, decay);
  let [m, q] = [map, noise];
  // Twice the window: M² and Q + M Q Mᵀ.
  for (let n = parts; n > 1; n /= 2) [m, q] = [multiply(m, m), add(q, conjugate(m, q))];
  return decay === 0 ? withoutDecay(m, q) : stationary(m, q);
}

/** The law on a whole line: covariances of what the cells of the boxes hold, by pair, and of one box with itself a window later. */
export interface LineLaw {
  readonly covariance: readonly (readonly number[])[];
  readonly lagged: number;
  /** Of all cells together. */
  readonly total: WindowLaw;
  /** Of the mode that forgets most slowly. */
  readonly radius: number;
}

/** `law`: of a mode that decays by diffusion at the given rate. Mode k is √(2/boxes) cos(πk(i + ½)/boxes), k = 0 the mean. */
export function lineLaw(boxes: number, hop: number, law: (decay: number) => WindowLaw): LineLaw {
  const places = Array.from({ length: boxes }, (_, i) => i);
  const modes = places.map(k => law(k === 0 ? 0 : 2 * hop * (1 - Math.cos((Math.PI * k) / boxes))));
  const shape = (k: number, i: number) =>
    Math.sqrt((k === 0 ? 1 : 2) / boxes) * Math.cos((Math.PI * k * (i + 0.5)) / boxes);
  const covariance = places.map(i =>
    places.map(j => modes.reduce((sum, { xx }, k) => sum + xx * shape(k, i) * shape(k, j), 0)),
  );
  const lagged = modes.reduce((sum, mode) => sum + mode.lagged * mode.xx, 0) / boxes;
  return { covariance, lagged, total: modes[0], radius: Math.max(...modes.map(({ radius }) => radius)) };
}

/** The same of the reaction–diffusion master equation: the multinomial law, all molecules in any of 2 · boxes places. */
export function multinomialCovariance(boxes: number, molecules: number): number[][] {
  const places = Array.from({ length: boxes }, (_, i) => i);
  return places.map(i => places.map(j => (i === j ? molecules / 2 : 0) - molecules / (4 * boxes)));
}

function passMap(
  coupling: Exclude<Lawful, { schedule: 'joint' | 'monolithic' }>,
  window: number,
  rate: number,
  mean: number,
  decay: number,
): [Matrix, Matrix] {
  const left = rate * window;
  const q = Math.exp(-left);
  const R = decay === 0 ? 1 : trBdf2(decay * window);
  const P = decay === 0 ? 1 : (1 - R) / (decay * window);
  /** What is seen: s x + u y + v y⁺, as additions to x⁺. */
  let [s, u, v] = [0, 0, 0];
  if (coupling.schedule === 'weak') {
    if (coupling.splitting === 'lie') u = 1 - q;
    else {
      // One stage over half the window in delta form, its sink shared by the two axes of the factorisation.
      const half = (1 + (window / 2) * (decay + rate / 2)) * (1 + (window / 4) * rate);
      s = ((1 - q) * (left / 2)) / half;
      u = (1 - q) * (1 - ((window / 2) * (decay + rate)) / half);
    }
  } else if (coupling.sees === 'end') v = 1 - q;
  else if (coupling.sees === 'midpoint') [u, v] = [(1 - q) / 2, (1 - q) / 2];
  else {
    v = 1 - (1 - q) / left;
    u = 1 - q - v;
  }
  // x⁺ (1 + v P) = (q + s + v P) x + (u + v R) y + noise
  const scale = 1 / (1 + v * P);
  const a = (q + s + v * P) * scale;
  const b = (u + v * R) * scale;
  const variance = mean * (1 - q * q) * scale * scale;
  return [
    [a, b, P * (1 - a), R - P * b],
    [variance, -P * variance, -P * variance, P * P * variance],
  ];
}

/** Half a window of diffusion, the exchange for itself, which leaves x + y as it is, and half a window of diffusion. */
function jointMap(window: number, rate: number, mean: number, decay: number): [Matrix, Matrix] {
  const R = decay === 0 ? 1 : trBdf2((decay * window) / 2);
  const kept = Math.exp(-2 * rate * window);
  const [stay, go] = [(1 + kept) / 2, (1 - kept) / 2];
  // Each of 2m molecules is on one of two sides.
  const variance = 2 * mean * stay * go;
  const half: Matrix = [1, 0, 0, R];
  const map = multiply(half, multiply([stay, go, go, stay], half));
  return [map, conjugate(half, [variance, -variance, -variance, variance])];
}

/** TR-BDF2's factor on a mode that decays by exp(−z). */
function trBdf2(z: number): number {
  const d = 1 - Math.SQRT1_2;
  const w = Math.SQRT2 / 4;
  const middle = (1 - d * z) / (1 + d * z);
  return (1 - w * z * (1 + middle)) / (1 + d * z);
}

function stationary(map: Matrix, noise: Matrix): WindowLaw {
  const radius = spectralRadius(map);
  let [m, q] = [map, noise];
  for (let n = 0; n < 60 && Math.abs(m[0]) + Math.abs(m[1]) + Math.abs(m[2]) + Math.abs(m[3]) > 1e-18; n++) {
    [m, q] = [multiply(m, m), add(q, conjugate(m, q))];
  }
  const [xx, xy, , yy] = q;
  return { xx, xy, yy, lagged: (map[0] * xx + map[1] * xy) / xx, radius };
}

/** Where nothing leaves, y = −x: one amplitude is all. */
function withoutDecay(map: Matrix, noise: Matrix): WindowLaw {
  const factor = map[0] - map[1];
  const xx = Math.abs(factor) < 1 ? noise[0] / (1 - factor * factor) : Number.POSITIVE_INFINITY;
  return { xx, xy: -xx, yy: xx, lagged: factor, radius: Math.abs(factor) };
}

function spectralRadius([a, b, c, d]: Matrix): number {
  const half = (a + d) / 2;
  const root = half * half - (a * d - b * c);
  return root >= 0 ? Math.abs(half) + Math.sqrt(root) : Math.sqrt(a * d - b * c);
}

function multiply([a, b, c, d]: Matrix, [e, f, g, h]: Matrix): Matrix {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

function add(a: Matrix, b: Matrix): Matrix {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
}

/** M Q Mᵀ */
function conjugate(m: Matrix, q: Matrix): Matrix {
  return multiply(multiply(m, q), [m[0], m[2], m[1], m[3]]);
}
