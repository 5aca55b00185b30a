import type { Term } from '../circuits/circuit.ts';
import type { Expression } from '../expression/ast.ts';
import {
  binary,
  conditional,
  divide,
  field,
  multiply,
  number,
  species,
  subtract,
  variable,
} from '../expression/build.ts';
import { type Dimension, PER_TIME } from './units.ts';

/** Molecules on the left of a reaction: the order of its mass action. */
export function orderOf(reactants: readonly Term[]): number {
  return reactants.reduce((sum, term) => sum + term.coefficient, 0);
}

/** Dimension of the constant: k V^(1−n) is a rate, so k is volume^(n−1)/time. */
export function constantDimension(order: number): Dimension {
  return [PER_TIME[0], 3 * (order - 1), PER_TIME[2]];
}

/**
 * Propensity k V^(1−n) Π_cell (x choose ν) Π_field (c V)^ν of a mass-action reaction of order n, extents per second
 * (Gillespie 1977, doi:10.1021/j100540a008: the number of distinct sets of reactant molecules in volume V).
 * A field's molecules at the cell are the concentration there times the cell's volume. For an amount that is
 * real-valued (`isContinuous`) in a continuous channel the number of sets is x^ν/ν!.
 */
export function massAction(
  k: number,
  reactants: readonly Term[],
  continuous: boolean,
  isContinuous: (speciesIndex: number) => boolean,
): Expression {
  const order = orderOf(reactants);
  // The powers of V of the field terms cancel against V^(1−n).
  const fieldOrder = orderOf(reactants.filter(term => term.in === 'field'));
  let rate = number(k);
  for (const term of reactants) {
    const { index, coefficient } = term;
    if (term.in === 'field') rate = multiply(rate, power(field(index), coefficient));
    else if (continuous)
      rate = multiply(rate, divide(power(species(index), coefficient), number(factorial(coefficient))));
    else rate = multiply(rate, combinations(species(index), coefficient, isContinuous(index)));
  }
  const exponent = 1 - order + fieldOrder;
  const volume = variable({ of: 'volume' });
  if (exponent > 0) return multiply(rate, power(volume, exponent));
  return exponent < 0 ? divide(rate, power(volume, -exponent)) : rate;
}

/** k Π c^ν, extents per volume and time, of a reaction of fields with one another. */
export function concentrationAction(k: number, reactants: readonly Term[]): Expression {
  return reactants.reduce(
    (rate, { index, coefficient }) => multiply(rate, power(field(index), coefficient)),
    number(k),
  );
}

/** x (x − 1) … (x − ν + 1)/ν!; for a real-valued amount nothing below ν, where the product may be negative. */
function combinations(x: Expression, nu: number, real: boolean): Expression {
  let product = x;
  for (let i = 1; i < nu; i++) product = multiply(product, subtract(x, number(i)));
  const sets = divide(product, number(factorial(nu)));
  return real ? conditional(binary('>=', x, number(nu)), sets, number(0)) : sets;
}

function power(base: Expression, exponent: number): Expression {
  return exponent === 1 ? base : binary('^', base, number(exponent));
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
