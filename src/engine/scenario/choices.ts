import { needsCalendar } from '../cells/calendar.ts';
import type { CellType, Mechanics } from '../cells/cellType.ts';
import { netChange } from '../circuits/circuit.ts';
import { ITERABLE, whyNotIterable } from '../circuits/iterable.ts';
import { firesIntoFields, whyNotMonolithic } from '../circuits/stagedCells.ts';
import { whyNotJoint } from '../circuits/voxelCircuit.ts';
import type {
  BalancePolicy,
  CouplingChoice,
  InjectedBias,
  KernelChoice,
  MonolithicCoupling,
  StrongCoupling,
} from '../description/description.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { RUN_LIMITS } from '../limits/runLimits.ts';
import type { Loose } from './conform.ts';
import { SCHEDULE_KEYS, schedulesOf } from './couplingKeys.ts';
import { countText } from './limits.ts';
import { readPairs } from './pairs.ts';
import { type Context, NOT_NEGATIVE, POSITIVE, readQuantity } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { warnOfSharedUptake } from './sharedUptake.ts';
import { childPath } from './source.ts';
import { LENGTH, NONE, PER_TIME } from './units.ts';

/**
 * Rate at which an overlap relaxes where a scenario does not say, 1/s: a time constant of 20 s, so an overlap falls to
 * 5 % within a minute, well below the time between divisions.
 */
export const RELAXATION_RATE = 0.05;

/** The same for the implicit solver, whose cost hardly depends on it: hard cells, as rods in a packed colony have to be. */
const IMPLICIT_RATE = 100;

/**
 * Soft repulsion where a cell type can change its size; cells of constant size stay where they are placed. Where there are rods the
 * solver is the implicit one unless another is asked for by name or by a rate.
 */
export function buildMechanics(
  context: Context,
  raw: Loose<ScenarioFile>['mechanics'],
  types: readonly (CellType | null)[],
  typeNames: readonly string[],
  step: number | null,
): Mechanics | null {
  const explicit: Mechanics = { repulsion: 'soft', rate: RELAXATION_RATE, adhesion: 0, range: 0 };
  const implicit: Mechanics = { ...explicit, rate: IMPLICIT_RATE, solver: 'implicit' };
  const rods = types.some(type => type?.shape.kind === 'rod');
  if (raw === 'none') return null;
  const wanted = raw?.solver ?? (rods && raw?.rate === undefined ? 'implicit' : 'explicit');
  const byDefault = wanted === 'implicit' ? implicit : explicit;
  if (raw === undefined) {
    if (!types.some(type => type !== null && changesSize(type))) return null;
    if (wanted === 'explicit') checkSubsteps(context, 'time.step', RELAXATION_RATE, step);
    return byDefault;
  }
  const path = 'mechanics';
  const rate =
    raw.rate === undefined
      ? byDefault.rate
      : readQuantity(context, `${path}.rate`, raw.rate, PER_TIME, POSITIVE);
  const adhesion = readQuantity(context, `${path}.adhesion`, raw.adhesion ?? 0, NONE, { min: 0, max: 1 });
  const range = readQuantity(context, `${path}.range`, raw.range ?? 0, LENGTH, NOT_NEGATIVE);
  if (rate === null || adhesion === null || range === null) return byDefault;
  if (adhesion > 0 && range === 0) {
    context.source.keyProblem(`${path}.adhesion`, 'needs a `range` above 0', '`range: 0.2 um`');
  }
  const pairs = raw.pairs && readPairs(context, `${path}.pairs`, raw.pairs, typeNames, { adhesion, range });
  const hardest = Math.max(1, ...(pairs?.stiffness ?? []));
  if (wanted === 'explicit') checkSubsteps(context, `${path}.rate`, hardest * rate, step);
  const repulsion = raw.repulsion ?? byDefault.repulsion;
  return {
    ...{ repulsion, rate, adhesion, range },
    ...(wanted === 'implicit' && { solver: wanted }),
    ...(pairs && { pairs }),
  };
}

/** Two equal cells that touch need rate × step substeps, a packed colony about four times as many (docs/numerics.md). */
function checkSubsteps({ source }: Context, path: string, rate: number, step: number | null): void {
  if (step === null) return;
  const most = RUN_LIMITS.substeps;
  const substeps = rate * step;
  const allowed = `rate × step up to ${countText(most / 4)}`;
  if (substeps > most) {
    const message = `two cells that touch would need ${countText(Math.round(substeps))} substeps of mechanics per step`;
    source.problem(path, `${message}; ${countText(most)} are allowed`, allowed);
  } else if (4 * substeps > most) {
    source.warn(
      path,
      `a packed colony may need more than the ${countText(most)} substeps of mechanics that a step may take`,
    );
  }
}

