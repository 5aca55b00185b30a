import { describe, expect, test } from 'vitest';
import { fixture } from '../circuits/fixtures.ts';
import { dimerisation, immigrationDeath } from '../circuits/models.ts';
import { chainLaw, chiSquareZ, momentsOf, poisson, sampleAmounts, Z, zScores } from './circuits.ts';

const CELLS = 20_000;

function expectClose(values: Float64Array, mean: number, variance: number): void {
  const z = zScores(values, mean, variance);
  expect(Math.abs(z.mean)).toBeLessThan(Z);
  expect(Math.abs(z.variance)).toBeLessThan(Z);
}

describe('mean and variance over time', () => {
  test.each([2, 10, 40])('immigration–death at t = %d s is Poisson', time => {
    const values = sampleAmounts(immigrationDeath(5, 0.1), 'X', CELLS, [time], 11);
    const mean = 50 * (1 - Math.exp(-0.1 * time));
    expectClose(values, mean, mean);
  });

  test.each([3, 15])('immigration in batches of 4 at t = %d s', time => {
    const [k, mu, b] = [0.7, 0.2, 4];
    const type = fixture({ X: 0 }, { birth: [`-> ${b} X`, `${k}`], death: ['X ->', `${mu} * X`] });
    const mean = ((k * b) / mu) * (1 - Math.exp(-mu * time));
    const variance = mean + ((k * b * (b - 1)) / (2 * mu)) * (1 - Math.exp(-2 * mu * time));
    expectClose(sampleAmounts(type, 'X', CELLS, [time], 12), mean, variance);
  });

  test.each([1, 6])('linear birth–death at t = %d s', time => {
    const [lambda, mu, start] = [0.3, 0.2, 30];
    const type = fixture({ X: start }, { birth: ['X -> 2 X', '0.3 * X'], death: ['X ->', '0.2 * X'] });
    const growth = Math.exp((lambda - mu) * time);
    const variance = start * ((lambda + mu) / (lambda - mu)) * growth * (growth - 1);
    expectClose(sampleAmounts(type, 'X', CELLS, [time], 13), start * growth, variance);
  });

  test.each([5, 30, 2000])('dimerisation at t = %d s against the matrix exponential', time => {
    const law = chainLaw(
      51,
      0,
      dimers => (0.001 * (100 - 2 * dimers) * (99 - 2 * dimers)) / 2,
      dimers => 0.01 * dimers,
      time,
    );
    const { mean, variance } = momentsOf(law);
    if (time === 2000) {
      expect(mean).toBeCloseTo(36.4592, 3);
      expect(Math.sqrt(variance)).toBeCloseTo(2.39, 3);
    }
    const values = sampleAmounts(dimerisation(), 'P2', CELLS, [time], 14);
    expectClose(values, mean, variance);
    expect(Math.abs(chiSquareZ(values, law))).toBeLessThan(Z);
  });

  test('propensities of second order fall with the volume', () => {
    const type = fixture(
      { biomass: 2.5, P: 40, P2: 0 },
      { pair: ['2 P -> P2', '0.02 * P * (P - 1) / volume'], part: ['P2 -> 2 P', '0.1 * P2'] },
    );
    const law = chainLaw(
      21,
      0,
      dimers => (0.02 * (40 - 2 * dimers) * (39 - 2 * dimers)) / 2.5,
      dimers => 0.1 * dimers,
      3,
    );
    const { mean, variance } = momentsOf(law);
    expectClose(sampleAmounts(type, 'P2', CELLS, [3], 15), mean, variance);
  });
});

describe('laws', () => {
  test('birth–death is Poisson in the stationary state (χ²)', () => {
    const values = sampleAmounts(immigrationDeath(3, 0.5), 'X', 50_000, [40], 21);
    expect(Math.abs(chiSquareZ(values, poisson(6, 25)))).toBeLessThan(Z);
    // The test has power: a law that is off by 3 % in its mean is rejected.
    expect(chiSquareZ(values, poisson(6.18, 25))).toBeGreaterThan(Z);
  });

  test('telegraph gene: Fano factor', () => {
    const [kon, koff, ktx, delta] = [0.5, 1, 40, 1];
    const type = fixture(
      { on: 0, off: 1, M: 0 },
      {
        activate: ['off -> on', `${kon} * off`],
        deactivate: ['on -> off', `${koff} * on`],
        transcribe: ['on -> on + M', `${ktx} * on`],
        decay: ['M ->', `${delta} * M`],
      },
    );
    const mean = ((kon / (kon + koff)) * ktx) / delta;
    const fano = 1 + (ktx * koff) / ((kon + koff) * (kon + koff + delta));
    expectClose(sampleAmounts(type, 'M', CELLS, [20], 22), mean, fano * mean);
  });

  test('mRNA–protein: Fano factor 1 + b/(1 + η)', () => {
    const [ktx, ktl, dm, dp] = [4, 6, 1, 0.25];
    const type = fixture(
      { M: 0, P: 0 },
      {
        transcribe: ['-> M', `${ktx}`],
        decayM: ['M ->', `${dm} * M`],
        translate: ['M -> M + P', `${ktl} * M`],
        decayP: ['P ->', `${dp} * P`],
      },
    );
    const mean = (ktx * ktl) / (dm * dp);
    const fano = 1 + ktl / dm / (1 + dp / dm);
    expectClose(sampleAmounts(type, 'P', CELLS, [60], 23), mean, fano * mean);
  });

  test.each([
    ['10 equal windows', Array.from({ length: 10 }, () => 1)],
    ['windows far shorter than the time between firings', Array.from({ length: 1000 }, () => 0.01)],
    ['very unequal windows', [1e-9, 4, 1e-3, 0.5, 1e-6, 5.498999]],
  ])('the law does not depend on how time is cut: %s', (_, durations) => {
    const values = sampleAmounts(immigrationDeath(0.8, 0.1), 'X', CELLS, durations, 24);
    const total = durations.reduce((sum, d) => sum + d, 0);
    const mean = 8 * (1 - Math.exp(-0.1 * total));
    expectClose(values, mean, mean);
    expect(Math.abs(chiSquareZ(values, poisson(mean, 25)))).toBeLessThan(Z);
  });
});

describe('piecewise-deterministic cells', () => {
  /**
   * mRNA is stochastic, protein continuous: dP/dt = k M − d P. With M stationary Poisson(m) and autocovariance
   * m e^{−g|t|}: mean P = k m/d, variance = k² m/(d (d + g)).
   */
  test('stochastic mRNA, continuous protein: stationary mean and variance', () => {
    const [make, g, k, d] = [5, 1, 3, 0.4];
    const type = fixture(
      { M: 0, P: 0 },
      {
        transcribe: ['-> M', `${make}`],
        decay: ['M ->', `${g} * M`],
        translate: ['M -> M + P', `${k} * M`, 'continuous'],
        dilute: ['P ->', `${d} * P`, 'continuous'],
      },
    );
    // M is a whole number although a continuous channel names it as a catalyst.
    const amounts = sampleAmounts(
      {
        ...type,
        circuit: {
          ...type.circuit,
          species: type.circuit.species.map(s => (s.name === 'M' ? { ...s, continuous: false } : s)),
        },
      },
      'P',
      5000,
      Array.from({ length: 600 }, () => 0.05),
      31,
    );
    const m = make / g;
    expectClose(amounts, (k * m) / d, (k * k * m) / (d * (d + g)));
  });
});
