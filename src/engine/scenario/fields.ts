import type { Expression } from '../expression/ast.ts';
import { toClosure } from '../expression/closure.ts';
import { evaluate } from '../expression/evaluate.ts';
import { createScope } from '../expression/scope.ts';
import { atCentres } from '../fields/centres.ts';
import { chooseSolver } from '../fields/choice.ts';
import { dampsBadly, longestDampedStep } from '../fields/damping.ts';
import type { FieldDescription, Patch } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { buildPatches } from './conditions.ts';
import type { Loose } from './conform.ts';
import { buildBoundary } from './domain.ts';
import { LIMITS, within } from './limits.ts';
import { checkName } from './names.ts';
import { readOfPosition } from './position.ts';
import { type Context, NOT_NEGATIVE, readQuantity } from './quantity.ts';
import type { FieldFile } from './schema/fields.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, type Source } from './source.ts';
import { CONCENTRATION, DIFFUSIVITY, NONE, PER_TIME } from './units.ts';

/**
 * The fields in file order; one that failed is null, so that indices stay. Warns of those whose step
 * the solver must cut to damp well; `step` in s, null where it has a fault; `end` the length of the run, s. Fields `inBulk`
 * exchange with a reservoir, which buildBulk adds. `ownOf` is what `coupling` says of a field.
 */
export function buildFields(
  context: Context,
  raw: Loose<ScenarioFile>['fields'],
  grid: Grid | null,
  step: number | null,
  dimensions: 2 | 3,
  end: number,
  inBulk: ReadonlySet<string>,
  ownOf: (field: string) => Pick<FieldDescription, 'parts' | 'touch'>,
): (FieldDescription | null)[] {
  const names = Object.keys(raw ?? {});
  if (!within(context.source, 'fields', names.length, LIMITS.fields, 'fields')) return [];
  return names.map(name => {
    const field = buildField(context, name, raw?.[name], grid, dimensions, end, inBulk.has(name));
    const own = ownOf(name);
    if (field && grid && step !== null && !inBulk.has(name)) {
      warnOfStep(context, field, grid, step / (own.parts ?? 1));
    }
    return field && { ...field, ...own };
  });
}

/** docs/numerics.md, "Long steps", has the analysis. */
function warnOfStep({ source }: Context, field: FieldDescription, grid: Grid, step: number): void {
  if (chooseSolver(grid, field, step).solver !== 'adi' || !dampsBadly(grid, field.diffusivity, step)) return;
  const longest = longestDampedStep(grid, field.diffusivity, step);
  const finest = Math.min(...grid.spacing.filter((_, axis) => grid.cells[axis] > 1));
  const number = (field.diffusivity * step) / finest ** 2;
  const limit = (number * longest) / step;
  const text = (value: number) => `${Number(value.toPrecision(2))}`;
  // Rounded down, so that the step named is one that will do.
  const unit = 10 ** (Math.floor(Math.log10(longest)) - 1);
  const enough = Number((Math.floor(longest / unit) * unit).toPrecision(2));
  source.warn(
    `${childPath('fields', field.name)}.diffusivity`,
    `is high for the step: D step / h² = ${text(number)} exceeds ${text(limit)}, so every step of this field is cut into ` +
      `${Math.ceil(step / longest)} parts; a step of at most ${enough} s avoids that`,
  );
}

function buildField(
  context: Context,
  name: string,
  raw: Loose<FieldFile> | undefined,
  grid: Grid | null,
  dimensions: 2 | 3,
  end: number,
  inBulk: boolean,
): FieldDescription | null {
  const path = childPath('fields', name);
  const named = checkName(context.source, path, name, 'field');
  if (raw === undefined) return null;
  const diffusivity = readDiffusivity(context, `${path}.diffusivity`, raw.diffusivity, grid, dimensions);
  const decay = readQuantity(context, `${path}.decay`, raw.decay ?? 0, PER_TIME, NOT_NEGATIVE);
  const initial = readInitial(context, `${path}.initial`, raw.initial, grid);
  const boundary = buildBoundary(context, name, raw.boundary, dimensions, end);
  const patches = buildPatches(context, name, raw.boundary, grid, end);
  const tolerance = readTolerance(context, `${path}.tolerance`, raw);
  if (!named || diffusivity === null || decay === null || initial === null || boundary === null) return null;
  if (patches === null) return null;
  if (raw.dynamics === 'quasi-steady' && !inBulk && !hasSteadyState(decay, boundary, patches)) {
    const message =
      'quasi-steady needs something that holds the field: no face has a value and nothing decays';
    context.source.problem(`${path}.dynamics`, message, '`transient`, a `decay`, or a face with `value`');
    return null;
  }
  return {
    name,
    ...diffusivity,
    decay,
    initial,
    boundary,
    ...(patches.length > 0 && { patches }),
    ...(raw.dynamics === 'quasi-steady' && { dynamics: raw.dynamics }),
    ...(tolerance !== null && { tolerance }),
    ...(raw.solver && { solver: raw.solver }),
  };
}