function changesSize({ circuit }: CellType): boolean {
  return circuit.reactions.some(reaction => netChange(reaction, 'cell').some(([index]) => index === 0));
}

/** Strong coupling where a scenario says no more than that. */
export const STRONG: StrongCoupling = {
  schedule: 'strong',
  kernel: 'linear',
  sees: 'midpoint',
  tolerance: 1e-6,
  acceleration: 'newton',
  relaxation: 1,
  iterations: 50,
};

export function buildCoupling(
  context: Context,
  raw: Loose<ScenarioFile>['coupling'],
  types: readonly (CellType | null)[],
  fields: readonly (FieldDescription | null)[],
  grid: Grid | null,
  step: number | null,
): CouplingChoice {
  const schedule = raw?.schedule ?? 'weak';
  const kernel = raw?.kernel ?? 'linear';
  for (const key of SCHEDULE_KEYS) {
    const owners = schedulesOf(key);
    // What is chosen may be weak.
    if (raw?.[key] === undefined || owners.includes(schedule === 'auto' ? 'weak' : schedule)) continue;
    const message = `belongs to \`schedule: ${owners.join('` or `')}\`; the schedule is \`${schedule}\``;
    context.source.keyProblem(childPath('coupling', key), message);
  }
  if (schedule === 'joint') {
    const hops =
      readQuantity(context, 'coupling.hops', raw?.hops ?? 0.1, NONE, { above: 0, max: 1000 }) ?? 0.1;
    checkShared(context, fields, grid, step, hops);
    return buildJoint(context, raw?.kernel, types, hops);
  }
  if (schedule === 'auto' || schedule === 'weak') warnOfSharedUptake(context, types, fields, step);
  if (schedule === 'auto')
    return { schedule: 'weak', kernel, splitting: raw?.splitting ?? 'strang', chosen: '' };
  if (schedule === 'weak') return { schedule, kernel, splitting: raw?.splitting ?? 'strang' };
  const byDefault = schedule === 'monolithic' ? MONOLITHIC : STRONG;
  const tolerance = readQuantity(context, 'coupling.tolerance', raw?.tolerance ?? byDefault.tolerance, NONE, {
    above: 0,
    max: 0.1,
  });
  const iterations = raw?.iterations ?? byDefault.iterations;
  if (schedule === 'monolithic') {
    checkFlowing(context, types, fields);
    return { schedule, kernel, tolerance: tolerance ?? byDefault.tolerance, iterations };
  }
  for (const type of types) if (type) checkIterable(context, type);
  const relaxation = readQuantity(context, 'coupling.relaxation', raw?.relaxation ?? 1, NONE, {
    above: 0,
    max: 1,
  });
  return {
    ...STRONG,
    kernel,
    sees: raw?.sees ?? STRONG.sees,
    tolerance: tolerance ?? STRONG.tolerance,
    acceleration: raw?.acceleration ?? STRONG.acceleration,
    relaxation: relaxation ?? STRONG.relaxation,
    iterations,
  };
}

/** Monolithic coupling where a scenario says no more than that. */
export const MONOLITHIC: MonolithicCoupling = {
  schedule: 'monolithic',
  kernel: 'linear',
  tolerance: 1e-9,
  iterations: 50,
};

/** Monolithic coupling takes exchange by continuous channels, with fields that have a past. */
function checkFlowing(
  { source }: Context,
  types: readonly (CellType | null)[],
  fields: readonly (FieldDescription | null)[],
): void {
  for (const type of types) {
    const whole = type && firesIntoFields(type.circuit, type.method);
    if (whole) {
      const path = childPath(childPath(childPath('cells', type.name), 'reactions'), whole);
      source.keyProblem(path, whyNotMonolithic(type.circuit, type.method) ?? '', 'another coupling.schedule');
    }
  }
  for (const field of fields) {
    if (field?.tolerance !== undefined) {
      const path = childPath(childPath('fields', field.name), 'tolerance');
      source.problem(
        path,
        'monolithic coupling takes all fields in its own steps',
        'another coupling.schedule',
      );
    }
    if (field?.dynamics !== 'quasi-steady') continue;
    const message = 'monolithic coupling takes fields through time; a quasi-steady one has no past';
    source.problem(childPath(childPath('fields', field.name), 'dynamics'), message, '`transient`');
  }
}

