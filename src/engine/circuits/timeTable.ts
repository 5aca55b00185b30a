import type { HazardResult } from './hazard.ts';

/**
 * The running integrals G_i(t) = ∫ g_i ds of functions of time over a window, as Chebyshev series on panels (as Clenshaw
 * & Curtis did in 1960), so that a hazard Σ h_i g_i(t) with constant h_i is integrated, and the crossing of a target found,
 * without any further evaluation of the g_i.
 *
 * A panel is accepted where the last two coefficients are below TOLERANCE of the function there, or of FLOOR of its size in the
 * whole window (where it rises from 0 rounding alone is more), or of what the rounding of time makes of it; it is halved until then.
 */
export interface TimeTable {
  /**
   * Tabulates from 0 to `span` with cuts (ascending) where functions jump; false where they are not finite or need too many panels.
   * `resolution`: rounding of the functions' own time, s; default 0.
   */
  build(span: number, cuts: readonly number[], resolution?: number): boolean;
  /** Whether Σ weights[i] g_i ≥ 0 throughout, as far as the least and largest values of each g_i say it. */
  isNonNegative(weights: Float64Array): boolean;
  /** Panel that holds a time; the search begins at panel `hint`. */
  panelAt(time: number, hint: number): number;
  /** ∫ Σ weights[i] g_i from `from` in panel p to `to` in panel q. */
  integral(weights: Float64Array, from: number, p: number, to: number, q: number): number;
  /** Where the integral from `from` in panel p reaches the target: as integrateHazard, up to the end of the window. */
  solve(weights: Float64Array, from: number, p: number, target: number, result: HazardResult): void;
}

/** Nodes of a panel. */
const N = 10;
const TOLERANCE = 1e-11;
const FLOOR = 1e-3;
const LONGEST_PANEL = 1 / 32;
const SHORTEST_PANEL = 2 ** -36;
const MOST_PANELS = 1 << 14;

/** Chebyshev's points, and cos(jθ_k) 2/N by [j * N + k]. */
const POINTS = Float64Array.from({ length: N }, (_, k) => Math.cos(((k + 0.5) * Math.PI) / N));
const COSINES = Float64Array.from(
  { length: N * N },
  (_, i) => (2 / N) * Math.cos((Math.floor(i / N) * ((i % N) + 0.5) * Math.PI) / N),
);

