import { describe, expect, it } from 'vitest';
import type { Reaction } from '../../src/engine/circuits/circuit.ts';
import type { Description } from '../../src/engine/description/description.ts';
import type { Expression } from '../../src/engine/expression/ast.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';
import { createModel, type Model } from '../../src/engine/model/model.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import {
  cell,
  concentration,
  describeModel,
  field,
  fieldOf,
  over,
  plus,
  reaction,
  species,
  times,
  typeOf,
  value,
} from '../support/describe.ts';

/** Monod growth in a closed box: 1000 molecules make 1 fg; rate μ·biomass·c/(K + c). */
const MU = 0.8;
const K = 30;
const BOX = 100;
const PER_MASS = 1000;
const START = { c: 60, biomass: Math.PI * 0.25 * 300 };

function monod(step: number, end: number, splitting: 'lie' | 'strang'): Description {
  const rate = times(value(MU / 20), species(0), over(concentration(0), plus(value(K), concentration(0))));
  return describeModel({
    time: { step, steps: Math.round(end / step), recordEvery: 1 },
    fields: [fieldOf({ name: 'S', initial: value(START.c) })],
    cellTypes: [typeOf([], [reaction('feed', [field(0, PER_MASS / 20)], [cell(0, 1 / 20)], rate, true)])],
    coupling: { schedule: 'weak', splitting, kernel: 'nearest' },
  });
}

