import { type Model, simulate, summarise } from '../../src/engine/index.ts';
import { start, stepAt } from './shipped.ts';

const DAY = 86_400;
/** g/m³ of one molecule/µm³. */
const PER = {
  COD: (32 * 1e18) / 6.02214076e23,
  N: (14 * 1e18) / 6.02214076e23,
  O2: (32 * 1e18) / 6.02214076e23,
};

export function run(days: number, ...set: string[]): Model {
  const model = start('iwa-biofilm', ...set);
  return simulate(model, { untilStep: stepAt(model, days * DAY) });
}

/** What flows out of the reactor, g/m³. */
export function effluent(model: Model): { COD: number; N: number } {
  const { bulk } = summarise(model);
  return { COD: bulk['reactor.COD'] * PER.COD, N: bulk['reactor.N'] * PER.N };
}

/** Active mass per volume of both types in layers of the film from the wall up, g/m³. */
export function layers(model: Model): [Float64Array, Float64Array] {
  const { grid } = model.description;
  const n = grid.cells[1];
  const { count, type, y, amounts, stride } = model.population;
  const profile: [Float64Array, Float64Array] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < count; i++) {
    // As the kernel does: shared between the two nearest layers. 1 fg/µm³ is 1000 g/m³.
    const at = y[i] / grid.spacing[1] - 0.5;
    const below = Math.min(Math.max(Math.floor(at), 0), n - 1);
    const above = Math.min(Math.max(Math.floor(at) + 1, 0), n - 1);
    const share = at - Math.floor(at);
    const density = (1000 * amounts[i * stride + 1] * n) / (grid.size[0] * grid.size[1] * grid.size[2]);
    profile[type[i]][below] += (1 - share) * density;
    profile[type[i]][above] += share * density;
  }
  return profile;
}

/**
 * The reactor above a film of such layers in the steady state, written from the benchmark's equations in m, day and g, one
 * dimension: Picard's iteration on tridiagonal systems whose last unknown is the reactor.
 */
export function reactorAbove(
  [H, A]: readonly [Float64Array, Float64Array],
  influent: { COD: number; N: number },
) {
  const n = H.length;
  const h = 5e-4 / n;
  const [Q, area] = [0.02, 0.1];
  const monod = (c: number, K: number) => c / (K + c);
  let cod = new Float64Array(n + 1).fill(influent.COD);
  let nitrogen = new Float64Array(n + 1).fill(influent.N);
  let oxygen = new Float64Array(n + 1).fill(10);
  /** −D c'' + k c = 0 below a reactor with Q (C_in − C) = area D c'; held at C_in where Q is infinite. */
  const solve = (
    D: number,
    k: (i: number) => number,
    flow: number,
    into: number,
  ): Float64Array<ArrayBuffer> => {
    const g = D / h;
    const [upper, right] = [new Float64Array(n + 1), new Float64Array(n + 1)];
    for (let i = 0; i <= n; i++) {
      const down = i === 0 ? 0 : i === n ? 2 * g : g;
      const up = i === n ? 0 : i === n - 1 ? 2 * g : g;
      const diagonal = down + up + (i === n ? flow / area : k(i) * h) - (i === 0 ? 0 : down * upper[i - 1]);
      upper[i] = up / diagonal;
      right[i] = ((i === n ? (flow / area) * into : 0) + (i === 0 ? 0 : down * right[i - 1])) / diagonal;
    }
    const c = new Float64Array(n + 1);
    for (let i = n; i >= 0; i--) c[i] = right[i] + (i === n ? 0 : upper[i] * c[i + 1]);
    return c;
  };
  for (let pass = 0; pass < 200; pass++) {
    const growthA = (i: number) => A[i] * monod(oxygen[i], 0.5);
    const growthH = (i: number) => 6 * H[i] * monod(oxygen[i], 0.2);
    const nextCod = solve(1e-4, i => growthH(i) / 0.63 / (4 + cod[i]), Q, influent.COD);
    const nextN = solve(1.7e-4, i => growthA(i) / 0.24 / (1 + nitrogen[i]), Q, influent.N);
    const breath = (i: number) =>
      ((0.37 / 0.63) * 6 * H[i] * monod(cod[i], 4) + 0.32 * H[i]) / (0.2 + oxygen[i]) +
      (((4.57 - 0.24) / 0.24) * A[i] * monod(nitrogen[i], 1) + 0.12 * A[i]) / (0.5 + oxygen[i]);
    oxygen = solve(2e-4, breath, 1e9, 10);
    [cod, nitrogen] = [nextCod, nextN];
  }
  return { COD: cod[n], N: nitrogen[n] };
}

export function heightOfActive(model: Model, t: number): number {
  const profile = layers(model)[t];
  const n = profile.length;
  const total = profile.reduce((sum, one) => sum + one, 0);
  return (500 / n) * profile.reduce((sum, one, i) => sum + ((i + 0.5) * one) / total, 0);
}
