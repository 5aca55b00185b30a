import { describe, expect, it } from 'vitest';
import { runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import {
  apply,
  assignmentRule,
  ci,
  cn,
  document,
  event,
  math,
  parameters,
  rateRule,
  TIME,
} from './document.ts';
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

  /** Mean and variance of X at the last time against a law, in standard errors. */
  const expectLaw = (text: string, end: number, mean: number, variance: number, fourth: number): void => {
    const copies = 4000;
    const result = runSbmlEnsemble(readSbml(text), { runs: copies, times: [end / 2, end], seed: 'flow' });
    const width = result.species.length;
    expect(Math.abs(result.mean[width] - mean)).toBeLessThan(3.5 * Math.sqrt(variance / copies));
    expect(Math.abs(result.sd[width] ** 2 - variance)).toBeLessThan(
      3.5 * Math.sqrt((fourth - variance ** 2) / copies),
    );
  };
  const poisson = (mean: number): [number, number, number] => [mean, mean, mean + 3 * mean ** 2];
  /** Births at a law, of as many as a stoichiometry with the identifier s says. */
  const births = (law: string, rest: string, reference = 'stoichiometry="1"'): string =>
    document(
      '<listOfCompartments><compartment id="c" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>' +
        '<listOfSpecies><species id="X" compartment="c" initialAmount="0" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>' +
        `${parameters({ k: 0, y: 0 })}${rest.replace(/<listOfEvents>.*$/s, '')}<listOfReactions><reaction id="birth" reversible="false"><listOfProducts>` +
        `<speciesReference id="s" species="X" ${reference} constant="false"/></listOfProducts><kineticLaw>${math(law)}</kineticLaw></reaction></listOfReactions>` +
        (/<listOfEvents>.*$/s.exec(rest)?.[0] ?? ''),
    );

  it('fires at the propensity that a rate rule drives', () => {
    // k = 3t: births by t = 2 are Poisson with mean 6.
    const rules = `<listOfRules>${rateRule('k', cn(3))}</listOfRules>`;
    expectLaw(births(ci('k'), rules), 2, ...poisson(6));
  });

  it('follows rates that read the time between events', () => {
    // 2t, all lost at t = 1: Poisson with mean 3 at t = 2.
    const reset = `<listOfEvents>${event(apply('geq', TIME, cn(1)), { X: cn(0) })}</listOfEvents>`;
    expectLaw(births(apply('times', cn(2), TIME), reset), 2, ...poisson(3));
  });

  it('lets an event at what flows change the rate', () => {
    // y = t³ reaches 1 at t = 1, where k becomes 5.
    const rules = `<listOfRules>${rateRule('y', apply('times', cn(3), TIME, TIME))}</listOfRules>`;
    const start = `<listOfEvents>${event(apply('geq', ci('y'), cn(1)), { k: cn(5) })}</listOfEvents>`;
    expectLaw(births(ci('k'), rules + start), 2, ...poisson(5));
  });

  it('makes as many as a stoichiometry says that varies', () => {
    // N₁ + 3 N₂ with N Poisson of mean 2 before and after t = 1: cumulants Σ 2 mᵏ.
    const jump = `<piecewise><piece>${cn(1)}${apply('lt', TIME, cn(1))}</piece><otherwise>${cn(3)}</otherwise></piecewise>`;
    const rules = `<listOfRules>${assignmentRule('s', jump)}</listOfRules>`;
    const [variance, fourthCumulant] = [2 * (1 + 9), 2 * (1 + 81)];
    expectLaw(births(cn(2), rules, ''), 2, 8, variance, fourthCumulant + 3 * variance ** 2);
  });

  it('lets what flows follow the molecules', () => {
    // y' = X, X births at 4: E y = 2 t² and, as y = ∫(t − s) dN, var y = 4 t³/3; z counts at y: E z = 2/3 t³.
    const rules = `<listOfRules>${rateRule('y', ci('X'))}</listOfRules>`;
    const text = births(cn(4), rules)
      .replace(
        '</listOfReactions>',
        `<reaction id="second" reversible="false"><listOfProducts><speciesReference species="Z" stoichiometry="1" constant="true"/></listOfProducts><kineticLaw>${math(ci('y'))}</kineticLaw></reaction></listOfReactions>`,
      )
      .replace(
        '</listOfSpecies>',
        '<species id="Z" compartment="c" initialAmount="0" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>',
      );
    const copies = 3000;
    const { mean } = runSbmlEnsemble(readSbml(text), { runs: copies, times: [3], seed: 'z' });
    // Given N, Z is Poisson of ∫ y = ∫(t − s)²/2 dN: variance 18 + 4 ∫ (u²/2)² du.
    const variance = 18 + 3 ** 5 / 5;
    expect(Math.abs(mean[1] - 18)).toBeLessThan(3.5 * Math.sqrt(variance / copies));
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
      /'tau-leaping' does not support species under a rule of SBML; 'direct' does/,
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

describe('amounts in moles', () => {
  /** Immigration–death from 40 molecules to 20. */
  const inMoles = (beside: string): string => {
    const mole = 1 / 6.02214076e23;
    return immigrationDeath(10 * mole, 0.5, 40 * mole, beside)
      .replaceAll('substanceUnits="item"', 'substanceUnits="mole"')
      .replace(/<listOfRules>.*<\/listOfRules>/, '');
  };
  const never = `<listOfEvents>${event(apply('geq', TIME, cn(1e6)), { Y: cn(0) })}</listOfEvents>`;
  const jump = `<listOfEvents>${event(apply('geq', TIME, cn(4)), { X: cn(100 / 6.02214076e23) })}</listOfEvents>`;

  it('are molecules in ensembles, whether the circuit runs or the model itself', () => {
    const runs = 3000;
    const options = { runs, times: [1, 3, 4, 5], seed: 'moles', method: 'direct' };
    const asCircuit = runSbmlEnsemble(readSbml(inMoles('')), options);
    const itself = runSbmlEnsemble(readSbml(inMoles(never)), options);
    const jumping = runSbmlEnsemble(readSbml(inMoles(jump)), options);
    const at = ({ species: names, mean }: typeof itself, t: number): number =>
      mean[t * names.length + names.indexOf('X')];
    for (const [t, time] of [1, 3].entries()) {
      const survive = Math.exp(-0.5 * time);
      const expected = 20 + 20 * survive;
      // Poisson immigrants and binomial survivors.
      const error = Math.sqrt((20 * (1 - survive) + 40 * survive * (1 - survive)) / runs);
      for (const result of [asCircuit, itself, jumping])
        expect(Math.abs(at(result, t) - expected)).toBeLessThan(3.5 * error);
    }
    expect(at(jumping, 2)).toBe(100);
    expect([...itself.mean].every(Number.isFinite)).toBe(true);
    const survive = Math.exp(-0.5);
    const error = Math.sqrt((20 * (1 - survive) + 100 * survive * (1 - survive)) / runs);
    expect(Math.abs(at(jumping, 3) - (20 + 80 * survive))).toBeLessThan(3.5 * error);
  });

  it('are molecules where rate rules move rates, too', () => {
    const mole = 1 / 6.02214076e23;
    const text = immigrationDeath(10 * mole, 0.5, 40 * mole)
      .replaceAll('substanceUnits="item"', 'substanceUnits="mole"')
      .replace('<listOfRules>', `${parameters({ p: 0 })}<listOfRules>${rateRule('p', cn(1))}`);
    const runs = 1500;
    const { species: names, mean } = runSbmlEnsemble(readSbml(text), { runs, times: [2], seed: 'flow' });
    const survive = Math.exp(-1);
    const error = Math.sqrt((20 * (1 - survive) + 40 * survive * (1 - survive)) / runs);
    expect(Math.abs(mean[names.indexOf('X')] - 20 - 20 * survive)).toBeLessThan(3.5 * error);
    // Y = 2 X, by an assignment rule.
    expect(mean[names.indexOf('Y')] / (2 * mean[names.indexOf('X')])).toBeCloseTo(1, 9);
  });

  it('must be whole at the start in both', () => {
    const text = (beside: string): string =>
      immigrationDeath(10, 0.5, 2.5, beside).replace(/<listOfRules>.*<\/listOfRules>/, '');
    for (const beside of ['', never]) {
      expect(() => runSbmlEnsemble(readSbml(text(beside)), { runs: 2, times: [1], seed: '1' })).toThrow(
        "species 'X': its initial amount is 2.5 molecules, which is not a whole number from 0 to 2⁵³",
      );
    }
  });
});
