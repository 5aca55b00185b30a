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
} from '../../src/engine/index.ts';
import { describeScenario } from '../../src/session/info.ts';

/** A growing colony that eats, signals, divides and dies. */
const COLONY = `cellfield: 1
title: Colony
seed: 5
domain: { size: [60 um, 60 um], grid: [30, 30], thickness: 1 um }
time: { end: 10 min, step: 2 s }
fields:
  AHL: { diffusivity: 100 um^2/s, decay: 0.01 /s, initial: 0 nM }
  food: { diffusivity: 600 um^2/s, initial: 5 mM, boundary: { top: { value: 5 mM } } }
cells:
  rod:
    shape: { disc: { radius: 0.6 um } }
    species: { A: 10 }
    reactions:
      make: { equation: "-> A", rate: 0.2 /s }
      leak: { equation: "A -> field.AHL", k: 0.1 /s }
      feed: { equation: "1e6 field.food -> biomass", continuous: true, rate: "0.005 /s * biomass * field.food / (1 mM + field.food)" }
    division: { adder: { added: 1 um^3, noise: 0.1 } }
    death: { rate: 1e-3 /s, release: ["A -> field.AHL"] }
population:
  - { type: rod, count: 30, in: { disc: { centre: [30 um, 30 um], radius: 8 um } } }
mechanics: { repulsion: soft, rate: 0.05 /s }
COUPLING
balance: { tolerance: 1e-12 }
`;

const colony = (coupling: string) => COLONY.replace('COUPLING', `coupling: ${coupling}`);

const SLOW = 'steps: { fields: { AHL: 0.5 s }, circuits: 1 s, lifeCycle: 20 s, mechanics: 60 s }';

const positionsOf = ({ population: { x, y, count } }: Model) =>
  Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 ? y : x)[i >> 1]);

describe('what is slow has its turn every so many steps', () => {
  const text = colony(`{ ${SLOW} }`);

  it('cells divide and die at the life cycle, move at that or the mechanics, and the balance closes each step', () => {
    const model = build(loadScenario(text));
    let positions = positionsOf(model);
    let lastId = model.population.nextId;
    let lastCount = model.population.count;
    let births = 0;
    let moves = 0;
    let worst = 0;
    simulate(model, {
      untilStep: 300,
      observers: [
        {
          when: everyStep,
          act: () => {
            const { step, population, balance, death, division } = model;
            const now = positionsOf(model);
            const moved = now.length !== positions.length || now.some((at, i) => at !== positions[i]);
            if (step % 10 !== 0) {
              expect([moved, population.nextId, population.count]).toEqual([false, lastId, lastCount]);
              expect([death.log.count, division.log.count]).toEqual([0, 0]);
            } else if (step % 30 === 0) moves += Number(moved);
            births += (population.nextId - lastId) / 2;
            [positions, lastId, lastCount] = [now, population.nextId, population.count];
            worst = Math.max(worst, balance.worstRelative());
          },
        },
      ],
    });
    expect(moves).toBeGreaterThan(5);
    expect(births).toBeGreaterThan(20);
    expect(worst).toBeLessThan(1e-12);
  });

  it('views are told of it', () => {
    const scenario = loadScenario(text);
    expect(describeScenario(scenario, build(scenario), 'colony.yaml', []).ownSteps).toEqual([
      { of: 'AHL', step: 0.5 },
      { of: 'circuits', step: 1 },
      { of: 'life cycle', step: 20 },
      { of: 'mechanics', step: 60 },
    ]);
  });

  it.each([
    ['weak, lie', `{ splitting: lie, ${SLOW} }`],
    ['weak, strang', `{ ${SLOW} }`],
    ['strong', `{ schedule: strong, ${SLOW} }`],
    ['joint', '{ schedule: joint, hops: 20, steps: { lifeCycle: 20 s, mechanics: 60 s } }'],
  ])('%s: resumed between two turns it goes on to the same bits', (_, coupling) => {
    const scenario = colony(coupling);
    const straight = simulate(build(loadScenario(scenario)), { untilStep: 70 });
    const first = simulate(build(loadScenario(scenario)), { untilStep: 37 });
    const second = build(loadScenario(scenario));
    restoreSnapshot(second, saveSnapshot(first, scenario), scenario);
    simulate(second, { untilStep: 70 });
    expect(stateHash(second)).toBe(stateHash(straight));
    expect(straight.balance.worstRelative()).toBeLessThan(1e-12);
  });

  it('a hazard acts for as long as there was no look at death', () => {
    const text = colony('{ steps: { lifeCycle: 100 s } }')
      .replace('count: 30, in: { disc: { centre: [30 um, 30 um], radius: 8 um } }', 'count: 2000')
      .replace('rate: 1e-3', 'rate: 5e-3')
      .replace(/ {6}feed.*\n/, '')
      .replace(/mechanics: .*\n/, '');
    const model = simulate(build(loadScenario(text)), { untilStep: 49 });
    expect(model.population.count).toBe(2000);
    simulate(model, { untilStep: 100 });
    const survival = Math.exp(-1);
    const error = Math.sqrt(2000 * survival * (1 - survival));
    expect(Math.abs(model.population.count - 2000 * survival)).toBeLessThan(4 * error);
  });
});

