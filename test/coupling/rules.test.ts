import { describe, expect, it } from 'vitest';
import { total } from '../../src/engine/fields/total.ts';
import { build, loadScenario, type Model, simulate, summarise } from '../../src/engine/index.ts';

/** A slab of 400 × 400 µm in which nothing moves; `cells` and `population` as in a scenario. */
function slab(cells: string, population: string, rest = '', time = '{ end: 100 s, step: 10 s }'): string {
  return `
cellfield: 1
title: Cells that rest, turn and touch
seed: 11
domain: { size: [400 um, 400 um], grid: [40, 40], thickness: 1 um }
time: ${time}
mechanics: none
balance: { tolerance: 1e-12, onBreach: stop }
${rest}
cells:${cells}
population:${population}
`;
}

function run(text: string, untilStep?: number): Model {
  return simulate(build(loadScenario(text)), untilStep === undefined ? {} : { untilStep });
}

/** Amounts of a species, cell by cell of a type. */
function amountsOf(model: Model, type: string, species: string): number[] {
  const { population, description } = model;
  const t = description.cellTypes.findIndex(({ name }) => name === type);
  const s = description.cellTypes[t].circuit.species.findIndex(({ name }) => name === species);
  const found: number[] = [];
  for (let slot = 0; slot < population.count; slot++) {
    if (population.type[slot] === t) found.push(population.amounts[slot * population.stride + s]);
  }
  return found;
}

