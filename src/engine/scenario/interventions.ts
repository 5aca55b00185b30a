import type { CellType } from '../cells/cellType.ts';
import type { TimeAxis } from '../description/description.ts';
import type { Action, FieldDose, Intervention, Place } from '../description/interventions.ts';
import { isDue, type StepSchedule, timesDue } from '../description/recordingPlan.ts';
import type { Expression } from '../expression/ast.ts';
import { FACES, type FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { constantValue } from './algebra.ts';
import type { Loose } from './conform.ts';
import { LIMITS, within } from './limits.ts';
import { checkLength } from './names.ts';
import { buildPlacement, buildRegion } from './population.ts';
import { POSITION, readOfPosition } from './position.ts';
import { type Context, POSITIVE, readOfDimension, readQuantity } from './quantity.ts';
import { readPart } from './recording.ts';
import type { InterventionFile, PlaceFile } from './schema/interventions.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, itemPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { wholeSteps } from './time.ts';
import { CONCENTRATION, NONE, PER_TIME, TIME } from './units.ts';

/** What the parts of an intervention are read with. */
interface Setting {
  readonly context: Context;
  readonly file: Loose<ScenarioFile>;
  readonly fields: readonly (FieldDescription | null)[];
  readonly types: readonly (CellType | null)[];
  readonly grid: Grid;
  readonly time: TimeAxis;
}

/** The section `interventions`. Values of parameters are checked where they are put in (regimes.ts). */
export function buildInterventions(
  context: Context,
  file: Loose<ScenarioFile>,
  fields: readonly (FieldDescription | null)[],
  types: readonly (CellType | null)[],
  grid: Grid | null,
  time: TimeAxis | null,
): Intervention[] {
  const entries = Object.entries(file.interventions ?? {});
  if (!within(context.source, 'interventions', entries.length, LIMITS.interventions, 'interventions'))
    return [];
  const built: Intervention[] = [];
  for (const [name, raw] of entries) {
    const path = childPath('interventions', name);
    const named = checkLength(context.source, path, name, 'intervention');
    if (raw === undefined || grid === null || time === null) continue;
    const setting = { context, file, fields, types, grid, time };
    const when = readOccurrences(setting, path, raw);
    const place = readPlace(setting, path, raw);
    const action = readAction(setting, path, raw, when);
    if (named && when && place && action) built.push({ name, when, place, action });
  }
  return built;
}

function readOccurrences(
  { context, time }: Setting,
  path: string,
  raw: Loose<InterventionFile>,
): StepSchedule | null {
  const { source } = context;
  const { at, every, from, until } = raw;
  const before = source.problems.length;
  const spans: { every: number; from: number; until: number }[] = [];
  const listed = new Set<number>();
  const times = at === undefined || isList(at) ? at : [at];
  const part = { ...(times && { at: times }), ...(every !== undefined && { every }) };
  readPart(
    context,
    path,
    { ...part, ...(from !== undefined && { from }), ...(until !== undefined && { until }) },
    time,
    spans,
    listed,
    at !== undefined && !isList(at),
  );
  if (source.problems.length > before) return null;
  const last = time.steps - 1;
  const when = {
    spans: spans.map(span => ({ ...span, until: Math.min(span.until, last) })),
    steps: [...listed].filter(step => step <= last).sort((a, b) => a - b),
  };
  if (timesDue(when, last) === 0) source.warn(path, 'never happens: the run ends before');
  return when;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function readPlace({ context, grid }: Setting, path: string, raw: Loose<InterventionFile>): Place | null {
  const { source } = context;
  const given = raw.in;
  if (given === undefined) return source.at(`${path}.in`) ? null : { kind: 'domain' };
  if (raw.add || raw.set || raw.arrive) {
    const message = raw.add
      ? 'has no meaning here: the cells have an `in` of their own'
      : 'has no meaning here';
    source.keyProblem(`${path}.in`, message, '`dose`, `wash`, `remove`');
    return null;
  }
  if (given === 'domain') return { kind: 'domain' };
  const { where, ...region } = given as Exclude<Loose<PlaceFile>, 'domain'>;
  if (where !== undefined) {
    const condition = readOfPosition(context, `${path}.in.where`, where, NONE, 'a condition');
    return condition && { kind: 'where', condition };
  }
  const found = buildRegion(context, path, { in: region }, grid);
  return found === null || found.kind === 'points' || found.kind === 'lattice' || found.kind === 'mask'
    ? null
    : found;
}

function readAction(
  setting: Setting,
  path: string,
  raw: Loose<InterventionFile>,
  when: StepSchedule | null,
): Action | null {
  const { context, file, types, grid, time } = setting;
  const { source } = context;
  if (raw.for !== undefined && raw.set === undefined) {
    source.keyProblem(`${path}.for`, 'is for `set` alone: what else happens, happens at once');
    return null;
  }
  if (raw.dose) return readDose(setting, `${path}.dose`, raw.dose);
  if (raw.wash !== undefined) return readWash(setting, `${path}.wash`, raw.wash);
  if (raw.add) {
    const names = Object.keys(file.cells ?? {});
    const placements = buildPlacement(context, `${path}.add`, raw.add, names, types, grid);
    return placements && { kind: 'add', placements };
  }
  if (raw.arrive) return readArrival(setting, `${path}.arrive`, raw.arrive, when);
  if (raw.remove !== undefined) return readRemoval(setting, `${path}.remove`, raw.remove);
  if (!raw.set) return null;
  let sound = true;
  const values: [string, string][] = [];
  for (const [name, value] of Object.entries(raw.set)) {
    const parameters = Object.keys(file.parameters ?? {});
    if (!parameters.includes(name)) {
      const suggestion = didYouMean(name, parameters);
      const known = parameters.length === 0 ? 'the scenario has no parameters' : listing(parameters);
      source.keyProblem(
        childPath(`${path}.set`, name),
        `unknown parameter${suggestion}`,
        suggestion ? null : known,
      );
      sound = false;
    } else if (value !== undefined) values.push([name, String(value)]);
  }
  const length = readLengthOfTime(context, `${path}.for`, raw.for, time);
  return sound && length !== null ? { kind: 'set', values, length } : null;
}

function readLengthOfTime(
  context: Context,
  path: string,
  raw: string | number | undefined,
  time: TimeAxis,
): number | null {
  if (raw === undefined) return context.source.at(path) ? null : Number.POSITIVE_INFINITY;
  const seconds = readQuantity(context, path, raw, TIME, POSITIVE);
  return seconds === null ? null : wholeSteps(context, path, seconds, time.step);
}

function fieldNamed({ context, file, fields }: Setting, path: string, name: string): number | null {
  const { source } = context;
  const names = Object.keys(file.fields ?? {});
  const index = names.indexOf(name);
  if (index < 0) {
    const suggestion = didYouMean(name, names);
    const known = names.length === 0 ? 'the scenario has no fields' : listing(names);
    source.keyProblem(path, `unknown field${suggestion}`, suggestion ? null : known);
    return null;
  }
  if (fields[index]?.dynamics !== 'quasi-steady') return index;
  source.keyProblem(
    path,
    'is quasi-steady: it keeps nothing of what is added or taken',
    '`transient` dynamics',
  );
  return null;
}

function readDose(
  setting: Setting,
  path: string,
  raw: Loose<NonNullable<InterventionFile['dose']>>,
): Action | null {
  const { context } = setting;
  const doses: FieldDose[] = [];
  let sound = true;
  for (const [name, given] of Object.entries(raw)) {
    const at = childPath(path, name);
    const field = fieldNamed(setting, at, name);
    const dose = field === null ? null : readAmount(context, at, given);
    if (field !== null && dose !== null) doses.push({ field, ...dose });
    else sound = false;
  }
  return sound ? { kind: 'dose', doses } : null;
}

/** A concentration, which may depend on the place, or a number of molecules. */
function readAmount(
  { source, constants }: Context,
  path: string,
  raw: string | number | undefined,
): Omit<FieldDose, 'field'> | null {
  const scope = {
    ...constants,
    place: 'a dose',
    lookup: (name: string) => POSITION.get(name) ?? constants.lookup(name),
    names: () => [...POSITION.keys(), ...constants.names()],
  };
  const typed = readOfDimension(source, scope, path, raw, [CONCENTRATION, NONE]);
  if (typed === null) return null;
  const { expression, dimension } = typed;
  const value = expression.kind === 'number' ? constantValue(typed) : null;
  if (value !== null && !(value >= 0 && value <= LIMITS.magnitude)) {
    source.problem(
      path,
      value < 0 ? 'must not be negative' : 'is out of range',
      value < 0 ? '`wash` takes away' : null,
    );
    return null;
  }
  if (dimension !== 'any' && dimension[1] !== 0) return { concentration: expression, molecules: 0 };
  if (value !== null) return { concentration: null, molecules: value };
  source.problem(path, 'a number of molecules cannot depend on the place', 'a concentration');
  return null;
}

function readWash(
  setting: Setting,
  path: string,
  raw: Loose<NonNullable<InterventionFile['wash']>>,
): Action | null {
  const { context, file, fields } = setting;
  const names = Object.keys(file.fields ?? {});
  const plain = typeof raw !== 'object';
  const at = plain ? path : `${path}.share`;
  const share = readQuantity(context, at, plain ? raw : raw.share, NONE, { above: 0, max: 1 });
  const chosen = plain || !raw.fields ? null : raw.fields;
  let sound = share !== null;
  const listed = chosen?.map((name, i) => name && fieldNamed(setting, itemPath(`${path}.fields`, i), name));
  if (listed?.some(field => typeof field !== 'number')) sound = false;
  const washed = listed ?? names.map((_, f) => f).filter(f => fields[f]?.dynamics !== 'quasi-steady');
  const mediumOf = new Map<number, Expression>();
  for (const [name, given] of Object.entries((plain ? undefined : raw.medium) ?? {})) {
    const place = childPath(`${path}.medium`, name);
    const field = fieldNamed(setting, place, name);
    const value = readOfPosition(context, place, given, CONCENTRATION, 'a concentration');
    if (field === null || value === null) sound = false;
    else if (value.kind === 'number' && value.value < 0) {
      context.source.problem(place, 'must not be negative');
      sound = false;
    } else if (!washed.includes(field)) {
      context.source.keyProblem(place, 'is not among the `fields` that are washed');
      sound = false;
    } else mediumOf.set(field, value);
  }
  if (!sound || share === null) return null;
  const medium = washed
    .filter(field => typeof field === 'number')
    .map(field => ({ field, concentration: mediumOf.get(field) ?? ({ kind: 'number', value: 0 } as const) }));
  return { kind: 'wash', share, medium };
}

/** Cells that come to a face: in the plane at a radius from it. */
function readArrival(
  { context, file, types, grid, time }: Setting,
  path: string,
  raw: Loose<NonNullable<InterventionFile['arrive']>>,
  when: StepSchedule | null,
): Action | null {
  const { source } = context;
  const rate = readQuantity(context, `${path}.rate`, raw.rate, PER_TIME, POSITIVE);
  const names = Object.keys(file.cells ?? {});
  const { type, amounts } = raw;
  const from = [0, 0, 0] as [number, number, number];
  const to = [...grid.size] as [number, number, number];
  const side = raw.face === undefined ? -1 : FACES.indexOf(raw.face);
  const axis = side >> 1;
  if (side >= 0 && (axis >= grid.dimensions || grid.periodic[axis])) {
    source.problem(`${path}.face`, 'is no surface of this domain');
    return null;
  }
  const shape = type === undefined ? undefined : types[names.indexOf(type)]?.shape;
  if (shape) from[axis] = to[axis] = side % 2 === 0 ? shape.radius : grid.size[axis] - shape.radius;
  const placed = { count: 1, ...(type !== undefined && { type }), ...(amounts && { amounts }) };
  const built = buildPlacement(context, path, placed, names, types, grid);
  const [span] = when?.spans ?? [];
  if (when && !span) {
    source.keyProblem(path, 'comes at a rate, so it needs `every`, the time over which cells are gathered');
    return null;
  }
  if (!built || rate === null || !span || side < 0) return null;
  const placement = { ...built[0], count: 0, region: { kind: 'box', from, to } as const };
  return { kind: 'arrive', placement, mean: rate * span.every * time.step };
}

function readRemoval(
  { context, file }: Setting,
  path: string,
  raw: Loose<NonNullable<InterventionFile['remove']>>,
): Action | null {
  const plain = typeof raw !== 'object';
  const written = plain ? raw : (raw.share ?? 1);
  const at = plain ? path : `${path}.share`;
  const share = readQuantity(context, at, written, NONE, { above: 0, max: 1 });
  const name = plain ? undefined : raw.type;
  const names = Object.keys(file.cells ?? {});
  if (name !== undefined && !names.includes(name)) {
    const suggestion = didYouMean(name, names);
    context.source.problem(
      `${path}.type`,
      `unknown cell type${suggestion}`,
      suggestion ? null : listing(names),
    );
    return null;
  }
  return share === null
    ? null
    : { kind: 'remove', type: name === undefined ? null : names.indexOf(name), share };
}

/** Moments (steps) at which parameters change, and what they are from there: those that differ from the scenario's. */
export interface Change {
  readonly step: number;
  readonly values: ReadonlyMap<string, string>;
  /** The intervention of which one begins or ends here, for messages. */
  readonly name: string;
}

/**
 * What the interventions make of the parameters in a run of so many steps. Of several that set one, what began last holds (of
 * those that begin together the last in the file), and when it ends, what then is left of the others.
 */
export function changesOf(list: readonly Intervention[], steps: number): Change[] {
  const setting = list.flatMap(({ name, when, action }) =>
    action.kind === 'set' ? [{ name, begins: stepsOf(when, steps), ...action }] : [],
  );
  const moments = new Map<number, string>();
  for (const { name, begins, length } of setting) {
    for (const begin of begins) {
      moments.set(begin, name);
      if (begin + length < steps && !moments.has(begin + length)) moments.set(begin + length, name);
    }
  }
  return [...moments]
    .sort(([a], [b]) => a - b)
    .map(([step, name]) => {
      const values = new Map<string, string>();
      const since = new Map<string, number>();
      for (const one of setting) {
        const begin = one.begins.findLast(start => start <= step && step < start + one.length);
        if (begin === undefined) continue;
        for (const [parameter, value] of one.values) {
          if (begin < (since.get(parameter) ?? 0)) continue;
          since.set(parameter, begin);
          values.set(parameter, value);
        }
      }
      return { step, values, name };
    });
}

function stepsOf(when: StepSchedule, steps: number): number[] {
  const all = new Set(when.steps);
  for (const { every, from, until } of when.spans) {
    for (let step = from; step <= until && step < steps; step += every) all.add(step);
  }
  return [...all].filter(step => isDue(when, step)).sort((a, b) => a - b);
}
