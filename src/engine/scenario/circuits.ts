import {
  type Circuit,
  type DelayLaw,
  netChange,
  type Reaction,
  type Species,
  type Term,
} from '../circuits/circuit.ts';
import type { Expression } from '../expression/ast.ts';
import { multiply, number, species as speciesVariable, subtract, variable } from '../expression/build.ts';
import { constantValue } from './algebra.ts';
import type { CircuitScope } from './circuitScope.ts';
import type { Loose } from './conform.ts';
import { delayedReaction, readDelay } from './delays.ts';
import { type Equation, readEquation } from './equation.ts';
import { addEvents } from './events.ts';
import type { Scope } from './expressions.ts';
import { LIMITS, within } from './limits.ts';
import { constantDimension, massAction, orderOf } from './massAction.ts';
import { checkLength } from './names.ts';
import { type Context, NOT_NEGATIVE, rangeFault, readOfDimension, readQuantity } from './quantity.ts';
import { buildModelCircuit, type TypeModel } from './sbmlCircuit.ts';
import type { CellTypeFile, ReactionFile } from './schema/cells.ts';
import { childPath } from './source.ts';
import { type Dimension, MASS_PER_TIME, NONE, PER_TIME } from './units.ts';

/** Molecules of one substance that may meet in a mass-action reaction. */
const LARGEST_ORDER = 8;

/** The reaction network of a cell type; null after a fault. */
export function buildCircuit(
  context: Context,
  scope: CircuitScope,
  typePath: string,
  raw: Loose<CellTypeFile>,
  newborn: { readonly biomass: number; readonly volume: number },
  model: TypeModel | null,
): Circuit | null {
  const { source } = context;
  const written = Object.entries(raw.reactions ?? {});
  const speciesCount = scope.names.species.size - 1;
  if (!within(source, `${typePath}.species`, speciesCount, LIMITS.species, 'species')) return null;
  const count = written.length + (model?.model.reactions.length ?? 0);
  if (!within(source, `${typePath}.reactions`, count, LIMITS.reactions, 'reactions')) return null;

  const equations = new Map<string, Equation>();
  for (const [name, reaction] of written) {
    const path = childPath(`${typePath}.reactions`, name);
    checkLength(source, path, name, 'reaction');
    const equation = readReactionEquation(context, scope, path, reaction);
    if (equation) equations.set(name, equation);
  }
  const continuous = new Set([0]);
  for (const [name, reaction] of written) {
    const equation = equations.get(name);
    if (!equation || !reaction?.continuous) continue;
    for (const [index] of netChange(asReaction(name, equation), 'cell')) continuous.add(index);
  }

  const amounts = new Map<string, number>();
  for (const [name, initial] of Object.entries(raw.species ?? {})) {
    const index = scope.names.species.get(name);
    if (index === undefined) continue;
    const amount = readAmount(
      context,
      childPath(`${typePath}.species`, name),
      initial,
      continuous.has(index),
    );
    if (amount !== null) amounts.set(name, amount);
  }
  const isReal = (index: number): boolean => continuous.has(index) || raw.method === 'deterministic';
  const imported = model && buildModelCircuit(source, model, { ...newborn, amounts, isReal });

  const growth = readGrowth(context, scope, typePath, raw);
  const reactions: Reaction[] = growth ? [growth] : [];
  const delays: { readonly at: number; readonly law: DelayLaw; readonly consuming: boolean }[] = [];
  const shift = reactions.length;
  reactions.push(...(imported?.reactions ?? []));
  const taken = new Set(reactions.map(reaction => reaction.name));
  for (const [name, reaction] of written) {
    const equation = equations.get(name);
    if (!equation || !reaction) continue;
    const path = childPath(`${typePath}.reactions`, name);
    if (taken.has(name)) {
      source.keyProblem(path, 'the SBML model has a reaction of this name already', 'another name');
      continue;
    }
    const isContinuous = reaction.continuous ?? false;
    const rate = readRate(context, scope, path, reaction, equation, continuous);
    const law = readReactionDelay(context, path, reaction, equation);
    if (rate === null || law === null) continue;
    if (law !== 'none') delays.push({ at: reactions.length, law, consuming: reaction.consuming ?? true });
    reactions.push({
      name,
      equation: (reaction.equation ?? '').trim(),
      ...equation,
      rate,
      continuous: isContinuous,
    });
  }

  const fromModel = new Map(imported?.species.map(({ name, initial }) => [name, initial]));
  const species = [...scope.names.species].map(([name, index]): Species => {
    const initial = index === 0 ? newborn.biomass : (amounts.get(name) ?? fromModel.get(name) ?? 0);
    return { name, initial, continuous: continuous.has(index) };
  });
  for (const { at, law, consuming } of delays) {
    const delayed = delayedReaction(reactions[at], law, consuming, species.length, reactions.length);
    reactions[at] = delayed.initiation;
    reactions.push(...delayed.scheduled);
    species.push(delayed.pending);
  }
  const events = imported?.events?.map(event => ({
    ...event,
    actions: event.actions.map(action => ({ ...action, reaction: action.reaction + shift })),
  }));
  return addEvents(context, scope, { species, reactions, ...(events && { events }) }, typePath, raw);
}

