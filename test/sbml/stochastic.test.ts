import { describe, expect, it } from 'vitest';
import { runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { apply, assignmentRule, ci, cn, document, event, math, TIME } from './document.ts';
import { judgeStochastic } from './stochastic.ts';
import { absent, caseNames } from './suite.ts';

const missing = absent('stochastic');
if (missing !== null) console.log(missing);

/** Birth–death, in litres, with local parameters, immigration, an event, dimerisation, batches: some that are cheap. */
const QUICK = ['00001', '00004', '00020', '00022', '00028', '00030', '00037'];

describe.skipIf(missing !== null)('SBML test suite, stochastic cases at 1000 runs', () => {
  for (const name of caseNames('stochastic').filter(candidate => QUICK.includes(candidate))) {
    it(name, () => {
      const { points, meansOut, deviationsOut } = judgeStochastic(name, 1000, `quick ${name}`);
      expect(points).toBeGreaterThan(40);
      // Neighbouring times are correlated: one excursion beyond 3 σ takes a few of them.
      expect(meansOut).toBeLessThanOrEqual(5);
      expect(deviationsOut).toBe(0);
    });
  }
});

const CELL = '<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>';

function species(id: string, amount: number): string {
  return `<species id="${id}" compartment="c" initialAmount="${amount}" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>`;
}

/** -> X at k, X -> at m X. */
function immigrationDeath(k: number, m: number, initial: number, more = ''): string {
  return document(
    `${CELL}<listOfSpecies>${species('X', initial)}${species('Y', 0)}</listOfSpecies>` +
      `<listOfRules>${assignmentRule('Y', apply('times', cn(2), ci('X')))}</listOfRules>` +
      `<listOfReactions><reaction id="birth" reversible="false"><listOfProducts><speciesReference species="X" stoichiometry="1" constant="true"/></listOfProducts><kineticLaw>${math(cn(k))}</kineticLaw></reaction>` +
      `<reaction id="death" reversible="false"><listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants><kineticLaw>${math(apply('times', cn(m), ci('X')))}</kineticLaw></reaction></listOfReactions>${more}`,
  );
}

describe('a model with rules and events', () => {
  const runs = 4000;

  it('has the Poisson law of immigration–death, and an assigned species follows it', () => {
    const {
      mean,
      sd,
      species: names,
    } = runSbmlEnsemble(readSbml(immigrationDeath(5, 0.5, 0)), {
      runs,
      times: [0, 1, 4],
      seed: 'poisson',
    });
    expect(names).toEqual(['X', 'Y']);
    [0, 1, 4].forEach((time, t) => {
      const lambda = 10 * (1 - Math.exp(-0.5 * time));
      expect(Math.abs(mean[2 * t] - lambda)).toBeLessThanOrEqual(3.5 * Math.sqrt(lambda / runs));
      // Var(S²) = (μ₄ − σ⁴)/n with μ₄ = λ + 3 λ² for a Poisson law.
      const error = Math.sqrt((lambda + 2 * lambda ** 2) / runs);
      expect(Math.abs(sd[2 * t] ** 2 - lambda)).toBeLessThanOrEqual(3.5 * error);
      expect(mean[2 * t + 1]).toBeCloseTo(2 * mean[2 * t], 9);
      expect(sd[2 * t + 1]).toBeCloseTo(2 * sd[2 * t], 9);
    });
  });

  it('restarts from what an event sets, at its time', () => {
    // From 50 at t = 2: mean 50 E + 10 (1 − E), variance 50 E (1 − E) + 10 (1 − E), E = e^(−(t−2)/2).
    const reset = `<listOfEvents>${event(apply('geq', TIME, cn(2)), { X: cn(50) })}</listOfEvents>`;
    const { mean, sd } = runSbmlEnsemble(readSbml(immigrationDeath(5, 0.5, 0, reset)), {
      runs,
      times: [2, 3],
      seed: 'reset',
    });
    expect(mean[0]).toBe(50);
    expect(sd[0]).toBe(0);
    const left = Math.exp(-0.5);
    const variance = 50 * left * (1 - left) + 10 * (1 - left);
    expect(Math.abs(mean[2] - (50 * left + 10 * (1 - left)))).toBeLessThan(3.5 * Math.sqrt(variance / runs));
    expect(Math.abs(sd[2] ** 2 / variance - 1)).toBeLessThan(3.5 * Math.sqrt(2.2 / runs));
  });

  it('executes an event at the firing that triggers it', () => {
    const cap = `<listOfEvents>${event(apply('geq', ci('X'), cn(8)), { X: cn(0) })}</listOfEvents>`;
    const { trajectories } = runSbmlEnsemble(readSbml(immigrationDeath(50, 0.1, 0, cap)), {
      runs: 50,
      times: [0.5, 1, 2, 3],
      seed: 'cap',
      trajectories: 50,
    });
    const counts = [...trajectories].filter((_, i) => i % 2 === 0);
    expect(Math.max(...counts)).toBeLessThan(8);
    expect(new Set(counts).size).toBeGreaterThan(5);
  });

  it('gives the same copies whatever the number of runs', () => {
    const model = readSbml(immigrationDeath(5, 0.5, 0));
    const paths = (copies: number): number[] => [
      ...runSbmlEnsemble(model, { runs: copies, times: [1, 2], seed: 's', trajectories: 5 }).trajectories,
    ];
    expect(paths(300)).toEqual(paths(5));
  });

  it('refuses other methods and what it cannot do, by name', () => {
    const model = readSbml(immigrationDeath(5, 0.5, 0));
    const options = { runs: 1, times: [1], seed: '1' };
    expect(() => runSbmlEnsemble(model, { ...options, method: 'tau-leaping' })).toThrow(
      /does not support events/,
    );
  });

  it('has its time course by the deterministic method, with what varies besides species', () => {
    const pulse = `<listOfEvents>${event(apply('geq', TIME, cn(2)), { X: cn(50) })}</listOfEvents>`;
    const text = immigrationDeath(5, 0.5, 0, pulse).replace(
      'constant="true"/></listOfCompartments>',
      'constant="false"/></listOfCompartments>',
    );
    const result = runSbmlEnsemble(readSbml(text), {
      runs: 3,
      times: [1, 3],
      seed: '1',
      method: 'deterministic',
    });
    expect(result.species).toEqual(['X', 'Y', 'c']);
    expect(result.mean[0]).toBeCloseTo(10 * (1 - Math.exp(-0.5)), 7);
    expect(result.mean[3]).toBeCloseTo(10 + 40 * Math.exp(-0.5), 7);
    expect(result.mean[4]).toBeCloseTo(2 * result.mean[3], 12);
    expect([...result.sd]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
