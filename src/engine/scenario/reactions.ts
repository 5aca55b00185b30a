import type { Expression } from '../expression/ast.ts';
import { field as fieldVariable, variable } from '../expression/build.ts';
import { changesOf, type FieldReaction } from '../reactions/fieldReaction.ts';
import type { Typed } from './algebra.ts';
import { massActionFault } from './circuits.ts';
import type { Loose } from './conform.ts';
import { readEquation, type Substances } from './equation.ts';
import type { Scope } from './expressions.ts';
import { LIMITS, within } from './limits.ts';
import { concentrationAction, constantDimension, orderOf } from './massAction.ts';
import { checkLength } from './names.ts';
import type { Parameters } from './parameters.ts';
import { POSITION } from './position.ts';
import { type Context, NOT_NEGATIVE, readOfDimension, readQuantity } from './quantity.ts';
import type { FieldReactionFile } from './schema/fields.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { CONCENTRATION, CONCENTRATION_RATE, TIME } from './units.ts';

const SECTION = 'reactions';

/** The reactions of fields with one another, in file order; those with a fault are left out. */
export function buildFieldReactions(
  context: Context,
  parameters: Parameters,
  raw: Loose<ScenarioFile>['reactions'],
  fields: Loose<ScenarioFile>['fields'],
): FieldReaction[] {
  const { source } = context;
  const written = Object.entries(raw ?? {});
  if (!within(source, SECTION, written.length, LIMITS.fieldReactions, 'reactions')) return [];
  const names = new Map(Object.keys(fields ?? {}).map((name, index) => [name, index]));
  const scope = rateScope(context, parameters, names);
  const built: FieldReaction[] = [];
  for (const [name, reaction] of written) {
    const path = childPath(SECTION, name);
    checkLength(source, path, name, 'reaction');
    const made = reaction && buildReaction(context, scope, names, path, name, reaction);
    if (!made) continue;
    for (const [index] of changesOf(made)) checkDynamics(context, path, [...names.keys()][index], fields);
    built.push(made);
  }
  return built;
}

function buildReaction(
  context: Context,
  scope: Scope,
  fields: ReadonlyMap<string, number>,
  path: string,
  name: string,
  raw: Loose<FieldReactionFile>,
): FieldReaction | null {
  const { source } = context;
  if (raw.equation === undefined) return null;
  const substances: Substances = { species: fields, fields };
  const read = readEquation(raw.equation, substances, (message, allowed) =>
    source.problem(`${path}.equation`, message.replace('unknown species', 'unknown field'), allowed),
  );
  if (read === null) return null;
  const { reactants, products } = asFields(read.reactants, read.products);
  const rate = readRate(context, scope, path, raw, reactants);
  if (rate === null) return null;
  const reaction = { name, equation: raw.equation.trim(), reactants, products, rate };
  if (changesOf(reaction).length > 0) return reaction;
  source.problem(`${path}.equation`, 'changes nothing: both sides are the same');
  return null;
}

type Terms = FieldReaction['reactants'];

/** `u` and `field.u` are the same here. */
function asFields(reactants: Terms, products: Terms): { reactants: Terms; products: Terms } {
  const side = (terms: Terms): Terms => terms.map(term => ({ ...term, in: 'field' }));
  return { reactants: side(reactants), products: side(products) };
}

/** Extents per volume and time, from `rate` or from `k`: k Π c^ν, k of the dimension volume^(n−1)/time. */
function readRate(
  context: Context,
  scope: Scope,
  path: string,
  raw: Loose<FieldReactionFile>,
  reactants: Terms,
): Expression | null {
  const { source } = context;
  if (raw.k !== undefined && raw.rate !== undefined) return null; // one too many, reported with the structure
  if (raw.k === undefined) {
    return readOfDimension(source, scope, `${path}.rate`, raw.rate, [CONCENTRATION_RATE])?.expression ?? null;
  }
  const fault = massActionFault(reactants);
  if (fault !== null) {
    source.problem(`${path}.k`, fault, 'a `rate`');
    return null;
  }
  const order = orderOf(reactants);
  const k = readQuantity(context, `${path}.k`, raw.k, constantDimension(order), NOT_NEGATIVE);
  if (k === null) return null;
  return concentrationAction(k, reactants);
}

/** What a rate may read: fields (by their bare names too, where no parameter has them), place, time, parameters. */
function rateScope(
  { constants }: Context,
  parameters: Parameters,
  fields: ReadonlyMap<string, number>,
): Scope {
  const typed = new Map<string, Typed>(
    [...fields].map(([name, index]) => [
      name,
      { expression: fieldVariable(index), dimension: CONCENTRATION },
    ]),
  );
  const time: Typed = { expression: variable({ of: 'time' }), dimension: TIME };
  return {
    place: 'the rate of a reaction of fields',
    lookup: name => {
      if (name === 'time') return time;
      const bare = parameters.has(name) ? undefined : typed.get(name);
      return POSITION.get(name) ?? bare ?? constants.lookup(name);
    },
    names: () => [...fields.keys(), ...POSITION.keys(), 'time', ...constants.names()],
    fields: typed,
  };
}

/** A field in a steady state at every moment has no content of its own that a reaction of its own time could change. */
function checkDynamics(
  { source }: Context,
  path: string,
  field: string,
  fields: Loose<ScenarioFile>['fields'],
): void {
  if (fields?.[field]?.dynamics !== 'quasi-steady') return;
  source.problem(
    `${path}.equation`,
    `a reaction cannot change \`${field}\`, which is quasi-steady`,
    `\`transient\` dynamics of ${field}, or its \`decay\``,
  );
}
