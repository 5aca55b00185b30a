/**
 * The mathematics of SBML as a tree, with function definitions inlined and local parameters replaced by their values. Truth
 * values are the numbers 1 and 0.
 */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  /** The value of an element: a species' amount or concentration as SBML defines its symbol, a reaction's rate, … */
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'time' }
  /** The time derivative of a symbol (csymbol rateOf). */
  | { readonly kind: 'rateOf'; readonly name: string }
  | { readonly kind: 'apply'; readonly operator: Operator; readonly inputs: readonly Formula[] }
  | {
      readonly kind: 'piecewise';
      readonly pieces: readonly (readonly [value: Formula, test: Formula])[];
      readonly otherwise: Formula | null;
    };

/** MathML's element names. `root` is (degree, x), `log` is (base, x). */
export type Operator = keyof typeof ARITY;

/** Fewest and most operands. */
export const ARITY = {
  plus: [0, Infinity],
  times: [0, Infinity],
  minus: [1, 2],
  divide: [2, 2],
  power: [2, 2],
  root: [2, 2],
  log: [2, 2],
  abs: [1, 1],
  exp: [1, 1],
  ln: [1, 1],
  floor: [1, 1],
  ceiling: [1, 1],
  factorial: [1, 1],
  quotient: [2, 2],
  rem: [2, 2],
  max: [1, Infinity],
  min: [1, Infinity],
  sin: [1, 1],
  cos: [1, 1],
  tan: [1, 1],
  sec: [1, 1],
  csc: [1, 1],
  cot: [1, 1],
  sinh: [1, 1],
  cosh: [1, 1],
  tanh: [1, 1],
  sech: [1, 1],
  csch: [1, 1],
  coth: [1, 1],
  arcsin: [1, 1],
  arccos: [1, 1],
  arctan: [1, 1],
  arcsec: [1, 1],
  arccsc: [1, 1],
  arccot: [1, 1],
  arcsinh: [1, 1],
  arccosh: [1, 1],
  arctanh: [1, 1],
  arcsech: [1, 1],
  arccsch: [1, 1],
  arccoth: [1, 1],
  eq: [1, Infinity],
  neq: [2, 2],
  lt: [1, Infinity],
  leq: [1, Infinity],
  gt: [1, Infinity],
  geq: [1, Infinity],
  and: [0, Infinity],
  or: [0, Infinity],
  xor: [0, Infinity],
  not: [1, 1],
  implies: [2, 2],
} as const satisfies Record<string, readonly [number, number]>;

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(ARITY, name);
}

export function numeral(value: number): Formula {
  return { kind: 'number', value };
}

export function symbol(name: string): Formula {
  return { kind: 'symbol', name };
}

export function apply(operator: Operator, ...inputs: Formula[]): Formula {
  return { kind: 'apply', operator, inputs };
}

/** Direct parts of a formula. */
export function partsOf(formula: Formula): readonly Formula[] {
  switch (formula.kind) {
    case 'apply':
      return formula.inputs;
    case 'piecewise':
      return [...formula.pieces.flat(), ...(formula.otherwise ? [formula.otherwise] : [])];
    default:
      return [];
  }
}

/** The same tree with leaves (numbers, symbols, time, rateOf) replaced. */
export function mapLeaves(formula: Formula, replace: (leaf: Formula) => Formula): Formula {
  switch (formula.kind) {
    case 'apply':
      return { ...formula, inputs: formula.inputs.map(input => mapLeaves(input, replace)) };
    case 'piecewise':
      return {
        kind: 'piecewise',
        pieces: formula.pieces.map(
          ([value, test]) => [mapLeaves(value, replace), mapLeaves(test, replace)] as const,
        ),
        otherwise: formula.otherwise && mapLeaves(formula.otherwise, replace),
      };
    default:
      return replace(formula);
  }
}

/** Calls `see` with every leaf. */
export function visitLeaves(formula: Formula, see: (leaf: Formula) => void): void {
  if (formula.kind !== 'apply' && formula.kind !== 'piecewise') see(formula);
  else for (const part of partsOf(formula)) visitLeaves(part, see);
}

export function readsTime(formula: Formula): boolean {
  let found = false;
  visitLeaves(formula, leaf => {
    if (leaf.kind === 'time') found = true;
  });
  return found;
}

/** Whether its value can never change. */
export function isConstant(formula: Formula): boolean {
  let constant = true;
  visitLeaves(formula, leaf => {
    if (leaf.kind !== 'number') constant = false;
  });
  return constant;
}
