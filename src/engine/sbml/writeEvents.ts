import { type Action, type CellEvent, type Circuit, netChange, type Reaction } from '../circuits/circuit.ts';
import { substitute } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import {
  add,
  binary,
  call,
  conditional,
  divide,
  multiply,
  number,
  species as speciesVariable,
  subtract,
} from '../expression/build.ts';
import { fail } from './errors.ts';
import { type VariableMath, writeMath, writeTest } from './writeMath.ts';

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** How the parts of a circuit are named in SBML. */
export interface EventNames {
  /** By species. */
  readonly ids: readonly string[];
  /** A free identifier. */
  readonly claim: (wanted: string) => string;
  readonly variable: VariableMath;
  /** The attribute for a name that is no identifier. */
  readonly nameAttribute: (name: string, id: string) => string;
}

/**
 * A circuit's events in SBML, whose assignments happen at once: what steps in order come to is worked out. Where there are
 * several, their priorities are their order. @throws SbmlError for what SBML cannot say: delays that are drawn
 */
export function writeEvents(circuit: Circuit, names: EventNames): string[] {
  const { events = [] } = circuit;
  return events.map((event, e) =>
    writeEvent(circuit, event, names, events.length > 1 ? events.length - e : null),
  );
}

function writeEvent(
  circuit: Circuit,
  event: CellEvent,
  { ids, claim, variable, nameAttribute }: EventNames,
  priority: number | null,
): string {
  const { name, trigger, delay, initially = false, persistent = true, valuesAtTrigger = false } = event;
  const where = `event '${name}'`;
  const id = claim(name);
  const math = (content: string): string => `<math xmlns="${MATHML}">${content}</math>`;
  if (delay && delay.kind !== 'fixed') {
    fail(where, 'its delay is drawn, which SBML core has not');
  }
  const assignments = [...outcome(circuit, event)].map(
    ([s, value]) =>
      `<eventAssignment variable="${ids[s]}">${math(writeMath(value, variable, where))}</eventAssignment>`,
  );
  return (
    `<event id="${id}"${nameAttribute(name, id)} useValuesFromTriggerTime="${valuesAtTrigger && delay === null}">` +
    `<trigger initialValue="${initially}" persistent="${persistent}">${math(writeTest(trigger, variable, where))}</trigger>` +
    (priority === null ? '' : `<priority>${math(`<cn>${priority}</cn>`)}</priority>`) +
    (delay ? `<delay>${math(writeMath(number(delay.time), variable, where))}</delay>` : '') +
    `<listOfEventAssignments>${assignments.join('')}</listOfEventAssignments></event>`
  );
}

/** Amounts after an event, by species, in terms of those before it. */
function outcome(circuit: Circuit, { actions, delay, valuesAtTrigger }: CellEvent): Map<number, Expression> {
  const current = new Map<number, Expression>();
  const now = (index: number): Expression => current.get(index) ?? speciesVariable(index);
  const found = (value: Expression): Expression =>
    valuesAtTrigger && delay === null
      ? value
      : substitute(value, v => (v.of === 'species' ? (current.get(v.index) ?? null) : null));
  let at = 0;
  while (at < actions.length) {
    const action = actions[at];
    if ('times' in action) {
      carryOut(circuit.reactions[action.reaction], action.times, now, current, isWhole);
      at++;
      continue;
    }
    const together: Extract<Action, { value: Expression }>[] = [action];
    for (let next = actions[++at]; next && 'value' in next && next.alongside; next = actions[++at]) {
      together.push(next);
    }
    const values = together.map(({ species, value }) => {
      const result = found(value);
      return circuit.species[species].continuous || isWholeValue(result, isWhole) ? result : rounded(result);
    });
    together.forEach(({ species }, i) => {
      current.set(species, values[i]);
    });
  }
  return current;

  function isWhole(index: number): boolean {
    return !circuit.species[index].continuous;
  }
}

/** A reaction as often as its reactants allow, at most so many times. */
function carryOut(
  reaction: Reaction,
  times: number,
  now: (index: number) => Expression,
  current: Map<number, Expression>,
  isWhole: (index: number) => boolean,
): void {
  const limits = new Map<number, number>();
  for (const { in: place, index, coefficient } of reaction.reactants) {
    if (place === 'cell') limits.set(index, (limits.get(index) ?? 0) + coefficient);
  }
  const possible = [...limits].map(([index, needed]) => {
    if (times === 1) return binary('>=', now(index), number(needed));
    const turns = divide(now(index), number(needed));
    return needed === 1 && isWhole(index) ? turns : floorOf(turns);
  });
  const most = Number.isFinite(times) ? [number(times)] : [];
  const extent =
    possible.length === 0
      ? number(times)
      : times === 1
        ? conditional(
            possible.reduce((a, b) => binary('and', a, b)),
            number(1),
            number(0),
          )
        : possible.length + most.length === 1
          ? possible[0]
          : call('min', ...most, ...possible);
  const changes = netChange(reaction, 'cell').map(([index, change]): [number, Expression] => [
    index,
    change < 0
      ? subtract(now(index), multiply(number(-change), extent))
      : add(now(index), multiply(number(change), extent)),
  ]);
  for (const [index, value] of changes) current.set(index, value);
}

/** To the nearest whole number, as whole species are set. */
function rounded(value: Expression): Expression {
  return floorOf(add(value, number(0.5)));
}

function floorOf(value: Expression): Expression {
  return subtract(value, call('mod', value, number(1)));
}

/** Whether a value is whole by its form. */
function isWholeValue(e: Expression, isWhole: (index: number) => boolean): boolean {
  const inner = (part: Expression): boolean => isWholeValue(part, isWhole);
  switch (e.kind) {
    case 'number':
      return Number.isInteger(e.value);
    case 'variable':
      return e.variable.of === 'species' && isWhole(e.variable.index);
    case 'negate':
      return inner(e.argument);
    case 'binary':
      if (e.operator === '-' && isFloor(e)) return true;
      if (['+', '-', '*'].includes(e.operator)) return inner(e.left) && inner(e.right);
      return !['/', '^'].includes(e.operator);
    case 'conditional':
      return inner(e.then) && inner(e.otherwise);
    case 'call':
      return e.function === 'not' || (['min', 'max', 'abs'].includes(e.function) && e.arguments.every(inner));
  }
}

/** x − mod(x, 1), as floorOf makes it: the two are one object. */
function isFloor(e: Extract<Expression, { kind: 'binary' }>): boolean {
  const { left, right } = e;
  return right.kind === 'call' && right.function === 'mod' && right.arguments[0] === left;
}
