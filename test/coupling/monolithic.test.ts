import { describe, expect, it } from 'vitest';
import type { MonolithicCoupling } from '../../src/engine/description/description.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { stateHash } from '../../src/engine/model/hash.ts';
import { createModel, type Model } from '../../src/engine/model/model.ts';
import { restoreSnapshot, saveSnapshot } from '../../src/engine/model/snapshot.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { summarise } from '../../src/engine/run/summary.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { boxes, contents } from '../support/boxes.ts';
import {
  cell,
  concentration,
  describeModel,
  field,
  fieldOf,
  over,
  plus,
  reaction,
  times,
  typeOf,
  value,
} from '../support/describe.ts';

function monolithic(changes: Partial<MonolithicCoupling> = {}): MonolithicCoupling {
  return { schedule: 'monolithic', kernel: 'linear', tolerance: 1e-9, iterations: 30, ...changes };
}

/**
 * Cells that eat food (Michaelis–Menten), turn it into a signal that they secrete the more the more of it there is outside, and take
 * back; on voxels between which both fields diffuse, in a flow of time over which food is resupplied through a wall.
 */
function feedback(step: number, coupling: string): Model {
  return build(
    loadScenario(`
cellfield: 1
title: Two fields and a feedback
domain: { size: [16 um, 12 um], grid: [8, 6], thickness: 2 um }
time: { end: 4 s, step: ${step} s, record: 4 s }
fields:
  food: { diffusivity: 6 um^2/s, initial: "3 /um^3 * (1 + 0.3 * sin(x / (3 um)))", boundary: { left: periodic, right: periodic, top: { value: 4 /um^3 } } }
  signal: { diffusivity: 3 um^2/s, decay: 0.05 /s, initial: 0.2 /um^3, boundary: { left: periodic, right: periodic } }
cells:
  maker:
    shape: { disc: { radius: 0.6 um } }
    species: { fuel: 20, S: 5 }
    reactions:
      eat: { equation: field.food -> fuel, continuous: true, rate: 60 /s * field.food / (1 /um^3 + field.food) }
      build: { equation: fuel -> S, continuous: true, rate: "0.8 /s * fuel * (0.1 + hill(field.signal, 1 /um^3, 2))" }
      give: { equation: S -> field.signal, continuous: true, rate: 3 /s * S }
      take: { equation: field.signal -> S, continuous: true, rate: 2 um^3/s * field.signal }
population: [{ type: maker, in: { lattice: { from: [2.3 um, 2.6 um], to: [13.1 um, 9.4 um], counts: [4, 3] } } }]
coupling: ${coupling}
balance: { tolerance: 1e-12, onBreach: stop }
`),
  );
}

/** Cells behind a post, in a channel or below a reactor; the food that they eat they turn into waste. */
function surroundings(kind: 'flow' | 'reactor', step: number, coupling: string): Model {
  const flows = kind === 'flow';
  return build(
    loadScenario(`
cellfield: 1
title: A channel
domain:
  size: [24 um, 16 um]
  grid: [12, 8]
  thickness: 5 um
${flows ? '  flow: { x: 0.06 /um/s * y * (16 um - y) }' : ''}
  obstacles: [{ disc: { centre: [8 um, 4 um], radius: 2.5 um } }]
time: { end: 4 s, step: ${step} s, record: 4 s }
fields:
  food: { diffusivity: 20 um^2/s, decay: 0.01 /s, initial: 2 /um^3, boundary: { left: { value: 3 /um^3 }${flows ? ', right: outflow' : ''} } }
  waste: { diffusivity: 30 um^2/s, initial: 0 /um^3, boundary: { left: { value: 0 /um^3 }, bottom: { transfer: 2 um/s, value: 0.1 /um^3 }${flows ? ', right: outflow' : ''} } }
${
  flows
    ? ''
    : `bulk:
  reactor: { face: top, volume: 4000 um^3, inflow: 400 um^3/s, area: 120 um^2, influent: { food: 5 /um^3 }, initial: { food: 4 /um^3, waste: 0 /um^3 } }`
}
cells:
  eater:
    shape: { disc: { radius: 0.8 um } }
    species: { held: 30 }
    reactions:
      eat: { equation: field.food -> held, continuous: true, rate: 200 /s * field.food / (1 /um^3 + field.food) }
      drop: { equation: held -> field.waste, continuous: true, rate: 2 /s * held }
population: [{ type: eater, in: { lattice: { from: [12.4 um, 3.1 um], to: [21.7 um, 12.2 um], counts: [4, 3] } } }]
coupling: ${coupling}
balance: { tolerance: 1e-12, onBreach: stop }
`),
  );
}

