import { canBeNegative, reads, vanishesAt, variableKey } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { binary, conditional, divide, multiply, number, species } from '../expression/build.ts';
import { evaluate } from '../expression/evaluate.ts';
import { bounds } from '../expression/interval.ts';
import type { Circuit, Reaction } from './circuit.ts';

/**
 * The propensity of a stochastic reaction: its rate, gated to 0 while the cell holds fewer molecules of a reactant than
 * the reaction consumes at once. No gate where the rate vanishes by itself at every such count (k·x, k·x (x − 1)/2).
 */
export function gatedPropensity(circuit: Circuit, reaction: Reaction): Expression {
  let propensity = reaction.rate;
  for (const [index, needed] of reactantsInCell(reaction)) {
    if (!vanishesBelow(circuit, reaction.rate, index, needed)) {
      propensity = conditional(binary('>=', species(index), number(needed)), propensity, number(0));
    }
  }
  return propensity;
}

function reactantsInCell(reaction: Reaction): Map<number, number> {
  const needed = new Map<number, number>();
  for (const term of reaction.reactants) {
    if (term.in === 'cell') needed.set(term.index, (needed.get(term.index) ?? 0) + term.coefficient);
  }
  return needed;
}

function vanishesBelow(circuit: Circuit, rate: Expression, index: number, needed: number): boolean {
  if (circuit.species[index].continuous) return false;
  for (let count = 0; count < needed; count++) {
    if (!vanishesAt(rate, { of: 'species', index }, count)) return false;
  }
  return true;
}

/** Whether sign analysis leaves open that a rate comes out negative. */
export function mayBeNegative(circuit: Circuit, rate: Expression): boolean {
  return canBeNegative(
    rate,
    variable => variable.of === 'species' && !circuit.species[variable.index].continuous,
  );
}

/** Whether a rate may come out negative, infinite or undefined. */
export function mayBeInvalid(circuit: Circuit, rate: Expression): boolean {
  return bounds(rate).wild || mayBeNegative(circuit, rate);
}

/**
 * The same product with all factors and divisors that are constant over the window gathered in front:
 * k·A·B/volume = (k/volume)·A·B. Generated code then computes the bracket once per cell and window. Applied to the tree,
 * so that tables and generated code still do the same operations.
 */
export function gatherConstants(
  expression: Expression,
  isVarying: (variable: Variable) => boolean,
): Expression {
  if (expression.kind === 'conditional') {
    return conditional(
      expression.test,
      gatherConstants(expression.then, isVarying),
      gatherConstants(expression.otherwise, isVarying),
    );
  }
  const above: Expression[] = [];
  const below: Expression[] = [];
  collectFactors(expression, above, below);
  if (above.length + below.length < 2) return expression;
  const fixed = (e: Expression): boolean => isFixed(e, isVarying);
  const product = (factors: readonly Expression[], start: Expression): Expression =>
    factors.reduce((all, factor) => multiply(all, factor), start);
  const quotient = (divisors: readonly Expression[], start: Expression): Expression =>
    divisors.reduce((all, divisor) => divide(all, divisor), start);
  const gathered = quotient(below.filter(fixed), product(above.filter(fixed), number(1)));
  const constant = reads(gathered).size === 0 ? number(evaluate(gathered, {})) : gathered;
  const varying = product(
    above.filter(e => !fixed(e)),
    constant,
  );
  return quotient(
    below.filter(e => !fixed(e)),
    varying,
  );
}

/** Whether an expression reads nothing that varies. */
export function isFixed(expression: Expression, isVarying: (variable: Variable) => boolean): boolean {
  for (const variable of reads(expression).values()) if (isVarying(variable)) return false;
  return true;
}

function collectFactors(expression: Expression, above: Expression[], below: Expression[]): void {
  if (expression.kind === 'binary' && expression.operator === '*') {
    collectFactors(expression.left, above, below);
    collectFactors(expression.right, above, below);
  } else if (expression.kind === 'binary' && expression.operator === '/') {
    collectFactors(expression.left, above, below);
    collectFactors(expression.right, below, above);
  } else {
    above.push(expression);
  }
}

export function readsAny(expression: Expression, keys: ReadonlySet<string>): boolean {
  for (const key of reads(expression).keys()) if (keys.has(key)) return true;
  return false;
}

export function speciesKey(index: number): string {
  return variableKey({ of: 'species', index });
}
