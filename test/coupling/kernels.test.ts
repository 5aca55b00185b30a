import { describe, expect, it } from 'vitest';
import {
  build,
  everyStep,
  loadScenario,
  type Model,
  restoreSnapshot,
  saveSnapshot,
  simulate,
  stateHash,
  summarise,
} from '../../src/engine/index.ts';
import { candidatesOf } from '../../src/engine/run/compareCoupling.ts';

/** A colony that eats what comes from the top, takes up and gives whole molecules, divides and dies. */
const COLONY = (coupling: string) => `cellfield: 1
title: Colony
seed: 5
domain: { size: [64 um, 64 um], grid: [32, 32], thickness: 1 um, obstacles: [{ disc: { centre: [20 um, 32 um], radius: 5 um } }] }
time: { end: 10 min, step: 2 s }
fields:
  AHL: { diffusivity: 100 um^2/s, decay: 0.01 /s, initial: 5 nM }
  food: { diffusivity: 600 um^2/s, initial: 5 mM, boundary: { top: { value: 5 mM } } }
cells:
  rod:
    shape: { disc: { radius: 1.6 um } }
    species: { A: 10 }
    reactions:
      make: { equation: "-> A", rate: 0.2 /s }
      leak: { equation: "A -> field.AHL", k: 0.1 /s }
      take: { equation: "field.AHL -> A", rate: 0.02 um^3/s * field.AHL }
      feed: { equation: "1e6 field.food -> biomass", continuous: true, rate: "0.005 /s * biomass * field.food / (1 mM + field.food)" }
    division: { adder: { added: 8 um^3, noise: 0.1 } }
    death: { rate: 1e-3 /s, release: ["A -> field.AHL"] }
population:
  - { type: rod, count: 20, in: { disc: { centre: [32 um, 32 um], radius: 14 um } } }
coupling: ${coupling}
balance: { tolerance: 1e-12 }
`;

const KERNELS = [
  'exchange: { sample: nearest, deposit: body }',
  'exchange: { sample: body, deposit: nearest, fields: { AHL: { coarsen: 4 } } }',
  'exchange: { deposit: body, coarsen: 2 }',
  'kernel: body',
];
const SCHEDULES = ['splitting: lie', 'splitting: strang', 'schedule: strong'];

describe.each(SCHEDULES.flatMap(schedule => KERNELS.map(kernel => [schedule, kernel] as const)))(
  '%s, %s',
  (schedule, kernel) => {
    const text = COLONY(`{ ${schedule}, ${kernel} }`);

    it('closes its balance every step, leaves nothing negative and resumes to the same bits', () => {
      const straight = build(loadScenario(text));
      let worst = 0;
      let snapshot: Uint8Array | null = null;
      simulate(straight, {
        untilStep: 40,
        observers: [
          {
            when: everyStep,
            act: model => {
              worst = Math.max(worst, model.balance.worstRelative());
              if (model.step === 17) snapshot = saveSnapshot(model, text);
            },
          },
        ],
      });
      expect(worst).toBeLessThan(1e-12);
      const resumed = build(loadScenario(text));
      restoreSnapshot(resumed, snapshot as unknown as Uint8Array, text);
      expect(stateHash(simulate(resumed, { untilStep: 40 }))).toBe(stateHash(straight));
    });
  },
);

/** Two cells on a line between held concentrations; the field is smooth but not linear. */
const LINE = (
  step: number,
  coupling: string,
  end = 4,
  held = '100 /um^3',
  initial = '100 /um^3 * (1 - x / (40 um))',
) => `cellfield: 1
title: Line
domain: { size: [24 um, 4 um], grid: [24, 4], thickness: 1 um }
time: { end: ${end} s, step: ${step} s }
fields:
  food: { diffusivity: 5 um^2/s, initial: "${initial}", boundary: { left: { value: ${held} } } }
  AHL: { diffusivity: 5 um^2/s, initial: 0 /um^3, decay: 0.3 /s }
cells:
  rod:
    shape: { disc: { radius: 1.3 um } }
    species: { A: 20 }
    reactions:
      feed: { equation: "field.food -> A", continuous: true, rate: "6 um^3/s * field.food / (1 + field.AHL / (5 /um^3))" }
      leak: { equation: "A -> field.AHL", continuous: true, rate: 0.4 /s * A }
population:
  - { type: rod, count: 2, in: { points: [[5.2 um, 1.9 um], [14.7 um, 2.3 um]] } }
coupling: ${coupling}
DIAGNOSTICS
`;