/** Growing, dividing, dying cells with a gene read one transcript at a time, by what they sense outside. */
function colony(options = {}): Model {
  return build(
    loadScenario(`
cellfield: 1
title: A colony of cells with both kinds of channels
seed: 3
domain: { size: [24 um, 24 um], grid: [12, 12], thickness: 1 um }
time: { end: 60 s, step: 0.2 s, record: 10 s }
fields:
  food: { diffusivity: 40 um^2/s, initial: 30 /um^3, boundary: { left: { value: 30 /um^3 } } }
  AHL: { diffusivity: 20 um^2/s, decay: 0.02 /s, initial: 0 /um^3 }
cells:
  rod:
    shape: { disc: { radius: 0.6 um } }
    dryDensity: 300 fg/um^3
    species: { mRNA: 1, P: 10, AHL: 0, fuel: 0 }
    reactions:
      transcribe: { equation: -> mRNA, rate: "0.2 /s * (0.2 + hill(field.AHL, 0.2 /um^3, 2))" }
      decay: { equation: mRNA ->, rate: 0.05 /s * mRNA }
      translate: { equation: -> P, continuous: true, rate: 0.3 /s * mRNA }
      lose: { equation: P ->, continuous: true, rate: 0.02 /s * P }
      make: { equation: P -> P + AHL, continuous: true, rate: 0.05 /s * P }
      out: { equation: AHL -> field.AHL, continuous: true, rate: 5 /s * AHL }
      in: { equation: field.AHL -> AHL, continuous: true, rate: 5 um^3/s * field.AHL }
      eat: { equation: field.food -> 0.3 biomass, continuous: true, rate: 60 /s * field.food / (5 /um^3 + field.food) }
    division: { adder: { added: 1 um^3, noise: 10% }, partition: binomial }
    death: { rate: 0.004 /s, release: [AHL -> field.AHL] }
  watcher:
    shape: { disc: { radius: 0.5 um } }
    species: { seen: 0 }
    reactions:
      see: { equation: -> seen, rate: 1 um^3/s * field.AHL }
population:
  - { type: rod, count: 8, in: { disc: { centre: [12 um, 12 um], radius: 5 um } } }
  - { type: watcher, count: 3 }
coupling: { schedule: monolithic }
balance: { tolerance: 1e-12, onBreach: stop }
`),
    options,
  );
}

/** Every concentration and amount of a state. */
function stateOf({ fields, population }: Model): number[] {
  return [
    ...fields.flatMap(values => [...values]),
    ...population.amounts.subarray(0, population.count * population.stride),
  ];
}

const distance = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((one, i) => Math.abs(one - b[i]) / (1 + Math.abs(b[i]))));

