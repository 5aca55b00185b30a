import { describe, expect, it } from 'vitest';
import type { EnsembleResult } from '../../src/engine/circuits/ensemble.ts';
import { runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { apply, ci, cn, document, math, TIME } from './document.ts';

/** X, `initial` of it, is made or taken at `rate`. */
function model(initial: number, side: 'Reactants' | 'Products', rate: string) {
  return readSbml(
    document(
      '<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>' +
        `<listOfSpecies><species id="X" compartment="c" initialAmount="${initial}" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>` +
        '<listOfParameters><parameter id="k" value="2.5" constant="true"/></listOfParameters>' +
        `<listOfReactions><reaction id="r" reversible="false"><listOf${side}><speciesReference species="X" stoichiometry="1" constant="true"/></listOf${side}><kineticLaw>${math(rate)}</kineticLaw></reaction></listOfReactions>`,
    ),
  );
}

const runs = 4000;

/** Moments of X at a time, by index. */
function ofX({ species, mean, sd }: EnsembleResult, t = 0): [mean: number, sd: number] {
  const i = t * species.length + species.indexOf('X');
  return [mean[i], sd[i]];
}

describe('functions of what varies, in an ensemble of a model', () => {
  it('are those of the amounts: 3 → 2 → 1 at ⌊X/2⌋, and there it ends', () => {
    const floor = model(3, 'Reactants', apply('floor', apply('divide', ci('X'), cn(2))));
    const result = runSbmlEnsemble(floor, { runs, times: [1, 50], seed: 'floor' });
    const [mean, sd] = ofX(result);
    // 3 − min(2, N), N Poisson of mean 1.
    const [none, one] = [Math.exp(-1), Math.exp(-1)];
    const expected = 3 - one - 2 * (1 - none - one);
    expect(Math.abs(mean - expected)).toBeLessThan((3.5 * sd) / Math.sqrt(runs));
    expect(ofX(result, 1)).toEqual([1, 0]);
  });

  it('are those of the time: immigration at 3 ⌈t⌉ is Poisson', () => {
    const steps = model(0, 'Products', apply('times', cn(3), apply('ceiling', TIME)));
    const few = 800;
    const [mean, sd] = ofX(runSbmlEnsemble(steps, { runs: few, times: [2.5], seed: 'ceiling' }));
    const lambda = 3 * (1 + 2 + 1.5);
    expect(Math.abs(mean - lambda)).toBeLessThan(3.5 * Math.sqrt(lambda / few));
    const spread = Math.sqrt((2 + 1 / lambda) / few);
    expect(Math.abs(sd ** 2 / lambda - 1)).toBeLessThan(3.5 * spread);
  });

  it('of constants are numbers, for any method; of what varies only the direct method has them', () => {
    const constant = model(3, 'Reactants', apply('times', apply('floor', ci('k')), ci('X')));
    const options = { runs: 10, times: [1], seed: '1', method: 'next-reaction' };
    expect(runSbmlEnsemble(constant, options).method).toBe('next-reaction');
    const varying = model(3, 'Reactants', apply('factorial', ci('X')));
    expect(() => runSbmlEnsemble(varying, options)).toThrow(/does not support the varying <factorial>/);
  });

  it('a relation of a single amount holds', () => {
    const rate = apply('times', ci('X'), apply('gt', ci('X')));
    const relation = model(5, 'Reactants', rate);
    const { mean, species } = runSbmlEnsemble(relation, { runs: 10, times: [100], seed: '1' });
    expect(mean[species.indexOf('X')]).toBe(0);
  });
});
