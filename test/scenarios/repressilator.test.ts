import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, readSbml, simulate, simulateSbml, timeOf } from '../../src/engine/index.ts';
import { causesOf, LONG, speciesOf, start, stepAt } from './shipped.ts';

const PROTEINS = ['LacI', 'CI', 'TetR'];
const HOUR = 3600;

/** Sum over all cells. */
function total(model: Model, species: string): number {
  const { count, stride, amounts } = model.population;
  const index = speciesOf(model, species);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += amounts[i * stride + index];
  return sum;
}

describe('repressilator', () => {
  let colony: Model;
  let lone: Model;
  const leaders: string[] = [];
  beforeAll(() => {
    colony = start('repressilator');
    simulate(colony, { untilStep: stepAt(colony, 5 * HOUR) });
    lone = start('repressilator', 'cells.bacterium.method=deterministic', 'cells.bacterium.growth=0');
    simulate(lone, {
      untilStep: stepAt(lone, 8 * HOUR),
      observers: [
        {
          when: step => step % 12 === 0 && step > 0,
          act: model => {
            const [leader] = PROTEINS.toSorted((a, b) => total(model, b) - total(model, a));
            if (leader !== leaders.at(-1)) leaders.push(leader);
          },
        },
      ],
    });
  }, LONG);

  it('makes 20 proteins for each mRNA that decays', () => {
    for (const protein of PROTEINS) {
      const made = causesOf(colony, `bacterium.${protein}`)[`bacterium.translation_${protein}`];
      const lost = -causesOf(colony, `bacterium.m${protein}`)[`bacterium.mRNA_loss_${protein}`];
      expect(lost).toBeGreaterThan(10_000);
      // Both count points at rates in the ratio 20: given their sum, `made` is binomial.
      const deviation = Math.sqrt((made + lost) * (20 / 21) * (1 / 21));
      expect(Math.abs(made - (20 / 21) * (made + lost))).toBeLessThan(3.5 * deviation);
    }
  });

  it('lets LacI, CI and TetR lead in turn', () => {
    expect(leaders.length).toBeGreaterThanOrEqual(6);
    leaders.forEach((leader, i) => {
      expect(leader).toBe(PROTEINS[i % 3]);
    });
  });

  it('follows the time course of the model where nothing grows', () => {
    const text = readFileSync(new URL('../../scenarios/repressilator.xml', import.meta.url), 'utf8');
    const names = [...PROTEINS, ...PROTEINS.map(name => `m${name}`)];
    const observables = names.map(name => ({ name, as: 'amount' as const }));
    const [, row] = simulateSbml(readSbml(text), { times: [0, timeOf(lone)], observables });
    names.forEach((name, i) => {
      expect(Math.abs(total(lone, name) / lone.population.count / row[i] - 1)).toBeLessThan(1e-4);
    });
  });
});
