import type { CellType, Release } from '../cells/cellType.ts';
import type { Contact, ContactChange, ContactTerm, Deed, Rule } from '../cells/rules.ts';
import type { Expression } from '../expression/ast.ts';
import type { CircuitScope } from './circuitScope.ts';
import { readHazard } from './circuits.ts';
import type { Loose } from './conform.ts';
import { type Equation, readEquation } from './equation.ts';
import { LIMITS, within } from './limits.ts';
import { checkLength } from './names.ts';
import { type Context, NOT_NEGATIVE, readQuantity } from './quantity.ts';
import { readReleases } from './releases.ts';
import type { CellTypeFile, ContactFile, RuleFile } from './schema/cells.ts';
import { childPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { readTruth } from './truth.ts';
import { LENGTH, NONE, PER_TIME } from './units.ts';

/** Surfaces this far apart (µm) touch, where a contact does not say: what contact mechanics leaves between neighbours. */
const RANGE = 0.1;

/** What rules and contacts may name: all cell types, in the order of their indices. */
export interface LifeNames {
  readonly types: readonly string[];
  readonly scopes: readonly (CircuitScope | null)[];
  readonly raw: readonly (Loose<CellTypeFile> | undefined)[];
}

/** A deed as written, and whether it is `lyse`: to die with the releases of the type's `death`. */
interface Written {
  readonly deed: Deed;
  readonly lyses: boolean;
}

const DEEDS = ['quiesce', 'awake', 'divide', 'die', 'lyse'] as const;
const ALLOWED = '`become TYPE`, `quiesce`, `awake`, `divide`, `die` or `lyse`';

export function buildRules(context: Context, names: LifeNames, type: number): Rule[] | null {
  const raw = names.raw[type]?.rules;
  const scope = names.scopes[type];
  const path = `${childPath('cells', names.types[type])}.rules`;
  if (raw === undefined || scope === null) return null;
  const entries = Object.entries(raw);
  if (!within(context.source, path, entries.length, LIMITS.rules, 'rules')) return null;
  return entries.flatMap(([name, rule]) => {
    const at = childPath(path, name);
    checkLength(context.source, at, name, 'rule');
    const built = rule && buildRule(context, names, type, scope, at, name, rule);
    return built ? [built] : [];
  });
}

function buildRule(
  context: Context,
  names: LifeNames,
  type: number,
  scope: CircuitScope,
  path: string,
  name: string,
  raw: Loose<RuleFile>,
): Rule | null {
  const { source } = context;
  if (raw.when === undefined && raw.rate === undefined) {
    source.keyProblem(path, 'would happen at once to every cell', '`when`, `rate` or both');
    return null;
  }
  if (raw.rate !== undefined && raw.probability !== undefined) {
    source.keyProblem(`${path}.probability`, 'is of a rule without a `rate`', 'one of the two');
    return null;
  }
  const when = raw.when === undefined ? null : truth(context, scope, `${path}.when`, raw.when);
  const rate = raw.rate === undefined ? null : hazard(context, scope, `${path}.rate`, raw.rate);
  const probability = readQuantity(context, `${path}.probability`, raw.probability ?? 1, NONE, {
    min: 0,
    max: 1,
  });
  const written = readDeed(context, names, type, `${path}.do`, raw.do);
  if (written === null || probability === null) return null;
  if ((raw.when !== undefined && when === null) || (raw.rate !== undefined && rate === null)) return null;
  const releases = releasesOf(context, names, type, path, 'release', raw.release, written);
  return { name, when, rate, probability, deed: written.deed, releases };
}

export function buildContacts(context: Context, names: LifeNames, type: number): Contact[] | null {
  const raw = names.raw[type]?.contacts;
  const scope = names.scopes[type];
  const path = `${childPath('cells', names.types[type])}.contacts`;
  if (raw === undefined || scope === null) return null;
  const entries = Object.entries(raw);
  if (!within(context.source, path, entries.length, LIMITS.rules, 'contacts')) return null;
  return entries.flatMap(([name, contact]) => {
    const at = childPath(path, name);
    checkLength(context.source, at, name, 'contact');
    if (Object.hasOwn(names.raw[type]?.rules ?? {}, name)) {
      context.source.keyProblem(at, 'is the name of a rule already', 'another name');
    }
    const built = contact && buildContact(context, names, type, scope, at, name, contact);
    return built ? [built] : [];
  });
}

function buildContact(
  context: Context,
  names: LifeNames,
  type: number,
  scope: CircuitScope,
  path: string,
  name: string,
  raw: Loose<ContactFile>,
): Contact | null {
  const { source } = context;
  const partner = typeNamed(context, names, `${path}.with`, raw.with ?? '');
  const other = partner === null ? null : names.scopes[partner];
  const range = readQuantity(context, `${path}.range`, raw.range ?? `${RANGE} um`, LENGTH, NOT_NEGATIVE);
  const rate = hazard(context, scope, `${path}.rate`, raw.rate);
  const when = raw.when === undefined ? null : truth(context, scope, `${path}.when`, raw.when);
  if (partner === null || other === null) return null;
  const where = raw.where === undefined ? null : truth(context, other, `${path}.where`, raw.where);
  const self = raw.do === undefined ? null : readDeed(context, names, type, `${path}.do`, raw.do);
  const theirs =
    raw.partner === undefined ? null : readDeed(context, names, partner, `${path}.partner`, raw.partner);
  if (raw.equation === undefined && raw.do === undefined && raw.partner === undefined) {
    source.keyProblem(path, 'does nothing', '`equation`, `do`, `partner`');
    return null;
  }
  const change =
    raw.equation === undefined
      ? null
      : readChange(context, scope, other, `${path}.equation`, raw.equation, raw.times);
  if (raw.times !== undefined && raw.equation === undefined) {
    source.keyProblem(`${path}.times`, 'says how often an `equation` happens; this contact has none');
  }
  const failed =
    rate === null ||
    range === null ||
    (raw.when !== undefined && when === null) ||
    (raw.where !== undefined && where === null) ||
    (raw.do !== undefined && self === null) ||
    (raw.partner !== undefined && theirs === null) ||
    (raw.equation !== undefined && change === null);
  if (failed) return null;
  return {
    name,
    partner,
    range,
    rate,
    when,
    where,
    change,
    self: self?.deed ?? null,
    other: theirs?.deed ?? null,
    selfReleases: releasesOf(context, names, type, path, 'release', raw.release, self),
    otherReleases: releasesOf(context, names, partner, path, 'partnerRelease', raw.partnerRelease, theirs),
  };
}

function truth(context: Context, scope: CircuitScope, path: string, raw: string): Expression | null {
  return readTruth(context, { ...scope.rates, place: 'a condition' }, path, raw, 'A > 100');
}

function hazard(
  context: Context,
  scope: CircuitScope,
  path: string,
  raw: string | number | undefined,
): Expression | null {
  return readHazard(context, { ...scope.rates, place: 'a rate' }, path, raw, [PER_TIME]);
}

function typeNamed({ source }: Context, { types }: LifeNames, path: string, name: string): number | null {
  const index = types.indexOf(name);
  if (index >= 0) return index;
  const hint = didYouMean(name, types);
  source.problem(path, `unknown cell type \`${name}\`${hint}`, hint ? null : listing(types));
  return null;
}

function readDeed(
  context: Context,
  names: LifeNames,
  type: number,
  path: string,
  raw: string | undefined,
): Written | null {
  const { source } = context;
  const [verb, ...rest] = (raw ?? '').trim().split(/\s+/);
  if (verb === 'become' && rest.length === 1) {
    const into = typeNamed(context, names, path, rest[0]);
    if (into === null) return null;
    if (into !== type) return { deed: { kind: 'become', type: into }, lyses: false };
    source.problem(path, 'is what the cell is already', 'another cell type');
    return null;
  }
  const known = DEEDS.find(deed => deed === verb);
  if (known === undefined || rest.length > 0) {
    source.problem(path, 'is nothing a cell can do', ALLOWED);
    return null;
  }
  return known === 'lyse' ? { deed: { kind: 'die' }, lyses: true } : { deed: { kind: known }, lyses: false };
}

function releasesOf(
  context: Context,
  names: LifeNames,
  type: number,
  path: string,
  key: 'release' | 'partnerRelease',
  raw: readonly (string | undefined)[] | undefined,
  written: Written | null,
): Release[] {
  const { source } = context;
  const scope = names.scopes[type];
  if (raw !== undefined && written?.deed.kind !== 'die' && written?.deed.kind !== 'become') {
    source.keyProblem(
      `${path}.${key}`,
      'is of a cell that dies or becomes another',
      '`die`, `lyse`, `become TYPE`',
    );
  }
  if (scope === null) return [];
  if (raw !== undefined) return readReleases(context, scope, `${path}.${key}`, raw);
  if (!written?.lyses) return [];
  const name = names.types[type];
  const ofDeath = names.raw[type]?.death?.release;
  if (ofDeath === undefined) {
    const at = key === 'release' ? 'do' : 'partner';
    source.problem(
      `${path}.${at}`,
      `nothing says what \`${name}\` releases`,
      `\`${key}\`, or \`death.release\` of ${name}`,
    );
    return [];
  }
  return readReleases(context, scope, `${childPath('cells', name)}.death.release`, ofDeath);
}

/** Species of the partner stand behind those of the cell while an equation is read. */
const PARTNER = 1 << 20;

function readChange(
  { source }: Context,
  scope: CircuitScope,
  other: CircuitScope,
  path: string,
  text: string,
  times: Loose<ContactFile>['times'],
): ContactChange | null {
  const species = new Map(scope.names.species);
  for (const [name, index] of other.names.species) species.set(`partner.${name}`, PARTNER + index);
  const equation = readEquation(text, { species, fields: scope.names.fields }, (message, allowed) =>
    source.problem(path, message, allowed),
  );
  if (equation === null) return null;
  if (equation.reactants.some(term => term.in === 'field')) {
    source.problem(path, 'what happens between two cells takes from no field', 'a reaction of the cell');
    return null;
  }
  const change = { ...split(equation), times: times === 'all' ? Number.POSITIVE_INFINITY : (times ?? 1) };
  if (times === 'all') {
    const used = change.reactants.some(
      ({ in: where, index, coefficient }) =>
        coefficient >
        (change.products.find(one => one.in === where && one.index === index)?.coefficient ?? 0),
    );
    if (!used) {
      source.problem(path, 'uses nothing up, so `times: all` never ends');
      return null;
    }
  }
  return change;
}

function split({ reactants, products }: Equation): Pick<ContactChange, 'reactants' | 'products'> {
  const term = ({ in: where, index, coefficient, exact }: Equation['reactants'][number]): ContactTerm =>
    where === 'cell' && index >= PARTNER
      ? { in: 'partner', index: index - PARTNER, coefficient, exact }
      : { in: where, index, coefficient, exact };
  return { reactants: reactants.map(term), products: products.map(term) };
}

/** What can be seen only when every type is known: whether amounts stay whole. */
export function checkLife({ source }: Context, types: readonly (CellType | null)[]): void {
  for (const type of types) {
    if (type === null) continue;
    const path = childPath('cells', type.name);
    const become = (from: CellType | null, deed: Deed | null, at: string): void => {
      const to = deed?.kind === 'become' ? types[deed.type] : null;
      if (!from || !to) return;
      for (const { name, continuous, hidden } of from.circuit.species) {
        const target = to.circuit.species.find(other => other.name === name && !other.hidden);
        if (hidden || (target && (target.continuous || !continuous))) continue;
        if (target) {
          source.problem(
            at,
            `\`${name}\` is real-valued in ${from.name} and counted in ${to.name}`,
            'the same kind in both',
          );
        } else source.warn(at, `\`${name}\` is lost: ${to.name} has no species of that name`);
      }
    };
    for (const rule of type.rules ?? [])
      become(type, rule.deed, `${childPath(`${path}.rules`, rule.name)}.do`);
    for (const contact of type.contacts ?? []) {
      const at = childPath(`${path}.contacts`, contact.name);
      const partner = types[contact.partner];
      become(type, contact.self, `${at}.do`);
      become(partner, contact.other, `${at}.partner`);
      checkChange({ source } as Context, `${at}.equation`, type, partner, contact.change);
    }
  }
}

function checkChange(
  { source }: Context,
  path: string,
  self: CellType,
  partner: CellType | null,
  change: ContactChange | null,
): void {
  if (change === null || partner === null) return;
  for (const { in: where, index, coefficient, exact } of [...change.reactants, ...change.products]) {
    if (where === 'field') continue;
    const species = (where === 'cell' ? self : partner).circuit.species[index];
    if (species.continuous || Number.isSafeInteger(coefficient)) continue;
    source.problem(
      path,
      `molecules of \`${species.name}\` are counted; ${exact} is not a whole number`,
      'whole coefficients',
    );
  }
}
