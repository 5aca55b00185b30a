import Fraction from 'fraction.js';
import type { Circuit, Reaction, Species, Term } from '../circuits/circuit.ts';
import type { Expression } from '../expression/ast.ts';
import { divide, multiply, number, species as speciesVariable, variable } from '../expression/build.ts';
import { circuitEvents } from './circuitEvents.ts';
import { fail, Problems, wholeAtStart } from './errors.ts';
import { apply, type Formula, isConstant, partsOf, visitLeaves } from './formula.ts';
import { type LoweredModel, lowerModel, namedReferences } from './lower.ts';
import { MOST_LEVELS, MOST_NODES } from './mathml.ts';
import type { SbmlModel, SbmlReaction, SbmlReference } from './model.ts';
import { orderOf } from './order.ts';
import { buildSystem } from './system.ts';
import { toExpression } from './toExpression.ts';

export interface ToCircuitOptions {
  /** Converts the model's time to seconds; otherwise its own unit is taken for the second. */
  readonly inSeconds: boolean;
  /** Molecules at the start in place of the model's, by species. */
  readonly amounts?: ReadonlyMap<string, number>;
  /** Whether a species may have a part of a molecule. */
  readonly isReal?: (species: string) => boolean;
  /** Of a new cell, µm³: where it is given, compartments of 3 dimensions grow in proportion to the cell's volume. */
  readonly volume?: number;
}

/** The species that become those of the circuit, in its order from 1 on: all but those under an assignment rule. */
export function circuitSpecies({ species, rules }: SbmlModel): string[] {
  const assigned = new Set(rules.flatMap(({ kind, variable }) => (kind === 'assignment' ? [variable] : [])));
  return species.flatMap(({ id }) => (assigned.has(id) ? [] : [id]));
}

export interface SbmlCircuit {
  /** Species 0 is biomass, 1 fg, which nothing reads. */
  readonly circuit: Circuit;
  readonly warnings: readonly string[];
}

/**
 * A model as a stochastic circuit. Kinetic laws are propensities as they stand, amounts are numbers of molecules (moles are
 * converted), compartments keep their sizes. A reversible reaction whose law is a difference becomes two. Rate rules,
 * stoichiometries that vary or are not whole and what circuitEvents refuses of events are refused by name. @throws SbmlError
 */
export function toCircuit(model: SbmlModel, options: ToCircuitOptions): SbmlCircuit {
  const problems = new Problems();
  for (const { kind, variable } of model.rules) {
    if (kind === 'rate') problems.add(`rateRule '${variable}'`, 'rate rules are not supported in a circuit');
  }
  problems.check();

  const warnings = [...model.warnings];
  const molecules = model.units.substance ?? 1;
  if (model.units.substance === null)
    warnings.push('the model gives no unit of substance: molecules are taken');
  const timeUnit = options.inSeconds ? (model.units.time ?? 1) : 1;
  if (options.inSeconds && model.units.time === null) {
    warnings.push('the model gives no unit of time: seconds are taken');
  }

  const lowered = lowerModel(model);
  const system = buildSystem(model);
  const values = new Float64Array(system.size);
  system.initialise(values, 0);
  const initial = (name: string): number => values[system.slotOf(name)];
  const own = model.species.filter(({ id }) => !lowered.assignments.has(id));
  const index = new Map(own.map(({ id }, i) => [id, i + 1]));

  const species: Species[] = [{ name: 'biomass', initial: 1, continuous: true }];
  for (const { id } of own) {
    const amount = options.amounts?.get(id) ?? initial(id) * molecules;
    if (amount >= 0 && Number.isFinite(amount) && options.isReal?.(id)) {
      species.push({ name: id, initial: amount, continuous: false });
      continue;
    }
    const whole = problems.attempt(() => wholeAtStart(id, amount)) ?? 0;
    species.push({ name: id, initial: whole, continuous: false });
  }

  const grown = new Set(model.compartments.flatMap(({ id, dimensions }) => (dimensions === 3 ? [id] : [])));
  const read = (name: string): Expression => {
    const place = index.get(name);
    if (place !== undefined) return divide(speciesVariable(place), number(molecules));
    const assigned = lowered.assignments.get(name);
    if (assigned) return convert(assigned, name);
    const size = number(initial(name));
    if (options.volume === undefined || !grown.has(name)) return size;
    return multiply(size, divide(variable({ of: 'volume' }), number(options.volume)));
  };
  const convert = (formula: Formula, where: string): Expression =>
    toExpression(formula, { where, symbol: read, timeUnit });

  const reactions: Reaction[] = [];
  const checkInlined = inlinedSizes(lowered);
  for (const reaction of model.reactions) {
    const where = `reaction '${reaction.id}'`;
    problems.attempt(() => {
      if (!reaction.rate) return;
      checkInlined(lowered.lower(reaction.rate), where);
      const reactants = termsOf(reaction.reactants, lowered, index, initial, where);
      const products = termsOf(reaction.products, lowered, index, initial, where);
      const add = (name: string, from: Term[], to: Term[], law: Formula): void => {
        const rate = multiply(convert(law, where), number(molecules / timeUnit));
        const equation = equationOf(from, to, species);
        reactions.push({ name, equation, reactants: from, products: to, rate, continuous: false });
      };
      const parts = reaction.reversible ? splitReversible(lowered.lower(reaction.rate), reaction) : null;
      add(reaction.id, reactants, products, parts ? parts[0] : lowered.lower(reaction.rate));
      if (parts) add(reverseName(reaction.id, model), products, reactants, parts[1]);
    });
  }
  const found = circuitEvents({
    lowered,
    convert(formula, where) {
      checkInlined(formula, where);
      return convert(formula, where);
    },
    index,
    reactions,
    molecules,
    timeUnit,
    problems,
    warnings,
  });
  problems.check();
  if (found.events.length === 0) return { circuit: { species, reactions }, warnings };
  return {
    circuit: { species, reactions: [...reactions, ...found.reactions], events: found.events },
    warnings,
  };
}

