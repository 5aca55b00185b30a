import { describe, expect, it } from 'vitest';
import { binary, call, multiply, number, variable } from '../../src/engine/expression/build.ts';
import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import { type Reservoir, volumeAt } from '../../src/engine/fields/reservoir.ts';
import { createFieldSolver } from '../../src/engine/fields/solver.ts';
import { total } from '../../src/engine/fields/total.ts';
import { type Boundaries, makeField, makeGrid, NO_FLUX, observedOrder } from './semiDiscrete.ts';

const D = 1.3;
const DECAY = 0.2;
const N = 24;
const VESSEL: Reservoir = {
  name: 'reactor',
  scale: 1,
  volume: 0.7,
  inflow: 1.9 * 0.7,
  outflow: 1.9 * 0.7,
  influent: 3,
  initial: 0.4,
};
const TOP: Boundary = { kind: 'reservoir', reservoir: 0 };

/** Renewed at `exchange` (1/s). */
const renewed = (exchange: number, vessel = VESSEL): Reservoir => ({
  ...vessel,
  inflow: exchange * vessel.volume,
  outflow: exchange * vessel.volume,
});

function film(reservoirs: readonly Reservoir[], top = TOP, bottom: Boundary = NO_FLUX): FieldDescription {
  const boundary: Boundaries = [NO_FLUX, NO_FLUX, bottom, top, NO_FLUX, NO_FLUX];
  return { ...makeField(D, DECAY, boundary), reservoirs };
}

/** A film of unit height with n voxels, over a face of area 2 · 0.5, whose cells take up at κ(y) + λ. */
function run(
  field: FieldDescription,
  n: number,
  steps: number,
  end: number,
  uptake: ((y: number) => number) | null,
): { c: Float64Array; held: Float64Array } {
  const grid = makeGrid([2, n, 1], [2, 1, 0.5], field.boundary);
  const kappa =
    uptake && Float64Array.from({ length: 2 * n }, (_, v) => uptake((Math.floor(v / 2) + 0.5) / n));
  const solver = createFieldSolver(grid);
  const reservoirs = field.reservoirs ?? [];
  let held = Float64Array.from(reservoirs, ({ initial }) => initial);
  let c = new Float64Array(grid.voxels);
  let next = new Float64Array(grid.voxels);
  const exposure = new Float64Array(grid.voxels);
  const h = end / steps;
  for (let step = 0; step < steps; step++) {
    solver.clock.time = h * step;
    solver.clock.reservoirs = held;
    const done = solver.advance(field, c, h, null, kappa, next, exposure);
    const books = done.reservoirs;
    if (!books) throw new Error('the step does not speak of the reservoirs');
    const taken = kappa ? kappa.reduce((sum, k, v) => sum + k * exposure[v], 0) * grid.voxelVolume : 0;
    const gained = (total(next) - total(c)) * grid.voxelVolume;
    const given = books.exchanged.reduce((a, b) => a + b, 0) + total(done.inflow);
    const scale = 1e-13 * (total(next) * grid.voxelVolume + Math.abs(given) + taken + 1);
    expect(Math.abs(gained - given + taken + done.decayed)).toBeLessThan(scale);
    reservoirs.forEach((vessel, j) => {
      const change = books.inflow[j] - books.outflow[j] - books.decayed[j] - books.exchanged[j];
      const before = volumeAt(vessel, h * step) * held[j];
      expect(Math.abs(books.volumes[j] * books.end[j] - before - change)).toBeLessThan(
        1e-13 * (1 + Math.abs(change)),
      );
      expect(books.end[j]).toBeGreaterThanOrEqual(0);
    });
    held = books.end as Float64Array<ArrayBuffer>;
    [c, next] = [next, c];
  }
  return { c, held };
}

