import type { CellType } from '../../src/engine/cells/cellType.ts';
import type { Reaction, Species, Term } from '../../src/engine/circuits/circuit.ts';
import type { Description } from '../../src/engine/description/description.ts';
import type { Expression } from '../../src/engine/expression/ast.ts';
import type { Boundary, FieldDescription } from '../../src/engine/fields/field.ts';
import { createGrid } from '../../src/engine/fields/grid.ts';

/** Descriptions for tests, in engine units, without going through scenario text. */

export const value = (n: number): Expression => ({ kind: 'number', value: n });
export const species = (index: number): Expression => ({
  kind: 'variable',
  variable: { of: 'species', index },
});
export const concentration = (index: number): Expression => ({
  kind: 'variable',
  variable: { of: 'field', index },
});
export const volume: Expression = { kind: 'variable', variable: { of: 'volume' } };
export const times = (...factors: Expression[]): Expression =>
  factors.reduce((left, right) => ({ kind: 'binary', operator: '*', left, right }));
export const over = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: '/',
  left,
  right,
});
export const plus = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: '+',
  left,
  right,
});

export const cell = (index: number, coefficient = 1): Term => ({
  in: 'cell',
  index,
  coefficient,
  exact: String(coefficient),
});
export const field = (index: number, coefficient = 1): Term => ({
  in: 'field',
  index,
  coefficient,
  exact: String(coefficient),
});

export function reaction(
  name: string,
  reactants: Term[],
  products: Term[],
  rate: Expression,
  continuous = false,
): Reaction {
  return { name, equation: name, reactants, products, rate, continuous };
}

const NO_FLUX: Boundary = { kind: 'no-flux' };

export function fieldOf(changes: Partial<FieldDescription> = {}): FieldDescription {
  return {
    name: 'A',
    diffusivity: 100,
    decay: 0,
    initial: value(0),
    boundary: [NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX, NO_FLUX],
    ...changes,
  };
}

/** A type of discs of radius 0.5 µm; species 0 is biomass, the given ones follow. */
export function typeOf(given: Species[], reactions: Reaction[], changes: Partial<CellType> = {}): CellType {
  const biomass = { name: 'biomass', initial: 0, continuous: true };
  return {
    name: 'cell',
    shape: { kind: 'disc', radius: 0.5 },
    dryDensity: 300,
    circuit: { species: [biomass, ...given], reactions },
    division: null,
    death: null,
    ...changes,
  };
}

/** One cell in the middle of a single voxel of 10 × 10 × 1 µm, step 0.1 s. */
export function describeModel(changes: Partial<Description> = {}): Description {
  return {
    title: 'test',
    description: '',
    seed: '1',
    grid: createGrid(2, [1, 1, 1], [10, 10, 1]),
    time: { step: 0.1, steps: 100, recordEvery: 1 },
    fields: [fieldOf()],
    cellTypes: [typeOf([], [])],
    population: [{ type: 0, count: 1, region: { kind: 'points', points: [[5, 5, 0.5]] }, amounts: [] }],
    mechanics: null,
    coupling: { schedule: 'weak', splitting: 'lie', kernel: 'nearest' },
    balance: { tolerance: 1e-12, onBreach: 'stop' },
    ...changes,
  };
}
