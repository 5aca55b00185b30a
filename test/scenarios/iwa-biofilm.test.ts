import { beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../src/engine/index.ts';
import { effluent, heightOfActive, layers, reactorAbove, run } from './iwaBiofilm.ts';
import { causesOf, fallbacks, LONG, meanOf } from './shipped.ts';

describe('iwa-biofilm', () => {
  let model: Model;
  const named = (name: string) =>
    model.ledger.extents.value(model.ledger.causes.all.findIndex(cause => cause.name === name));

  beforeAll(() => {
    model = run(6);
  }, LONG);

  it('has the effluent that one-dimensional equations have above a film of the same layers', () => {
    const expected = reactorAbove(layers(model), { COD: 30, N: 6 });
    const found = effluent(model);
    // Cells are not spread evenly, and grow by a percent or two in a step.
    expect(Math.abs(found.COD / expected.COD - 1)).toBeLessThan(0.03);
    expect(Math.abs(found.N / expected.N - 1)).toBeLessThan(0.03);
  });

  it('loses to the film what the cells take up, and keeps its balance', () => {
    const causes = causesOf(model, '29871700 heterotroph.biomass + field.COD + reactor.COD');
    expect(causes['reactor.COD inflow']).toBeGreaterThan(-causes['reactor.COD outflow'] * 3);
    // In the film next to nothing stays: all that enters is eaten.
    expect(named('COD from reactor') / (2.98717e7 * named('heterotroph.growth'))).toBeCloseTo(1, 3);
    expect(named('N from reactor') / (1.7923e8 * named('autotroph.growth'))).toBeCloseTo(1, 3);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('breathes what growth and respiration ask for', () => {
    const due = (type: string, perGrowth: number) =>
      1.88192e7 * (perGrowth * named(`${type}.growth`) + named(`${type}.respiration`));
    // Each field is solved with the other as it was: equal in the steady state, not while the film fills up.
    const off = (type: string, perGrowth: number) =>
      Math.abs(named(`${type}.breathing`) / due(type, perGrowth) - 1);
    expect(off('heterotroph', 0.37 / 0.63)).toBeLessThan(0.03);
    expect(off('autotroph', 4.33 / 0.24)).toBeLessThan(0.03);
  });

  it('has its heterotrophs above its autotrophs', () => {
    expect(heightOfActive(model, 0)).toBeGreaterThan(heightOfActive(model, 1) + 20);
  });

  it('is full, but not beyond', () => {
    const { population, description } = model;
    const volume = population.volume.subarray(0, population.count).reduce((sum, one) => sum + one, 0);
    const share = volume / description.grid.size.reduce((a, b) => a * b, 1);
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(1);
    expect(meanOf([...population.radius.subarray(0, population.count)])).toBeGreaterThan(8);
  });

  it('needs no fallback', () => {
    expect(fallbacks(model)).toBe(0);
  });
});
