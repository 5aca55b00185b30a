import type { Expression } from '../expression/ast.ts';
import { variable } from '../expression/build.ts';
import { evaluate } from '../expression/evaluate.ts';
import { createScope } from '../expression/scope.ts';
import { dampsBadly, longestDampedStep } from '../fields/damping.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Typed } from './algebra.ts';
import type { Loose } from './conform.ts';
import { buildBoundary } from './domain.ts';
import type { Scope } from './expressions.ts';
import { LIMITS, within } from './limits.ts';
import { checkName } from './names.ts';
import { type Context, NOT_NEGATIVE, readOfDimension, readQuantity } from './quantity.ts';
import type { FieldFile, ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { CONCENTRATION, DIFFUSIVITY, LENGTH, PER_TIME } from './units.ts';

/** The coordinates as variables. */
export const POSITION: ReadonlyMap<string, Typed> = new Map(
  (['x', 'y', 'z'] as const).map((name, i) => {
    const axis = i === 0 ? 0 : i === 1 ? 1 : 2;
    return [name, { expression: variable({ of: 'position', axis }), dimension: LENGTH }];
  }),
);

/**
 * The fields in file order; one that failed is null, so that indices stay. Warns of those whose step
 * the solver must cut to damp well; `step` in s, null where it has a fault.
 */
export function buildFields(
  context: Context,
  raw: Loose<ScenarioFile>['fields'],
  grid: Grid | null,
  step: number | null,
  dimensions: 2 | 3,
): (FieldDescription | null)[] {
  const names = Object.keys(raw ?? {});
  if (!within(context.source, 'fields', names.length, LIMITS.fields, 'fields')) return [];
  return names.map(name => {
    const field = buildField(context, name, raw?.[name], grid, dimensions);
    if (field && grid && step !== null) warnOfStep(context, field, grid, step);
    return field;
  });
}

/** docs/numerics.md, "Long steps", has the analysis. */
function warnOfStep({ source }: Context, field: FieldDescription, grid: Grid, step: number): void {
  if (!dampsBadly(grid, field.diffusivity, step)) return;
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
): FieldDescription | null {
  const path = childPath('fields', name);
  const named = checkName(context.source, path, name, 'field');
  if (raw === undefined) return null;
  const diffusivity = readQuantity(
    context,
    `${path}.diffusivity`,
    raw.diffusivity,
    DIFFUSIVITY,
    NOT_NEGATIVE,
  );
  const decay = readQuantity(context, `${path}.decay`, raw.decay ?? 0, PER_TIME, NOT_NEGATIVE);
  const initial = readInitial(context, `${path}.initial`, raw.initial, grid);
  const boundary = buildBoundary(context, name, raw.boundary, dimensions);
  if (!named || diffusivity === null || decay === null || initial === null || boundary === null) return null;
  return { name, diffusivity, decay, initial, boundary };
}

function readInitial(
  { source, constants }: Context,
  path: string,
  raw: string | number | undefined,
  grid: Grid | null,
): Expression | null {
  const scope: Scope = {
    ...constants,
    place: 'an initial concentration',
    lookup: name => POSITION.get(name) ?? constants.lookup(name),
    names: () => [...POSITION.keys(), ...constants.names()],
  };
  const typed = readOfDimension(source, scope, path, raw, [CONCENTRATION]);
  if (typed === null) return null;
  const place = grid && firstBadPlace(typed.expression, grid);
  if (place) {
    const where = typed.expression.kind === 'number' ? '' : ` at ${place.where}`;
    const message = place.value < 0 ? 'must not be negative' : 'must be a finite number in range';
    source.problem(path, `${message}${where}`);
    return null;
  }
  return typed.expression;
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