/** The delay of a reaction, `none` where it has none; null after a fault. */
function readReactionDelay(
  context: Context,
  path: string,
  raw: Loose<ReactionFile>,
  equation: Equation,
): DelayLaw | 'none' | null {
  const { source } = context;
  if (raw.delay === undefined) {
    if (raw.consuming === undefined || source.at(`${path}.delay`) !== undefined) return 'none';
    source.keyProblem(`${path}.consuming`, 'says when a delayed reaction takes; this one has no `delay`');
    return null;
  }
  if (raw.continuous) {
    source.keyProblem(`${path}.delay`, 'delays whole firings; this reaction is continuous');
    return null;
  }
  if (raw.consuming === false) {
    const taken = netChange(asReaction('', equation), 'field').some(([, change]) => change < 0);
    if (taken) {
      const message = 'what a reaction takes from a field it takes at its beginning';
      source.problem(`${path}.consuming`, message, '`consuming: true`');
      return null;
    }
  }
  return readDelay(context, `${path}.delay`, raw.delay);
}

/** A number of molecules in a cell: whole, unless continuous channels change it. */
export function readAmount(
  context: Context,
  path: string,
  raw: string | number | undefined,
  continuous: boolean,
): number | null {
  return readQuantity(context, path, raw, NONE, { ...NOT_NEGATIVE, whole: !continuous });
}

function asReaction(name: string, equation: Equation): Reaction {
  return { name, equation: '', ...equation, rate: { kind: 'number', value: 0 }, continuous: true };
}

function readReactionEquation(
  { source }: Context,
  { names }: CircuitScope,
  path: string,
  raw: Loose<ReactionFile> | undefined,
): Equation | null {
  if (raw?.equation === undefined) return null;
  const at = `${path}.equation`;
  const equation = readEquation(raw.equation, names, (message, allowed) =>
    source.problem(at, message, allowed),
  );
  // Whether it is continuous is a fault already: what follows from it is not looked at.
  const undecided = raw.continuous === undefined && source.at(`${path}.continuous`) !== undefined;
  if (equation === null || undecided) return null;
  const reaction = asReaction('', equation);
  if (netChange(reaction, 'cell').length === 0 && netChange(reaction, 'field').length === 0) {
    source.warn(path, 'changes nothing: both sides are the same');
  }
  if (raw.continuous) return equation;
  const fraction = [...equation.reactants, ...equation.products].find(
    term => !Number.isSafeInteger(term.coefficient),
  );
  if (fraction) {
    const message = `a stochastic reaction fires as a whole; the coefficient ${fraction.exact} is not a whole number`;
    source.problem(at, message, '`continuous: true`, or whole coefficients');
    return null;
  }
  if (netChange(reaction, 'cell').some(([index]) => index === 0)) {
    source.problem(at, 'a stochastic reaction cannot change biomass', '`continuous: true`');
    return null;
  }
  return equation;
}

