import { application, constantValue, Fault, operation, type Typed } from './algebra.ts';

/** `step(t, t0)`: 0 before t0, 1 from then on. */
export function step(inputs: readonly Typed[]): Typed {
  if (inputs.length !== 2) throw new Fault(`has ${inputs.length} arguments; \`step\` takes 2`);
  return operation('>=', inputs[0], inputs[1]);
}

/** `pulse(t, start, length)`: 1 from `start` for `length`, 0 elsewhere; `pulse(t, start, length, period)`: again every period. */
export function pulse(inputs: readonly Typed[]): Typed {
  if (inputs.length < 3 || inputs.length > 4) {
    throw new Fault(`has ${inputs.length} arguments; \`pulse\` takes 3 to 4`);
  }
  const [time, start, length, period] = inputs;
  requirePositive(length, 'length');
  const begun = operation('>=', time, start);
  const since = operation('-', time, start);
  if (period === undefined) return operation('and', begun, operation('<', since, length));
  requirePositive(period, 'period');
  const [lasts, repeats] = [constantValue(length), constantValue(period)];
  if (lasts !== null && repeats !== null && lasts >= repeats) {
    throw new Fault('lasts as long as its period');
  }
  return operation('and', begun, operation('<', application('mod', [since, period]), length));
}

function requirePositive(input: Typed, what: string): void {
  const value = constantValue(input);
  if (value !== null && !(value > 0)) throw new Fault(`has a ${what} that is not above 0`);
}
