import { type BoundaryLayer, FACES, type FieldDescription, type FilmDiffusivity } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Loose } from './conform.ts';
import { type Context, readLength, readQuantity } from './quantity.ts';
import type { FieldFile } from './schema/fields.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { NONE } from './units.ts';

/** The fields with what cells make of their diffusivity, and with the layer that follows the cells; those with a fault are null. */
export function addFilm(
  context: Context,
  file: Loose<ScenarioFile>,
  fields: readonly (FieldDescription | null)[],
  grid: Grid | null,
): (FieldDescription | null)[] {
  const types = Object.keys(file.cells ?? {});
  const withFilm = fields.map(field => {
    const raw = field && file.fields?.[field.name]?.film;
    if (!field || raw === undefined || raw === null) return field;
    const film = readFilm(context, `${childPath('fields', field.name)}.film`, raw, types);
    return film && { ...field, film };
  });
  const layer = readLayer(context, file, grid);
  if (!layer || !grid) return withFilm;
  const met = withFilm.map(field => field && addLayer(context, field, layer));
  if (withFilm.every(Boolean) && met.every(field => field && !field.layer)) {
    const face = FACES[layer.face];
    context.source.keyProblem(
      'domain.boundaryLayer.face',
      `no field has something behind its face \`${face}\` to which the layer could lead`,
      `a field with \`boundary: { ${face}: { value: … } }\` or in a reservoir`,
    );
  }
  return met;
}

const SHARE = { min: 0, max: 1 };

function readFilm(
  context: Context,
  path: string,
  raw: NonNullable<Loose<FieldFile>['film']>,
  types: readonly string[],
): FilmDiffusivity | null {
  const { source } = context;
  const given = typeof raw === 'object' ? raw : { factor: raw };
  const at = typeof raw === 'object' ? `${path}.factor` : path;
  const law = given.law ?? 'threshold';
  const { factor } = given;
  if (factor === undefined) return null;
  if (given.from !== undefined && law !== 'threshold') {
    source.keyProblem(`${path}.from`, `is of no use to \`law: ${law}\``, '`law: threshold`');
    return null;
  }
  const from = readQuantity(context, `${path}.from`, given.from ?? 0.1, NONE, { above: 0, max: 1 });
  let factors: (number | null)[];
  if (typeof factor === 'object') {
    for (const name of Object.keys(factor)) {
      if (types.includes(name)) continue;
      const message = `there is no cell type \`${name}\`${didYouMean(name, types)}`;
      source.keyProblem(`${at}.${name}`, message, listing(types));
    }
    factors = types.map(name => readQuantity(context, `${at}.${name}`, factor[name] ?? 1, NONE, SHARE));
  } else {
    const value = readQuantity(context, at, factor, NONE, SHARE);
    factors = types.map(() => value);
  }
  if (from === null || factors.some(one => one === null)) return null;
  return { law, from, factors: factors.map(Number) };
}

function readLayer(context: Context, file: Loose<ScenarioFile>, grid: Grid | null): BoundaryLayer | null {
  const { source } = context;
  const path = 'domain.boundaryLayer';
  const raw = file.domain?.boundaryLayer;
  if (!raw) return null;
  const thickness = readLength(context, `${path}.thickness`, raw.thickness);
  if (raw.face === undefined || thickness === null || grid === null) return null;
  const face = FACES.indexOf(raw.face);
  const axis = face >> 1;
  if (axis >= grid.dimensions) {
    source.problem(`${path}.face`, 'a 2-D domain has no such face', FACES.slice(0, 4).join(', '));
    return null;
  }
  if (grid.periodic[axis]) {
    source.problem(`${path}.face`, 'is periodic', 'a face of another axis');
    return null;
  }
  if (source.at('domain.flow')) {
    source.keyProblem(path, 'stands for mixing by a flow: it cannot be used together with `domain.flow`');
    return null;
  }
  // Cells must not touch what lies beyond the layer.
  const least = 2 * Math.max(...grid.spacing.slice(0, grid.dimensions));
  if (thickness < least) {
    source.problem(`${path}.thickness`, 'is less than two voxels', `at least ${least} um on this grid`);
    return null;
  }
  return { face, thickness };
}

/** A field with a value or a reservoir behind the face meets it where the layer ends; others do not heed it. */
function addLayer(
  { source }: Context,
  field: FieldDescription,
  layer: BoundaryLayer,
): FieldDescription | null {
  const condition = field.boundary[layer.face];
  const isBehindLayer =
    condition.kind === 'transfer' || (condition.kind === 'reservoir' && condition.transfer);
  const onPatches = field.patches?.some(({ face }) => face === layer.face);
  if (isBehindLayer || onPatches) {
    source.keyProblem(
      'domain.boundaryLayer',
      `\`${field.name}\` has ${onPatches ? 'patches on' : 'a transfer layer before'} this face already`,
      onPatches ? 'one condition for the whole face' : '`value`, or a reservoir without `layer`',
    );
    return null;
  }
  return condition.kind === 'value' || condition.kind === 'reservoir' ? { ...field, layer } : field;
}