/** Fine fourth-order Runge–Kutta solution of the same two equations. */
function reference(end: number): { c: number; biomass: number } {
  let { c, biomass } = START;
  const f = (c: number, b: number) => (MU / 20) * b * (c / (K + c));
  const n = 20_000;
  const h = end / n;
  for (let i = 0; i < n; i++) {
    const dc = -PER_MASS / 20 / BOX;
    const db = 1 / 20;
    const k1 = f(c, biomass);
    const k2 = f(c + 0.5 * h * dc * k1, biomass + 0.5 * h * db * k1);
    const k3 = f(c + 0.5 * h * dc * k2, biomass + 0.5 * h * db * k2);
    const k4 = f(c + h * dc * k3, biomass + h * db * k3);
    const e = (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    c += dc * e;
    biomass += db * e;
  }
  return { c, biomass };
}

const contentOf = (model: Model) => model.fields[0][0] * BOX;

describe('Monod uptake in a closed box', () => {
  it.each([
    ['lie', 1],
    ['strang', 2],
  ] as const)('%s reaches the exact growth curve with order %i', (splitting, order) => {
    const end = 8;
    const { biomass } = reference(end);
    const errors = [0.5, 0.25, 0.125].map(step => {
      const model = simulate(createModel(monod(step, end, splitting)));
      return Math.abs(model.population.amounts[0] - biomass) / biomass;
    });
    for (let i = 1; i < errors.length; i++) {
      const measured = Math.log2(errors[i - 1] / errors[i]);
      expect(measured).toBeGreaterThan(order - 0.2);
      expect(measured).toBeLessThan(order + 0.3);
    }
  });

  it('gives the cell exactly what the field lost, down to exhaustion', () => {
    for (const splitting of ['lie', 'strang'] as const) {
      const model = simulate(createModel(monod(2, 400, splitting)));
      const gained = (model.population.amounts[0] - START.biomass) * PER_MASS;
      const lost = START.c * BOX - contentOf(model);
      expect(Math.abs(gained - lost) / lost).toBeLessThan(1e-12);
      expect(contentOf(model)).toBeGreaterThanOrEqual(0);
      expect(contentOf(model)).toBeLessThan(1e-3 * START.c * BOX);
      expect(model.balance.worstRelative()).toBeLessThan(1e-13);
    }
  });
});

describe('uptake of several fields by one channel', () => {
  /** 2 S + 1 O → biomass + 3 P, dual Monod; O runs out first. */
  function dual(splitting: 'lie' | 'strang', step: number): Description {
    const saturation = (f: number) => over(concentration(f), plus(value(5), concentration(f)));
    const rate = times(value(2), species(0), saturation(1), saturation(2));
    return describeModel({
      grid: createGrid(2, [6, 5, 1], [12, 10, 1]),
      time: { step, steps: Math.round(30 / step), recordEvery: 1 },
      fields: [
        fieldOf({ name: 'P', initial: value(0), diffusivity: 2 }),
        fieldOf({ name: 'S', initial: value(50), diffusivity: 5 }),
        fieldOf({ name: 'O', initial: value(20), diffusivity: 50 }),
      ],
      cellTypes: [
        typeOf([], [reaction('grow', [field(1, 2), field(2)], [cell(0, 1e-3), field(0, 3)], rate, true)]),
      ],
      coupling: { schedule: 'weak', splitting, kernel: 'linear' },
    });
  }

  it.each(['lie', 'strang'] as const)('takes both in the ratio of the stoichiometry (%s)', splitting => {
    const model = simulate(createModel(dual(splitting, 0.5)));
    const content = (f: number) =>
      model.fields[f].reduce((a, b) => a + b, 0) * model.description.grid.voxelVolume;
    const eaten = { S: 50 * 120 - content(1), O: 20 * 120 - content(2) };
    expect(eaten.O).toBeGreaterThan(0.9 * 20 * 120);
    expect(eaten.S / eaten.O).toBeCloseTo(2, 11);
    expect(content(0) / eaten.O).toBeCloseTo(3, 11);
    for (const values of model.fields) for (const c of values) expect(c).toBeGreaterThanOrEqual(0);
    expect(model.balance.worstRelative()).toBeLessThan(1e-13);
  });

  it('finds the moieties that span the fields and the cell', () => {
    const names = createModel(dual('lie', 0.5)).balance.moieties.map(moiety => moiety.name);
    expect(names).toContain('1000 cell.biomass + field.O');
    expect(names).toContain('2000 cell.biomass + field.S');
    expect(names).toContain('field.P + 3 field.O');
  });
});

describe('order of strang where uptake spans several fields', () => {
  const BOX_VOLUME = 100;
  /** Two fields and a cell in one box; amounts against a fine run of the same equations by Runge–Kutta. */
  function order(
    reactions: (rates: { a: Expression; b: Expression }) => Reaction[],
    derivative: (a: number, b: number) => [number, number],
  ): number[] {
    const end = 4;
    const start: [number, number] = [30, 10];
    const describeAt = (step: number) =>
      describeModel({
        time: { step, steps: Math.round(end / step), recordEvery: 1 },
        fields: [
          fieldOf({ name: 'a', initial: value(start[0]) }),
          fieldOf({ name: 'b', initial: value(start[1]) }),
        ],
        cellTypes: [
          typeOf(
            [{ name: 'S', initial: 0, continuous: true }],
            reactions({ a: concentration(0), b: concentration(1) }),
          ),
        ],
        coupling: { schedule: 'weak', splitting: 'strang', kernel: 'nearest' },
      });
    let state = start;
    const n = 40_000;
    const h = end / n;
    for (let i = 0; i < n; i++) {
      const k1 = derivative(...state);
      const k2 = derivative(state[0] + 0.5 * h * k1[0], state[1] + 0.5 * h * k1[1]);
      state = [state[0] + h * k2[0], state[1] + h * k2[1]];
    }
    const errors = [0.2, 0.1, 0.05, 0.025].map(step => {
      const model = simulate(createModel(describeAt(step)));
      return Math.hypot(model.fields[0][0] - state[0], model.fields[1][0] - state[1]);
    });
    return errors.slice(1).map((error, i) => Math.log2(errors[i] / error));
  }

  it.each([
    {
      what: 'two substrates of one channel',
      reactions: ({ a, b }: { a: Expression; b: Expression }) => [
        reaction('eat', [field(0), field(1)], [cell(1)], times(value(1), a, b), true),
      ],
      derivative: (a: number, b: number): [number, number] => [(-a * b) / BOX_VOLUME, (-a * b) / BOX_VOLUME],
    },
    {
      what: 'a product that inhibits',
      reactions: ({ a, b }: { a: Expression; b: Expression }) => [
        reaction('turn', [field(0)], [field(1)], over(times(value(600), a), plus(value(10), b)), true),
      ],
      derivative: (a: number, b: number): [number, number] => {
        const rate = (6 * a) / (10 + b);
        return [-rate, rate];
      },
    },
    {
      what: 'a cycle of two fields',
      reactions: ({ a, b }: { a: Expression; b: Expression }) => [
        reaction('forth', [field(0)], [field(1)], times(value(40), a), true),
        reaction('back', [field(1)], [field(0)], times(value(25), b), true),
      ],
      derivative: (a: number, b: number): [number, number] => {
        const rate = 0.4 * a - 0.25 * b;
        return [-rate, rate];
      },
    },
  ])('$what', ({ reactions, derivative }) => {
    for (const slope of order(reactions, derivative).slice(1)) {
      expect(slope).toBeGreaterThan(1.8);
      expect(slope).toBeLessThan(2.3);
    }
  });
});
