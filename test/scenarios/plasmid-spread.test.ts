import { beforeAll, describe, expect, it } from 'vitest';
import { createTouchFinder } from '../../src/engine/cells/touching.ts';
import { type Model, simulate } from '../../src/engine/index.ts';
import { LONG, start, stepAt } from './shipped.ts';

const [DONOR, TRANSCONJUGANT, RECIPIENT] = [0, 1, 2];
const RANGE = 0.1;

function extentOf({ ledger }: Model, ...names: string[]): number {
  return ledger.causes.all.reduce(
    (sum, { name }, i) => sum + (names.includes(name) ? ledger.extents.sum[i] : 0),
    0,
  );
}

function plasmids({ population }: Model): { total: number; carriers: number; wrong: number } {
  const { amounts, stride, type, count } = population;
  let [total, carriers, wrong] = [0, 0, 0];
  for (let slot = 0; slot < count; slot++) {
    const copies = amounts[slot * stride + 1];
    total += copies;
    if (type[slot] !== RECIPIENT) carriers++;
    else if (copies > 0) wrong++;
  }
  return { total, carriers, wrong };
}

describe('plasmid-spread', () => {
  const model = start('plasmid-spread');
  const finder = createTouchFinder(model.description.grid);
  let expected = 0;
  let variance = 0;

  beforeAll(() => {
    simulate(model, {
      untilStep: stepAt(model, 2 * 3600),
      observers: [
        {
          when: () => true,
          act: ({ population }) => {
            // Pairs that touch at the end of a step are those of the next turn, but for a step's growth.
            finder.prepare(population, RANGE);
            const chance = 1 - Math.exp(-(2 / 3600) * 10);
            for (let slot = 0; slot < population.count; slot++) {
              if (population.type[slot] !== RECIPIENT) continue;
              let carriers = 0;
              finder.near(population, slot, RANGE, other => {
                if (population.type[other] === DONOR || population.type[other] === TRANSCONJUGANT) carriers++;
              });
              const taken = 1 - (1 - chance) ** carriers;
              expected += taken;
              variance += taken * (1 - taken);
            }
          },
        },
      ],
    });
  }, LONG);

  it('hands a copy over at the rate of the pairs in contact', () => {
    const conjugated = extentOf(model, 'donor.conjugate contact', 'transconjugant.conjugate contact');
    expect(conjugated).toBeGreaterThan(200);
    // A martingale: what happened less what was to be expected, turn by turn. 2 % for the growth within a step.
    expect(Math.abs(conjugated - expected)).toBeLessThan(4.5 * Math.sqrt(variance) + 0.02 * expected);
  });

  it('counts every copy', () => {
    const { total, wrong } = plasmids(model);
    const made = extentOf(
      model,
      'donor.replicate',
      'transconjugant.replicate',
      'donor.conjugate contact',
      'transconjugant.conjugate contact',
    );
    expect(total).toBe(10 * 10 + made);
    expect(wrong).toBe(0);
    expect(
      model.balance
        .report()
        .some(({ name }) => name === 'donor.plasmid + transconjugant.plasmid + recipient.plasmid'),
    ).toBe(true);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('takes the plasmid through the colony', () => {
    const { carriers } = plasmids(model);
    const { count, amounts, stride } = model.population;
    // Mass grows at a rate between that of carriers and that of the others.
    let mass = 0;
    for (let slot = 0; slot < count; slot++) mass += amounts[slot * stride];
    const growth = Math.log(mass / (150 * 300 * Math.PI * 0.36)) / 2;
    expect(growth).toBeGreaterThan(0.95);
    expect(growth).toBeLessThan(1);
    // The share began at 1/15.
    expect(carriers / count).toBeGreaterThan(0.6);
  });
});