const line = (step: number, coupling: string): Model => {
  const model = simulate(build(loadScenario(LINE(step, coupling).replace('DIAGNOSTICS', ''))));
  expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  return model;
};

const stateOf = ({ population, fields }: Model) =>
  Float64Array.from([population.amounts[1], population.amounts[3], ...fields[0], ...fields[1]]);

const distance = (a: Float64Array, b: Float64Array) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]) / (Math.abs(b[i]) + 1)));

describe('kernels that do not match', () => {
  it.each([
    ['lie', 1, 'sample: nearest, deposit: body'],
    ['strang', 2, 'sample: nearest, deposit: body'],
    ['strang', 2, 'sample: body, deposit: linear, coarsen: 2'],
    ['strang', 2, 'sample: linear, deposit: nearest, fields: { AHL: { sample: body } }'],
  ])('%s keeps order %i with %s', (splitting, order, exchange) => {
    const coupling = `{ splitting: ${splitting}, exchange: { ${exchange} } }`;
    const reference = stateOf(line(1 / 512, coupling));
    const errors = [1 / 16, 1 / 32, 1 / 64].map(step => distance(stateOf(line(step, coupling)), reference));
    for (let i = 1; i < errors.length; i++) {
      const measured = Math.log2(errors[i - 1] / errors[i]);
      expect(measured).toBeGreaterThan(order - 0.35);
      expect(measured).toBeLessThan(order + 0.6);
    }
  });

  it('weak and strong coupling agree in the limit of short steps', () => {
    const exchange = 'exchange: { sample: nearest, deposit: body }';
    const weak = stateOf(line(1 / 128, `{ ${exchange} }`));
    const strong = stateOf(line(1 / 128, `{ schedule: strong, tolerance: 1e-9, ${exchange} }`));
    expect(distance(weak, strong)).toBeLessThan(2e-4);
  });

  it('monolithic coupling takes bodies, and kernels that differ at second order', () => {
    const model = line(0.25, '{ schedule: monolithic, kernel: body }');
    // It takes from a body's voxels by what is in them, strong coupling by the body's share.
    expect(distance(stateOf(model), stateOf(line(1 / 64, '{ kernel: body }')))).toBeLessThan(0.01);
    const differing = '{ schedule: monolithic, exchange: { sample: nearest, deposit: body, coarsen: 2 } }';
    const states = [1 / 4, 1 / 8, 1 / 16].map(step => stateOf(line(step, differing)));
    const order = Math.log2(distance(states[0], states[1]) / distance(states[1], states[2]));
    expect(order).toBeGreaterThan(1.65);
    expect(order).toBeLessThan(2.6);
  });

  it('a schedule that needs cells in one voxel is not compared', () => {
    const text = LINE(1, '{ exchange: { sample: nearest, deposit: body } }').replace('DIAGNOSTICS', '');
    const refused = candidatesOf(loadScenario(text).description).filter(one => one.refused !== null);
    expect(refused.map(({ name, refused }) => [name, refused])).toEqual([
      ['joint', 'cells exchange with field food by kernels of its own'],
    ]);
  });

  it('a cell takes what it sees, from where it lies', () => {
    const text = LINE(0.5, '{ exchange: { sample: nearest, deposit: body } }', 500)
      .replace('DIAGNOSTICS', '')
      .replace(/ \/ \(1 \+ field.AHL.*\)"/, '"');
    const model = simulate(build(loadScenario(text)), { untilStep: 990 });
    const before = model.population.amounts.slice();
    const seen = [5.2, 14.7].map((x, i) => model.fields[0][Math.floor(x) + 24 * [1, 2][i]]);
    const given = () => {
      const { extents } = model.ledger;
      return extents.sum[model.ledger.causes.reaction[0]];
    };
    const start = given();
    simulate(model, { untilStep: 1000 });
    // Steady: rate 6 µm³/s × what is seen, over 5 s.
    expect(given() - start).toBeCloseTo(6 * 5 * (seen[0] + seen[1]), 4);
    expect(model.population.amounts[1]).toBeCloseTo(before[1], 4);
  });

  // The first cell sees food and reaches to where there is none.
  const hungry = (schedule: string) =>
    LINE(
      0.5,
      `{ schedule: ${schedule}, exchange: { sample: nearest, deposit: body } }`,
      20,
      '0 /um^3',
      '100 /um^3 * max(0, min(1, 6 - x / (1 um)))',
    )
      .replace('DIAGNOSTICS', '')
      .replace('6 um^3/s', '60 um^3/s');

  it('an empty place gives nothing, and nothing becomes negative', () => {
    const model = simulate(build(loadScenario(hungry('weak'))));
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    expect(Math.min(...model.fields[0])).toBeGreaterThanOrEqual(0);
  });

  it('strong coupling says what cells would take where there is nothing', () => {
    const model = build(loadScenario(hungry('strong')));
    expect(() => simulate(model)).toThrow(
      /cells would take more food than there is, even with the window cut/,
    );
  });

  it.each(['{ sample: nearest, deposit: body }', '{ sample: linear, deposit: body, coarsen: 4 }'])(
    'a leak through %s is found, named and sized',
    exchange => {
      const text = LINE(0.25, `{ exchange: ${exchange} }`, 10).replace(
        'DIAGNOSTICS',
        'balance: { onBreach: warn }\ndiagnostics: { injectBias: { channel: rod.feed, relative: 1e-3 } }',
      );
      const { leaks } = summarise(simulate(build(loadScenario(text))));
      expect(leaks).toHaveLength(1);
      expect(leaks[0].channel).toBe('rod.feed');
      expect(Math.abs(leaks[0].relative / 1e-3 - 1)).toBeLessThan(0.01);
    },
  );

  it('whole molecules are not taken where there are none, through blocks too', () => {
    const text = COLONY('{ exchange: { sample: body, deposit: linear, coarsen: 4 } }')
      .replace('initial: 5 nM', 'initial: 0.02 /um^3')
      .replace('0.02 um^3/s', '50 um^3/s')
      .replace('k: 0.1', 'k: 0.001');
    const model = simulate(build(loadScenario(text)), { untilStep: 12 });
    expect(model.profile.counts.guardedWindows).toBeGreaterThan(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  });
});

describe('exchange that cannot be', () => {
  it.each([
    ['{ exchange: { coarsen: 5 } }', /exchange\.coarsen: does not divide .*24 × 4 .*1, 2, 4/s],
    ['{ exchange: { fields: { food: { coarsen: 3 } } } }', /exchange\.fields\.food\.coarsen/],
    ['{ exchange: { fields: { none: { sample: body } } } }', /exchange\.fields\.none: is not a field/],
    [
      '{ schedule: joint, exchange: { sample: body } }',
      /coupling\.exchange: has no meaning under `schedule: joint`/,
    ],
    ['{ schedule: joint, kernel: body }', /`body` spreads a cell over several voxels/],
    ['{ exchange: { sample: disc } }', /exchange\.sample: must be .*`nearest`|nearest, linear/s],
  ])('%s', (coupling, message) => {
    expect(() => loadScenario(LINE(1, coupling).replace('DIAGNOSTICS', ''))).toThrow(message);
  });
});
