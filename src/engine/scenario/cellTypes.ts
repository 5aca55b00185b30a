import type { CellType, Death, Shape } from '../cells/cellType.ts';
import { volumeOfShape } from '../cells/geometry.ts';
import { type Circuit, netChange } from '../circuits/circuit.ts';
import { type Method, methodType, selectMethod } from '../circuits/methods.ts';
import type { Grid } from '../fields/grid.ts';
import { type CircuitScope, circuitScope } from './circuitScope.ts';
import { buildCircuit, readHazard } from './circuits.ts';
import type { Loose } from './conform.ts';
import { buildDivision, checkNewbornSize } from './division.ts';
import { LIMITS, within } from './limits.ts';
import { buildMethod } from './method.ts';
import { buildMotion } from './motion.ts';
import { checkName } from './names.ts';
import type { Parameters } from './parameters.ts';
import { type Context, POSITIVE, readLength, readQuantity } from './quantity.ts';
import { readReleases } from './releases.ts';
import { buildContacts, buildRules, checkLife, type LifeNames } from './rules.ts';
import { readTypeModel, type TypeModel } from './sbmlCircuit.ts';
import type { CellTypeFile } from './schema/cells.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { MASS_DENSITY, PER_TIME } from './units.ts';

/**
 * Dry mass per cell volume, fg/µm³, where a scenario does not say: about 0.3 g/mL in E. coli, nearly the same in all
 * growth media (Oldewurtel, Kitahara & van Teeffelen 2021, doi:10.1073/pnas.2021416118).
 */
export const DRY_DENSITY = 300;

/** The cell types in file order; one that failed is null, so that indices stay. */
export function buildCellTypes(
  context: Context,
  parameters: Parameters,
  file: Loose<ScenarioFile>,
  grid: Grid | null,
): (CellType | null)[] {
  const raw = file.cells ?? {};
  const names = Object.keys(raw);
  if (!within(context.source, 'cells', names.length, LIMITS.cellTypes, 'cell types')) return [];
  const fieldNames = Object.keys(file.fields ?? {});
  const scopes: (CircuitScope | null)[] = [];
  const built = names.map((name, t) => {
    const path = childPath('cells', name);
    const named = checkName(context.source, path, name, 'cell type');
    const type = raw[name];
    scopes.push(null);
    if (type === undefined) return null;
    const model = readTypeModel(context, path, type);
    // Without its model everything that names the model's species would look wrong.
    if (type.circuit?.sbml !== undefined && model === null) return null;
    const scope = circuitScope(context, parameters, path, type, fieldNames, model, mayRest(raw, name));
    scopes[t] = scope;
    const made = buildCellType(context, scope, name, type, grid, model);
    const hasFlow = file.domain?.flow !== undefined && fieldNames.length > 0;
    const motion = type.motion
      ? buildMotion(context, scope, `${path}.motion`, type.motion, grid, hasFlow)
      : null;
    return named && made ? { ...made, ...(motion && { motion }) } : null;
  });
  const life: LifeNames = { types: names, scopes, raw: names.map(name => raw[name]) };
  const types = built.map((type, t) => {
    // Read even where the type failed, so that all faults are told at once.
    const rules = buildRules(context, life, t);
    const contacts = buildContacts(context, life, t);
    return type && { ...type, ...(rules && { rules }), ...(contacts && { contacts }) };
  });
  checkLife(context, types);
  return types;
}

/** Whether a rule or a contact may put cells of the type to rest. */
function mayRest(raw: Loose<NonNullable<ScenarioFile['cells']>>, name: string): boolean {
  const own = Object.values(raw[name]?.rules ?? {}).some(rule => rule?.do === 'quiesce');
  const types = Object.entries(raw);
  return (
    own ||
    types.some(([type, one]) =>
      Object.values(one?.contacts ?? {}).some(
        contact =>
          (type === name && contact?.do === 'quiesce') ||
          (contact?.with === name && contact.partner === 'quiesce'),
      ),
    )
  );
}

