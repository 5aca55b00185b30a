import { type Formula, isConstant, type Operator, partsOf, visitLeaves } from './formula.ts';
import { lowerModel } from './lower.ts';
import type { SbmlModel } from './model.ts';
import { isExpressible } from './toExpression.ts';

/** Why a model cannot run as a circuit, in words; null where it can. */
export function beyondCircuits(model: SbmlModel): string | null {
  const { events, rules, species, reactions } = model;
  if (rules.some(({ kind }) => kind === 'rate')) return 'rate rules';
  const ruled = new Map(rules.map(({ variable, math }) => [variable, math]));
  if (species.some(({ id }) => ruled.has(id))) return 'species under a rule';
  for (const { reactants, products } of reactions) {
    for (const { id, math } of [...reactants, ...products]) {
      const formula = math ?? ruled.get(id);
      if (formula && !isConstant(formula)) return 'stoichiometries that vary';
    }
  }
  const lacked = lackedFunction(model);
  if (lacked !== null) return `the varying <${lacked}>`;
  return events.length > 0 ? 'events' : null;
}

/** A function that a rate applies to what varies, and that circuits have not. */
function lackedFunction(model: SbmlModel): Operator | null {
  const lowered = lowerModel(model);
  const known = new Map<string, boolean>(model.species.map(({ id }) => [id, true]));
  const doesNameVary = (name: string): boolean => {
    let varying = known.get(name);
    if (varying === undefined) {
      const formula = lowered.assignments.get(name);
      varying = formula !== undefined && varies(formula);
      known.set(name, varying);
    }
    return varying;
  };
  const varies = (formula: Formula): boolean => {
    let found = false;
    visitLeaves(formula, leaf => {
      found ||= leaf.kind === 'time' || (leaf.kind === 'symbol' && doesNameVary(leaf.name));
    });
    return found;
  };
  const seen = new Set<string>();
  const lackedIn = (formula: Formula): Operator | null => {
    if (formula.kind === 'symbol') {
      const assigned = lowered.assignments.get(formula.name);
      if (!assigned || seen.has(formula.name)) return null;
      seen.add(formula.name);
      return lackedIn(assigned);
    }
    if (formula.kind === 'apply' && !isExpressible(formula.operator) && varies(formula)) {
      return formula.operator;
    }
    for (const part of partsOf(formula)) {
      const lacked = lackedIn(part);
      if (lacked !== null) return lacked;
    }
    return null;
  };
  for (const { rate } of model.reactions) {
    const lacked = rate && lackedIn(lowered.lower(rate));
    if (lacked) return lacked;
  }
  return null;
}
