import { describe, expect, it } from 'vitest';
import { type Partition, partitionCount, partitionReal } from '../../src/engine/cells/partition.ts';
import { build, loadScenario, type Model, simulate } from '../../src/engine/index.ts';
import { rootStream } from '../../src/engine/random/seed.ts';
import { binomialLaw, chiSquareDeviate } from '../random/goodnessOfFit.ts';

const DRAWS = 20_000;

/** How often the first daughter gets each number of molecules. */
function counts(partition: Partition | undefined, total: number, share: number): Float64Array {
  const seen = new Float64Array(total + 1);
  const stream = rootStream(`${JSON.stringify(partition)} ${total} ${share}`);
  for (let i = 0; i < DRAWS; i++) seen[partitionCount(partition, stream, 0, total, share)]++;
  return seen;
}

describe('partition', () => {
  it('is binomial with the share of the volume where nothing is said', () => {
    const { lowest, probability } = binomialLaw(30, 0.4);
    const seen = counts(undefined, 30, 0.4).subarray(lowest, lowest + probability.length);
    expect(Math.abs(chiSquareDeviate(seen, probability))).toBeLessThan(3.5);
    expect(counts({ law: 'binomial' }, 30, 0.4).reduce((sum, n) => sum + n)).toBe(DRAWS);
  });

  it('is by halves for `equal`, an odd one by a fair coin, whatever the volumes', () => {
    expect(counts({ law: 'equal' }, 12, 0.3)[6]).toBe(DRAWS);
    const odd = counts({ law: 'equal' }, 13, 0.3);
    expect(odd[6] + odd[7]).toBe(DRAWS);
    expect(Math.abs(odd[6] - DRAWS / 2)).toBeLessThan(4 * Math.sqrt(DRAWS / 4));
  });

  it('sends whole clusters of a fixed size, and one of what is left', () => {
    const seen = counts({ law: 'clustered', size: 4, random: false }, 42, 0.4);
    // 10 clusters of 4 and one of 2.
    const { probability } = binomialLaw(10, 0.4);
    for (const rest of [0, 2]) {
      const part = Float64Array.from({ length: 11 }, (_, k) => seen[4 * k + rest]);
      const share = rest === 0 ? 0.6 : 0.4;
      const sum = part.reduce((all, n) => all + n, 0);
      expect(Math.abs(sum - share * DRAWS)).toBeLessThan(4 * Math.sqrt(DRAWS * 0.24));
      expect(Math.abs(chiSquareDeviate(part, probability))).toBeLessThan(3.5);
    }
  });

  it('has the variance of geometric clusters where their sizes are random', () => {
    const [n, s, mean] = [60, 0.4, 5];
    const seen = counts({ law: 'clustered', size: mean, random: true }, n, s);
    // Molecules i and j lie in one cluster with probability q^|i − j|: var = s (1 − s) Σ q^|i − j|.
    const q = 1 - 1 / mean;
    let sum = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += q ** Math.abs(i - j);
    const variance = s * (1 - s) * sum;
    let [first, second, fourth] = [0, 0, 0];
    seen.forEach((times, k) => {
      first += (times * k) / DRAWS;
      second += (times * (k - n * s) ** 2) / DRAWS;
      fourth += (times * (k - n * s) ** 4) / DRAWS;
    });
    expect(Math.abs(first - n * s)).toBeLessThan(4 * Math.sqrt(variance / DRAWS));
    expect(Math.abs(second - variance)).toBeLessThan(4 * Math.sqrt((fourth - second ** 2) / DRAWS));
  });

  it('loses nothing of a real amount', () => {
    for (const share of [0.05, 0.3, 0.5, 0.71, 0.95]) {
      for (let x = 1e-3; x < 1e6; x *= 1.7) {
        const kept = partitionReal(undefined, x, share);
        expect(kept + (x - kept)).toBe(x);
        expect(kept / x).toBeCloseTo(share, 12);
      }
    }
    expect(partitionReal({ law: 'equal' }, 3.3, 0.2)).toBe(1.65);
  });
});

/** Cells that grow and divide without space; `cell` is the body of their type. */
function colony(cell: string, founders: number, end: string, step: string): Model {
  const scenario = loadScenario(`cellfield: 1
title: Growth law
domain: { size: [1 mm, 1 mm], grid: [1, 1], thickness: 1 um }
time: { end: ${end}, step: ${step}, record: ${step} }
cells:
  cell:
    shape: { disc: { radius: 0.56418958354775628 um } }
${cell.replace(/^/gm, '    ')}
population: [{ type: cell, count: ${founders} }]
mechanics: none
`);
  return simulate(build(scenario));
}

/** Mean and its standard error over founders of the mean of `value` over each founder's cells. */
function overFamilies(model: Model, founders: number, value: (slot: number) => number) {
  const { count } = model.population;
  const sums = new Float64Array(founders);
  const sizes = new Float64Array(founders);
  for (let slot = 0; slot < count; slot++) {
    const family = familyOf(slot, count, founders);
    sums[family] += value(slot);
    sizes[family]++;
  }
  expect(sizes.every(size => size === count / founders)).toBe(true);
  const means = Array.from(sums, (sum, f) => sum / sizes[f]);
  const mean = means.reduce((a, b) => a + b) / founders;
  const variance = means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (founders - 1);
  return { mean, error: Math.sqrt(variance / founders) };
}

