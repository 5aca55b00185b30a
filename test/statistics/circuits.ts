import type { CellType } from '../../src/engine/cells/cellType.ts';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { amountsOf, meanAndVariance, populate, varianceError, windowFor } from '../circuits/fixtures.ts';

/**
 * |z| that no correct result exceeds in practice: 4.5 standard errors, 7·10⁻⁶ per comparison. Seeds are fixed, so a
 * passing test stays passing; the bound says how far off a result must be to fail.
 */
export const Z = 4.5;

/** Amounts of a species in `cells` independent cells after windows of the given durations. */
export function sampleAmounts(
  type: CellType,
  name: string,
  cells: number,
  durations: readonly number[],
  seed: number,
): Float64Array {
  const circuit = compileCircuit(type, 0);
  const population = populate(type, cells, seed);
  const window = windowFor(type, population, 0);
  for (const duration of durations) {
    window.duration = duration;
    const fault = circuit.advance(window);
    if (fault) throw new Error(`${fault.reaction}: ${fault.message}`);
    window.time += duration;
  }
  return amountsOf(type, population, name);
}

/** Distance of sample mean and variance from the exact ones, in standard errors; the mean's from the exact variance. */
export function zScores(
  values: Float64Array,
  mean: number,
  variance: number,
): { mean: number; variance: number } {
  const sample = meanAndVariance(values);
  return {
    mean: (sample.mean - mean) / Math.sqrt(variance / values.length),
    variance: (sample.variance - variance) / varianceError(values),
  };
}

/** Pearson's χ² of observed counts against probabilities, as the Wilson–Hilferty z; cells under 10 expected are pooled. */
export function chiSquareZ(values: Float64Array, probabilities: readonly number[]): number {
  const counts = new Float64Array(probabilities.length + 1);
  for (const value of values) counts[Math.min(value, probabilities.length)]++;
  const rest = 1 - probabilities.reduce((sum, p) => sum + p, 0);
  let statistic = 0;
  let classes = 0;
  let observed = 0;
  let expected = 0;
  const close = (): void => {
    statistic += (observed - expected) ** 2 / expected;
    classes++;
    observed = 0;
    expected = 0;
  };
  [...probabilities, Math.max(0, rest)].forEach((probability, value) => {
    observed += counts[value];
    expected += probability * values.length;
    const left = values.length * probabilities.slice(value + 1).reduce((sum, p) => sum + p, 0);
    if (expected >= 10 && left >= 10) close();
  });
  if (expected > 0) close();
  const degrees = classes - 1;
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - spread)) / Math.sqrt(spread);
}

/**
 * Law at time t of a birth–death chain on 0 … n by uniformisation: p(t) = Σ Poisson(Λt; k) p₀ Pᵏ with P = I + Q/Λ
 * (Jensen 1953). Exact up to the truncated tail of the Poisson weights (< 10⁻¹⁴).
 */
export function chainLaw(
  states: number,
  start: number,
  up: (state: number) => number,
  down: (state: number) => number,
  time: number,
): number[] {
  let uniformRate = 0;
  for (let i = 0; i < states; i++) uniformRate = Math.max(uniformRate, up(i) + down(i));
  let vector = new Float64Array(states);
  vector[start] = 1;
  const law = new Float64Array(states);
  const mean = uniformRate * time;
  let logWeight = -mean;
  for (let k = 0; k < mean + 12 * Math.sqrt(mean) + 40; k++) {
    if (k > 0) logWeight += Math.log(mean / k);
    const weight = Math.exp(logWeight);
    for (let i = 0; i < states; i++) law[i] += weight * vector[i];
    const next = new Float64Array(states);
    for (let i = 0; i < states; i++) {
      const rise = up(i) / uniformRate;
      const fall = down(i) / uniformRate;
      next[i] += vector[i] * (1 - rise - fall);
      if (i + 1 < states) next[i + 1] += vector[i] * rise;
      if (i > 0) next[i - 1] += vector[i] * fall;
    }
    vector = next;
  }
  return [...law];
}

export function momentsOf(law: readonly number[]): { mean: number; variance: number } {
  const mean = law.reduce((sum, p, n) => sum + p * n, 0);
  return { mean, variance: law.reduce((sum, p, n) => sum + p * (n - mean) ** 2, 0) };
}

/** Poisson probabilities 0 … n. */
export function poisson(mean: number, n: number): number[] {
  const law = [Math.exp(-mean)];
  for (let k = 1; k <= n; k++) law.push((law[k - 1] * mean) / k);
  return law;
}
