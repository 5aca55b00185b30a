import {
  type Action,
  type CellEvent,
  type Circuit,
  MOST_EVENTS,
  type Reaction,
  scheduledReaction,
  type Term,
} from '../circuits/circuit.ts';
import { isCondition } from '../expression/algebra.ts';
import type { Expression } from '../expression/ast.ts';
import { binary, number } from '../expression/build.ts';
import { constantValue } from './algebra.ts';
import type { CircuitScope } from './circuitScope.ts';
import type { Loose } from './conform.ts';
import { readDelay } from './delays.ts';
import { readEquation } from './equation.ts';
import { type Context, readOfDimension } from './quantity.ts';
import type { CellTypeFile, EventFile } from './schema/cells.ts';
import { childPath, itemPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { NONE } from './units.ts';

/** What the circuit is when its events are read. */
interface Base {
  readonly context: Context;
  readonly scope: CircuitScope;
  readonly circuit: Circuit;
}

/** The circuit with the events and replications of the cell type. */
export function addEvents(
  context: Context,
  scope: CircuitScope,
  circuit: Circuit,
  typePath: string,
  raw: Loose<CellTypeFile>,
): Circuit {
  const { source } = context;
  const base = { context, scope, circuit };
  const events: CellEvent[] = [];
  const reactions: Reaction[] = [];
  const add = (name: string, make: (first: number) => Made | null): void => {
    const made = make(circuit.reactions.length + reactions.length);
    if (made === null) return;
    events.push(made.event);
    reactions.push(...made.reactions);
    if (events.length + (circuit.events?.length ?? 0) === MOST_EVENTS + 1) {
      source.keyProblem(childPath(`${typePath}.events`, name), 'is one event too many', `${MOST_EVENTS}`);
    }
  };
  for (const [name, species] of Object.entries(raw.replication ?? {})) {
    add(name, first => readReplication(base, `${typePath}.replication`, name, species, first));
  }
  for (const [name, event] of Object.entries(raw.events ?? {})) {
    const path = childPath(`${typePath}.events`, name);
    const taken = [...circuit.reactions, ...(circuit.events ?? [])].find(other => other.name === name);
    if (taken) {
      const what = circuit.events?.some(event => event.name === name)
        ? 'an event of the SBML model'
        : 'a reaction';
      source.keyProblem(path, `\`${name}\` is ${what} already; an event needs another name`);
    } else if (event) add(name, first => readEvent(base, path, name, event, first));
  }
  if (events.length === 0) return circuit;
  return {
    ...circuit,
    reactions: [...circuit.reactions, ...reactions],
    events: [...(circuit.events ?? []), ...events],
  };
}

interface Made {
  readonly event: CellEvent;
  readonly reactions: readonly Reaction[];
}

function readEvent(
  base: Base,
  path: string,
  name: string,
  raw: Loose<EventFile>,
  first: number,
): Made | null {
  const { context } = base;
  const trigger = readTrigger(base, `${path}.when`, raw.when);
  const delay = raw.delay === undefined ? null : readDelay(context, `${path}.delay`, raw.delay);
  const times = raw.times === 'all' ? Number.POSITIVE_INFINITY : (raw.times ?? 1);
  const steps = stepsOf(`${path}.do`, raw.do);
  const actions: Action[] = [];
  const reactions: Reaction[] = [];
  for (const step of steps) {
    const reaction = first + reactions.length;
    const label = steps.length === 1 ? name : `${name}.${reactions.length + 1}`;
    if (step.kind === 'equation') {
      const equation = readChange(base, step.path, step.text, times);
      if (equation === null) continue;
      reactions.push(scheduledReaction(label, step.text.trim(), equation.reactants, equation.products));
      actions.push({ reaction, times });
    } else {
      const assignment = readAssignment(base, step.path, step.name, step.value);
      if (assignment === null) continue;
      const { species, value } = assignment;
      const term: Term = { in: 'cell', index: species, coefficient: 1, exact: '1' };
      reactions.push(scheduledReaction(label, `${step.name} = ${step.value}`, [], [term]));
      actions.push({ reaction, species, value, ...(step.alongside && { alongside: true }) });
    }
  }
  const { persistent, initially, values } = raw;
  if (persistent === false && raw.delay === undefined) {
    context.source.keyProblem(`${path}.persistent`, 'is about a delayed event; this one has no `delay`');
  }
  if (values === 'trigger') {
    const at = `${path}.values`;
    if (raw.delay !== undefined)
      context.source.problem(at, 'what a delayed event sets has its value at the change', '`change`');
    if (steps.some(({ kind }) => kind === 'equation'))
      context.source.problem(at, 'is about amounts that are set, not equations', '`change`');
  }
  if (trigger === null || (raw.delay !== undefined && delay === null) || actions.length < steps.length)
    return null;
  if (actions.length === 0) return null;
  const event: CellEvent = {
    name,
    trigger,
    delay,
    actions,
    ...(persistent === false && { persistent }),
    ...(initially && { initially }),
    ...(values === 'trigger' && { valuesAtTrigger: true }),
  };
  return { event, reactions };
}

function readTrigger({ context, scope }: Base, path: string, raw: string | undefined): Expression | null {
  const { source } = context;
  const typed = readOfDimension(source, { ...scope.rates, place: 'a trigger' }, path, raw, [NONE]);
  if (typed === null) return null;
  if (constantValue(typed) !== null) {
    source.problem(path, 'never changes', 'a condition such as `A > 100` or `time >= 2 h`');
    return null;
  }
  if (!isCondition(typed.expression)) {
    source.problem(path, 'is no condition', 'a comparison such as `A > 100` or `time >= 2 h`');
    return null;
  }
  return typed.expression;
}

type Step =
  | { readonly kind: 'equation'; readonly path: string; readonly text: string }
  | {
      readonly kind: 'assignment';
      readonly path: string;
      readonly name: string;
      readonly value: string | number;
      /** In one mapping with the step before. */
      readonly alongside: boolean;
    };

/** What stands under `do`, one after the other. */
function stepsOf(path: string, raw: Loose<EventFile>['do']): Step[] {
  if (raw === undefined) return [];
  const parts = Array.isArray(raw) ? raw : [raw];
  return parts.flatMap((part, i): Step[] => {
    const at = Array.isArray(raw) ? itemPath(path, i) : path;
    if (part === undefined) return [];
    if (typeof part === 'string') return [{ kind: 'equation', path: at, text: part }];
    return Object.entries(part as Readonly<Record<string, string | number | undefined>>).flatMap(
      ([name, value], j): Step[] =>
        value === undefined
          ? []
          : [{ kind: 'assignment', path: childPath(at, name), name, value, alongside: j > 0 }],
    );
  });
}

function readChange({ context, scope }: Base, path: string, text: string, times: number) {
  const { source } = context;
  const equation = readEquation(text, scope.names, (message, allowed) =>
    source.problem(path, message, allowed),
  );
  if (equation === null) return null;
  const terms = [...equation.reactants, ...equation.products];
  const fraction = terms.find(term => !Number.isSafeInteger(term.coefficient));
  if (fraction) {
    source.problem(
      path,
      `an event fires as a whole; the coefficient ${fraction.exact} is not a whole number`,
    );
  } else if (terms.some(term => term.in === 'cell' && term.index === 0)) {
    source.problem(path, 'an event cannot change biomass', 'species of the cell');
  } else if (equation.reactants.some(term => term.in === 'field')) {
    source.problem(path, 'an event takes substances of the cell', 'equations such as `A -> field.AHL`');
  } else if (times === Number.POSITIVE_INFINITY && equation.reactants.length === 0) {
    source.problem(path, 'without anything on the left, `times: all` never ends', '`times: 1`');
  } else return equation;
  return null;
}

function readAssignment(
  { context, scope }: Base,
  path: string,
  name: string,
  raw: string | number,
): { species: number; value: Expression } | null {
  const { source } = context;
  const { species: known } = scope.names;
  const index = known.get(name);
  if (index === undefined || index === 0) {
    const names = [...known.keys()].filter(other => other !== 'biomass');
    const suggestion = didYouMean(name, names);
    const message =
      index === 0 ? 'an event cannot change biomass' : `unknown species \`${name}\`${suggestion}`;
    source.keyProblem(path, message, suggestion ? null : listing(names) || 'the cell has no species');
    return null;
  }
  const typed = readOfDimension(source, { ...scope.rates, place: 'an event' }, path, raw, [NONE]);
  if (typed === null) return null;
  const value = constantValue(typed);
  if (value !== null && value < 0) {
    source.problem(path, 'must not be negative');
    return null;
  }
  return { species: index, value: typed.expression };
}

/** `replication: { gene: 0.5 }`: every copy becomes two at that phase of the cycle. */
function readReplication(
  { context, scope, circuit }: Base,
  path: string,
  name: string,
  raw: string | number | undefined,
  first: number,
): Made | null {
  const { source } = context;
  if (raw === undefined) return null;
  const at = childPath(path, name);
  const index = scope.names.species.get(name);
  if (index === undefined || index === 0) {
    const names = [...scope.names.species.keys()].filter(other => other !== 'biomass');
    const suggestion = didYouMean(name, names);
    const message = index === 0 ? 'biomass is not replicated' : `unknown species \`${name}\`${suggestion}`;
    source.keyProblem(at, message, suggestion ? null : listing(names) || 'the cell has no species');
    return null;
  }
  if (circuit.species[index].continuous) {
    source.keyProblem(at, `\`${name}\` is real-valued; copies that replicate are whole`);
    return null;
  }
  const typed = readOfDimension(source, context.constants, at, raw, [NONE]);
  const phase = typed && constantValue(typed);
  if (phase === null) return null;
  if (!(phase > 0 && phase < 1)) {
    source.problem(at, 'is no phase between birth and division', 'above 0, below 1');
    return null;
  }
  const current = scope.rates.lookup('phase');
  if (current === undefined || current === 'failed') return null;
  const term = (coefficient: number): Term => ({
    in: 'cell',
    index,
    coefficient,
    exact: String(coefficient),
  });
  const label = `${name}.replication`;
  return {
    event: {
      name: label,
      trigger: binary('>=', current.expression, number(phase)),
      delay: null,
      actions: [{ reaction: first, times: Number.POSITIVE_INFINITY }],
    },
    reactions: [scheduledReaction(label, `${name} -> 2 ${name}`, [term(1)], [term(2)])],
  };
}
