import { describe, expect, it } from 'vitest';
import { total } from '../../src/engine/fields/total.ts';
import { build, loadScenario, type Model, simulate } from '../../src/engine/index.ts';

/** One well-mixed dish: a single voxel, cells that do not touch. */
function dish(fields: string, cell: string, count: number, end: string, step: string): Model {
  return simulate(
    build(
      loadScenario(`
cellfield: 1
title: Growth laws
seed: 3
domain: { size: [100 um, 100 um], grid: [2, 2], thickness: 1 um }
time: { end: ${end}, step: ${step} }
mechanics: none
balance: { tolerance: 1e-12, onBreach: stop }
fields: ${fields}
cells:
  cell:
    shape: { disc: { radius: 0.6 um } }
${cell}
population:
  - { type: cell, count: ${count} }
`),
    ),
  );
}

function biomassOf({ population }: Model): number {
  let sum = 0;
  for (let slot = 0; slot < population.count; slot++) sum += population.amounts[slot * population.stride];
  return sum;
}

function content(model: Model, f: number): number {
  return total(model.fields[f]) * model.description.grid.voxelVolume;
}

function extentOf(model: Model, cause: string): number {
  const { causes, extents } = model.ledger;
  return causes.all.reduce((sum, { name }, i) => sum + (name === cause ? extents.sum[i] : 0), 0);
}

describe('growth laws', () => {
  it('Monod growth in a closed dish follows the integrated equation', () => {
    // X = X0 + Y (S0 − S), and with a = S0 + X0/Y the time to S: see the partial fractions below.
    const [mu, K, Y] = [1 / 3600, 0.5 * 602214.076, 1 / 2e6];
    const model = dish(
      '{ sugar: { diffusivity: 1e5 um^2/s, initial: 2 mM } }',
      '    reactions: { growth: { equation: 2e6 field.sugar -> biomass, continuous: true, rate: 1 /h * biomass * field.sugar / (0.5 mM + field.sugar) } }',
      30,
      '40 min',
      '5 s',
    );
    const V = 1e4;
    const S0 = 2 * 602214.076 * V;
    const X0 = 30 * 300 * Math.PI * 0.36;
    const S = content(model, 0);
    const X = biomassOf(model);
    expect(Math.abs(X - X0 - Y * (S0 - S)) / X).toBeLessThan(1e-12);
    const KS = K * V;
    const a = S0 + X0 / Y;
    const time = (((KS + a) / a) * Math.log(X / X0) - (KS / a) * Math.log(S / S0)) / mu;
    expect(S / S0).toBeLessThan(0.9995);
    expect(time / 2400).toBeCloseTo(1, 4);
  });

  it('Droop growth settles at the quota and the rate of its law', () => {
    // dq/dt = v − μm (q − q0) for the quota q per biomass: q = q0 + v/μm, μ = μm (1 − q0/q) = μm v/(μm q0 + v).
    const model = dish(
      '{ phosphate: { diffusivity: 1e5 um^2/s, initial: 10 mM } }',
      `    species: { store: 0 }
    reactions:
      uptake: { equation: field.phosphate -> store, continuous: true, rate: 5 /s * biomass / (1 fg) }
      growth: { equation: -> biomass, continuous: true, rate: "1 /h * biomass * max(0, 1 - 1e4 * (biomass / (1 fg)) / max(store, 1))" }`,
      1,
      '12 h',
      '5 s',
    );
    const [mu, v, q0] = [1 / 3600, 5, 1e4];
    const expected = q0 + v / mu;
    const store = model.population.amounts[1];
    const biomass = model.population.amounts[0];
    // The way there is of e^(−μm t).
    expect(store / biomass / expected).toBeCloseTo(1, 4);
    const before = Math.log(biomass / (300 * Math.PI * 0.36));
    const rate = mu * (1 - q0 / expected);
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(rate * 12 * 3600 * 1.001);
  });

  it('carbon closes over substrate, biomass, EPS, product and maintenance, through division and death', () => {
    // Carbon atoms: glucose 6, biomass 36 per unit here, EPS 6, acetate 2, CO2 1.
    const model = dish(
      `
  glucose: { diffusivity: 600 um^2/s, initial: 20 mM }
  eps: { diffusivity: 1 um^2/s, initial: 0 mM }
  acetate: { diffusivity: 1000 um^2/s, initial: 0 mM }
  co2: { diffusivity: 1900 um^2/s, initial: 0 mM }`,
      `    reactions:
      growth:
        equation: 20 field.glucose -> biomass + 5 field.eps + 12 field.acetate + 30 field.co2
        continuous: true
        rate: 2 /h * biomass * field.glucose / (50 uM + field.glucose)
      maintenance: { equation: biomass -> 36 field.co2, continuous: true, rate: 0.1 /h * biomass }
    division: { adder: { added: 1 um^3, noise: 10% } }
    death: { rate: 0.2 /h, release: ["biomass -> 6 field.glucose"] }`,
      100,
      '2 h',
      '20 s',
    );
    expect(model.population.nextId).toBeGreaterThan(250);
    expect(extentOf(model, 'cell.release 1')).toBeGreaterThan(0);
    const carbon =
      36 * biomassOf(model) + [6, 6, 2, 1].reduce((sum, atoms, f) => sum + atoms * content(model, f), 0);
    const start = 100 * 300 * Math.PI * 0.36 * 36 + 6 * 20 * 602214.076 * 1e4;
    expect(Math.abs(carbon / start - 1)).toBeLessThan(1e-13);
    const moiety = model.balance
      .report()
      .find(({ name }) => name.includes('biomass') && name.includes('eps') && name.includes('co2'));
    expect(moiety?.relative).toBeLessThan(1e-13);
    // Pirt: what growth makes less maintenance and death is what there is.
    const [grown, kept, died] = ['growth', 'maintenance', 'release 1'].map(name =>
      extentOf(model, `cell.${name}`),
    );
    expect((grown - kept - died + 100 * 300 * Math.PI * 0.36) / biomassOf(model)).toBeCloseTo(1, 12);
    expect(content(model, 1) / (5 * grown)).toBeCloseTo(1, 12);
  });
});
