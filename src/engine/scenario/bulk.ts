import { type Boundary, FACES, type FieldDescription } from '../fields/field.ts';
import { faceVoxels } from '../fields/fieldOperator.ts';
import type { Grid } from '../fields/grid.ts';
import type { Reservoir } from '../fields/reservoir.ts';
import { faceIndex, speedsAtFaces } from '../fields/velocity.ts';
import { readConcentrationInTime } from './conditions.ts';
import type { Loose } from './conform.ts';
import type { Flow } from './flow.ts';
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
  flow: Flow | null,
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
    const vessel = readVessel(context, path, raw, grid, end, flow);
    if (!vessel || !grid) continue;
    for (const face of vessel.faces) {
      const other = behind.get(face);
      if (other !== undefined) {
        const message = `\`${other}\` lies behind \`${FACES[face]}\` already`;
        source.problem(`${path}.face`, message, 'one reservoir for each face');
      }
      behind.set(face, name);
    }
    const inIt = fieldsOf(raw);
    if (inIt.length === 0) {
      source.warn(path, 'holds no field: what it exchanges stands in `influent`, `initial` or `hold`');
    }
    built = built.map((field, f) => {
      if (!field || !inIt.includes(names[f])) return field;
      return joinField(context, path, name, raw, vessel, field, end);
    });
  }
  return built;
}

/** Whether a quantity is written as the number 0, with or without a unit: none, where none is the default. */
function isZero({ source }: Context, path: string): boolean {
  const node = source.at(path);
  return node?.kind === 'scalar' && /^0(\.0*)?(\s*[a-z]+)?$/.test(node.text.trim());
}

interface Vessel {
  readonly faces: readonly number[];
  /** µm³ and µm³/s of the whole. */
  readonly volume: number;
  readonly inflow: number;
  readonly outflow: number;
  /** What the flow through the domain takes on balance. */
  readonly drawn: number;
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
  flow: Flow | null,
): Vessel | null {
  const { source } = context;
  const volume = readQuantity(context, `${path}.volume`, raw.volume, VOLUME, POSITIVE);
  const inflow = readQuantity(context, `${path}.inflow`, raw.inflow ?? 0, FLOW_RATE, NOT_NEGATIVE);
  const area = readQuantity(context, `${path}.area`, raw.area, AREA, POSITIVE);
  const layer =
    raw.layer === undefined || isZero(context, `${path}.layer`)
      ? 0
      : readLength(context, `${path}.layer`, raw.layer);
  if (raw.face === undefined || grid === null) return null;
  const faces = [raw.face].flat().flatMap(face => (face === undefined ? [] : [FACES.indexOf(face)]));
  for (const face of faces) {
    const axis = face >> 1;
    if (axis >= grid.dimensions) {
      source.problem(`${path}.face`, 'a 2-D domain has no such face', FACES.slice(0, 4).join(', '));
      return null;
    }
    if (grid.periodic[axis]) {
      source.problem(`${path}.face`, 'is periodic', 'a face of another axis');
      return null;
    }
  }
  if (new Set(faces).size < faces.length) {
    source.keyProblem(`${path}.face`, 'names a face twice');
    return null;
  }
  const areaOf = (face: number) =>
    grid.size.reduce((product, length, i) => (i === face >> 1 ? product : product * length), 1);
  const own = faces.reduce((sum, face) => sum + areaOf(face), 0);
  if (area !== null && area < own * (1 - 1e-9)) {
    source.problem(`${path}.area`, 'is less than the face of the domain', `at least ${own} um^2`);
    return null;
  }
  if (volume === null || inflow === null || layer === null) return null;
  if (raw.area !== undefined && area === null) return null;
  const scale = area === null ? 1 : own / area;
  const drawn = drawnBy(flow, grid, faces) / scale;
  if (drawn !== 0 && flow?.pace) {
    const message =
      'gets back another amount than the flow takes from it, which a flow that varies in time must not';
    source.keyProblem(path, message, 'a reservoir behind inlet and outlet: `face: [left, right]`');
    return null;
  }
  if (raw.outflow === undefined && drawn > inflow) {
    const message = `the flow through the domain takes ${rounded(drawn)} um^3/s from it, more than flows in`;
    source.keyProblem(path, message, 'a larger `inflow`, an `outflow`, or the outlet among its faces');
    return null;
  }
  const outflow =
    raw.outflow === undefined
      ? inflow - drawn
      : readQuantity(context, `${path}.outflow`, raw.outflow, FLOW_RATE, NOT_NEGATIVE);
  if (outflow === null) return null;
  const growth = raw.outflow === undefined ? 0 : inflow - outflow - drawn;
  if (volume + growth * end < 1e-6 * volume) {
    const message = `empties the reservoir after ${rounded(-volume / growth)} s, before the run ends`;
    source.problem(`${path}.outflow`, message);
    return null;
  }
  return { faces, volume, inflow, outflow, drawn, scale, layer };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** Below this share of what crosses the faces the flow is taken to bring back what it takes. */
const CLOSED = 1e-9;

/** What the flow carries into the domain through faces, less what it carries out, µm³/s. */
function drawnBy(flow: Flow | null, grid: Grid, faces: readonly number[]): number {
  if (!flow?.velocity) return 0;
  let [sum, gross] = [0, 0];
  for (const face of faces) {
    const axis = face >> 1;
    const side = face & 1 ? 1 : 0;
    const speeds = speedsAtFaces(grid, flow.velocity[axis], axis);
    const area = grid.voxelVolume / grid.spacing[axis];
    for (const voxel of faceVoxels(grid, face)) {
      if (grid.solid?.[voxel]) continue;
      const through = area * speeds[faceIndex(grid, axis, voxel, side)];
      sum += side === 1 ? -through : through;
      gross += Math.abs(through);
    }
  }
  return Math.abs(sum) <= CLOSED * gross ? 0 : sum;
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
  for (const face of vessel.faces) {
    const own = `${childPath('fields', field.name)}.boundary.${FACES[face]}`;
    if (!source.at(own)) continue;
    const message = `\`${name}\` lies behind this face`;
    source.keyProblem(own, message, 'a face of its own, or the field left out of the reservoir');
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
    return withFaces(
      field,
      vessel.faces,
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
    ...(vessel.drawn !== 0 && { drawn: vessel.drawn * vessel.scale }),
    influent: influent.start,
    ...influent.varying,
    initial: initial.start,
  };
  const condition: Boundary = { kind: 'reservoir', reservoir: reservoirs.length, ...layer };
  return withFaces({ ...field, reservoirs: [...reservoirs, reservoir] }, vessel.faces, condition);
}

function withFaces(field: FieldDescription, faces: readonly number[], condition: Boundary): FieldDescription {
  const [left, right, bottom, top, back, front] = field.boundary.map((one, i) =>
    faces.includes(i) ? condition : one,
  );
  return { ...field, boundary: [left, right, bottom, top, back, front] };
}