function buildCellType(
  context: Context,
  scope: CircuitScope,
  name: string,
  raw: Loose<CellTypeFile>,
  grid: Grid | null,
  model: TypeModel | null,
): CellType | null {
  const path = childPath('cells', name);
  const shape = buildShape(context, `${path}.shape`, raw.shape, grid);
  const dryDensity =
    raw.dryDensity === undefined
      ? DRY_DENSITY
      : readQuantity(context, `${path}.dryDensity`, raw.dryDensity, MASS_DENSITY, POSITIVE);
  const volume = shape && grid ? volumeOfShape(shape, grid) : null;
  const newborn = { volume: volume ?? 0, biomass: (volume ?? 0) * (dryDensity ?? 0) };
  const circuit = buildCircuit(context, scope, path, raw, newborn, model);
  const division =
    raw.division && circuit
      ? buildDivision(
          context,
          scope,
          circuit,
          `${path}.division`,
          raw.division,
          Object.keys(raw.replication ?? {}),
          raw.shape?.rod !== undefined,
        )
      : null;
  const death = raw.death ? buildDeath(context, scope, `${path}.death`, raw.death) : null;
  if (circuit && division) {
    const grows = circuit.reactions.some(r => netChange(r, 'cell').some(([index]) => index === 0));
    if (!grows) {
      const what = division.phases ? 'halves the cell each time' : 'never happens';
      context.source.warn(`${path}.division`, `${what}: nothing changes the biomass`);
    }
    if (volume !== null && !division.phases) checkNewbornSize(context, `${path}.division`, division, volume);
  }
  if (raw.replication && !raw.division) {
    context.source.warn(`${path}.replication`, 'never happens: the cell does not divide, so has no cycle');
  }
  if (shape === null || dryDensity === null || circuit === null) return null;
  const { method, options } = buildMethod(context, circuit, `${path}.method`, raw.method);
  const chosen = chooseMethod(context, `${path}.method`, circuit, method);
  if (chosen === null) return null;
  const type = { name, shape, dryDensity, circuit, division, death, method, methodOptions: options };
  return methodType(type, chosen);
}

function chooseMethod(
  { source }: Context,
  path: string,
  circuit: Circuit,
  name: string | undefined,
): Method | null {
  try {
    return selectMethod(circuit, name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    source.problem(path, 'cannot run delays or events', '`modified-next-reaction` or `auto`');
    return null;
  }
}

function buildShape(
  context: Context,
  path: string,
  raw: Loose<CellTypeFile>['shape'],
  grid: Grid | null,
): Shape | null {
  const { source } = context;
  if (raw === undefined) return null;
  const kind = raw.disc ? 'disc' : raw.rod ? 'rod' : 'sphere';
  const at = `${path}.${kind}`;
  const radius = readLength(context, `${at}.radius`, raw[kind]?.radius);
  const length = raw.rod ? readLength(context, `${at}.length`, raw.rod.length) : 0;
  if (radius === null || length === null || grid === null) return null;
  if (kind === 'disc' && grid.dimensions === 3) {
    source.keyProblem(at, 'a disc lies in a 2-D domain; this one is 3-D', '`sphere`');
    return null;
  }
  const shortest = Math.min(...grid.size.slice(0, grid.dimensions));
  if (2 * radius > shortest) {
    source.problem(`${at}.radius`, 'is more than half the domain', `at most ${shortest / 2} um`);
    return null;
  }
  if (kind === 'sphere' && grid.dimensions === 2 && 2 * radius > grid.size[2]) {
    const message = 'a sphere must fit into the slab of a 2-D domain';
    source.problem(`${at}.radius`, message, `a radius up to ${grid.size[2] / 2} um, or \`disc\``);
    return null;
  }
  if (kind !== 'rod') return { kind, radius };
  if (length < 2 * radius) {
    source.problem(`${at}.length`, 'is less than the width of the rod', `at least ${2 * radius} um`);
    return null;
  }
  if (length > shortest) {
    source.problem(`${at}.length`, 'is more than the domain', `at most ${shortest} um`);
    return null;
  }
  return { kind, radius, length };
}

function buildDeath(
  context: Context,
  scope: CircuitScope,
  path: string,
  raw: NonNullable<Loose<CellTypeFile>['death']>,
): Death | null {
  const hazard = readHazard(context, { ...scope.rates, place: 'a hazard' }, `${path}.rate`, raw.rate, [
    PER_TIME,
  ]);
  const releases = readReleases(context, scope, `${path}.release`, raw.release ?? []);
  return hazard === null ? null : { hazard, releases };
}