/** The semi-discrete film and its reservoir by the classical Runge–Kutta method, written from the equations. */
function reference(
  steps: number,
  end: number,
  kappa: (y: number) => number,
  influent: (t: number) => number,
): Float64Array {
  const rates = (y: Float64Array, t: number) => {
    const out = new Float64Array(N + 1);
    const w = D * N * N;
    for (let i = 0; i < N; i++) {
      out[i] = -(DECAY + kappa((i + 0.5) / N)) * y[i];
      if (i > 0) out[i] += w * (y[i - 1] - y[i]);
      out[i] += i < N - 1 ? w * (y[i + 1] - y[i]) : 2 * w * (y[N] - y[i]);
    }
    // Flow per area D (C − c)/(h/2), over an area of 1.
    const flow = 2 * D * N * (y[N] - y[N - 1]);
    out[N] = (VESSEL.inflow / VESSEL.volume) * (influent(t) - y[N]) - DECAY * y[N] - flow / VESSEL.volume;
    return out;
  };
  let y = new Float64Array(N + 1);
  y[N] = VESSEL.initial;
  const h = end / steps;
  for (let s = 0; s < steps; s++) {
    const t = s * h;
    const at = (k: Float64Array, share: number) => y.map((value, i) => value + share * h * k[i]);
    const a = rates(y, t);
    const b = rates(at(a, 0.5), t + h / 2);
    const c = rates(at(b, 0.5), t + h / 2);
    const d = rates(at(c, 1), t + h);
    y = y.map((value, i) => value + (h / 6) * (a[i] + 2 * b[i] + 2 * c[i] + d[i]));
  }
  return y;
}

/** What flows into N voxels with uptake κ per concentration at the face, area 1: voxel by voxel from the closed end. */
function conductance(kappa: number): number {
  const w = D * N * N;
  let [below, here, flow] = [1, 1, 0];
  for (let i = 0; i < N; i++) {
    flow += ((kappa + DECAY) * here) / N;
    if (i === N - 1) break;
    [below, here] = [here, here + (flow * N) / w];
  }
  expect(here).toBeGreaterThanOrEqual(below);
  return flow / (here + flow / (2 * D * N));
}

