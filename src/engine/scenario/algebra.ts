import type { BinaryOperator, Expression, FunctionName } from '../expression/ast.ts';
import { binary, call, conditional, negate, number } from '../expression/build.ts';
import { applyFunction, applyOperator } from '../expression/evaluate.ts';
import {
  CONCENTRATION_RATE,
  type Dimension,
  dimensionText,
  LENGTH,
  multiplied,
  NONE,
  raised,
  sameDimension,
  VOLUME,
} from './units.ts';

/**
 * Expressions with dimensions: each function makes one node, checks the dimensions of its parts, and folds
 * constants. Throws a Fault, whose message the caller reports, where they do not go together.
 */
export interface Typed {
  readonly expression: Expression;
  /** `any` for the literal 0, which fits every dimension. */
  readonly dimension: Dimension | 'any';
}

export class Fault extends Error {}

export function constant(value: number, dimension: Dimension | null = null): Typed {
  return { expression: number(value), dimension: dimension ?? (value === 0 ? 'any' : NONE) };
}

/** Value of a folded expression, or null where it still reads a variable. */
export function constantValue(typed: Typed): number | null {
  return typed.expression.kind === 'number' ? typed.expression.value : null;
}

export function textOf(dimension: Dimension | 'any'): string {
  if (dimension === 'any' || sameDimension(dimension, NONE)) return 'a plain number';
  if (sameDimension(dimension, VOLUME)) return 'volume';
  if (sameDimension(dimension, raised(VOLUME, -1))) return 'concentration (1/volume)';
  if (sameDimension(dimension, CONCENTRATION_RATE)) return 'concentration/time (1/volume/time)';
  if (sameDimension(dimension, raised(LENGTH, 2))) return 'area';
  return dimensionText(dimension);
}

export function fits(dimension: Dimension | 'any', wanted: Dimension): boolean {
  return dimension === 'any' || sameDimension(dimension, wanted);
}

export function negative(a: Typed): Typed {
  const value = constantValue(a);
  return { ...a, expression: value === null ? negate(a.expression) : number(value === 0 ? 0 : -value) };
}

export function operation(operator: BinaryOperator, a: Typed, b: Typed): Typed {
  const dimension = dimensionOf(operator, a, b);
  const left = constantValue(a);
  const right = constantValue(b);
  if (operator === '/' && right === 0) throw new Fault('divides by zero');
  if (left !== null && right !== null) {
    return { expression: number(finite(applyOperator(operator, left, right))), dimension };
  }
  return { expression: binary(operator, a.expression, b.expression), dimension };
}

function dimensionOf(operator: BinaryOperator, a: Typed, b: Typed): Dimension | 'any' {
  switch (operator) {
    case '+':
      return common([a, b], 'adds');
    case '-':
      return common([a, b], 'subtracts');
    case '*':
      return multiplied(plain(a.dimension), plain(b.dimension));
    case '/':
      return multiplied(plain(a.dimension), raised(plain(b.dimension), -1));
    case '^':
      return powerDimension(a, b);
    case 'and':
    case 'or':
      if (!fits(a.dimension, NONE) || !fits(b.dimension, NONE)) {
        throw new Fault(`joins quantities with a unit; \`${operator}\` joins conditions`);
      }
      return NONE;
    default:
      common([a, b], 'compares');
      return NONE;
  }
}

/** A 0 fits any dimension where it stands alone; `0 nM` has that of nM. */
function plain(dimension: Dimension | 'any'): Dimension {
  return dimension === 'any' ? NONE : dimension;
}

function powerDimension(base: Typed, exponent: Typed): Dimension | 'any' {
  if (!fits(exponent.dimension, NONE)) {
    throw new Fault(`has an exponent of dimension ${textOf(exponent.dimension)}; an exponent has no unit`);
  }
  if (base.dimension === 'any' || sameDimension(base.dimension, NONE)) return NONE;
  const value = constantValue(exponent);
  if (value === null) {
    throw new Fault(
      `raises ${textOf(base.dimension)} to a variable power; a quantity with a unit needs a constant one`,
    );
  }
  if (!(Math.abs(value) <= 100)) throw new Fault('raises a quantity with a unit to a power above 100');
  return raised(base.dimension, value);
}

/** The dimension that all operands share. */
function common(operands: readonly Typed[], verb: string): Dimension | 'any' {
  let shared: Dimension | 'any' = 'any';
  for (const { dimension } of operands) {
    if (dimension === 'any') continue;
    if (shared !== 'any' && !sameDimension(shared, dimension)) {
      throw new Fault(`${verb} ${textOf(shared)} and ${textOf(dimension)}`);
    }
    shared = dimension;
  }
  return shared;
}

/** Least and most numbers of arguments. */
const ARITY: Readonly<Record<FunctionName, readonly [number, number]>> = {
  exp: [1, 1],
  ln: [1, 1],
  log10: [1, 1],
  sqrt: [1, 1],
  abs: [1, 1],
  min: [1, 100],
  max: [1, 100],
  hill: [3, 3],
  sin: [1, 1],
  cos: [1, 1],
  mod: [2, 2],
  not: [1, 1],
};

export function application(name: FunctionName, inputs: readonly Typed[]): Typed {
  const [least, most] = ARITY[name];
  if (inputs.length < least || inputs.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new Fault(`has ${inputs.length} arguments; \`${name}\` takes ${wanted}`);
  }
  const dimension = callDimension(name, inputs);
  const values = inputs.map(constantValue);
  if (values.every(value => value !== null)) {
    return { expression: number(finite(applyFunction(name, values))), dimension };
  }
  return { expression: call(name, ...inputs.map(input => input.expression)), dimension };
}

function callDimension(name: FunctionName, inputs: readonly Typed[]): Dimension | 'any' {
  switch (name) {
    case 'abs':
      return inputs[0].dimension;
    case 'sqrt':
      return inputs[0].dimension === 'any' ? 'any' : raised(inputs[0].dimension, 0.5);
    case 'min':
    case 'max':
    case 'mod':
      return common(inputs, 'compares');
    case 'hill':
      common(inputs.slice(0, 2), 'compares');
      if (!fits(inputs[2].dimension, NONE)) {
        throw new Fault(
          `has an exponent of dimension ${textOf(inputs[2].dimension)}; an exponent has no unit`,
        );
      }
      return NONE;
    default:
      if (!fits(inputs[0].dimension, NONE)) {
        throw new Fault(
          `has an argument of dimension ${textOf(inputs[0].dimension)}; it needs a plain number`,
        );
      }
      return NONE;
  }
}

export function choice(test: Typed, then: Typed, otherwise: Typed): Typed {
  if (!fits(test.dimension, NONE)) {
    throw new Fault(`has a condition of dimension ${textOf(test.dimension)}; write a comparison`);
  }
  const dimension = common([then, otherwise], 'chooses between');
  const value = constantValue(test);
  if (value !== null) return { ...(value !== 0 ? then : otherwise), dimension };
  return { expression: conditional(test.expression, then.expression, otherwise.expression), dimension };
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Fault('is not a finite number');
  return value;
}
