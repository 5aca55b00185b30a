import { fail } from './errors.ts';
import { apply, type Formula, mapLeaves, numeral, partsOf, symbol } from './formula.ts';
import { MOST_LEVELS } from './mathml.ts';
import type { SbmlModel, SbmlReference, SbmlSpecies } from './model.ts';

/** Terms that all `rateOf` of a model may come to with the rates written into them. */
const MOST_DERIVED = 1_000_000;

/** One side of a reaction's effect on a species: amount' += sign · factor · stoichiometry · rate. */
export interface Effect {
  readonly species: string;
  readonly reaction: string;
  readonly sign: 1 | -1;
  /** Symbol or number. */
  readonly stoichiometry: Formula;
  /** Parameter, or null for 1. */
  readonly factor: string | null;
}

/**
 * A model in terms of stored quantities. A species is stored as an amount, save where a rule determines a concentration; a
 * formula reads its symbol through `lower`, after which symbols are the stored quantities themselves. Amounts may be stored as
 * molecules, `molecules` to the model's unit; what rules determine stays in the model's units.
 */
export interface LoweredModel {
  readonly model: SbmlModel;
  /** Molecules in the model's unit of substance where amounts are stored as molecules; 1 where in the model's own unit. */
  readonly molecules: number;
  /** Whether a species is stored as what a rule determines, in the model's own units. */
  isRuled(id: string): boolean;
  /** Whether a species is stored as its concentration. */
  isConcentration(id: string): boolean;
  lower(formula: Formula): Formula;
  /** Assignment rules (with those implied by stoichiometryMath) and reaction rates, lowered. */
  readonly assignments: ReadonlyMap<string, Formula>;
  /** Initial value of every stored quantity, lowered. */
  readonly initials: ReadonlyMap<string, Formula>;
  /** Rate rules, lowered. */
  readonly rates: ReadonlyMap<string, Formula>;
  readonly effects: readonly Effect[];
  /** Compartment by species, where the symbol of that species is a concentration. */
  readonly compartmentOf: ReadonlyMap<string, string>;
}

export function lowerModel(model: SbmlModel, molecules = 1): LoweredModel {
  const ruled = new Map(model.rules.map(rule => [rule.variable, rule]));
  const dimensions = new Map(model.compartments.map(({ id, dimensions }) => [id, dimensions]));
  const compartmentOf = new Map<string, string>();
  for (const species of model.species) {
    const sized = dimensions.get(species.compartment) !== 0;
    if (!species.onlySubstance && sized) compartmentOf.set(species.id, species.compartment);
  }
  const isConcentration = (id: string): boolean => compartmentOf.has(id) && ruled.has(id);
  const isRuled = (id: string): boolean => ruled.has(id);
  /** Stored as molecules, and not in the model's unit. */
  const counted = new Set(
    molecules === 1 ? [] : model.species.flatMap(({ id }) => (isRuled(id) ? [] : [id])),
  );
  const effects = effectsOf(model);
  const beingDerived = new Set<string>();
  let derived = 0;
  /** Of the formulas that are being written into one another. */
  let levels = 0;

  const read = (leaf: Formula): Formula => {
    if (beingDerived.size > 0 && ++derived > MOST_DERIVED) {
      const [name] = beingDerived;
      const limit = MOST_DERIVED.toLocaleString('en');
      fail(`rateOf(${name})`, `the model's rateOf have more than ${limit} terms with the rates they read`);
    }
    if (leaf.kind === 'rateOf') return derivative(leaf.name);
    if (leaf.kind !== 'symbol') return leaf;
    const compartment = compartmentOf.get(leaf.name);
    const amount = counted.has(leaf.name) ? apply('divide', leaf, numeral(molecules)) : leaf;
    if (compartment === undefined || isConcentration(leaf.name)) return amount;
    return apply('divide', amount, symbol(compartment));
  };
  const lower = (formula: Formula): Formula => mapLeaves(formula, read);

  /** Time derivative of a symbol as SBML defines its value. */
  function derivative(name: string): Formula {
    const rule = ruled.get(name);
    if (rule?.kind === 'assignment') fail(`rateOf(${name})`, 'an assignment rule determines it');
    if (beingDerived.has(name)) fail(`rateOf(${name})`, 'it depends on itself');
    beingDerived.add(name);
    try {
      if (rule) {
        const own = levelsOf(rule.math);
        levels += own;
        if (levels > MOST_LEVELS) {
          fail(`rateOf(${name})`, `with the rates it reads it is nested deeper than ${MOST_LEVELS} levels`);
        }
        const rate = lower(rule.math);
        levels -= own;
        return rate;
      }
      const own = effects.filter(effect => effect.species === name);
      const change = own.length === 0 ? numeral(0) : sumOf(own);
      const compartment = compartmentOf.get(name);
      if (compartment === undefined) return change;
      // (n/V)' = n'/V − n V'/V²
      const size = symbol(compartment);
      const shrinking = apply(
        'divide',
        apply(
          'times',
          counted.has(name) ? apply('divide', symbol(name), numeral(molecules)) : symbol(name),
          derivative(compartment),
        ),
        apply('times', size, size),
      );
      const diluted = ruled.has(compartment) ? shrinking : numeral(0);
      return apply('minus', apply('divide', change, size), diluted);
    } finally {
      beingDerived.delete(name);
    }
  }

  const assignments = new Map<string, Formula>();
  const rates = new Map<string, Formula>();
  for (const { kind, variable, math } of model.rules) {
    (kind === 'assignment' ? assignments : rates).set(variable, lower(math));
  }
  for (const { id, rate } of model.reactions) assignments.set(id, rate ? lower(rate) : numeral(0));
  for (const [name, { math }] of namedReferences(model)) if (math) assignments.set(name, lower(math));

  const lowered = {
    model,
    molecules,
    isRuled,
    isConcentration,
    lower,
    assignments,
    rates,
    effects,
    compartmentOf,
  };
  return { ...lowered, initials: initialsOf(lowered) };
}

