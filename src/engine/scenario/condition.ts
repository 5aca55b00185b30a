import type { Circuit } from '../circuits/circuit.ts';
import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Typed } from './algebra.ts';
import { readExpression, type Scope } from './expressions.ts';
import { NONE } from './units.ts';

/**
 * A condition on the amounts of a circuit's species, from text such as `X > 256` or `U > 2 * V and U >= 20`, in the language of
 * scenarios. Throws RangeError with every fault of the text.
 */
export function readCondition(text: string, circuit: Circuit): (amounts: Float64Array) => boolean {
  const known = new Map(
    circuit.species.map(({ name }, index): [string, Typed] => [
      name,
      { expression: { kind: 'variable', variable: { of: 'species', index } }, dimension: NONE },
    ]),
  );
  const faults: string[] = [];
  const names: Scope = {
    place: 'a condition',
    lookup: name => known.get(name),
    names: () => known.keys(),
    fields: null,
  };
  const read = readExpression(text, names, (message, allowed) => {
    faults.push(allowed === null ? message : `${message}; allowed: ${allowed}`);
  });
  if (read === null) throw new RangeError(`condition \`${text}\`: ${faults.join('; ')}`);
  if (!isTruth(read.expression)) {
    throw new RangeError(`condition \`${text}\` is no comparison; write it as \`X > 256\``);
  }
  const closure = toClosure(read.expression);
  const scope = createScope();
  return amounts => {
    scope.amounts = amounts;
    scope.speciesOffset = 0;
    return closure(scope) !== 0;
  };
}

function isTruth(expression: Expression): boolean {
  if (expression.kind === 'call') return expression.function === 'not';
  return expression.kind === 'binary' && !['+', '-', '*', '/', '^'].includes(expression.operator);
}
