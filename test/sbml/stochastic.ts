import { expect } from 'vitest';
import { runSbmlEnsemble } from '../../src/engine/sbml/ensemble.ts';
import { readSbml } from '../../src/engine/sbml/read.ts';
import { readCase } from './suite.ts';

/** Points of a stochastic case that lie outside the suite's limits. */
export interface Verdict {
  points: number;
  /** |√n (mean − μ)/σ| ≥ 3. */
  meansOut: number;
  /** |√(n/2) (S²/σ² − 1)| ≥ 5, S² about the reference mean. */
  deviationsOut: number;
}

export function judgeStochastic(name: string, runs: number, seed: string): Verdict {
  const suite = readCase('stochastic', name);
  const { mean, sd, species } = runSbmlEnsemble(readSbml(suite.model), { runs, times: suite.times, seed });
  const verdict: Verdict = { points: 0, meansOut: 0, deviationsOut: 0 };
  for (const column of suite.columns.filter(text => text.endsWith('-mean'))) {
    const id = column.slice(0, -'-mean'.length);
    const s = species.indexOf(id);
    expect(s).toBeGreaterThanOrEqual(0);
    suite.times.forEach((_, t) => {
      const mu = suite.expected[t][suite.columns.indexOf(column)];
      const sigma = suite.expected[t][suite.columns.indexOf(`${id}-sd`)];
      const at = t * species.length + s;
      if (sigma === 0) {
        expect(mean[at]).toBeCloseTo(mu, 9);
        expect(sd[at]).toBeLessThan(1e-9);
        return;
      }
      verdict.points += 1;
      const squares = (sd[at] ** 2 * (runs - 1)) / runs + (mean[at] - mu) ** 2;
      if (Math.abs((Math.sqrt(runs) * (mean[at] - mu)) / sigma) >= 3) verdict.meansOut += 1;
      if (Math.abs(Math.sqrt(runs / 2) * (squares / sigma ** 2 - 1)) >= 5) verdict.deviationsOut += 1;
    });
  }
  return verdict;
}
