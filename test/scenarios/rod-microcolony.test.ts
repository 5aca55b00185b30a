import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { LONG, meanOf, standardError, start } from './shipped.ts';

/** Of the file: doubling in 30 min. */
const MU = 1.3863 / 3600;
const SEEDS = ['1', '2', '3'];
const CELLS = 160;

interface Shape {
  /** Longest over shortest radius of gyration. */
  readonly ratio: number;
  /** ⟨r⁴ cos 4θ⟩/⟨r⁴⟩ of the places, ⟨cos 4φ⟩ of the axes: 0 where no direction is special. */
  readonly places: number;
  readonly axes: number;
}

interface Colony {
  readonly model: Model;
  readonly atFour: Shape;
  readonly atEnd: Shape;
  readonly worstOverlap: number;
}

function shapeOf({ population }: Model): Shape {
  const { count, x, y, rods } = population;
  if (!rods) throw new Error('these are no rods');
  const slots = Array.from({ length: count }, (_, i) => i);
  const [cx, cy] = [meanOf(slots.map(i => x[i])), meanOf(slots.map(i => y[i]))];
  const moment = (f: (dx: number, dy: number) => number) => meanOf(slots.map(i => f(x[i] - cx, y[i] - cy)));
  const [xx, yy, xy] = [moment(dx => dx * dx), moment((_, dy) => dy * dy), moment((dx, dy) => dx * dy)];
  const apart = Math.hypot(xx - yy, 2 * xy);
  const fourth = (dx: number, dy: number) => dx ** 4 - 6 * dx * dx * dy * dy + dy ** 4;
  return {
    ratio: Math.sqrt((xx + yy + apart) / (xx + yy - apart)),
    places: moment(fourth) / moment((dx, dy) => (dx * dx + dy * dy) ** 2),
    axes: meanOf(slots.map(i => fourth(rods.axisX[i], rods.axisY[i]))),
  };
}

function grow(seed: string): Colony {
  const model = start('rod-microcolony', `seed=${seed}`);
  let worstOverlap = 0;
  let atFour: Shape | null = null;
  while (model.population.count < CELLS) {
    simulate(model, { untilStep: model.step + 2 });
    worstOverlap = Math.max(worstOverlap, model.mechanics?.maxOverlap(model.population) ?? 0);
    if (atFour === null && model.population.count >= 4) atFour = shapeOf(model);
  }
  return { model, atFour: atFour as Shape, atEnd: shapeOf(model), worstOverlap };
}

/** Mean of cos 2(φ_i − φ_j) over pairs whose centres are between two distances apart. */
function alignment({ population }: Model, from: number, to: number): number {
  const { count, x, y, rods } = population;
  if (!rods) throw new Error('these are no rods');
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const distance = Math.hypot(x[i] - x[j], y[i] - y[j]);
      if (distance < from || distance >= to) continue;
      found.push(2 * (rods.axisX[i] * rods.axisX[j] + rods.axisY[i] * rods.axisY[j]) ** 2 - 1);
    }
  }
  return meanOf(found);
}

describe('rod-microcolony', () => {
  let colonies: Colony[];
  beforeAll(() => {
    colonies = SEEDS.map(grow);
  }, LONG);

  it('grows at the specific rate: mass, and so cells on average', () => {
    for (const { model } of colonies) {
      const { count, amounts, stride } = model.population;
      let mass = 0;
      for (let i = 0; i < count; i++) mass += amounts[i * stride];
      const founder = (Math.PI * 0.25 + 1) * 300;
      const time = model.step * model.description.time.step;
      // Growth is integrated to second order: μ³ H² t/12 is what it lacks.
      expect(mass / (founder * Math.exp(MU * time))).toBeCloseTo(1, 5);
      // A founder that is newborn makes between ½ and 1 times e^(μ t) cells.
      expect(count / Math.exp(MU * time)).toBeGreaterThan(0.5);
      expect(count / Math.exp(MU * time)).toBeLessThan(1.02);
    }
  });

  it('never lets rods overlap by more than a twentieth of a radius', () => {
    for (const { worstOverlap } of colonies) expect(worstOverlap / 0.5).toBeLessThan(0.05);
  });

  it('begins as a line, which buckles into a round colony', () => {
    for (const { atFour, atEnd } of colonies) {
      expect(atFour.ratio).toBeGreaterThan(5);
      expect(atEnd.ratio).toBeLessThan(1.5);
    }
  });

  it('has no special direction: fourth-order moments of places and axes vanish within their noise', () => {
    for (const kind of ['places', 'axes'] as const) {
      const values = colonies.map(({ atEnd }) => atEnd[kind]);
      // The noise of a colony is at least that of a dozen independent domains.
      const noise = Math.max(standardError(values), Math.sqrt(0.5 / 12 / values.length));
      expect(Math.abs(meanOf(values))).toBeLessThan(3 * noise);
    }
  });

  it('is made of domains: neighbours lie side by side, cells some lengths apart in any direction', () => {
    const near = meanOf(colonies.map(({ model }) => alignment(model, 0, 1.5)));
    const next = meanOf(colonies.map(({ model }) => alignment(model, 1.5, 3)));
    const far = colonies.map(({ model }) => alignment(model, 9, 100));
    expect(near).toBeGreaterThan(0.65);
    expect(next).toBeGreaterThan(0.08);
    expect(next).toBeLessThan(0.5 * near);
    expect(Math.abs(meanOf(far))).toBeLessThan(0.1);
  });

  it('turns with its founder: the same draws from another axis give the same colony, turned', () => {
    const grown = (axis: string) => {
      const model = start('rod-microcolony', `population[0].axis=${axis}`);
      simulate(model, { untilStep: 200 });
      return model.population;
    };
    const [along, turned] = [grown('[1, 0]'), grown('[4, 3]')];
    expect(along.count).toBe(8);
    expect(turned.count).toBe(along.count);
    for (let i = 0; i < along.count; i++) {
      const [x, y] = [along.x[i] - 130, along.y[i] - 130];
      // The errors of the solver, which the buckling line has magnified, are what is left.
      expect(
        Math.hypot(0.8 * x - 0.6 * y + 130 - turned.x[i], 0.6 * x + 0.8 * y + 130 - turned.y[i]),
      ).toBeLessThan(0.1);
    }
  });
});
