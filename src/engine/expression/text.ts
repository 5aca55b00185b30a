import type { Expression, Variable } from './ast.ts';

/** Binding strength of each operator; a conditional binds least, a name or number most. */
const STRENGTH = {
  or: 2,
  and: 3,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '^': 8,
} as const;
const CONDITIONAL = 1;
const NEGATION = 7;
const ATOM = 9;

/** An expression as a person would write it, with no more brackets than it takes. For reading: numbers keep 6 digits. */
export function expressionText(expression: Expression, nameOf: (variable: Variable) => string): string {
  return write(expression, nameOf).text;
}

interface Written {
  readonly text: string;
  readonly strength: number;
}

function write(expression: Expression, nameOf: (variable: Variable) => string): Written {
  const recur = (e: Expression): Written => write(e, nameOf);
  const within = (e: Expression, least: number): string => {
    const { text, strength } = recur(e);
    return strength < least ? `(${text})` : text;
  };
  switch (expression.kind) {
    case 'number': {
      const text = String(Number(expression.value.toPrecision(6))).replace('e+', 'e');
      return { text, strength: expression.value < 0 ? NEGATION : ATOM };
    }
    case 'variable':
      return { text: nameOf(expression.variable), strength: ATOM };
    case 'negate':
      return { text: `-${within(expression.argument, NEGATION + 1)}`, strength: NEGATION };
    case 'binary': {
      const { operator, left, right } = expression;
      const strength = STRENGTH[operator];
      // `^` binds to the right; comparisons not at all.
      const leftLeast = operator === '^' || strength === STRENGTH['<'] ? strength + 1 : strength;
      const rightLeast =
        operator === '^'
          ? strength
          : operator === '+' || operator === '*' || operator === 'and' || operator === 'or'
            ? strength
            : strength + 1;
      const sign = operator === '^' ? '^' : ` ${operator} `;
      return { text: `${within(left, leftLeast)}${sign}${within(right, rightLeast)}`, strength };
    }
    case 'call':
      return {
        text: `${expression.function}(${expression.arguments.map(e => recur(e).text).join(', ')})`,
        strength: ATOM,
      };
    case 'conditional': {
      const { test, then, otherwise } = expression;
      return {
        text: `${within(test, CONDITIONAL + 1)} ? ${within(then, CONDITIONAL + 1)} : ${recur(otherwise).text}`,
        strength: CONDITIONAL,
      };
    }
  }
}
