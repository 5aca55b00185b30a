import type { BinaryOperator, Expression, FunctionName, Variable } from './ast.ts';

/** Short constructors of expression nodes. Sums and products drop the neutral element; nothing else is rewritten. */
export function number(value: number): Expression {
  return { kind: 'number', value };
}

export function variable(of: Variable): Expression {
  return { kind: 'variable', variable: of };
}

export function species(index: number): Expression {
  return variable({ of: 'species', index });
}

export function field(index: number): Expression {
  return variable({ of: 'field', index });
}

export function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}

export function call(name: FunctionName, ...inputs: Expression[]): Expression {
  return { kind: 'call', function: name, arguments: inputs };
}

export function conditional(test: Expression, then: Expression, otherwise: Expression): Expression {
  return { kind: 'conditional', test, then, otherwise };
}

export function negate(argument: Expression): Expression {
  return { kind: 'negate', argument };
}

export function add(left: Expression, right: Expression): Expression {
  if (isNumber(left, 0)) return right;
  return isNumber(right, 0) ? left : binary('+', left, right);
}

export function subtract(left: Expression, right: Expression): Expression {
  return isNumber(right, 0) ? left : binary('-', left, right);
}

export function multiply(left: Expression, right: Expression): Expression {
  if (isNumber(left, 1)) return right;
  return isNumber(right, 1) ? left : binary('*', left, right);
}

export function divide(left: Expression, right: Expression): Expression {
  return isNumber(right, 1) ? left : binary('/', left, right);
}

export function isNumber(expression: Expression, value: number): boolean {
  return expression.kind === 'number' && expression.value === value;
}
