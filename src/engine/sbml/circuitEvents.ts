import {
  type Action,
  type CellEvent,
  type DelayLaw,
  MOST_EVENTS,
  type Reaction,
  scheduledReaction,
  type Term,
} from '../circuits/circuit.ts';
import { isCondition, reads, variableKey } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { binary, multiply, number, variable } from '../expression/build.ts';
import { evaluate } from '../expression/evaluate.ts';
import { fail, type Problems } from './errors.ts';
import type { Formula } from './formula.ts';
import type { LoweredModel } from './lower.ts';
import type { SbmlEvent } from './model.ts';

/** What the translation of a model's reactions has found out, which events need too. */
export interface EventSetting {
  readonly lowered: LoweredModel;
  /** A lowered formula of the model as an expression of the circuit. */
  readonly convert: (formula: Formula, where: string) => Expression;
  /** Places in the circuit of the species that can change. */
  readonly index: ReadonlyMap<string, number>;
  /** The reactions so far. */
  readonly reactions: readonly Reaction[];
  /** Molecules in the model's unit of substance. */
  readonly molecules: number;
  /** Seconds in the model's unit of time. */
  readonly timeUnit: number;
  readonly problems: Problems;
  readonly warnings: string[];
}

export interface CircuitEvents {
  readonly events: readonly CellEvent[];
  /** The scheduled reactions that they act through, to follow those of the setting. */
  readonly reactions: readonly Reaction[];
}

/**
 * A model's events as those of a circuit, which set amounts of species. Refused by name: delays and priorities that vary, equal
 * priorities (their order is drawn), values kept over a delay, and assignments to anything but species.
 */
export function circuitEvents(setting: EventSetting): CircuitEvents {
  const { lowered, problems, warnings } = setting;
  const made: { event: CellEvent; useTrigger: boolean; priority: number }[] = [];
  const reactions: Reaction[] = [];
  const taken = new Set(setting.reactions.map(({ name }) => name));
  const { events } = lowered.model;
  for (const [i, event] of events.entries()) {
    let name = event.id || `event_${i + 1}`;
    while (taken.has(name)) name += '_';
    taken.add(name);
    problems.attempt(() => {
      if (event.assignments.length === 0) {
        warnings.push(`event '${name}' assigns nothing`);
        return;
      }
      const trigger = readTrigger(setting, event, name);
      if (trigger === null) {
        warnings.push(`event '${name}' never happens: its trigger never comes true`);
        return;
      }
      const delay = readDelay(setting, event, name);
      const actions = readAssignments(setting, event, name, delay, setting.reactions.length, reactions);
      const priority = events.length > 1 ? readPriority(setting, event, name) : 0;
      made.push({
        event: {
          name,
          trigger,
          delay,
          actions,
          ...(event.initialValue && !isFalseAtStart(trigger) && { initially: true }),
          ...(!event.persistent && { persistent: false }),
        },
        useTrigger: event.useValuesFromTriggerTime && delay === null,
        priority,
      });
    });
  }
  made.sort((a, b) => b.priority - a.priority);
  for (let i = 1; i < made.length; i++) {
    const [one, other] = [made[i - 1], made[i]];
    if (one.priority === Number.NEGATIVE_INFINITY || one.priority !== other.priority) continue;
    problems.add(
      `event '${other.event.name}'`,
      `it has the priority of '${one.event.name}': which of them goes first is drawn, which a circuit does not do`,
    );
  }
  if (made.length > MOST_EVENTS) {
    problems.add(
      'listOfEvents',
      `${made.length} events are too many for a circuit, which has at most ${MOST_EVENTS}`,
    );
  }
  return {
    events: made.map(({ event, useTrigger }) => {
      // Only where another event of the same moment may change what the values read does it matter when they are found.
      const others = made.flatMap(other => (other.event === event ? [] : other.event.actions));
      const set = new Set(others.flatMap(action => ('value' in action ? [action.species] : [])));
      const depends = event.actions.some(
        action =>
          'value' in action &&
          [...reads(action.value).values()].some(v => v.of === 'species' && set.has(v.index)),
      );
      return useTrigger && depends ? { ...event, valuesAtTrigger: true } : event;
    }),
    reactions,
  };
}

