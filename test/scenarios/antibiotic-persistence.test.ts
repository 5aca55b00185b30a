import { beforeAll, describe, expect, it } from 'vitest';
import { total } from '../../src/engine/fields/total.ts';
import { type Model, simulate } from '../../src/engine/index.ts';
import { causesOf, LONG, speciesOf, start, stepAt } from './shipped.ts';

const HOUR = 3600;
const MICROMOLAR = 602.214076;
const TIMES = [0.5, 1, 2, 3, 4, 6, 8, 10];

/** Cells awake and asleep, drug and lactamase (µM) in a dish that is mixed at every moment, without chance: means for many cells. */
interface Dish {
  readonly awake: number;
  readonly asleep: number;
  readonly drug: number;
  readonly lactamase: number;
}

function change({ awake, asleep, drug, lactamase }: Dish): Dish {
  const effect = drug ** 2 / (5 ** 2 + drug ** 2);
  const [killed, lost] = [2 * effect * awake, 0.02 * effect * asleep];
  const volume = 200 * 200 * 2;
  return {
    awake: -killed - 0.01 * awake + 0.1 * asleep,
    asleep: -lost + 0.01 * awake - 0.1 * asleep,
    drug: (-0.6 * HOUR * lactamase * drug) / (50 + drug),
    lactamase: (500 * (killed + lost)) / volume / MICROMOLAR,
  };
}

/** At TIMES, by the midpoint rule in steps of 1/1000 h. */
function expected(): Dish[] {
  const moved = (d: Dish, by: Dish, h: number): Dish => ({
    awake: d.awake + h * by.awake,
    asleep: d.asleep + h * by.asleep,
    drug: d.drug + h * by.drug,
    lactamase: d.lactamase + h * by.lactamase,
  });
  let dish: Dish = { awake: 1900, asleep: 100, drug: 100, lactamase: 0 };
  const found: Dish[] = [];
  for (let n = 1; n <= 10_000; n++) {
    dish = moved(dish, change(moved(dish, change(dish), 0.0005)), 0.001);
    if (TIMES.includes(n / 1000)) found.push(dish);
  }
  return found;
}

describe('antibiotic-persistence', () => {
  let model: Model;
  const seen: Dish[] = [];
  const theory = expected();

  beforeAll(() => {
    model = start('antibiotic-persistence');
    const awake = speciesOf(model, 'awake');
    for (const hours of TIMES) {
      simulate(model, { untilStep: stepAt(model, hours * HOUR) });
      const { amounts, stride, count } = model.population;
      let up = 0;
      for (let slot = 0; slot < count; slot++) up += amounts[slot * stride + awake];
      const [drug, lactamase] = model.fields.map(values => total(values) / values.length / MICROMOLAR);
      seen.push({ awake: up, asleep: count - up, drug, lactamase });
    }
  }, LONG);

  it('kills in two phases, as two rates say', () => {
    // Of n cells the survivors are binomial, so their variance is at most their mean.
    seen.forEach(({ awake, asleep }, i) => {
      const survivors = theory[i].awake + theory[i].asleep;
      expect(Math.abs(awake + asleep - survivors)).toBeLessThan(4 * Math.sqrt(survivors));
      expect(Math.abs(asleep - theory[i].asleep)).toBeLessThan(4 * Math.sqrt(theory[i].asleep));
    });
    const decline = (a: number, b: number) =>
      Math.log((seen[a].awake + seen[a].asleep) / (seen[b].awake + seen[b].asleep)) / (TIMES[b] - TIMES[a]);
    expect(decline(0, 1)).toBeGreaterThan(1.5);
    expect(decline(3, 4)).toBeLessThan(0.25);
  });

  it('loses its drug to what the dead have spilt', () => {
    seen.forEach(({ drug, lactamase }, i) => {
      expect(Math.abs(lactamase / theory[i].lactamase - 1)).toBeLessThan(0.05);
      expect(Math.abs(drug - theory[i].drug)).toBeLessThan(1);
    });
    expect(seen[7].drug).toBeLessThan(0.5);
    const drug = causesOf(model, 'field.drug');
    expect(Object.keys(drug)).toEqual(['hydrolysis reaction']);
  });
});
