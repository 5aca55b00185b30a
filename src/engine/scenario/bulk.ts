import { type Boundary, FACES, type FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import type { Reservoir } from '../fields/reservoir.ts';
import { readConcentrationInTime } from './conditions.ts';
import type { Loose } from './conform.ts';
import { checkName } from './names.ts';
import { type Context, NOT_NEGATIVE, POSITIVE, readLength, readQuantity } from './quantity.ts';
import type { ReservoirFile } from './schema/fields.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { AREA, FLOW_RATE, VOLUME } from './units.ts';

/** Names of all fields that exchange with a reservoir. */
export function fieldsInBulk(raw: Loose<ScenarioFile>['bulk']): Set<string> {
  return new Set(Object.values(raw ?? {}).flatMap(one => (one ? fieldsOf(one) : [])));
}

function fieldsOf({ influent, initial, hold }: Loose<ReservoirFile>): string[] {
  return [...new Set([influent, initial, hold].flatMap(part => Object.keys(part ?? {})))];
}

/** The fields with their reservoirs, in a run of `end` seconds; a field whose reservoir has a fault is null. */
export function buildBulk(
  context: Context,
  file: Loose<ScenarioFile>,
  fields: readonly (FieldDescription | null)[],
  grid: Grid | null,
  end: number,
): (FieldDescription | null)[] {
  const { source } = context;
  const names = Object.keys(file.fields ?? {});
  let built = [...fields];
  /** Which reservoir lies behind each face. */
  const behind = new Map<number, string>();
  for (const [name, raw] of Object.entries(file.bulk ?? {})) {
    const path = childPath('bulk', name);
    if (!checkName(source, path, name, 'reservoir') || !raw) continue;
    if (file.cells && name in file.cells) {
      source.keyProblem(path, `a cell type is called \`${name}\` too`, 'a name of its own');
    }
    for (const part of ['influent', 'initial', 'hold'] as const) {
      for (const field of Object.keys(raw[part] ?? {})) {
        if (names.includes(field)) continue;
        const message = `there is no field \`${field}\`${didYouMean(field, names)}`;
        source.keyProblem(`${path}.${part}.${field}`, message, listing(names));
      }
    }
    const vessel = readVessel(context, path, raw, grid, end);
    if (!vessel || !grid) continue;
    const other = behind.get(vessel.face);
    if (other !== undefined) {
      source.problem(
        `${path}.face`,
        `\`${other}\` lies behind this face already`,
        'one reservoir for each face',
      );
    }
    behind.set(vessel.face, name);
    const inIt = fieldsOf(raw);
    built = built.map((field, f) => {
      if (!field || !inIt.includes(names[f])) return field;
      return joinField(context, path, name, raw, vessel, field, end);
    });
  }
  return built;
}

interface Vessel {
  readonly face: number;
  /** µm³ and µm³/s of the whole. */
  readonly volume: number;
  readonly inflow: number;
  readonly outflow: number;
  readonly scale: number;
  /** µm; 0 for none. */
  readonly layer: number;
}

function readVessel(
  context: Context,
  path: string,
  raw: Loose<ReservoirFile>,
  grid: Grid | null,
  end: number,
): Vessel | null {
  const { source } = context;
  const volume = readQuantity(context, `${path}.volume`, raw.volume, VOLUME, POSITIVE);
  const inflow = readQuantity(context, `${path}.inflow`, raw.inflow ?? 0, FLOW_RATE, NOT_NEGATIVE);
  const outflow =
    raw.outflow === undefined
      ? inflow
      : readQuantity(context, `${path}.outflow`, raw.outflow, FLOW_RATE, NOT_NEGATIVE);
  const area = readQuantity(context, `${path}.area`, raw.area, AREA, POSITIVE);
  const layer = raw.layer === undefined ? 0 : readLength(context, `${path}.layer`, raw.layer);
  if (raw.face === undefined || grid === null) return null;
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
    source.keyProblem(path, 'a reservoir cannot be used together with `domain.flow`');
    return null;
  }
  const own = grid.size.reduce((product, length, i) => (i === axis ? product : product * length), 1);
  if (area !== null && area < own * (1 - 1e-9)) {
    source.problem(`${path}.area`, 'is less than the face of the domain', `at least ${own} um^2`);
    return null;
  }
  if (volume === null || inflow === null || outflow === null || layer === null) return null;
  if (raw.area !== undefined && area === null) return null;
  if (volume + (inflow - outflow) * end < 1e-6 * volume) {
    const empty = Number((volume / (outflow - inflow)).toPrecision(4));
    source.problem(`${path}.outflow`, `empties the reservoir after ${empty} s, before the run ends`);
    return null;
  }
  return { face, volume, inflow, outflow, scale: area === null ? 1 : own / area, layer };
}

/** A field with its face at the reservoir: held, or with the reservoir's content as a further unknown. */
function joinField(
  context: Context,
  path: string,
  name: string,
  raw: Loose<ReservoirFile>,
  vessel: Vessel,
  field: FieldDescription,
  end: number,
): FieldDescription | null {
  const { source } = context;
  const own = `${childPath('fields', field.name)}.boundary.${FACES[vessel.face]}`;
  if (source.at(own)) {
    source.keyProblem(
      own,
      `\`${name}\` lies behind this face`,
      'a face of its own, or the field left out of the reservoir',
    );
    return null;
  }
  // With the diffusivity of the liquid, which is the largest.
  const layer = vessel.layer > 0 && { transfer: field.diffusivity / vessel.layer };
  const read = (part: 'influent' | 'initial' | 'hold') =>
    readConcentrationInTime(context, `${path}.${part}.${field.name}`, raw[part]?.[field.name], end);
  const has = (part: 'influent' | 'initial' | 'hold') => raw[part]?.[field.name] !== undefined;
  if (has('hold')) {
    for (const part of ['influent', 'initial'] as const) {
      if (!has(part)) continue;
      source.keyProblem(`${path}.${part}.${field.name}`, 'is held at a concentration', '`hold` alone');
      return null;
    }
    const held = read('hold');
    if (!held) return null;
    const condition = { value: held.start, ...held.varying };
    return withFace(
      field,
      vessel.face,
      layer ? { kind: 'transfer', ...layer, ...condition } : { kind: 'value', ...condition },
    );
  }
  const influent = has('influent') ? read('influent') : { start: 0, varying: {} };
  const initial = has('initial') ? read('initial') : influent;
  if (!influent || !initial) return null;
  if (has('initial') && 'expression' in initial.varying) {
    source.problem(`${path}.initial.${field.name}`, 'must be a constant');
    return null;
  }
  const reservoirs = field.reservoirs ?? [];
  const reservoir: Reservoir = {
    name,
    scale: vessel.scale,
    volume: vessel.volume * vessel.scale,
    inflow: vessel.inflow * vessel.scale,
    outflow: vessel.outflow * vessel.scale,
    influent: influent.start,
    ...influent.varying,
    initial: initial.start,
  };
  const condition: Boundary = { kind: 'reservoir', reservoir: reservoirs.length, ...layer };
  return withFace({ ...field, reservoirs: [...reservoirs, reservoir] }, vessel.face, condition);
}

function withFace(field: FieldDescription, face: number, condition: Boundary): FieldDescription {
  const [left, right, bottom, top, back, front] = field.boundary.map((one, i) =>
    i === face ? condition : one,
  );
  return { ...field, boundary: [left, right, bottom, top, back, front] };
}