/** Propensity in extents per second, from `rate` or from `k`. */
function readRate(
  context: Context,
  scope: CircuitScope,
  path: string,
  raw: Loose<ReactionFile>,
  equation: Equation,
  continuousSpecies: ReadonlySet<number>,
): Expression | null {
  const continuous = raw.continuous ?? false;
  if (raw.k !== undefined && raw.rate !== undefined) return null; // one too many, reported with the structure
  if (raw.k !== undefined) {
    const fault = massActionFault(equation.reactants);
    if (fault !== null) {
      context.source.problem(`${path}.k`, fault, 'a `rate`');
      return null;
    }
    const order = orderOf(equation.reactants);
    const k = readQuantity(context, `${path}.k`, raw.k, constantDimension(order), NOT_NEGATIVE);
    if (k === null) return null;
    return massAction(k, equation.reactants, continuous, index => continuousSpecies.has(index));
  }
  const touchesBiomass = [...equation.reactants, ...equation.products].some(
    term => term.in === 'cell' && term.index === 0,
  );
  const wanted = continuous && touchesBiomass ? [PER_TIME, MASS_PER_TIME] : [PER_TIME];
  return readHazard(context, scope.rates, `${path}.rate`, raw.rate, wanted);
}

/** A non-negative rate as an expression; only a constant can be seen to be negative, others are watched at run time. */
export function readHazard(
  { source }: Context,
  scope: Scope,
  path: string,
  raw: string | number | undefined,
  wanted: readonly Dimension[],
): Expression | null {
  const typed = readOfDimension(source, scope, path, raw, wanted);
  if (typed === null) return null;
  const value = constantValue(typed);
  const fault = value === null ? null : rangeFault(value, NOT_NEGATIVE);
  if (fault === null) return typed.expression;
  source.problem(path, fault);
  return null;
}

/** Why mass action does not apply to these reactants, or null. */
export function massActionFault(reactants: readonly Term[]): string | null {
  for (const term of reactants) {
    if (term.in === 'cell' && term.index === 0) return 'mass action counts molecules; biomass is a mass';
    if (!Number.isSafeInteger(term.coefficient)) {
      return `mass action needs whole coefficients on the left, not ${term.exact}`;
    }
    if (term.coefficient > LARGEST_ORDER) {
      return `mass action of ${term.exact} molecules of one substance is above ${LARGEST_ORDER}`;
    }
  }
  return null;
}

/** `growth: μ` is the continuous reaction `-> biomass` with rate μ · biomass, fg/s. */
function readGrowth(
  context: Context,
  { rates, rests }: CircuitScope,
  typePath: string,
  raw: Loose<CellTypeFile>,
): Reaction | null {
  if (raw.growth === undefined) return null;
  const path = `${typePath}.growth`;
  if (raw.reactions && Object.hasOwn(raw.reactions, 'growth')) {
    context.source.keyProblem(
      path,
      'is given twice: `growth` is also one of the `reactions`',
      'one of the two',
    );
    return null;
  }
  const rate = readHazard(context, rates, path, raw.growth, [PER_TIME]);
  if (rate === null) return null;
  return {
    name: 'growth',
    equation: '-> biomass',
    reactants: [],
    products: [{ in: 'cell', index: 0, coefficient: 1, exact: '1' }],
    // A quiescent cell does not grow.
    rate: multiply(
      rests ? multiply(rate, subtract(number(1), variable({ of: 'quiescent' }))) : rate,
      speciesVariable(0),
    ),
    continuous: true,
  };
}