/** In synchronous divisions the daughter of slot i that is appended by a population of n cells has slot n + i. */
function familyOf(slot: number, count: number, founders: number): number {
  let [at, n] = [slot, count];
  while (n > founders) {
    n /= 2;
    if (at >= n) at -= n;
  }
  return at;
}

describe('a constitutively made protein in growing, dividing cells', () => {
  const FOUNDERS = 300;
  const GENERATIONS = 5;
  // Volume doubles, and a little more, in 32 steps of 2 s: a cell divides every 64 s precisely.
  const cell = `growth: ${Math.log(2.002) / 64} /s
species: { P: 0 }
division: { sizer: { volume: 2 um^3 } }`;

  it('is Poisson with mean 2 k T before division, from which it started at 0', () => {
    const k = 0.5;
    const model = colony(
      `${cell}\nreactions: { make: { equation: "-> P", rate: ${k} /s } }`,
      FOUNDERS,
      `${64 * (GENERATIONS + 1) - 2} s`,
      '2 s',
    );
    const { population } = model;
    expect(population.count).toBe(FOUNDERS * 2 ** GENERATIONS);
    const P = (slot: number) => population.amounts[slot * population.stride + 1];
    // m(g + 1) = m(g)/2 + k T, one step short of the division.
    const mean = 2 * k * 64 * (1 - 2 ** -(GENERATIONS + 1)) - 2 * k;
    const first = overFamilies(model, FOUNDERS, P);
    expect(Math.abs(first.mean - mean)).toBeLessThan(3.5 * first.error);
    // Factorial moments of Poisson's law are powers of its mean: so CV² = 1/mean.
    const second = overFamilies(
      model,
      FOUNDERS,
      slot => P(slot) * (P(slot) - 1) - 2 * mean * (P(slot) - mean),
    );
    expect(Math.abs(second.mean - mean ** 2)).toBeLessThan(3.5 * second.error);
  });

  it('keeps the variance of a partition by halves below, by clusters above Poisson’s', () => {
    const k = 0.5;
    // With var' of the newborn v(g + 1) = (v + kT)/4 + c (m + kT), c = ¼ for single molecules, 0 by halves (a coin
    // for odd ones: 1/8 of a molecule² on average), s/4 for clusters of s (the last, smaller one aside).
    const variances = ['equal', 'binomial', '{ P: { clustered: 4 } }'].map(partition => {
      const model = colony(
        `${cell.replace('2 um^3 }', `2 um^3 }, partition: ${partition}`)}\nreactions: { make: { equation: "-> P", rate: ${k} /s } }`,
        FOUNDERS,
        `${64 * GENERATIONS} s`,
        '2 s',
      );
      const { population } = model;
      const P = (slot: number) => population.amounts[slot * population.stride + 1];
      const mean = k * 64 * (1 - 2 ** -GENERATIONS);
      const first = overFamilies(model, FOUNDERS, P);
      expect(Math.abs(first.mean - mean)).toBeLessThan(3.5 * first.error);
      return overFamilies(model, FOUNDERS, slot => (P(slot) - mean) ** 2);
    });
    const law = (own: (mean: number) => number) => {
      let [m, v] = [0, 0];
      for (let g = 0; g < GENERATIONS; g++) {
        m += k * 64;
        v = (v + k * 64) / 4 + own(m);
        m /= 2;
      }
      return v;
    };
    // Number of clusters of 4 among n: n/4 with a rest r < 4 of mean square 3.5; 16 ⌊n/4⌋ + r² ≈ 4 (n − 1.5) + 3.5.
    const laws = [law(() => 1 / 8), law(m => m / 4), law(m => (4 * (m - 1.5) + 3.5) / 4)];
    variances.forEach(({ mean, error }, i) => {
      expect(Math.abs(mean - laws[i])).toBeLessThan(3.5 * error);
    });
  });

  it('made in proportion to the volume, keeps its concentration k/μ whatever the noise of divisions', () => {
    const [k, mu] = [0.4, 0.02];
    const model = colony(
      `growth: ${mu} /s
species: { P: 0 }
division: { adder: { added: 1 um^3, noise: 20%, asymmetry: 0.1 } }
reactions: { make: { equation: "-> P", rate: "${k} /s/um^3 * volume" } }`,
      FOUNDERS,
      '240 s',
      '2 s',
    );
    const { population } = model;
    let [P, V] = [0, 0];
    for (let slot = 0; slot < population.count; slot++) {
      P += population.amounts[slot * population.stride + 1];
      V += population.volume[slot];
    }
    // dΣP/dt = k ΣV and dΣV/dt = μ ΣV, whoever holds them; ΣP is Poisson.
    const expected = (k / mu) * (V - FOUNDERS);
    expect(Math.abs(P - expected)).toBeLessThan(3.5 * Math.sqrt(expected));
  });
});