/** `share`: the longest panel, as a part of the window; longer where it is known that nothing comes and goes. */
export function createTimeTable(
  functions: readonly ((time: number) => number)[],
  share = LONGEST_PANEL,
): TimeTable {
  const terms = functions.length;
  /** Panel p lasts from starts[p] to starts[p + 1]. */
  let starts = new Float64Array(65);
  /** Series of g_i over panel p, [(p * terms + i) * N + j]; integrals up to its start, [p * terms + i]. */
  let series = new Float64Array(64 * terms * N);
  let sums = new Float64Array(65 * terms);
  const least = new Float64Array(terms);
  const most = new Float64Array(terms);
  /** Largest |g_i| seen. */
  const scale = new Float64Array(terms);
  const values = new Float64Array(N);
  const rate = new Float64Array(N);
  const primitive = new Float64Array(N + 1);
  let panels = 0;

  function grow(): void {
    const wider = new Float64Array(2 * series.length);
    wider.set(series);
    series = wider;
    const longer = new Float64Array(2 * (starts.length - 1) + 1);
    longer.set(starts);
    starts = longer;
    const more = new Float64Array(longer.length * terms);
    more.set(sums);
    sums = more;
  }

  /** Appends the panel; false where a function is not resolved on it, NaN where one is not finite. */
  function tryPanel(from: number, to: number, force: boolean, resolution: number): boolean | number {
    if (panels === starts.length - 1) grow();
    const half = 0.5 * (to - from);
    const centre = 0.5 * (to + from);
    for (let i = 0; i < terms; i++) {
      let size = 0;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < N; k++) {
        const value = functions[i](centre + half * POINTS[k]);
        if (!Number.isFinite(value)) return Number.NaN;
        values[k] = value;
        low = Math.min(low, value);
        high = Math.max(high, value);
        size = Math.max(size, Math.abs(value));
      }
      const at = (panels * terms + i) * N;
      for (let j = 0; j < N; j++) {
        let sum = 0;
        for (let k = 0; k < N; k++) sum += COSINES[j * N + k] * values[k];
        series[at + j] = sum;
      }
      const tail = Math.abs(series[at + N - 1]) + Math.abs(series[at + N - 2]);
      const slope =
        (Math.abs(series[at + 1]) + 4 * Math.abs(series[at + 2]) + 9 * Math.abs(series[at + 3])) / half;
      const allowed = Math.max(TOLERANCE * Math.max(size, FLOOR * scale[i]), 4 * resolution * slope);
      if (!force && tail > allowed) return false;
      least[i] = Math.min(least[i], low);
      most[i] = Math.max(most[i], high);
      scale[i] = Math.max(scale[i], size);
    }
    starts[panels] = from;
    starts[panels + 1] = to;
    for (let i = 0; i < terms; i++) {
      const at = (panels * terms + i) * N;
      let whole = series[at];
      for (let j = 2; j < N; j += 2) whole += (2 * series[at + j]) / (1 - j * j);
      sums[(panels + 1) * terms + i] = sums[panels * terms + i] + half * whole;
    }
    panels++;
    return true;
  }

  /** Σ weights[i] × the series of a panel into `rate`; its integral from the panel's start into `primitive`. */
  function combine(weights: Float64Array, p: number): void {
    const half = 0.5 * (starts[p + 1] - starts[p]);
    rate.fill(0);
    for (let i = 0; i < terms; i++) {
      const at = (p * terms + i) * N;
      const weight = weights[i];
      for (let j = 0; j < N; j++) rate[j] += weight * series[at + j];
    }
    let atStart = 0;
    for (let j = 1; j <= N; j++) {
      const after = j + 1 < N ? rate[j + 1] : 0;
      primitive[j] = (half * (rate[j - 1] - after)) / (2 * j);
      atStart += j % 2 === 0 ? primitive[j] : -primitive[j];
    }
    // The first coefficient of a series counts half.
    primitive[0] = -2 * atStart;
  }

  /** Where a time lies in a panel, −1 … 1. */
  function place(time: number, p: number): number {
    const from = starts[p];
    const x = (2 * (time - from)) / (starts[p + 1] - from) - 1;
    return x < -1 ? -1 : x > 1 ? 1 : x;
  }

  /** Weighted integral from the start of panel p to the start of panel q. */
  function between(weights: Float64Array, p: number, q: number): number {
    let sum = 0;
    for (let i = 0; i < terms; i++) sum += weights[i] * (sums[q * terms + i] - sums[p * terms + i]);
    return sum;
  }

  return {
    build(span, cuts, resolution = 0) {
      panels = 0;
      sums.fill(0, 0, terms);
      least.fill(Number.POSITIVE_INFINITY);
      most.fill(Number.NEGATIVE_INFINITY);
      const longest = span * share;
      for (let i = 0; i < terms; i++) {
        scale[i] = 0;
        for (let t = 0.5 * longest; t < span; t += longest) {
          const value = Math.abs(functions[i](t));
          if (value < Number.POSITIVE_INFINITY) scale[i] = Math.max(scale[i], value);
        }
      }
      for (let piece = 0, from = 0; from < span; piece++) {
        const until = piece < cuts.length ? Math.min(span, cuts[piece]) : span;
        let length = longest;
        while (from < until) {
          const to = from + length * (1 + 1e-9) < until ? from + length : until;
          const done = tryPanel(from, to, !(to - from > SHORTEST_PANEL * span), resolution);
          if (typeof done === 'number' || panels > MOST_PANELS) return false;
          if (done) {
            from = to;
            length = Math.min(2 * length, longest);
          } else length = 0.5 * (to - from);
        }
      }
      return panels > 0;
    },
    isNonNegative(weights) {
      let bound = 0;
      for (let i = 0; i < terms; i++) {
        const weight = weights[i];
        if (weight !== 0) bound += weight * (weight > 0 ? least[i] : most[i]);
      }
      return bound >= 0 && bound < Number.POSITIVE_INFINITY;
    },
    panelAt(time, hint) {
      let p = hint < panels ? hint : panels - 1;
      while (p > 0 && time < starts[p]) p--;
      while (p < panels - 1 && time >= starts[p + 1]) p++;
      return p;
    },
    integral(weights, from, p, to, q) {
      combine(weights, p);
      const before = clenshaw(primitive, N + 1, place(from, p));
      if (p === q) return Math.max(0, clenshaw(primitive, N + 1, place(to, p)) - before);
      combine(weights, q);
      return Math.max(0, between(weights, p, q) + clenshaw(primitive, N + 1, place(to, q)) - before);
    },
    solve(weights, from, p, target, result) {
      combine(weights, p);
      let x = place(from, p);
      // Counted from the start of the panel.
      let wanted = clenshaw(primitive, N + 1, x) + target;
      let q = p;
      if (!(wanted < between(weights, p, p + 1))) {
        let low = p + 1;
        let high = panels;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (between(weights, p, middle + 1) > wanted) high = middle;
          else low = middle + 1;
        }
        q = low;
        if (q === panels) {
          result.time = Number.POSITIVE_INFINITY;
          result.integral = Math.max(0, between(weights, p, panels) - (wanted - target));
          return;
        }
        wanted -= between(weights, p, q);
        combine(weights, q);
        x = -1;
      }
      const half = 0.5 * (starts[q + 1] - starts[q]);
      const time = starts[q] + half * (1 + root(wanted, x, half));
      result.time = Math.max(from, time);
      result.integral = target;
    },
  };

  /** Where `primitive` reaches a value above that at `low`: Newton's method kept in its bracket. */
  function root(wanted: number, from: number, half: number): number {
    let low = from;
    let high = 1;
    let x = from;
    for (let i = 0; i < 60; i++) {
      const excess = clenshaw(primitive, N + 1, x) - wanted;
      if (excess > 0) high = x;
      else low = x;
      const slope = half * clenshaw(rate, N, x);
      const next = x - excess / slope;
      const inside = next >= low && next < high;
      if (inside && Math.abs(next - x) <= 1e-9) return next;
      if (high - low <= 1e-14) return x;
      x = inside ? next : 0.5 * (low + high);
    }
    return x;
  }
}

/** Σ' c_j T_j(x), the first coefficient halved. */
function clenshaw(c: Float64Array, count: number, x: number): number {
  let b1 = 0;
  let b2 = 0;
  const twice = 2 * x;
  for (let j = count - 1; j > 0; j--) {
    const b = c[j] + twice * b1 - b2;
    b2 = b1;
    b1 = b;
  }
  return 0.5 * c[0] + x * b1 - b2;
}