describe('monolithic coupling', () => {
  const [N, RATE, END, INSIDE] = [120, 0.4, 2, 0.1];
  const exact = N / 2 + (INSIDE - 0.5) * N * Math.exp(-2 * RATE * END);

  it('is of second order for a cell in a box', () => {
    const errors = [0.2, 0.1, 0.05].map(step => {
      const steps = Math.round(END / step);
      const description = boxes(1, 1, N, RATE, monolithic(), {
        step,
        steps,
        continuous: true,
        inside: INSIDE,
      });
      return Math.abs(contents(simulate(createModel(description)), 1)[0] - exact);
    });
    for (let i = 1; i < errors.length; i++) {
      expect(Math.log2(errors[i - 1] / errors[i])).toBeGreaterThan(1.85);
      expect(Math.log2(errors[i - 1] / errors[i])).toBeLessThan(2.25);
    }
  });

  it('is of second order with two diffusing fields and nonlinear feedback, and agrees with strong coupling', () => {
    const states = [0.2, 0.1, 0.05, 0.025].map(step => {
      const model = simulate(feedback(step, '{ schedule: monolithic }'));
      expect(model.balance.worstRelative()).toBeLessThan(1e-13);
      expect(Math.max(...model.balance.worstStep)).toBeLessThan(1e-12);
      return stateOf(model);
    });
    const nearest = stateOf(simulate(feedback(0.025, '{ schedule: monolithic, kernel: nearest }')));
    const strong = stateOf(
      simulate(feedback(0.0125, '{ schedule: strong, tolerance: 1e-9, kernel: nearest }')),
    );
    const changes = states.slice(1).map((state, i) => distance(state, states[i]));
    for (let i = 1; i < changes.length; i++) {
      expect(Math.log2(changes[i - 1] / changes[i])).toBeGreaterThan(1.8);
      expect(Math.log2(changes[i - 1] / changes[i])).toBeLessThan(2.3);
    }
    // With several voxels to a cell the schedules take from them in different shares.
    expect(distance(nearest, strong)).toBeLessThan(5e-5);
  });

  it.each([50, 5000])(
    'is at the equilibrium of a stiff exchange at 2 × %i per window after a few windows',
    rate => {
      const model = simulate(
        createModel(boxes(1, 4, N, rate, monolithic(), { step: 1, steps: 6, continuous: true, inside: 0.1 })),
      );
      expect(Math.abs(contents(model, 4)[0] / (N / 2) - 1)).toBeLessThan(1e-6);
      expect(model.profile.counts.halvedWindows).toBe(0);
      expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    },
  );

  it('exhausts a nutrient without overdrawing it', () => {
    const rate = over(times(value(40), concentration(0)), plus(value(0.5), concentration(0)));
    const model = simulate(
      createModel(
        describeModel({
          grid: createGrid(2, [8, 8, 1], [16, 16, 1]),
          time: { step: 10, steps: 40, recordEvery: 1 },
          fields: [fieldOf({ diffusivity: 5, initial: value(3) })],
          cellTypes: [
            typeOf(
              [{ name: 'S', initial: 0, continuous: true }],
              [reaction('eat', [field(0)], [cell(1)], rate, true)],
            ),
          ],
          population: [
            {
              type: 0,
              count: 6,
              region: { kind: 'points', points: [1, 3, 5, 9, 11, 15].map(x => [x, x, 0.5] as const) },
              amounts: [],
            },
          ],
          coupling: monolithic(),
        }),
      ),
    );
    for (const c of model.fields[0]) expect(c).toBeGreaterThanOrEqual(0);
    expect(contents(model, 1).reduce((a, b) => a + b)).toBeGreaterThan(0.999 * 768);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it.each(['flow', 'reactor'] as const)(
    'sees a %s and obstacles with the cells: every balance closes, at second order',
    kind => {
      const states = [0.2, 0.1, 0.05].map(step => {
        const model = simulate(surroundings(kind, step, '{ schedule: monolithic, kernel: nearest }'));
        expect(model.balance.worstRelative()).toBeLessThan(1e-13);
        expect(Math.max(...model.balance.worstStep)).toBeLessThan(1e-12);
        return [...stateOf(model), ...model.bulk.flatMap(values => [...values])];
      });
      const strong = simulate(
        surroundings(kind, 0.025, '{ schedule: strong, tolerance: 1e-9, kernel: nearest }'),
      );
      const reference = [...stateOf(strong), ...strong.bulk.flatMap(values => [...values])];
      const changes = states.slice(1).map((state, i) => distance(state, states[i]));
      expect(Math.log2(changes[0] / changes[1])).toBeGreaterThan(1.7);
      expect(distance(states[2], reference)).toBeLessThan(2e-3);
    },
  );

  it('goes with whole molecules in the same cells, growth, division and death; resumes to the bit', () => {
    const model = colony();
    simulate(model, { untilStep: 150 });
    const bytes = saveSnapshot(model, 'key');
    simulate(model);
    expect(model.population.count).toBeGreaterThan(8);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    const again = colony();
    restoreSnapshot(again, bytes, 'key');
    expect(stateHash(simulate(again))).toBe(stateHash(model));
    expect(stateHash(simulate(colony()))).toBe(stateHash(model));
    expect(stateHash(simulate(colony({ generateCode: false })))).toBe(stateHash(model));
  });

  it.each(['eat', 'give', 'take'])('finds and sizes a leak of %s made on purpose', name => {
    const { description } = feedback(0.1, '{ schedule: monolithic }');
    const [{ circuit }] = description.cellTypes;
    const model = createModel({
      ...description,
      balance: { tolerance: 1e-10, onBreach: 'warn' },
      injectBias: { type: 0, reaction: circuit.reactions.findIndex(r => r.name === name), relative: 1e-3 },
    });
    simulate(model);
    const [leak] = model.balance.findLeaks(1e-10);
    expect(leak.channel).toBe(`maker.${name}`);
    expect(Math.abs(leak.relative / 1e-3 - 1)).toBeLessThan(1e-5);
  });

  it('bears what other schedules do not: fields exchanged for one another at 10⁴ per step, oxygen that ends within a clump', () => {
    const run = (fields: string, reactions: string, more: string) =>
      simulate(
        build(
          loadScenario(`
cellfield: 1
title: Fast
domain: { size: [32 um, 32 um], grid: [16, 16], thickness: 2 um }
time: { end: 10 s, step: 1 s, record: 10 s }
fields:
${fields}
cells:
  c:
    shape: { disc: { radius: 0.6 um } }
    reactions:
${reactions}
population: [{ type: c, ${more} }]
mechanics: none
coupling: { schedule: monolithic }
balance: { tolerance: 1e-12, onBreach: stop }
`),
        ),
      );
    const swapped = run(
      `  A: { diffusivity: 200 um^2/s, initial: "x < 16 um ? 10 /um^3 : 0 /um^3" }
  B: { diffusivity: 50 um^2/s, initial: 0 /um^3 }`,
      `      there: { equation: field.A -> field.B, continuous: true, rate: 1e4 um^3/s * field.A }
      back: { equation: field.B -> field.A, continuous: true, rate: 1e4 um^3/s * field.B }`,
      'count: 60',
    );
    for (const values of swapped.fields)
      for (const c of values) expect(Math.abs(c / 2.5 - 1)).toBeLessThan(0.01);
    const breathed = run(
      '  O2: { diffusivity: 2000 um^2/s, initial: 100 /um^3, boundary: { top: { value: 100 /um^3 } } }',
      '      breathe: { equation: field.O2 -> , continuous: true, rate: 1e6 /s * field.O2 / (0.5 /um^3 + field.O2) }',
      'count: 80, in: { disc: { centre: [16 um, 16 um], radius: 11 um } }',
    );
    const [oxygen] = breathed.fields;
    expect(Math.min(...oxygen)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...oxygen)).toBeLessThan(1);
    expect(Math.max(...oxygen)).toBeGreaterThan(50);
    expect(breathed.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it.each([
    ['body', 'kernel: body'],
    ['two kernels', 'exchange: { sample: nearest, deposit: linear }'],
    ['blocks', 'exchange: { coarsen: 2 }'],
  ])('closes the balance where cells touch a field by %s', (_, touch) => {
    const model = simulate(
      build(
        loadScenario(`
cellfield: 1
title: Touch
domain: { size: [16 um, 16 um], grid: [8, 8], thickness: 2 um }
time: { end: 4 s, step: 0.5 s, record: 4 s }
fields:
  A: { diffusivity: 5 um^2/s, initial: 4 /um^3 }
cells:
  c:
    shape: { disc: { radius: 1.4 um } }
    species: { X: 1 }
    reactions:
      in: { equation: field.A -> X, continuous: true, rate: 40 um^3/s * field.A }
      out: { equation: X -> field.A, continuous: true, rate: 0.5 /s * X }
population: [{ type: c, count: 6 }]
coupling: { schedule: monolithic, ${touch} }
balance: { tolerance: 1e-12, onBreach: stop }
`),
      ),
    );
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    expect(Math.min(...model.fields[0])).toBeGreaterThanOrEqual(0);
  });

  it('follows a film that slows diffusion and a boundary layer below a reactor; resumes to the bit', () => {
    const film = (coupling: string) =>
      build(
        loadScenario(`
cellfield: 1
title: Film
seed: 1
domain: { size: [24 um, 24 um], grid: [12, 12], thickness: 2 um, boundaryLayer: { face: top, thickness: 6 um } }
time: { end: 24 s, step: 1 s, record: 24 s }
fields:
  O2: { diffusivity: 200 um^2/s, film: 0.5, initial: 50 /um^3 }
bulk:
  r: { face: top, volume: 20000 um^3, inflow: 200 um^3/s, area: 48 um^2, influent: { O2: 50 /um^3 }, initial: { O2: 50 /um^3 } }
cells:
  c:
    shape: { disc: { radius: 0.8 um } }
    species: { X: 10 }
    reactions:
      breathe: { equation: field.O2 -> X, continuous: true, rate: 2000 /s * field.O2 / (5 /um^3 + field.O2) }
      grow: { equation: X -> 0.05 biomass, continuous: true, rate: 0.1 /s * X }
    division: { sizer: { volume: 6 um^3 } }
population: [{ type: c, count: 24, in: { box: { from: [0 um, 0 um], to: [24 um, 8 um] } } }]
coupling: ${coupling}
balance: { tolerance: 1e-12, onBreach: stop }
`),
      );
    const model = film('{ schedule: monolithic }');
    simulate(model, { untilStep: 12 });
    const bytes = saveSnapshot(model, 'key');
    simulate(model);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    expect(model.population.count).toBeGreaterThan(24);
    const again = film('{ schedule: monolithic }');
    restoreSnapshot(again, bytes, 'key');
    expect(stateHash(simulate(again))).toBe(stateHash(model));
    const weak = simulate(film('{ schedule: weak }'));
    expect(Math.abs(model.bulk[0][0] / weak.bulk[0][0] - 1)).toBeLessThan(0.01);
    expect(summarise(model).solvers.O2.reason).toMatch(/one with the cells/);
  });
});
