import { beforeAll, describe, expect, it } from 'vitest';
import { type Model, simulate } from '../../src/engine/index.ts';
import { causesOf, LONG, start, stepAt } from './shipped.ts';

const [SPEED, HEIGHT, DEPTH, D] = [2000, 100, 1.2, 2000];
const [FRONT, END] = [30, 300];
const SUPPLY = 250 * 602.214076;
/** Shear rate at the floor, 1/s. */
const SHEAR = (6 * SPEED) / HEIGHT;
/** Γ(4/3) */
const GAMMA = 0.8929795115692493;

/** Lévêque: c/supply = ∫ e^(−t³) dt/Γ(4/3) from 0 to η, η = y (shear/(9 D x))^(1/3), x from the first cell. */
function leveque(x: number, y: number): number {
  const eta = y * (SHEAR / (9 * D * x)) ** (1 / 3);
  const n = 200;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(-(((i + 0.5) * (eta / n)) ** 3));
  return (sum * eta) / n / GAMMA;
}

/** Its uptake on a length from the first cell, molecules/s. */
function levequeUptake(length: number): number {
  return (1.5 * D * SUPPLY * DEPTH * (SHEAR / (9 * D)) ** (1 / 3) * length ** (2 / 3)) / GAMMA;
}

describe('biofilm-in-flow', () => {
  let model: Model;
  /** Molecules/s over the last 0.1 s, by cause. */
  const rate: Record<string, number> = {};

  beforeAll(() => {
    model = simulate(start('biofilm-in-flow'), { untilStep: stepAt(start('biofilm-in-flow'), 0.9) });
    const before = causesOf(model, 'field.oxygen');
    simulate(model);
    for (const [cause, amount] of Object.entries(causesOf(model, 'field.oxygen')))
      rate[cause] = (amount - before[cause]) / 0.1;
  }, LONG);

  /** Concentration over the supply. */
  function at(column: number, row: number): number {
    return model.fields[0][column + model.description.grid.cells[0] * row] / SUPPLY;
  }

  it('takes in what it carries out and what the cells breathe', () => {
    const { 'oxygen left': left, 'oxygen right': right, 'bacterium.respiration': breathed } = rate;
    expect(Math.abs(left + right + breathed)).toBeLessThan(1e-6 * -breathed);
    // Beside what flows in, a little diffuses against the first cells.
    const flow = SPEED * HEIGHT * DEPTH * SUPPLY;
    expect(left).toBeGreaterThan(flow);
    expect(left).toBeLessThan(1.002 * flow);
  });

  it("breathes what Lévêque's boundary layer lets through", () => {
    const expected = levequeUptake(END - FRONT);
    // Grids of 1.25 and 0.625 µm give 1.6 and 3.0 % less: where the layer is thick the parabola is slower than its tangent.
    expect(Math.abs(-rate['bacterium.respiration'] / expected - 1)).toBeLessThan(0.04);
  });

  it('has the profile of the boundary layer, thicker downstream', () => {
    const [dx, dy] = model.description.grid.spacing;
    for (const x of [80, 150, 280]) {
      const column = Math.floor(x / dx);
      for (const row of [2, 4, 6, 8]) {
        // The sink is in the middle of the first row.
        const ratio = at(column, row) / leveque((column + 0.5) * dx - FRONT, row * dy);
        expect(ratio).toBeGreaterThan(0.93);
        expect(ratio).toBeLessThan(1);
      }
      expect(at(column, 50)).toBeGreaterThan(0.999);
    }
  });

  it('gives less to those behind', () => {
    const gradient = (column: number) => at(column, 2) - at(column, 1);
    const [near, far] = [27, 72];
    const [dx] = model.description.grid.spacing;
    const ratio = ((far + 0.5) * dx - FRONT) / ((near + 0.5) * dx - FRONT);
    // By Lévêque 1/3; a little more, again by the parabola.
    const power = Math.log(gradient(near) / gradient(far)) / Math.log(ratio);
    expect(power).toBeGreaterThan(0.33);
    expect(power).toBeLessThan(0.38);
  });
});