function levelsOf(formula: Formula): number {
  return 1 + partsOf(formula).reduce((most, part) => Math.max(most, levelsOf(part)), 0);
}

function sumOf(effects: readonly Effect[]): Formula {
  return apply(
    'plus',
    ...effects.map(({ reaction, sign, stoichiometry, factor }) =>
      apply(
        'times',
        numeral(sign),
        stoichiometry,
        symbol(reaction),
        ...(factor === null ? [] : [symbol(factor)]),
      ),
    ),
  );
}

/** References that are quantities of their own: those with an identifier, and those with stoichiometryMath. */
export function namedReferences(model: SbmlModel): Map<string, SbmlReference> {
  const named = new Map<string, SbmlReference>();
  for (const { id, reactants, products } of model.reactions) {
    [...reactants, ...products].forEach((reference, place) => {
      const name = reference.id || (reference.math ? `${id}/${place}` : '');
      if (name !== '') named.set(name, reference);
    });
  }
  return named;
}

function effectsOf(model: SbmlModel): Effect[] {
  const species = new Map(model.species.map(s => [s.id, s]));
  const names = new Map([...namedReferences(model)].map(([name, reference]) => [reference, name]));
  const effects: Effect[] = [];
  for (const { id, reactants, products } of model.reactions) {
    const add = (reference: SbmlReference, sign: 1 | -1): void => {
      const changed = species.get(reference.species);
      if (!changed || changed.boundary || changed.constant) return;
      const name = names.get(reference);
      const stoichiometry =
        name === undefined ? numeral(reference.stoichiometry ?? Number.NaN) : symbol(name);
      effects.push({
        species: changed.id,
        reaction: id,
        sign,
        stoichiometry,
        factor: changed.conversionFactor,
      });
    };
    for (const reference of reactants) add(reference, -1);
    for (const reference of products) add(reference, 1);
  }
  return effects;
}

function initialsOf(lowered: Omit<LoweredModel, 'initials'>): Map<string, Formula> {
  const { model, molecules, lower, assignments, compartmentOf, isConcentration, isRuled } = lowered;
  const assigned = new Map(model.initialAssignments.map(({ symbol, math }) => [symbol, lower(math)]));
  const initials = new Map<string, Formula>();
  const set = (id: string, value: number | null): void => {
    initials.set(id, assigned.get(id) ?? assignments.get(id) ?? numeral(value ?? Number.NaN));
  };
  for (const { id, size } of model.compartments) set(id, size ?? 1);
  for (const { id, value } of model.parameters) set(id, value);
  for (const [name, { stoichiometry }] of namedReferences(model)) set(name, stoichiometry);
  for (const { id } of model.reactions) initials.set(id, assignments.get(id) ?? numeral(0));

  const stored = (species: SbmlSpecies): Formula => {
    const { id, compartment, initialAmount, initialConcentration } = species;
    const size = symbol(compartment);
    const symbolValue = assigned.get(id) ?? assignments.get(id);
    const concentration = isConcentration(id);
    if (symbolValue) {
      return compartmentOf.has(id) && !concentration ? apply('times', symbolValue, size) : symbolValue;
    }
    if (initialAmount !== null) {
      return concentration ? apply('divide', numeral(initialAmount), size) : numeral(initialAmount);
    }
    if (initialConcentration === null) return numeral(Number.NaN);
    return concentration
      ? numeral(initialConcentration)
      : apply('times', numeral(initialConcentration), size);
  };
  for (const species of model.species) {
    const amount = stored(species);
    const own = molecules === 1 || isRuled(species.id);
    initials.set(species.id, own ? amount : apply('times', amount, numeral(molecules)));
  }
  return initials;
}
