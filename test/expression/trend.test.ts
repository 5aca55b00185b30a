import { expect, test } from 'vitest';
import type { BinaryOperator, Expression, FunctionName } from '../../src/engine/expression/ast.ts';
import { binary, conditional, number, species } from '../../src/engine/expression/build.ts';
import { evaluate } from '../../src/engine/expression/evaluate.ts';
import { FALLS, RISES, trend, trendOfCount } from '../../src/engine/expression/trend.ts';

const X = species(0);
const variable = { of: 'species', index: 0 } as const;

function call(name: FunctionName, ...inputs: Expression[]): Expression {
  return { kind: 'call', function: name, arguments: inputs };
}

test('a number holds where it is not 0, whatever its sign', () => {
  const EITHER = RISES | FALLS;
  const below = binary('-', X, number(1));
  expect(trend(call('not', below), variable)).toBe(EITHER);
  expect(trend(binary('and', below, number(1)), variable)).toBe(EITHER);
  expect(trend(conditional(below, X, number(0)), variable)).toBe(EITHER);
  // −X does not hold at 0, and holds beyond.
  expect(trend(binary('or', { kind: 'negate', argument: X }, number(0)), variable)).toBe(RISES);
  expect(trend(call('not', X), variable)).toBe(FALLS);
  expect(trend(call('not', binary('>', X, number(3))), variable)).toBe(FALLS);
});

/** A linear congruential generator: the expressions of this test, always the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test('no trend that is told is contradicted by values, over random expressions', () => {
  const random = generator(12345);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const operators: BinaryOperator[] = ['+', '-', '*', '/', '^', '>', '>=', '<', '<=', '==', 'and', 'or'];
  const functions: FunctionName[] = ['exp', 'ln', 'sqrt', 'abs', 'min', 'max', 'hill', 'not', 'sin'];
  const make = (depth: number): Expression => {
    const kind = depth === 0 ? 0 : random();
    if (kind < 0.15) return random() < 0.7 ? species(pick([0, 0, 1])) : number(pick([0, 0.5, 1, 2, 3, -1]));
    if (kind < 0.75) return binary(pick(operators), make(depth - 1), make(depth - 1));
    if (kind < 0.8) return { kind: 'negate', argument: make(depth - 1) };
    if (kind < 0.93) {
      const name = pick(functions);
      if (name === 'hill') return call(name, make(depth - 1), make(depth - 1), number(pick([1, 2, -1, 0.5])));
      const inputs = name === 'min' || name === 'max' ? 2 : 1;
      return call(name, ...Array.from({ length: inputs }, () => make(depth - 1)));
    }
    return conditional(make(depth - 1), make(depth - 1), make(depth - 1));
  };
  /** The value; undefined where any part of it is undefined. */
  const value = (e: Expression, x: number, y: number): number | undefined => {
    const parts =
      e.kind === 'binary'
        ? [e.left, e.right]
        : e.kind === 'call'
          ? e.arguments
          : e.kind === 'negate'
            ? [e.argument]
            : e.kind === 'conditional'
              ? [e.test, e.then, e.otherwise]
              : [];
    if (parts.some(part => value(part, x, y) === undefined)) return undefined;
    const result = evaluate(e, { amounts: Float64Array.of(x, y), speciesOffset: 0 });
    return Number.isFinite(result) ? result : undefined;
  };
  const contradicts = (e: Expression, told: number, at: readonly number[]): boolean =>
    [0, 1, 2, 6].some(y => {
      const values = at.map(x => value(e, x, y));
      if (values.includes(undefined)) return false;
      return values.slice(1).some((after, i) => {
        const [a, b] = [values[i] ?? 0, after ?? 0];
        // Rounding: parts are at most some thousand times as large as their sum here.
        if (Math.abs(b - a) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))) return false;
        return (told & (b > a ? RISES : FALLS)) === 0;
      });
    });
  let told = 0;
  const wrong: Expression[] = [];
  for (let n = 0; n < 4000; n++) {
    const e = make(3);
    const [real, whole] = [trend(e, variable), trendOfCount(e, variable)];
    if (whole !== (RISES | FALLS) && whole !== 0) told++;
    if (
      contradicts(e, real, [0, 0.2, 0.7, 1, 1.3, 2.5, 3, 3.7, 10]) ||
      contradicts(e, whole, [0, 1, 2, 3, 5, 9, 20])
    ) {
      wrong.push(e);
    }
  }
  expect(wrong).toEqual([]);
  expect(told).toBeGreaterThan(200);
});
