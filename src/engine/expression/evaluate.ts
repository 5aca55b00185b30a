import type { BinaryOperator, Expression, FunctionName, Variable } from './ast.ts';
import { hill, modulo, power } from './power.ts';
import type { Scope } from './scope.ts';

/**
 * Value of an expression. The definition of its meaning: generated code and closures must give the same bits. A variable
 * whose column the scope leaves out is NaN.
 */
export function evaluate(expression: Expression, scope: Partial<Scope>): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'variable':
      return variableValue(expression.variable, scope);
    case 'negate':
      return -evaluate(expression.argument, scope);
    case 'binary':
      return applyOperator(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope),
      );
    case 'call':
      return applyFunction(
        expression.function,
        expression.arguments.map(argument => evaluate(argument, scope)),
      );
    case 'conditional':
      return evaluate(expression.test, scope) !== 0
        ? evaluate(expression.then, scope)
        : evaluate(expression.otherwise, scope);
  }
}

function variableValue(variable: Variable, scope: Partial<Scope>): number {
  switch (variable.of) {
    case 'species':
      return scope.amounts?.[(scope.speciesOffset ?? 0) + variable.index] ?? Number.NaN;
    case 'field':
      return scope.fields?.[(scope.fieldOffset ?? 0) + variable.index] ?? Number.NaN;
    case 'position':
      return scope.position?.[variable.axis] ?? Number.NaN;
    default:
      return scope[variable.of] ?? Number.NaN;
  }
}

export function applyOperator(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return power(left, right);
    case '<':
      return left < right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
    case 'and':
      return left !== 0 && right !== 0 ? 1 : 0;
    case 'or':
      return left !== 0 || right !== 0 ? 1 : 0;
  }
}

export function applyFunction(name: FunctionName, values: readonly number[]): number {
  switch (name) {
    case 'exp':
      return Math.exp(values[0]);
    case 'ln':
      return Math.log(values[0]);
    case 'log10':
      return Math.log10(values[0]);
    case 'sqrt':
      return Math.sqrt(values[0]);
    case 'abs':
      return Math.abs(values[0]);
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'hill':
      return hill(values[0], values[1], values[2]);
    case 'sin':
      return Math.sin(values[0]);
    case 'cos':
      return Math.cos(values[0]);
    case 'mod':
      return modulo(values[0], values[1]);
    case 'not':
      return values[0] === 0 ? 1 : 0;
  }
}
