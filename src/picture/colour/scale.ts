/** How a quantity is laid along a colour map. */
export type ScaleKind = 'linear' | 'log';
export type Range = readonly [low: number, high: number];

/** Position of a value on its map, unclamped: 0 at low, 1 at high. Below zero a log scale is at −∞. */
export function position(value: number, [low, high]: Range, scale: ScaleKind): number {
  if (scale === 'linear') return (value - low) / (high - low);
  if (!(value > 0)) return Number.NEGATIVE_INFINITY;
  return Math.log(value / low) / Math.log(high / low);
}

/** The value at a position; the inverse of `position`. */
export function valueAt(t: number, [low, high]: Range, scale: ScaleKind): number {
  return scale === 'linear' ? low + t * (high - low) : low * (high / low) ** t;
}

const STEPS = [1, 2, 5, 10];
/** So that 5 snaps to 5 although it was computed as 5.000000000000001. */
const SLACK = 1e-9;

/** The smallest of 1, 2, 5 × 10ⁿ that is at least the value (> 0). */
export function snapUp(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const mantissa = value / 10 ** exponent;
  return decimal(STEPS.find(step => step >= mantissa * (1 - SLACK)) ?? 10, exponent);
}

/** The largest of 1, 2, 5 × 10ⁿ that is at most the value (> 0). */
export function snapDown(value: number): number {
  const exponent = Math.floor(Math.log10(value * (1 + SLACK)));
  const mantissa = (value * (1 + SLACK)) / 10 ** exponent;
  return decimal(STEPS.findLast(step => step <= mantissa) ?? 1, exponent);
}

/** mantissa × 10^exponent as the nearest double: 2e-7 rather than 2 × 1.0000000000000001e-7. */
function decimal(mantissa: number, exponent: number): number {
  return Number(`${mantissa}e${exponent}`);
}

/** Round values within the range, about `count` of them: 1-2-5 steps on a linear scale, 1-2-5 or decades on a log scale. */
export function ticks([low, high]: Range, scale: ScaleKind, count = 5): number[] {
  if (!(high > low)) return [];
  const found: number[] = [];
  if (scale === 'linear') {
    const step = snapUp((high - low) / count);
    for (let k = Math.ceil(low / step - SLACK); k * step <= high * (1 + SLACK); k++) {
      found.push(Number((k * step).toPrecision(12)));
    }
    return found;
  }
  const decades = Math.log10(high / low);
  const mantissas = decades <= 1.5 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / count));
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    if (e % stride !== 0) continue;
    for (const mantissa of mantissas) {
      const value = decimal(mantissa, e);
      if (value >= low * (1 - SLACK) && value <= high * (1 + SLACK)) found.push(value);
    }
  }
  return found;
}

/** Distance between contour lines on the map (0 … 1): about eight 1-2-5 levels, on a log scale 1, 2 or 4 per decade. */
export function contourLevels([low, high]: Range, scale: ScaleKind): { origin: number; step: number } {
  if (scale === 'linear') {
    const step = snapUp((high - low) / 10);
    return { origin: (Math.ceil(low / step - SLACK) * step - low) / (high - low), step: step / (high - low) };
  }
  const decades = Math.log10(high / low);
  const per = decades >= 4 ? 1 : decades >= 2 ? 2 : 4;
  return { origin: 0, step: 1 / (per * decades) };
}

/** A log scale shows at most so many decades below its top. */
const MOST_DECADES = 6;

/** What is smaller is nothing: a range cannot end there without losing its own digits. */
const NOTHING = 1e-30;

/** A value must fall this far below the next lower snap before the top comes down. */
const HYSTERESIS = 1.25;

/**
 * The range of a colour map that follows its data: ends at 1, 2, 5 × 10ⁿ, wider at once, narrower only when the data lie
 * well inside, so that a legend does not flicker. Zero is the low end of a linear scale unless the data span less
 * than half of their maximum (a nutrient that is nearly everywhere the same); then the low end follows too.
 */
export class AutoRange {
  readonly scale: ScaleKind;
  readonly #fallback: number;
  #range: Range | null = null;

  /** `fallback` is the top shown while there is nothing but zeros. */
  constructor(scale: ScaleKind, fallback: number) {
    this.scale = scale;
    this.#fallback = fallback;
  }

  /** The range to use for data between min and max (min: the smallest positive value on a log scale). */
  update(min: number, max: number): Range {
    this.#range = this.scale === 'linear' ? this.#linear(min, max) : this.#log(min, max);
    return this.#range;
  }

  #linear(min: number, max: number): Range {
    const old = this.#range;
    if (!(max > NOTHING)) return old && min >= 0 ? [Math.min(0, old[0]), old[1]] : [0, this.#fallback];
    let high = snapUp(max);
    if (min > 0.5 * max) {
      const spread = Math.max(max - min, 1e-3 * max);
      const step = snapUp(spread / 2);
      if (old && old[0] > 0 && min >= old[0] && max <= old[1] && old[1] - old[0] <= 8 * step) return old;
      return [tidy(Math.floor(min / step) * step), tidy(Math.ceil(max / step - SLACK) * step)];
    }
    if (old && old[1] > high && snapUp(max * HYSTERESIS) > high && old[0] <= 0)
      high = snapUp(max * HYSTERESIS);
    const low = min < 0 && min < -1e-6 * max ? -snapUp(-min) : 0;
    return [low, high];
  }

  #log(min: number, max: number): Range {
    const old = this.#range;
    if (!(max > NOTHING)) return old ?? [this.#fallback / 1e3, this.#fallback];
    let high = snapUp(max);
    if (old && old[1] > high && snapUp(max * HYSTERESIS) > high) high = snapUp(max * HYSTERESIS);
    const floor = 10 ** Math.floor(Math.log10(Math.max(min, high / 10 ** MOST_DECADES)));
    let low = Math.min(floor, 10 ** Math.floor(Math.log10(high / 10)));
    if (old && old[0] < low && min < 3 * low) low = Math.max(old[0], low / 10);
    return [Number(low.toPrecision(6)), high];
  }
}

function tidy(value: number): number {
  return Number(value.toPrecision(9));
}