/** Below the tightest, rounding is what is left. */
function readTolerance(context: Context, path: string, raw: Loose<FieldFile>): number | null {
  if (raw.tolerance === undefined) return null;
  if (raw.dynamics === 'quasi-steady') {
    context.source.problem(path, 'is for fields that evolve', '`dynamics: transient`, or none');
    return null;
  }
  return readQuantity(context, path, raw.tolerance, NONE, { min: 1e-10, max: 0.1 });
}

/** Whether something other than cells fixes the level of a field in the long run. */
function hasSteadyState(
  decay: number,
  boundary: FieldDescription['boundary'],
  patches: readonly Patch[],
): boolean {
  const conditions = [...boundary, ...patches.map(({ condition }) => condition)];
  return decay > 0 || conditions.some(({ kind }) => kind === 'value' || kind === 'transfer');
}

type Medium = Pick<FieldDescription, 'diffusivity' | 'medium'>;

/** One diffusivity, or one per axis; each a constant or an expression of position. */
function readDiffusivity(
  context: Context,
  path: string,
  raw: Loose<FieldFile>['diffusivity'],
  grid: Grid | null,
  dimensions: 2 | 3,
): Medium | null {
  if (raw === undefined) return null;
  const { source } = context;
  const place = 'a diffusivity';
  if (typeof raw !== 'object') {
    const read = readOfPosition(context, path, raw, DIFFUSIVITY, place);
    const most = read && largestValue(source, path, read, grid);
    if (read === null || most === null) return null;
    return read.kind === 'number' ? { diffusivity: most } : { diffusivity: most, medium: [read, read, read] };
  }
  const axes = (['x', 'y', 'z'] as const).slice(0, dimensions);
  if (dimensions === 2 && raw.z !== undefined) {
    source.keyProblem(`${path}.z`, 'a 2-D domain has no such axis', 'x, y');
  }
  const read = axes.map(axis => {
    if (raw[axis] !== undefined)
      return readOfPosition(context, `${path}.${axis}`, raw[axis], DIFFUSIVITY, place);
    if (!source.at(`${path}.${axis}`)) source.keyProblem(path, `\`${axis}\` is missing`, axes.join(', '));
    return null;
  });
  const most = read.map((one, i) => one && largestValue(source, `${path}.${axes[i]}`, one, grid));
  const [x, y, z = y] = read;
  if (!x || !y || !z || most.some(value => value === null)) return null;
  return { diffusivity: Math.max(...most.map(Number)), medium: [x, y, z] };
}

/** The largest value over all voxel centres; null where one is negative or out of range. */
function largestValue(
  source: Source,
  path: string,
  expression: Expression,
  grid: Grid | null,
): number | null {
  if (grid === null) return null;
  const [least, most] = valueRange(expression, grid);
  if (least >= 0 && most <= LIMITS.magnitude) return most;
  source.problem(path, least < 0 ? 'must not be negative' : 'must be a finite number in range');
  return null;
}

/** Least and largest value over the voxel centres; NaN where any is none. */
function valueRange(expression: Expression, grid: Grid): [number, number] {
  const values =
    expression.kind === 'number'
      ? new Float64Array([expression.value])
      : atCentres(grid, toClosure(expression));
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function readInitial(
  context: Context,
  path: string,
  raw: string | number | undefined,
  grid: Grid | null,
): Expression | null {
  const { source } = context;
  const expression = readOfPosition(context, path, raw, CONCENTRATION, 'an initial concentration');
  if (expression === null) return null;
  const place = grid && firstBadPlace(expression, grid);
  if (place) {
    const where = expression.kind === 'number' ? '' : ` at ${place.where}`;
    const message = place.value < 0 ? 'must not be negative' : 'must be a finite number in range';
    source.problem(path, `${message}${where}`);
    return null;
  }
  return expression;
}

/** Voxels looked at along each axis; a model checks every voxel when it is built. */
const SAMPLES = 17;

/** A voxel centre among a regular sample at which the concentration is negative or not finite. */
function firstBadPlace(expression: Expression, grid: Grid): { value: number; where: string } | null {
  const scope = createScope();
  const sampled = (n: number) => {
    const count = Math.min(n, SAMPLES);
    return Array.from({ length: count }, (_, i) =>
      count === 1 ? 0 : Math.round((i * (n - 1)) / (count - 1)),
    );
  };
  const [xs, ys, zs] = grid.cells.map((n, axis) => sampled(n).map(i => (i + 0.5) * grid.spacing[axis]));
  for (const z of zs) {
    for (const y of ys) {
      for (const x of xs) {
        scope.position[0] = x;
        scope.position[1] = y;
        scope.position[2] = z;
        const value = evaluate(expression, scope);
        if (value >= 0 && value <= LIMITS.magnitude) continue;
        const coordinates = [x, y, z].slice(0, grid.dimensions).map(c => Number(c.toPrecision(6)));
        return { value, where: `(${coordinates.join(', ')}) um` };
      }
      if (expression.kind === 'number') return null;
    }
  }
  return null;
}