/** Null where it never comes true. */
function readTrigger(
  { lowered, convert }: EventSetting,
  { trigger, initialValue }: SbmlEvent,
  name: string,
): Expression | null {
  const expression = convert(lowered.lower(trigger), `the trigger of event '${name}'`);
  if (expression.kind !== 'number') {
    return isCondition(expression) ? expression : binary('!=', expression, number(0));
  }
  const { value } = expression;
  if (value === 0 || Number.isNaN(value) || initialValue) return null;
  // True from the start.
  return binary('>=', variable({ of: 'time' }), number(0));
}

/** Whether a trigger of the time alone does not hold at time 0, so that nothing depends on what it was before. */
function isFalseAtStart(trigger: Expression): boolean {
  const time = variableKey({ of: 'time' });
  return [...reads(trigger).keys()].every(key => key === time) && evaluate(trigger, { time: 0 }) === 0;
}

function readDelay(
  { lowered, convert, timeUnit }: EventSetting,
  { delay }: SbmlEvent,
  name: string,
): DelayLaw | null {
  if (delay === null) return null;
  const where = `event '${name}'`;
  const expression = convert(lowered.lower(delay), `the delay of ${where}`);
  if (expression.kind !== 'number') return fail(where, 'its delay varies; in a circuit it is a constant');
  const time = expression.value * timeUnit;
  if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) fail(where, `its delay is ${expression.value}`);
  return time === 0 ? null : { kind: 'fixed', time };
}

/** −∞ without one: such events come last. */
function readPriority({ lowered, convert }: EventSetting, { priority }: SbmlEvent, name: string): number {
  if (priority === null) return Number.NEGATIVE_INFINITY;
  const where = `event '${name}'`;
  const expression = convert(lowered.lower(priority), `the priority of ${where}`);
  if (expression.kind !== 'number')
    return fail(where, 'its priority varies; in a circuit the order is fixed');
  return Number.isNaN(expression.value) ? Number.NEGATIVE_INFINITY : expression.value;
}

function readAssignments(
  { lowered, convert, index, molecules, warnings }: EventSetting,
  { assignments, useValuesFromTriggerTime }: SbmlEvent,
  name: string,
  delay: DelayLaw | null,
  before: number,
  reactions: Reaction[],
): Action[] {
  const where = `event '${name}'`;
  const { model, compartmentOf } = lowered;
  const translated = assignments.map(({ variable: target, math }) => {
    const species = index.get(target);
    if (species === undefined) {
      const isCompartment = model.compartments.some(({ id }) => id === target);
      const isParameter = model.parameters.some(({ id }) => id === target);
      const what = isCompartment ? 'compartment' : isParameter ? 'parameter' : 'stoichiometry';
      fail(where, `it sets the ${what} '${target}'; in a circuit events set species`);
    }
    const found = convert(lowered.lower(math), `the assignment of '${target}' in ${where}`);
    const compartment = compartmentOf.get(target);
    const size =
      compartment === undefined ? number(1) : convert({ kind: 'symbol', name: compartment }, where);
    const value = fold(multiply(fold(multiply(found, size)), number(molecules)));
    if (value.kind === 'number' && !(value.value >= 0 && value.value < Number.POSITIVE_INFINITY)) {
      fail(where, `it sets '${target}' to ${value.value}; an amount is finite and at least 0`);
    }
    if (
      value.kind === 'number' &&
      Math.abs(value.value - Math.round(value.value)) > 1e-9 * Math.max(1, value.value)
    ) {
      warnings.push(`${where} sets '${target}' to ${value.value}: the nearest whole number is taken`);
    }
    return { target, species, value };
  });
  if (delay !== null && useValuesFromTriggerTime && translated.some(({ value }) => value.kind !== 'number')) {
    fail(
      where,
      'it sets values of the time of its trigger after a delay (useValuesFromTriggerTime), which a circuit does not keep',
    );
  }
  return translated.map(({ target, species, value }, i): Action => {
    const label = translated.length === 1 ? name : `${name}.${i + 1}`;
    const term: Term = { in: 'cell', index: species, coefficient: 1, exact: '1' };
    reactions.push(scheduledReaction(label, `-> ${target}`, [], [term]));
    const reaction = before + reactions.length - 1;
    return { reaction, species, value, ...(i > 0 && { alongside: true }) };
  });
}

function fold(product: Expression): Expression {
  return product.kind === 'binary' && product.left.kind === 'number' && product.right.kind === 'number'
    ? number(product.left.value * product.right.value)
    : product;
}
