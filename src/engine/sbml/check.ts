import type { Problems } from './errors.ts';
import { type Formula, visitLeaves } from './formula.ts';
import type { SbmlModel } from './model.ts';

/** Kinds of elements whose identifiers share one name space and may stand in a formula. */
export type SymbolKind = 'compartment' | 'species' | 'parameter' | 'stoichiometry' | 'reaction';

/** Every identifier that a formula may read. */
export function symbolsOf(model: SbmlModel): Map<string, SymbolKind> {
  const symbols = new Map<string, SymbolKind>();
  for (const { id } of model.compartments) symbols.set(id, 'compartment');
  for (const { id } of model.species) symbols.set(id, 'species');
  for (const { id } of model.parameters) symbols.set(id, 'parameter');
  for (const reaction of model.reactions) {
    symbols.set(reaction.id, 'reaction');
    for (const { id } of [...reaction.reactants, ...reaction.products]) {
      if (id !== '') symbols.set(id, 'stoichiometry');
    }
  }
  return symbols;
}

/** Every formula of a model with the place where it stands. */
export function* formulasOf(model: SbmlModel): Generator<readonly [where: string, formula: Formula]> {
  for (const { symbol, math } of model.initialAssignments) yield [`initialAssignment '${symbol}'`, math];
  for (const { kind, variable, math } of model.rules) yield [`${kind}Rule '${variable}'`, math];
  for (const { id, rate, reactants, products } of model.reactions) {
    if (rate) yield [`reaction '${id}'`, rate];
    for (const { math } of [...reactants, ...products]) if (math) yield [`reaction '${id}'`, math];
  }
  for (const { id, trigger, delay, priority, assignments } of model.events) {
    for (const math of [trigger, delay, priority]) if (math) yield [`event '${id}'`, math];
    for (const { math } of assignments) yield [`event '${id}'`, math];
  }
}

/** What cannot be seen at one element: names that are missing or used twice, contradictory rules. */
export function checkModel(model: SbmlModel, problems: Problems): void {
  const symbols = symbolsOf(model);
  checkNames(model, problems);
  for (const [where, formula] of formulasOf(model)) {
    visitLeaves(formula, leaf => {
      if ((leaf.kind === 'symbol' || leaf.kind === 'rateOf') && !symbols.has(leaf.name)) {
        problems.add(where, `there is no '${leaf.name}' to read`);
      }
    });
  }
  checkTargets(model, symbols, problems);
  checkReactions(model, problems);
}

function checkNames(model: SbmlModel, problems: Problems): void {
  const seen = new Set<string>();
  const references = model.reactions.flatMap(({ reactants, products }) => [...reactants, ...products]);
  const owners = [
    ...model.compartments,
    ...model.species,
    ...model.parameters,
    ...model.reactions,
    ...references,
    ...model.events,
  ];
  for (const { id } of owners) {
    if (id !== '' && seen.has(id)) problems.add(`'${id}'`, 'the identifier is used twice');
    seen.add(id);
  }
}

function checkTargets(model: SbmlModel, symbols: Map<string, SymbolKind>, problems: Problems): void {
  const constants = new Set(
    [...model.compartments, ...model.species, ...model.parameters].flatMap(e => (e.constant ? [e.id] : [])),
  );
  const check = (where: string, name: string, mayBeConstant: boolean): void => {
    const kind = symbols.get(name);
    if (kind === undefined || kind === 'reaction') problems.add(where, `there is no '${name}' to assign to`);
    else if (!mayBeConstant && constants.has(name)) problems.add(where, `'${name}' is constant`);
  };
  const ruled = new Set<string>();
  const assigned = new Set<string>();
  for (const { kind, variable } of model.rules) {
    const where = `${kind}Rule '${variable}'`;
    check(where, variable, false);
    if (ruled.has(variable)) problems.add(where, 'another rule determines it already');
    ruled.add(variable);
    if (kind === 'assignment') assigned.add(variable);
  }
  const initial = new Set<string>();
  for (const { symbol } of model.initialAssignments) {
    const where = `initialAssignment '${symbol}'`;
    check(where, symbol, true);
    if (initial.has(symbol)) problems.add(where, 'there are two of it');
    if (assigned.has(symbol)) problems.add(where, 'an assignment rule determines it already');
    initial.add(symbol);
  }
  for (const { id, assignments } of model.events) {
    for (const { variable } of assignments) {
      const where = `event '${id}'`;
      check(where, variable, false);
      if (assigned.has(variable)) problems.add(where, `an assignment rule determines '${variable}'`);
    }
  }
}

function checkReactions(model: SbmlModel, problems: Problems): void {
  const species = new Map(model.species.map(s => [s.id, s]));
  const compartments = new Set(model.compartments.map(c => c.id));
  const parameters = new Set(model.parameters.map(p => p.id));
  const ruled = new Set(model.rules.map(rule => rule.variable));
  const assigned = new Set([...ruled, ...model.initialAssignments.map(assignment => assignment.symbol)]);
  for (const { id, compartment, conversionFactor, initialAmount, initialConcentration } of model.species) {
    const where = `species '${id}'`;
    if (!compartments.has(compartment)) problems.add(where, `there is no compartment '${compartment}'`);
    if (conversionFactor !== null && !parameters.has(conversionFactor)) {
      problems.add(where, `there is no parameter '${conversionFactor}' for its conversion factor`);
    }
    if (initialAmount !== null && initialConcentration !== null) {
      problems.add(where, 'it has both an initial amount and an initial concentration');
    }
  }
  for (const { id, reactants, products } of model.reactions) {
    const where = `reaction '${id}'`;
    for (const reference of [...reactants, ...products]) {
      const changed = species.get(reference.species);
      if (!changed) {
        problems.add(where, `there is no species '${reference.species}'`);
        continue;
      }
      if (!changed.boundary && changed.constant) {
        problems.add(where, `the species '${changed.id}' is constant and no boundary condition`);
      }
      if (!changed.boundary && ruled.has(changed.id)) {
        problems.add(where, `a rule determines the species '${changed.id}', which is no boundary condition`);
      }
      if (reference.stoichiometry === null && !reference.math && !assigned.has(reference.id)) {
        problems.add(where, `the stoichiometry of '${changed.id}' is not given`);
      }
    }
  }
}