function extentOf(model: Model, cause: string): number {
  const { causes, extents } = model.ledger;
  return causes.all.reduce((sum, { name }, i) => sum + (name === cause ? extents.sum[i] : 0), 0);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** 1600 pairs, 10 µm apart, of cells of radius 1 µm whose surfaces are `gap` apart. */
function pairs(a: string, b: string, gap: number): string {
  const places = Array.from({ length: 1600 }, (_, i) => [5 + 10 * (i % 40), 3 + 10 * Math.floor(i / 40)]);
  const points = (dx: number) => places.map(([x, y]) => `[${x + dx} um, ${y} um]`).join(', ');
  return `
  - { type: ${a}, in: { points: [${points(-1 - gap / 2)}] } }
  - { type: ${b}, in: { points: [${points(1 + gap / 2)}] } }`;
}

/** Whether a count of `n` trials of probability p is within 4.5 standard errors. */
function expectBinomial(count: number, n: number, p: number): void {
  expect(Math.abs(count - n * p)).toBeLessThan(4.5 * Math.sqrt(n * p * (1 - p)));
}

describe('conjugation', () => {
  const types = `
  donor:
    shape: { disc: { radius: 1 um } }
    species: { plasmid: 3 }
    contacts:
      conjugation:
        with: recipient
        rate: 0.01 /s
        range: 0.2 um
        equation: "plasmid -> plasmid + partner.plasmid"
        partner: become transconjugant
  recipient:
    shape: { disc: { radius: 1 um } }
    species: { plasmid: 0, marker: 7 }
  transconjugant:
    shape: { disc: { radius: 1 um } }
    species: { plasmid: 0, marker: 0 }`;

  it('turns recipients in contact at the rate, whatever the step, and makes one plasmid each', () => {
    for (const time of ['{ end: 100 s, step: 10 s }', '{ end: 100 s, step: 100 s }']) {
      const model = run(slab(types, pairs('donor', 'recipient', 0.1), '', time));
      const turned = amountsOf(model, 'transconjugant', 'plasmid');
      expectBinomial(turned.length, 1600, 1 - Math.exp(-1));
      expect(turned.every(copies => copies === 1)).toBe(true);
      expect(amountsOf(model, 'transconjugant', 'marker').every(copies => copies === 7)).toBe(true);
      expect(sum(amountsOf(model, 'donor', 'plasmid'))).toBe(4800);
      expect(extentOf(model, 'donor.conjugation contact')).toBe(turned.length);
      expect(model.population.count).toBe(3200);
      expect(model.balance.worstRelative()).toBeLessThan(1e-14);
    }
  });

  it('needs contact', () => {
    const model = run(slab(types, pairs('donor', 'recipient', 0.21)));
    expect(amountsOf(model, 'transconjugant', 'plasmid')).toHaveLength(0);
  });

  it('moves molecules that are not copied, as long as there are any', () => {
    const moved = types
      .replace('plasmid -> plasmid + partner.plasmid', 'plasmid -> partner.plasmid')
      .replace('        partner: become transconjugant\n', '');
    const model = run(slab(moved, pairs('donor', 'recipient', 0.1), '', '{ end: 20 min, step: 20 s }'));
    expect(sum(amountsOf(model, 'donor', 'plasmid')) + sum(amountsOf(model, 'recipient', 'plasmid'))).toBe(
      4800,
    );
    // Twelve expected chances for three plasmids: nearly all are over.
    expect(sum(amountsOf(model, 'recipient', 'plasmid'))).toBeGreaterThan(4700);
    expect(Math.max(...amountsOf(model, 'recipient', 'plasmid'))).toBe(3);
    expect(model.balance.report().find(({ name }) => name.includes('plasmid'))?.name).toContain(
      'recipient.plasmid',
    );
  });
});

describe('predation', () => {
  it('gives the predator its share of the prey, whose rest leaves by a named sink', () => {
    const types = `
  predator:
    shape: { disc: { radius: 1 um } }
    contacts:
      eat: { with: prey, rate: 0.01 /s, range: 0.2 um, equation: "partner.biomass -> 0.4 biomass", times: all, partner: die }
  prey:
    shape: { disc: { radius: 1 um } }
    species: { A: 5 }`;
    const model = run(slab(types, pairs('predator', 'prey', 0.1)));
    const eaten = 1600 - amountsOf(model, 'prey', 'A').length;
    expectBinomial(eaten, 1600, 1 - Math.exp(-1));
    const mass = 300 * Math.PI;
    const grown = amountsOf(model, 'predator', 'biomass').filter(biomass => biomass > 1.2 * mass);
    expect(grown).toHaveLength(eaten);
    for (const biomass of grown) expect(biomass).toBeCloseTo(1.4 * mass, 8);
    expect(extentOf(model, 'prey death by eat by predator')).toBeCloseTo(5 * eaten, 6);
    // What is not yet digested is a loss, which is why no moiety holds; each substance balances by itself.
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });
});

describe('phage infection', () => {
  const fields = 'fields: { phage: { diffusivity: 4 um^2/s, initial: 0 nM } }\ncoupling: { kernel: nearest }';
  const types = `
  infected:
    shape: { disc: { radius: 1 um } }
    species: { phage: 1 }
    reactions: { assembly: { equation: "-> phage", rate: 2 /s } }
    rules: { burst: { when: phage >= 100, do: lyse } }
    death: { rate: 0 /s, release: ["phage -> field.phage"] }`;

  it('releases whole phages at lysis: none is lost and none made', () => {
    const model = run(
      slab(types, '\n  - { type: infected, count: 300 }', fields, '{ end: 60 s, step: 1 s }'),
    );
    const free = total(model.fields[0]) * model.description.grid.voxelVolume;
    const made = extentOf(model, 'infected.assembly');
    const burst = 300 - model.population.count;
    expect(burst).toBeGreaterThan(200);
    // Counts in cells are whole and exact; those in the field to rounding.
    expect(Math.abs(free - Math.round(free))).toBeLessThan(1e-8);
    expect(Math.round(free) + sum(amountsOf(model, 'infected', 'phage'))).toBe(300 + made);
    expect(extentOf(model, 'infected.burst release 1')).toBe(Math.round(free));
    expect(extentOf(model, 'infected.release 1')).toBe(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });
});

describe('rules', () => {
  it('at a rate follow its law while the condition holds; with a probability they happen once per rise of it', () => {
    const types = `
  stem:
    shape: { disc: { radius: 1 um } }
    species: { A: 4, B: 9 }
    rules:
      leave: { when: time > 55 s, rate: 0.02 /s, do: become muscle }
      try: { when: "time > 35 s and time < 45 s or time > 65 s and time < 85 s", probability: 25%, do: become fat }
  muscle: { shape: { disc: { radius: 1 um } }, species: { A: 0 } }
  fat: { shape: { disc: { radius: 1 um } }, species: { A: 0, B: 0 } }`;
    const model = run(slab(types, '\n  - { type: stem, count: 4000 }'));
    // Turns at 10, 20 … s. Rises at 40 and at 70 s. From 60 s on five turns of 10 s at 0.02 /s.
    const go = Math.exp(-0.2);
    const stay = 0.75 ** 2 * go ** 5;
    const fat = 0.25 + 0.75 * go ** 2 * 0.25;
    expectBinomial(amountsOf(model, 'fat', 'A').length, 4000, fat);
    expectBinomial(amountsOf(model, 'stem', 'A').length, 4000, stay);
    expect(amountsOf(model, 'fat', 'B').every(b => b === 9)).toBe(true);
    const muscle = amountsOf(model, 'muscle', 'A');
    expect(muscle.every(a => a === 4)).toBe(true);
    expect(extentOf(model, 'stem.leave lost')).toBe(9 * muscle.length);
    expect(model.balance.worstRelative()).toBeLessThan(1e-14);
  });

  it('have cells rest: no growth, no division, no cycle; and wake them', () => {
    const types = `
  a:
    shape: { disc: { radius: 1 um } }
    growth: 0.01 /s
    division: { timer: { period: 60 s } }
    rules:
      rest: { when: time > 15 s and time < 75 s, do: quiesce }
      wake: { when: time > 75 s, do: awake }`;
    const model = run(slab(types, '\n  - { type: a, count: 20 }'));
    expect(model.population.count).toBe(20);
    // Asleep from 20 to 80 s.
    for (const biomass of amountsOf(model, 'a', 'biomass'))
      expect(biomass / (300 * Math.PI)).toBeCloseTo(Math.exp(0.4), 4);
    const later = run(slab(types, '\n  - { type: a, count: 20 }', '', '{ end: 130 s, step: 10 s }'));
    expect(later.population.count).toBe(40);
    for (let slot = 0; slot < 40; slot++) expect(later.population.birthTime[slot]).toBeCloseTo(120, 9);
  });

  it('have cells divide, also those that do not by themselves', () => {
    const types = `
  a:
    shape: { disc: { radius: 1 um } }
    species: { A: 10 }
    rules: { split: { when: age > 45 s, do: divide } }`;
    const model = run(slab(types, '\n  - { type: a, count: 10 }'));
    expect(model.population.count).toBe(40);
    expect(sum(amountsOf(model, 'a', 'A'))).toBe(100);
  });

  it('let cells shrink and then leave (apoptosis), and die at once with a part as debris (necrosis)', () => {
    const fields =
      'fields: { debris: { diffusivity: 1 um^2/s, initial: 0 nM }, co2: { diffusivity: 1000 um^2/s, initial: 0 nM } }';
    const types = `
  cell:
    shape: { disc: { radius: 1 um } }
    rules:
      suicide: { rate: 0.02 /s, do: become apoptotic }
      necrosis: { rate: 0.01 /s, do: become corpse, release: [] }
  apoptotic:
    shape: { disc: { radius: 1 um } }
    reactions: { shrink: { equation: biomass -> 5 field.co2, continuous: true, rate: 0.1 /s * biomass } }
    rules: { leave: { when: volume < 0.6 um^3, do: lyse, release: ["biomass -> 5 field.debris"] } }
  corpse:
    shape: { disc: { radius: 1 um } }
    reactions: { swell: { equation: biomass -> 5 field.debris, continuous: true, rate: "0.05 /s * max(0, biomass - 0.3 * 300 fg/um^3 * pi * 1 um^3)" } }`;
    const model = run(slab(types, '\n  - { type: cell, count: 500 }', fields));
    const report = model.balance.report();
    const carbon = report.find(({ name }) => name.includes('field.debris') && name.includes('cell.biomass'));
    expect(carbon?.relative).toBeLessThan(1e-13);
    expect(extentOf(model, 'apoptotic.leave release 1')).toBeGreaterThan(0);
    for (const biomass of amountsOf(model, 'corpse', 'biomass'))
      expect(biomass).toBeGreaterThan(0.3 * 300 * Math.PI * 0.99);
    expect(summarise(model).cells).toBeDefined();
  });
});
