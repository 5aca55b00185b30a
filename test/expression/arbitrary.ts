import fc from 'fast-check';
import type { BinaryOperator, Expression, FunctionName } from '../../src/engine/expression/ast.ts';
import { createScope, type Scope } from '../../src/engine/expression/scope.ts';

const VARIABLES: readonly Expression[] = [
  ...[0, 1, 2].map((index): Expression => ({ kind: 'variable', variable: { of: 'species', index } })),
  ...[0, 1].map((index): Expression => ({ kind: 'variable', variable: { of: 'field', index } })),
  { kind: 'variable', variable: { of: 'volume' } },
  { kind: 'variable', variable: { of: 'time' } },
  { kind: 'variable', variable: { of: 'age' } },
  { kind: 'variable', variable: { of: 'position', axis: 1 } },
];

const OPERATORS: readonly BinaryOperator[] = [
  '+',
  '-',
  '*',
  '/',
  '^',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  'and',
  'or',
];

/** Functions with their numbers of arguments. */
const FUNCTIONS: readonly (readonly [FunctionName, number])[] = [
  ['exp', 1],
  ['ln', 1],
  ['log10', 1],
  ['sqrt', 1],
  ['abs', 1],
  ['sin', 1],
  ['cos', 1],
  ['not', 1],
  ['min', 1],
  ['min', 3],
  ['max', 2],
  ['hill', 3],
];

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...VARIABLES),
  fc
    .oneof(fc.constantFrom(0, -0, 1, 2, 3, 4, -1, 0.5, 2.5, 17), fc.double())
    .map((value): Expression => ({ kind: 'number', value })),
);

/** Expression trees over all node kinds, with any double as a constant. */
export const anyExpression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    tie('tree').map((argument): Expression => ({ kind: 'negate', argument })),
    fc
      .tuple(fc.constantFrom(...OPERATORS), tie('tree'), tie('tree'))
      .map(([operator, left, right]): Expression => ({ kind: 'binary', operator, left, right })),
    fc
      .tuple(fc.constantFrom(...FUNCTIONS), tie('tree'), tie('tree'), tie('tree'))
      .map(([[name, count], ...inputs]): Expression => {
        return { kind: 'call', function: name, arguments: inputs.slice(0, count) };
      }),
    fc
      .tuple(tie('tree'), tie('tree'), tie('tree'))
      .map(([test, then, otherwise]): Expression => ({ kind: 'conditional', test, then, otherwise })),
  ),
})).tree;

const amount = fc.oneof(
  fc.constantFrom(0, 1, 2),
  fc.integer({ min: 0, max: 1000 }),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);

/** Values that variables can have: amounts, concentrations and times ≥ 0, volume > 0. */
export const anyScope: fc.Arbitrary<Scope> = fc
  .record({
    species: fc.tuple(amount, amount, amount),
    fields: fc.tuple(amount, amount),
    volume: fc.double({ min: 0.1, max: 100, noNaN: true }),
    time: amount,
    age: amount,
    y: fc.double({ min: -1000, max: 1000, noNaN: true }),
  })
  .map(({ species, fields, volume, time, age, y }) => {
    return {
      ...createScope(),
      amounts: Float64Array.from(species),
      fields: Float64Array.from(fields),
      volume,
      time,
      age,
      position: [0, y, 0],
    };
  });
