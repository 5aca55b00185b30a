import { type Formula, partsOf } from './formula.ts';
import { applyOperator } from './operators.ts';

/** A formula as nested closures over the values of a system; slot 0 holds the time. */
export type Evaluate = (values: Float64Array) => number;

/** `slotOf` says where the value of a symbol lies. The formula holds no rateOf any more. */
export function toEvaluate(formula: Formula, slotOf: (name: string) => number): Evaluate {
  switch (formula.kind) {
    case 'number': {
      const { value } = formula;
      return () => value;
    }
    case 'time':
      return values => values[0];
    case 'rateOf':
      throw new RangeError(`rateOf(${formula.name}) has not been replaced`);
    case 'symbol': {
      const slot = slotOf(formula.name);
      return values => values[slot];
    }
    case 'piecewise': {
      const pieces = formula.pieces.map(([value, test]) => [
        toEvaluate(value, slotOf),
        toEvaluate(test, slotOf),
      ]);
      const otherwise = formula.otherwise ? toEvaluate(formula.otherwise, slotOf) : () => Number.NaN;
      return values => {
        for (let i = 0; i < pieces.length; i++) if (pieces[i][1](values) !== 0) return pieces[i][0](values);
        return otherwise(values);
      };
    }
    case 'apply': {
      const { operator } = formula;
      const inputs = partsOf(formula).map(part => toEvaluate(part, slotOf));
      const [a, b] = inputs;
      if (inputs.length === 2) {
        switch (operator) {
          case 'plus':
            return values => a(values) + b(values);
          case 'minus':
            return values => a(values) - b(values);
          case 'times':
            return values => a(values) * b(values);
          case 'divide':
            return values => a(values) / b(values);
        }
      }
      const evaluated = new Float64Array(inputs.length);
      return values => {
        // Inner calls use arrays of their own, so that this one is filled whole before it is read.
        for (let i = 0; i < inputs.length; i++) evaluated[i] = inputs[i](values);
        return applyOperator(operator, evaluated);
      };
    }
  }
}