/** Parts of a step beyond which a scenario is warned. */
const MANY_PARTS = 100;

/** And refused, as nothing can interrupt a step. */
const MOST_PARTS = 1_000_000;

/** Joint coupling shares what is in a voxel, and takes a step in which molecules cross voxels in parts. */
function checkShared(
  { source }: Context,
  fields: readonly (FieldDescription | null)[],
  grid: Grid | null,
  step: number | null,
  hops: number,
): void {
  for (const field of fields) {
    if (field?.dynamics !== 'quasi-steady') continue;
    const message =
      'a quasi-steady field has no content of its own that cells could share; joint coupling needs one';
    source.problem(childPath(childPath('fields', field.name), 'dynamics'), message, '`transient`');
  }
  if (grid === null || step === null) return;
  const spacing = Math.min(...grid.spacing.filter((_, axis) => grid.cells[axis] > 1));
  const fastest = fields.reduce((most, field) => Math.max(most, field?.diffusivity ?? 0), 0);
  const parts = Math.ceil((fastest * step) / spacing ** 2 / hops);
  if (!(parts > MANY_PARTS)) return;
  const message = `diffusion crosses voxels so fast that joint coupling takes each step in up to ${countText(parts)} parts`;
  if (parts > MOST_PARTS) {
    source.keyProblem(
      'coupling.schedule',
      message,
      `at most ${countText(MOST_PARTS)}: coarser voxels, a shorter time.step or a larger coupling.hops`,
    );
    return;
  }
  source.warn(
    'coupling.schedule',
    `${message}; coarser voxels, a shorter time.step or a larger coupling.hops (less accurate) need fewer`,
  );
}

function buildJoint(
  { source }: Context,
  kernel: KernelChoice | undefined,
  types: readonly (CellType | null)[],
  hops: number,
): CouplingChoice {
  if (kernel !== undefined && kernel !== 'nearest') {
    const message = `\`${kernel}\` spreads a cell over several voxels; joint coupling puts it into one`;
    source.problem('coupling.kernel', message, '`nearest`');
  }
  for (const type of types) {
    const reason = type ? whyNotJoint(type.circuit, type.method) : null;
    if (type && reason) {
      const path = childPath('cells', type.name);
      if (needsCalendar(type.circuit)) source.keyProblem(path, reason, 'another coupling.schedule');
      else source.keyProblem(childPath(path, 'method'), reason, '`auto`, `direct`, `deterministic`');
    }
  }
  return { schedule: 'joint', kernel: 'nearest', hops };
}

function checkIterable({ source }: Context, { name, method }: CellType): void {
  const reason = whyNotIterable(method);
  if (reason === null) return;
  const allowed = ITERABLE.map(known => `\`${known}\``).join(', ');
  source.keyProblem(childPath(childPath('cells', name), 'method'), reason, allowed);
}

/** The channel `TYPE.REACTION` that a scenario wants to leak, and by how much. */
export function buildInjectedBias(
  context: Context,
  raw: Loose<ScenarioFile>['diagnostics'],
  types: readonly (CellType | null)[],
): InjectedBias | null {
  const given = raw?.injectBias;
  if (given === undefined) return null;
  const path = 'diagnostics.injectBias';
  const range = { above: -1, max: 1 };
  const relative = readQuantity(context, `${path}.relative`, given.relative, NONE, range);
  const known: string[] = [];
  let found: { type: number; reaction: number } | null = null;
  types.forEach((cellType, type) => {
    cellType?.circuit.reactions.forEach((channel, reaction) => {
      if (netChange(channel, 'field').length === 0) return;
      const name = `${cellType.name}.${channel.name}`;
      known.push(name);
      if (name === given.channel) found = { type, reaction };
    });
  });
  if (found === null && types.every(type => type !== null)) {
    const allowed = known.length > 0 ? known.map(name => `\`${name}\``).join(', ') : 'no reaction does';
    context.source.problem(`${path}.channel`, 'is not a reaction that exchanges with a field', allowed);
  }
  return found === null || relative === null
    ? null
    : { ...(found as { type: number; reaction: number }), relative };
}

export function buildBalance(context: Context, raw: Loose<ScenarioFile>['balance']): BalancePolicy {
  const range = { above: 0, max: 1 };
  const tolerance = readQuantity(context, 'balance.tolerance', raw?.tolerance ?? 1e-10, NONE, range);
  return { tolerance: tolerance ?? 1e-10, onBreach: raw?.onBreach ?? 'stop' };
}
