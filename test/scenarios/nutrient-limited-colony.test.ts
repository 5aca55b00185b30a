import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { causesOf, fallbacks, LONG, meanOf, start, stepAt } from './shipped.ts';

/** mu_max of the file, 1/s. */
const MU = 0.9 / 3600;
/** Molecules of glucose per fg of biomass. */
const PER_BIOMASS = 6.69e6;

interface Growth {
  /** Distance from the colony's centre of mass, µm. */
  readonly distance: number;
  /** Specific growth rate over the interval, 1/s. */
  readonly rate: number;
}

interface Observation {
  readonly cells: Growth[];
  /** Of the colony, µm. */
  readonly radius: number;
}

/** Growth of every cell that neither divides nor is born in the next `seconds`, and the colony's radius. */
function growthOver(model: Model, seconds: number): Observation {
  const { population } = model;
  const before = new Map<number, number>();
  for (let i = 0; i < population.count; i++) {
    before.set(population.id[i], population.amounts[i * population.stride]);
  }
  simulate(model, { untilStep: model.step + stepAt(model, seconds) });
  const { count, x, y, id, amounts, stride } = population;
  const slots = Array.from({ length: count }, (_, i) => i);
  const [cx, cy] = [meanOf(slots.map(i => x[i])), meanOf(slots.map(i => y[i]))];
  const distance = (i: number) => Math.hypot(x[i] - cx, y[i] - cy);
  const cells = slots.flatMap(i => {
    const earlier = before.get(id[i]);
    if (earlier === undefined) return [];
    return [{ distance: distance(i), rate: Math.log(amounts[i * stride] / earlier) / seconds }];
  });
  return { cells, radius: Math.max(...slots.map(distance)) };
}

function meanRate(cells: readonly Growth[], from: number, to: number): number {
  const inside = cells.filter(({ distance }) => distance >= from && distance < to);
  expect(inside.length).toBeGreaterThan(8);
  return meanOf(inside.map(({ rate }) => rate));
}

function biomass({ population }: Model): number {
  let sum = 0;
  for (let i = 0; i < population.count; i++) sum += population.amounts[i * population.stride];
  return sum;
}

function glucose(model: Model): number {
  return model.fields[0].reduce((sum, value) => sum + value, 0) * model.description.grid.voxelVolume;
}

describe('nutrient-limited-colony', () => {
  let model: Model;
  let initial: { biomass: number; glucose: number };
  let early: Observation;
  let earlyRate: number;
  let late: Observation;

  beforeAll(() => {
    model = start('nutrient-limited-colony');
    initial = { biomass: biomass(model), glucose: glucose(model) };

    simulate(model, { untilStep: stepAt(model, 1200) });
    early = growthOver(model, 60);
    earlyRate = Math.log(biomass(model) / initial.biomass) / 1260;

    simulate(model, { untilStep: stepAt(model, 5.5 * 3600) });
    late = growthOver(model, 60);
  }, LONG);

  it('grows evenly and almost at the largest rate while it is small', () => {
    const centre = meanRate(early.cells, 0, 4);
    const rim = meanRate(early.cells, 4, Number.POSITIVE_INFINITY);
    expect(Math.abs(rim / centre - 1)).toBeLessThan(0.02);
    // Monod at the supply: 0.5 mM/(0.5 + 0.05 mM) = 0.909; the colony's own depletion costs a little more.
    expect(earlyRate / MU).toBeGreaterThan(0.88);
    expect(earlyRate / MU).toBeLessThan(0.5 / 0.55);
  });

  it('later grows at its rim alone', () => {
    const { cells, radius } = late;
    expect(radius).toBeGreaterThan(20);
    const centre = meanRate(cells, 0, radius / 3);
    const middle = meanRate(cells, radius / 3, (2 * radius) / 3);
    const rim = meanRate(cells, radius - 4, Number.POSITIVE_INFINITY);
    expect(middle).toBeGreaterThan(1.2 * centre);
    expect(rim).toBeGreaterThan(1.2 * middle);
    expect(rim).toBeGreaterThan(2.5 * centre);
    expect(centre).toBeLessThan(0.3 * MU);
  });

  it('gains in mass the yield times what the field lost, to rounding', () => {
    const gained = (biomass(model) - initial.biomass) * PER_BIOMASS;
    const causes = causesOf(model, '6690000 grower.biomass + field.glucose');
    const inflow = Object.values(causes).reduce((sum, amount) => sum + amount, 0);
    const lost = initial.glucose - glucose(model) + inflow;
    expect(gained).toBeGreaterThan(10 * initial.biomass * PER_BIOMASS);
    expect(Math.abs(gained - lost) / lost).toBeLessThan(1e-12);
    expect(model.balance.worstRelative()).toBeLessThan(1e-14);
  });

  it('is fed through its four walls alone, and evenly', () => {
    const causes = causesOf(model, '6690000 grower.biomass + field.glucose');
    const faces = Object.values(causes);
    expect(Object.keys(causes).sort()).toEqual(
      ['bottom', 'left', 'right', 'top'].map(face => `glucose ${face}`),
    );
    // The colony is round and in the middle but for its random shape.
    for (const face of faces) expect(face).toBeGreaterThan(0.9 * meanOf(faces));
  });

  it('needs no fallback', () => {
    expect(fallbacks(model)).toBe(0);
  });
});
