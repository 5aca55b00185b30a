import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/engine/description/description.ts';
import { createModel } from '../../src/engine/model/model.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import {
  cell,
  concentration,
  describeModel,
  field,
  fieldOf,
  reaction,
  species,
  times,
  typeOf,
  value,
} from '../support/describe.ts';

/**
 * A cell and a closed, well-mixed box that exchange through a permeability-area product p: both relax at p (1/V_c + 1/V_b).
 */
const P = 0.4;
const BOX = 4;
const CELL = Math.PI * 0.25;
const END = 2;

function box(step: number, splitting: 'lie' | 'strang', continuous: boolean, initial: number): Description {
  const out = reaction('out', [cell(1)], [field(0)], times(value(P / CELL), species(1)), continuous);
  const into = reaction('in', [field(0)], [cell(1)], times(value(P), concentration(0)), continuous);
  return describeModel({
    grid: { ...describeModel().grid, size: [2, 2, 1], spacing: [2, 2, 1], voxelVolume: BOX },
    time: { step, steps: Math.round(END / step), recordEvery: 1 },
    fields: [fieldOf({ initial: value(100 / BOX) })],
    cellTypes: [typeOf([{ name: 'A', initial, continuous }], [out, into])],
    population: [{ type: 0, count: 1, region: { kind: 'points', points: [[1, 1, 0.5]] }, amounts: [] }],
    coupling: { schedule: 'weak', splitting, kernel: 'nearest' },
  });
}

/** Exact content of the cell at the end. */
function exact(inCell: number): number {
  const total = inCell + 100;
  const equilibrium = (total * CELL) / (CELL + BOX);
  return equilibrium + (inCell - equilibrium) * Math.exp(-P * (1 / CELL + 1 / BOX) * END);
}

function finalContent(step: number, splitting: 'lie' | 'strang'): number {
  return simulate(createModel(box(step, splitting, true, 20))).population.amounts[1];
}

describe('a cell that exchanges with a well-mixed box, continuous channels', () => {
  it.each([
    ['lie', 1],
    ['strang', 2],
  ] as const)('%s converges to the exact exponential with order %i', (splitting, order) => {
    const errors = [0.1, 0.05, 0.025, 0.0125].map(step =>
      Math.abs(finalContent(step, splitting) - exact(20)),
    );
    for (let i = 1; i < errors.length; i++) {
      expect(Math.log2(errors[i - 1] / errors[i])).toBeGreaterThan(order - 0.15);
      expect(Math.log2(errors[i - 1] / errors[i])).toBeLessThan(order + 0.25);
    }
    expect(errors[3]).toBeLessThan(splitting === 'lie' ? 0.5 : 0.005);
  });

  it('conserves the total to rounding', () => {
    const model = simulate(createModel(box(0.1, 'strang', true, 20)));
    expect(Math.abs(model.population.amounts[1] + model.fields[0][0] * BOX - 120)).toBeLessThan(1e-12);
  });
});