describe('a reservoir behind a film', () => {
  it.each([
    ['without a layer', TOP, 0],
    ['behind a layer', { ...TOP, transfer: 0.8 } as Boundary, 1 / 0.8],
  ])('has the steady state of diffusion with first-order uptake, %s', (_, top, resistance) => {
    const kappa = 6;
    const phi = Math.sqrt((kappa + DECAY) / D);
    // Film with tanh: flow = g C, behind the layer in series with it.
    const g = 1 / (1 / (D * phi * Math.tanh(phi)) + resistance);
    const { volume, inflow, influent } = VESSEL;
    const exact = (inflow * influent) / (inflow + volume * DECAY + g);
    const errors = [8, 16, 32].map(n => run(film([VESSEL], top), n, 40, 40, () => kappa).held[0] - exact);
    expect(observedOrder([1 / 8, 1 / 16, 1 / 32], errors.map(Math.abs))).toBeGreaterThan(1.9);
    // (φh)²/24 of the profile's steepest part, with room.
    expect(Math.abs(errors[2])).toBeLessThan((phi / 32) ** 2 * exact);
  });

  it('follows the equations in second order, also with what flows in changing', () => {
    const time = variable({ of: 'time' });
    const kappa = (y: number) => 4 * y;
    const end = 0.5;
    const vessel: Reservoir = {
      ...VESSEL,
      expression: multiply(number(3), binary('-', number(1), call('exp', multiply(number(-4), time)))),
    };
    const exact = reference(20_000, end, kappa, t => 3 * (1 - Math.exp(-4 * t)));
    const counts = [40, 80, 160];
    const errors = counts.map(steps => {
      const { c, held } = run(film([vessel]), N, steps, end, kappa);
      return Math.max(
        Math.abs(held[0] - exact[N]),
        Math.abs(c[0] - exact[0]),
        Math.abs(c[2 * N - 1] - exact[N - 1]),
      );
    });
    const order = observedOrder(
      counts.map(n => end / n),
      errors,
    );
    expect(order).toBeGreaterThan(1.85);
    expect(order).toBeLessThan(2.3);
    expect(errors[2]).toBeLessThan(2e-5);
  });

  it.each([
    ['exchanged 10⁴ times in a step', renewed(1e4)],
    ['exhausted by the film 10⁴ times in a step', renewed(1.9, { ...VESSEL, volume: 1e-4 })],
    ['closed and shut off from the outside', renewed(0)],
  ])('stays positive and stable where it is %s', (_, vessel) => {
    const { held } = run(film([vessel]), N, 30, 30, () => 50);
    const g = conductance(50);
    const { volume, inflow, influent } = vessel;
    const exact = (inflow * influent) / (inflow + volume * DECAY + g);
    expect(Math.abs(held[0] - exact)).toBeLessThan(1e-6 * exact + 1e-12);
  });

  it.each([
    ['fills up', 1.4, 0.2],
    ['runs out', 0.1, 0.3],
  ])('that %s as more flows in than out, or less, at second order', (_, inflow, outflow) => {
    const vessel: Reservoir = { ...VESSEL, inflow, outflow, influent: 3 };
    // Nothing passes the film: V C' = Q_in (C_in − C) − λ V C along V = V₀ + (Q_in − Q_out) t.
    const closed = { ...film([vessel]), diffusivity: 0 };
    const end = 3;
    let exact = vessel.initial;
    const n = 3000;
    const slope = (t: number, c: number) =>
      (inflow * (vessel.influent - c)) / volumeAt(vessel, t) - DECAY * c;
    for (let i = 0; i < n; i++) {
      const [t, dt] = [(end * i) / n, end / n];
      const k1 = slope(t, exact);
      const k2 = slope(t + dt / 2, exact + (dt / 2) * k1);
      const k3 = slope(t + dt / 2, exact + (dt / 2) * k2);
      exact += (dt / 6) * (k1 + 2 * k2 + 2 * k3 + slope(t + dt, exact + dt * k3));
    }
    const counts = [8, 16, 32];
    const errors = counts.map(steps => Math.abs(run(closed, 4, steps, end, null).held[0] - exact));
    const order = observedOrder(
      counts.map(steps => end / steps),
      errors,
    );
    expect(order).toBeGreaterThan(1.85);
    expect(errors[2]).toBeLessThan(2e-3 * exact);
  });

  it('joins two reservoirs through the film between them', () => {
    const lower: Reservoir = renewed(1.9, {
      ...VESSEL,
      name: 'lower',
      influent: 0,
      initial: 0,
      volume: 0.3,
    });
    const bottom: Boundary = { kind: 'reservoir', reservoir: 1 };
    const field = { ...film([VESSEL, lower], TOP, bottom), decay: 0 };
    const { held } = run({ ...field }, N, 40, 40, null);
    // In the steady state all flow is Q₁ (C_in − C₁) = D (C₁ − C₂) = Q₂ C₂.
    const [q1, q2] = [VESSEL.inflow, lower.inflow];
    const flow = VESSEL.influent / (1 / q1 + 1 / D + 1 / q2);
    expect(held[0]).toBeCloseTo(VESSEL.influent - flow / q1, 9);
    expect(held[1]).toBeCloseTo(flow / q2, 9);
  });

  it('stands beside a quasi-steady field, whose steady state it follows', () => {
    const field: FieldDescription = { ...film([VESSEL]), dynamics: 'quasi-steady' };
    const grid = makeGrid([2, N, 1], [2, 1, 0.5], field.boundary);
    const solver = createFieldSolver(grid);
    let held = Float64Array.of(VESSEL.initial);
    let c = new Float64Array(grid.voxels);
    const kappa = new Float64Array(grid.voxels).fill(6);
    const exposure = new Float64Array(grid.voxels);
    for (let step = 0; step < 50; step++) {
      solver.clock.reservoirs = held;
      const next = new Float64Array(grid.voxels);
      const done = solver.advance(field, c, 1, null, kappa, next, exposure);
      held = done.reservoirs?.end as Float64Array<ArrayBuffer>;
      c = next;
    }
    const g = conductance(6);
    const { volume, inflow, influent } = VESSEL;
    expect(held[0]).toBeCloseTo((inflow * influent) / (inflow + volume * DECAY + g), 7);
  });
});