/** Refuses a formula that would grow beyond bounds when assignment rules are written into it. */
function inlinedSizes({ assignments }: LoweredModel): (formula: Formula, where: string) => void {
  const sizes = new Map<string, readonly [nodes: number, levels: number]>();
  const measure = (formula: Formula): readonly [number, number] => {
    if (formula.kind === 'symbol') return sizes.get(formula.name) ?? [1, 1];
    let nodes = 1;
    let levels = 0;
    for (const part of partsOf(formula)) {
      const [innerNodes, innerLevels] = measure(part);
      nodes += innerNodes;
      levels = Math.max(levels, innerLevels);
    }
    return [nodes, levels + 1];
  };
  for (const name of orderOf(assignments)) {
    const formula = assignments.get(name);
    if (formula) sizes.set(name, measure(formula));
  }
  return (formula, where) => {
    const [nodes, levels] = measure(formula);
    if (nodes > MOST_NODES || levels > MOST_LEVELS) {
      const limits = `${MOST_NODES.toLocaleString('en')} terms or ${MOST_LEVELS} levels`;
      fail(where, `it has more than ${limits} with the assignment rules it reads written into it`);
    }
  };
}

/** Terms of the species that reactions change, each once. */
function termsOf(
  references: readonly SbmlReference[],
  { model, assignments }: LoweredModel,
  index: ReadonlyMap<string, number>,
  initial: (name: string) => number,
  where: string,
): Term[] {
  const names = new Map([...namedReferences(model)].map(([name, reference]) => [reference, name]));
  const species = new Map(model.species.map(s => [s.id, s]));
  const terms = new Map<number, number>();
  for (const reference of references) {
    const changed = species.get(reference.species);
    const place = index.get(reference.species);
    if (!changed || place === undefined || changed.boundary || changed.constant) continue;
    const name = names.get(reference);
    const assigned = name === undefined ? undefined : assignments.get(name);
    const varying = assigned !== undefined && !isConstant(assigned);
    if (varying) fail(where, `the stoichiometry of '${changed.id}' varies (stoichiometryMath or a rule)`);
    const factor = changed.conversionFactor === null ? 1 : initial(changed.conversionFactor);
    const value = (name === undefined ? (reference.stoichiometry ?? Number.NaN) : initial(name)) * factor;
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      fail(where, `the stoichiometry of '${changed.id}' is ${value}, which is not a whole number ≥ 0`);
    }
    if (value > 0) terms.set(place, (terms.get(place) ?? 0) + value);
  }
  return [...terms].map(([place, coefficient]) => ({
    in: 'cell' as const,
    index: place,
    coefficient,
    exact: new Fraction(coefficient).toFraction(),
  }));
}

function equationOf(from: readonly Term[], to: readonly Term[], species: readonly Species[]): string {
  const side = (terms: readonly Term[]): string =>
    terms
      .map(({ index, coefficient }) => (coefficient === 1 ? '' : `${coefficient} `) + species[index].name)
      .join(' + ');
  return `${side(from)} -> ${side(to)}`.trim();
}

function reverseName(id: string, model: SbmlModel): string {
  let name = `${id}_reverse`;
  while (model.reactions.some(reaction => reaction.id === name)) name += '_';
  return name;
}

/**
 * Forward and backward parts of a law a − b, or c (a − b) with c free of species; null for any other form. The backward part
 * must read a product, so that a correction such as x (x − 1) is not taken for a direction.
 */
function splitReversible(
  law: Formula,
  { products, reactants }: Pick<SbmlReaction, 'products' | 'reactants'>,
): [Formula, Formula] | null {
  const made = new Set(products.map(({ species }) => species));
  const used = new Set(reactants.map(({ species }) => species));
  const readsAny = (formula: Formula, names: ReadonlySet<string>): boolean => {
    let found = false;
    visitLeaves(formula, leaf => {
      if (leaf.kind === 'symbol' && names.has(leaf.name)) found = true;
    });
    return found;
  };
  if (law.kind !== 'apply') return null;
  if (law.operator === 'minus' && law.inputs.length === 2) {
    const [forward, backward] = law.inputs;
    const directed = readsAny(backward, made) && (used.size === 0 || readsAny(forward, used));
    return directed ? [forward, backward] : null;
  }
  if (law.operator !== 'times') return null;
  const place = law.inputs.findIndex(input => readsAny(input, made) || readsAny(input, used));
  if (place < 0) return null;
  const others = law.inputs.filter((_, i) => i !== place);
  if (others.some(other => readsAny(other, made) || readsAny(other, used))) return null;
  const inner = splitReversible(law.inputs[place], { products, reactants });
  return inner && [apply('times', ...others, inner[0]), apply('times', ...others, inner[1])];
}
