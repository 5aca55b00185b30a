import type { Boundary, FieldDescription } from '../fields/field.ts';
import { FACES } from '../fields/field.ts';
import { createGrid, type Grid } from '../fields/grid.ts';
import { readCondition } from './conditions.ts';
import type { Loose } from './conform.ts';
import { LIMITS, within } from './limits.ts';
import { type Context, readLength } from './quantity.ts';
import type { ConditionFile, FieldFile } from './schema/fields.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, itemPath } from './source.ts';

const AXES = ['x', 'y', 'z'] as const;

/** What a field's boundary says of one face, and the path of the key that says it. */
interface FaceChoice {
  readonly given: Loose<ConditionFile>;
  readonly path: string;
}

/** The domain's grid; it wraps along the axes on which every field is periodic. Null after a fault. */
export function buildGrid(context: Context, file: Loose<ScenarioFile>): Grid | null {
  const { source } = context;
  const { size, grid: counts, thickness } = file.domain ?? {};
  const path = 'domain';
  const lengths = (size ?? []).map((length, i) => readLength(context, itemPath(`${path}.size`, i), length));
  const slab = readLength(context, `${path}.thickness`, thickness);
  if (size === undefined || counts === undefined) return null;
  if (size.length !== counts.length) {
    source.problem(`${path}.grid`, `has ${counts.length} entries but \`size\` has ${size.length}`);
    return null;
  }
  const dimensions = size.length === 2 ? 2 : 3;
  if (dimensions === 3 && source.at(`${path}.thickness`)) {
    source.keyProblem(`${path}.thickness`, 'belongs to a 2-D domain; this one has 3 lengths');
    return null;
  }
  if (dimensions === 2 && !source.at(`${path}.thickness`)) {
    source.keyProblem(`${path}.thickness`, 'is missing', 'the thickness of the slab, such as `1 um`');
    return null;
  }
  if (counts.some(count => count === undefined)) return null;
  const voxels = counts.reduce<number>((product, count) => product * (count ?? 1), 1);
  if (!within(source, `${path}.grid`, voxels, LIMITS.voxels, 'voxels')) return null;
  const periodic = periodicAxes(context, dimensions, file.fields ?? {});
  const [lx, ly, lz] = dimensions === 2 ? [...lengths, slab] : lengths;
  const [nx, ny, nz = 1] = counts;
  if (lx == null || ly == null || lz == null || nx === undefined || ny === undefined) return null;
  return createGrid(dimensions, [nx, ny, nz], [lx, ly, lz], periodic);
}

/** A domain wraps for everything in it: an axis is periodic on both faces and for every field, or for none. */
function periodicAxes(
  { source }: Context,
  dimensions: 2 | 3,
  fields: Loose<Record<string, FieldFile>>,
): [boolean, boolean, boolean] {
  const periodic: [boolean, boolean, boolean] = [false, false, false];
  const all = Object.keys(fields).map(name => ({
    name,
    faces: faceChoices(name, fields[name]?.boundary, dimensions),
  }));
  for (let axis = 0; axis < dimensions; axis++) {
    const wraps = (faces: readonly FaceChoice[], side: 0 | 1) => faces[2 * axis + side].given === 'periodic';
    const wrapping = all.filter(({ faces }) => wraps(faces, 0) || wraps(faces, 1));
    if (wrapping.length === 0) continue;
    periodic[axis] = true;
    const lopsided = wrapping.filter(({ faces }) => !(wraps(faces, 0) && wraps(faces, 1)));
    for (const { faces } of lopsided) {
      const side = wraps(faces, 0) ? 0 : 1;
      const message = `\`${FACES[2 * axis + side]}\` is periodic but \`${FACES[2 * axis + 1 - side]}\` is not`;
      source.keyProblem(faces[2 * axis + side].path, message, `\`${AXES[axis]}: periodic\``);
    }
    if (lopsided.length > 0) continue;
    for (const { name } of all.filter(one => !wrapping.includes(one))) {
      const message = `the domain wraps along ${AXES[axis]} for \`${wrapping[0].name}\` but not for \`${name}\``;
      source.keyProblem(childPath('fields', name), message, `\`${AXES[axis]}: periodic\` in every field`);
    }
  }
  return periodic;
}

/** What the boundary says per face: the face's own key, else its axis', else `all`, else no-flux. */
function faceChoices(
  field: string,
  boundary: Loose<FieldFile>['boundary'],
  dimensions: 2 | 3,
): readonly FaceChoice[] {
  const base = `${childPath('fields', field)}.boundary`;
  return FACES.map((face, i) => {
    const axis = i >> 1;
    const keys = axis < dimensions ? ([face, AXES[axis], 'all'] as const) : [];
    for (const key of keys) {
      const given = boundary?.[key];
      if (given === undefined) continue;
      return { given, path: `${base}.${key}` };
    }
    return { given: 'no-flux', path: base };
  });
}

/** The six boundaries of a field in a run of `end` seconds; null after a fault. */
export function buildBoundary(
  context: Context,
  field: string,
  boundary: Loose<FieldFile>['boundary'],
  dimensions: 2 | 3,
  end: number,
): FieldDescription['boundary'] | null {
  const { source } = context;
  const base = `${childPath('fields', field)}.boundary`;
  if (dimensions === 2) {
    for (const key of ['z', 'back', 'front'] as const) {
      if (boundary?.[key] === undefined) continue;
      source.keyProblem(
        `${base}.${key}`,
        'a 2-D domain has no such face',
        'all, x, y, left, right, bottom, top',
      );
    }
  }
  // Each key once, though it may speak for several faces.
  const conditions = new Map<string, Boundary | null>();
  const faces: Boundary[] = [];
  for (const { given, path } of faceChoices(field, boundary, dimensions)) {
    if (!conditions.has(path)) conditions.set(path, readCondition(context, path, given, end));
    const condition = conditions.get(path);
    if (!condition) return null;
    faces.push(condition);
  }
  const [left, right, bottom, top, back, front] = faces;
  return [left, right, bottom, top, back, front];
}
