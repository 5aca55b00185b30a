import type { BinaryOperator, Expression, Variable } from './ast.ts';
import { applyFunction, applyOperator } from './evaluate.ts';
import { hill, power } from './power.ts';
import type { Scope } from './scope.ts';

export type Closure = (scope: Scope) => number;

/** An expression as nested closures: what runs where code generation is forbidden. Same bits as `evaluate`. */
export function toClosure(expression: Expression): Closure {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'variable':
      return variableClosure(expression.variable);
    case 'negate': {
      const argument = toClosure(expression.argument);
      return scope => -argument(scope);
    }
    case 'binary':
      return binaryClosure(expression.operator, expression.left, expression.right);
    case 'call': {
      const inputs = expression.arguments.map(toClosure);
      if (expression.function === 'hill') {
        const [x, k, n] = inputs;
        return scope => hill(x(scope), k(scope), n(scope));
      }
      const name = expression.function;
      const values = inputs.map(() => 0);
      return scope => {
        for (let i = 0; i < inputs.length; i++) values[i] = inputs[i](scope);
        return applyFunction(name, values);
      };
    }
    case 'conditional': {
      const test = toClosure(expression.test);
      const then = toClosure(expression.then);
      const otherwise = toClosure(expression.otherwise);
      return scope => (test(scope) !== 0 ? then(scope) : otherwise(scope));
    }
  }
}

function variableClosure(variable: Variable): Closure {
  switch (variable.of) {
    case 'species': {
      const { index } = variable;
      return scope => scope.amounts[scope.speciesOffset + index];
    }
    case 'field': {
      const { index } = variable;
      return scope => scope.fields[scope.fieldOffset + index];
    }
    case 'volume':
      return scope => scope.volume;
    case 'time':
      return scope => scope.time;
    case 'age':
      return scope => scope.age;
    case 'birthVolume':
      return scope => scope.birthVolume;
    case 'divisionVolume':
      return scope => scope.divisionVolume;
    case 'stage':
      return scope => scope.stage;
    case 'elapsed':
      return scope => scope.elapsed;
    case 'quiescent':
      return scope => scope.quiescent;
    case 'pressure':
      return scope => scope.pressure;
    case 'position': {
      const { axis } = variable;
      return scope => scope.position[axis];
    }
  }
}

/** The shapes k·x and x·y of mass action, which most propensities are, save a call per leaf. */
function binaryClosure(operator: BinaryOperator, left: Expression, right: Expression): Closure {
  const a = toClosure(left);
  const b = toClosure(right);
  switch (operator) {
    case '+':
      return scope => a(scope) + b(scope);
    case '-':
      return scope => a(scope) - b(scope);
    case '*': {
      const species =
        right.kind === 'variable' && right.variable.of === 'species' ? right.variable.index : -1;
      if (species >= 0 && left.kind === 'number') {
        const { value } = left;
        return scope => value * scope.amounts[scope.speciesOffset + species];
      }
      if (species >= 0) return scope => a(scope) * scope.amounts[scope.speciesOffset + species];
      return scope => a(scope) * b(scope);
    }
    case '/':
      return scope => a(scope) / b(scope);
    case '^':
      return scope => power(a(scope), b(scope));
    default:
      return scope => applyOperator(operator, a(scope), b(scope));
  }
}