/** A deterministic exchange on a line, with a rate that follows time and a product that inhibits its own making. */
const LINE = (step: number, coupling: string, diffusivity = 2) => `cellfield: 1
title: Line
domain: { size: [20 um, 2 um], grid: [10, 1], thickness: 1 um }
time: { end: 8 s, step: ${step} s }
fields:
  food: { diffusivity: ${diffusivity} um^2/s, initial: 100 /um^3, boundary: { left: { value: 100 /um^3 } } }
  AHL: { diffusivity: ${diffusivity} um^2/s, initial: 0 /um^3, decay: 0.1 /s }
cells:
  rod:
    shape: { disc: { radius: 0.6 um } }
    species: { A: 20 }
    reactions:
      feed: { equation: "field.food -> A", continuous: true, rate: "(1 + sin(1 /s * time)) * 4 um^3/s * field.food / (1 + field.AHL / (5 /um^3))" }
      leak: { equation: "A -> field.AHL", continuous: true, rate: 0.4 /s * A }
population:
  - { type: rod, count: 2, in: { points: [[5 um, 1 um], [13.3 um, 1 um]] } }
coupling: ${coupling}
`;

const line = (step: number, coupling: string, diffusivity?: number) => {
  const model = simulate(build(loadScenario(LINE(step, coupling, diffusivity))));
  expect(model.balance.worstRelative()).toBeLessThan(1e-12);
  return Float64Array.from([
    model.population.amounts[1],
    model.population.amounts[3],
    ...model.fields[0],
    ...model.fields[1],
  ]);
};

const distance = (a: Float64Array, b: Float64Array) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]) / (Math.abs(b[i]) + 1)));

describe('what is fast has steps of its own within a window', () => {
  const reference = line(1 / 256, '{}');

  it.each([
    ['lie', 1, 'steps: { fields: 1/3 s * H, circuits: 0.25 s * H }'],
    ['strang', 2, 'steps: { fields: 1/3 s * H, circuits: 0.25 s * H }'],
    ['strang', 2, 'steps: { fields: { food: 0.5 s * H } }'],
    ['strang', 2, 'steps: { circuits: 0.5 s * H }'],
  ])('%s keeps its order %i with %s', (splitting, order, steps) => {
    const errors = [0.5, 0.25, 0.125].map(step => {
      const own = steps.replaceAll('H', `${step}`);
      return distance(line(step, `{ splitting: ${splitting}, ${own} }`), reference);
    });
    for (let i = 1; i < errors.length; i++) {
      const measured = Math.log2(errors[i - 1] / errors[i]);
      expect(measured).toBeGreaterThan(order - 0.3);
      expect(measured).toBeLessThan(order + 0.5);
    }
  });

  it('strong coupling takes them, too', () => {
    const strong = (step: number, parts: number) => {
      const steps = `{ fields: ${step / parts} s, circuits: ${step / parts} s }`;
      return line(step, `{ schedule: strong, tolerance: 1e-9, steps: ${steps} }`);
    };
    const reference = strong(1 / 64, 1);
    const errors = [0.5, 0.25].map(step => distance(strong(step, 3), reference));
    expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(1.7);
  });

  it('a field in own steps is the field in as many windows, where no cell touches it', () => {
    const text = (step: number, coupling: string) =>
      LINE(step, coupling, 50)
        .replace(/cells:[\s\S]*?coupling/, 'coupling')
        .replace('initial: 0 /um^3', 'initial: 5 /um^3 * x / (20 um)')
        .replace('value: 100 /um^3', 'value: 50 /um^3 * (1 + sin(time * 1 /s))');
    const own = simulate(build(loadScenario(text(1, '{ steps: { fields: 0.125 s } }'))));
    const fine = simulate(build(loadScenario(text(0.125, '{}'))));
    for (const f of [0, 1]) {
      own.fields[f].forEach((value, v) => {
        expect(Math.abs(value - fine.fields[f][v])).toBeLessThan(1e-12 * fine.fields[f][v]);
      });
    }
  });
});

describe('steps that do not fit', () => {
  it.each([
    [
      '{ steps: { fields: 0.3 s } }',
      /steps\.fields: is not a whole fraction of `time\.step`.*0\.333333333333 s or 0\.25 s/s,
    ],
    ['{ steps: { circuits: 2 s } }', /steps\.circuits: is not a whole fraction/],
    [
      '{ steps: { mechanics: 1.5 s } }',
      /steps\.mechanics: is not a whole multiple of `time\.step`.*1 s or 2 s/s,
    ],
    ['{ steps: { lifeCycle: 0.5 s } }', /steps\.lifeCycle: is not a whole multiple/],
    ['{ steps: { fields: { none: 0.5 s } } }', /steps\.fields\.none: is not a field.*food, AHL/s],
    ['{ steps: { fields: 1e-6 s } }', /cuts a step into 1,000,000 parts.*at most 10,000/s],
    ['{ steps: { mechanics: 0 s } }', /must be greater than 0/],
    [
      '{ schedule: joint, steps: { fields: 0.5 s } }',
      /steps\.fields: has no meaning under `schedule: joint`/,
    ],
  ])('%s', (coupling, message) => {
    expect(() => loadScenario(LINE(1, coupling))).toThrow(message);
  });

  it('of mechanics where there are none are warned of', () => {
    const { warnings } = loadScenario(LINE(1, '{ steps: { mechanics: 2 s } }'));
    expect(warnings.map(({ path }) => path)).toContain('coupling.steps.mechanics');
  });
});
