import type { Expression } from '../expression/ast.ts';
import { variable } from '../expression/build.ts';
import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import { type Boundary, FACES, type Patch } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Typed } from './algebra.ts';
import type { Loose } from './conform.ts';
import type { Scope } from './expressions.ts';
import { LIMITS } from './limits.ts';
import { POSITION } from './position.ts';
import { type Context, POSITIVE, readOfDimension, readQuantity } from './quantity.ts';
import type { ConditionFile, FieldFile } from './schema/fields.ts';
import { childPath, itemPath } from './source.ts';
import { CONCENTRATION, type Dimension, FLUX, LENGTH, NONE, SPEED, TIME } from './units.ts';

/** One boundary condition; null after a fault. `end` is the length of the run, s. */
export function readCondition(
  context: Context,
  path: string,
  given: Loose<ConditionFile>,
  end: number,
): Boundary | null {
  if (typeof given === 'string') return { kind: given };
  const { source } = context;
  const has = (key: string) => source.at(`${path}.${key}`) !== undefined;
  if (has('flux')) {
    for (const key of ['value', 'transfer']) {
      if (!has(key)) continue;
      source.keyProblem(`${path}.${key}`, 'a flux leaves nothing else to choose', '`flux` alone');
      return null;
    }
    const flux = readVarying(context, `${path}.flux`, given.flux, FLUX, end, true);
    return flux && { kind: 'flux', flux: flux.start, ...flux.varying };
  }
  if (!has('value')) {
    // A misspelt key has been reported.
    if (source.problems.some(problem => problem.path.startsWith(`${path}.`))) return null;
    source.keyProblem(path, '`value` is missing', '`value`, `flux`, or `transfer` with `value`');
    return null;
  }
  const value = readVarying(context, `${path}.value`, given.value, CONCENTRATION, end, false);
  if (!has('transfer')) return value && { kind: 'value', value: value.start, ...value.varying };
  const transfer = readQuantity(context, `${path}.transfer`, given.transfer, SPEED, POSITIVE);
  return value && transfer !== null
    ? { kind: 'transfer', transfer, value: value.start, ...value.varying }
    : null;
}

/** Names a boundary value may read. */
const VARYING: ReadonlyMap<string, Typed> = new Map([
  ...POSITION,
  ['time', { expression: variable({ of: 'time' }), dimension: TIME }],
]);

/** Names a concentration in a reservoir may read. */
const OF_TIME: ReadonlyMap<string, Typed> = new Map([...VARYING].filter(([name]) => name === 'time'));

/** Times at which a value that varies is looked at before the run. */
const SAMPLES = 101;

export interface Varying {
  /** At time 0 and the origin. */
  readonly start: number;
  readonly varying: { readonly expression?: Expression };
}

function readVarying(
  { source, constants }: Context,
  path: string,
  raw: string | number | undefined,
  dimension: Dimension,
  end: number,
  signed: boolean,
  place = 'a boundary condition',
  names = VARYING,
): Varying | null {
  const scope: Scope = {
    ...constants,
    place,
    lookup: name => names.get(name) ?? constants.lookup(name),
    names: () => [...names.keys(), ...constants.names()],
  };
  const expression = readOfDimension(source, scope, path, raw, [dimension])?.expression;
  if (!expression) return null;
  const value = toClosure(expression);
  const at = createScope();
  const start = value(at);
  for (let i = 0; i < (expression.kind === 'number' ? 1 : SAMPLES); i++) {
    at.time = (end * i) / (SAMPLES - 1);
    const now = value(at);
    if (Math.abs(now) <= LIMITS.magnitude && (signed || now >= 0)) continue;
    const when = expression.kind === 'number' ? '' : ` at ${Number(at.time.toPrecision(4))} s`;
    source.problem(path, `${now < 0 ? 'must not be negative' : 'must be a finite number in range'}${when}`);
    return null;
  }
  return { start, varying: expression.kind === 'number' ? {} : { expression } };
}

/** A concentration that may change with time, in a run of `end` seconds; null after a fault. */
export function readConcentrationInTime(
  context: Context,
  path: string,
  raw: string | number | undefined,
  end: number,
): Varying | null {
  return readVarying(
    context,
    path,
    raw,
    CONCENTRATION,
    end,
    false,
    'a concentration in a reservoir',
    OF_TIME,
  );
}

/** A plain number that may change with time, of any sign, in a run of `end` seconds; null after a fault. */
export function readFactorInTime(
  context: Context,
  path: string,
  raw: string | number | undefined,
  end: number,
): Varying | null {
  return readVarying(context, path, raw, NONE, end, true, 'a factor on the flow', OF_TIME);
}

/** The patches of a field's faces; null after a fault. */
export function buildPatches(
  context: Context,
  field: string,
  raw: Loose<FieldFile>['boundary'],
  grid: Grid | null,
  end: number,
): Patch[] | null {
  const { source } = context;
  const list = raw?.patches ?? [];
  if (grid === null) return null;
  const base = `${childPath('fields', field)}.boundary.patches`;
  const read = list.map((patch, i): Patch | null => {
    if (patch?.face === undefined || patch.condition === undefined) return null;
    const path = itemPath(base, i);
    const face = FACES.indexOf(patch.face);
    const axis = face >> 1;
    if (axis >= grid.dimensions) {
      source.problem(`${path}.face`, 'a 2-D domain has no such face', FACES.slice(0, 4).join(', '));
      return null;
    }
    if (grid.periodic[axis] || patch.condition === 'periodic') {
      source.keyProblem(path, 'a periodic face has no patches');
      return null;
    }
    const corner = (key: 'from' | 'to') => {
      const given = patch[key] ?? [];
      if (given.length !== grid.dimensions - 1) {
        const along = ['x', 'y', 'z'].slice(0, grid.dimensions).filter((_, a) => a !== axis);
        source.problem(
          `${path}.${key}`,
          `has ${given.length} coordinates`,
          `one along ${along.join(' and ')}`,
        );
        return null;
      }
      const lengths = given.map((one, k) =>
        readQuantity(context, itemPath(`${path}.${key}`, k), one, LENGTH),
      );
      return lengths.every(length => length !== null) ? lengths : null;
    };
    const [from, to] = [corner('from'), corner('to')];
    const condition = readCondition(context, `${path}.condition`, patch.condition, end);
    if (!from || !to || !condition) return null;
    if (from.some((low, k) => low > to[k])) {
      source.problem(`${path}.to`, 'must not be less than `from`');
      return null;
    }
    warnOfNoVoxel(context, path, grid, { face, from, to, condition });
    return { face, from, to, condition };
  });
  const sound = read.filter(patch => patch !== null);
  return sound.length === read.length ? sound : null;
}

/** A patch between two centres, or beyond the face, is not seen by the grid. */
function warnOfNoVoxel({ source }: Context, path: string, grid: Grid, { face, from, to }: Patch): void {
  const along = [0, 1, 2].slice(0, grid.dimensions).filter(axis => axis !== face >> 1);
  const holdsOne = along.every((axis, k) => {
    const h = grid.spacing[axis];
    const first = Math.max(0, Math.ceil(from[k] / h - 0.5));
    return first < grid.cells[axis] && (first + 0.5) * h <= to[k];
  });
  if (!holdsOne) source.warn(path, 'holds no voxel centre: it is smaller than a voxel, or outside');
}
