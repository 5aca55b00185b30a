import { apply, type Formula, isConstant, type Operator, symbol } from './formula.ts';

/** Operators whose values jump: truth values and whole numbers. */
const JUMPS: ReadonlySet<Operator> = new Set([
  ...(['eq', 'neq', 'lt', 'leq', 'gt', 'geq', 'and', 'or', 'xor', 'not', 'implies'] as const),
  ...(['floor', 'ceiling', 'quotient'] as const),
]);

/** What jumps within formulas, by the name of the symbol that takes its place. */
export class Switches {
  /** A later one may read an earlier one. */
  readonly definitions = new Map<string, Formula>();
  readonly #names = new Map<string, string>();

  /**
   * The formula with everything that jumps (tests of a piecewise, relations, whole parts) replaced by symbols. While their values
   * are held it is smooth, as integrators need it.
   */
  smooth(formula: Formula): Formula {
    switch (formula.kind) {
      case 'piecewise':
        return {
          kind: 'piecewise',
          pieces: formula.pieces.map(([value, test]) => [this.smooth(value), this.#held(test)] as const),
          otherwise: formula.otherwise && this.smooth(formula.otherwise),
        };
      case 'apply': {
        const { operator, inputs } = formula;
        if (JUMPS.has(operator)) return this.#held(formula);
        if (operator === 'rem') {
          const [a, b] = inputs;
          const whole = this.#held(apply('quotient', a, b));
          return apply('minus', this.smooth(a), apply('times', this.smooth(b), whole));
        }
        return { ...formula, inputs: inputs.map(input => this.smooth(input)) };
      }
      default:
        return formula;
    }
  }

  #held(formula: Formula): Formula {
    if (isConstant(formula)) return formula;
    const inner: Formula =
      formula.kind === 'apply'
        ? { ...formula, inputs: formula.inputs.map(input => this.smooth(input)) }
        : this.smooth(formula);
    const key = JSON.stringify(inner);
    const known = this.#names.get(key);
    if (known !== undefined) return symbol(known);
    // No identifier has a blank in it.
    const name = `switch ${this.definitions.size}`;
    this.definitions.set(name, inner);
    this.#names.set(key, name);
    return symbol(name);
  }
}
