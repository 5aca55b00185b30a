import type { Expression } from '../expression/ast.ts';
import { projectFlow, stopAtObstacles, worstDivergence } from '../fields/divergence.ts';
import { FACES, type FieldDescription } from '../fields/field.ts';
import { faceVoxels } from '../fields/fieldOperator.ts';
import type { Grid } from '../fields/grid.ts';
import { faceIndex, speedsAtFaces } from '../fields/velocity.ts';
import { readFactorInTime } from './conditions.ts';
import type { Loose } from './conform.ts';
import { FlowFault, readFlowText } from './flowFile.ts';
import { LIMITS } from './limits.ts';
import { readOfPosition } from './position.ts';
import type { Context } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath } from './source.ts';
import { SPEED } from './units.ts';

const STILL: Expression = { kind: 'number', value: 0 };

/** A flow of the medium: what it adds to every field. */
export type Flow = Pick<FieldDescription, 'velocity' | 'pace'>;

/** A flow from a file may make or lose this share of what its fastest part brings to a voxel, by the rounding of its numbers. */
const DIVERGENCE = 1e-3;

type Raw = Loose<NonNullable<ScenarioFile['domain']['flow']>>;

/** The flow of the medium in a run of `end` seconds; null where there is none, or after a fault. */
export function buildFlow(
  context: Context,
  raw: Raw | undefined,
  grid: Grid | null,
  end: number,
): Flow | null {
  const { source } = context;
  if (!raw || !grid) return null;
  if (grid.dimensions === 2 && raw.z !== undefined) {
    source.keyProblem('domain.flow.z', 'a 2-D domain has no such axis', 'x, y');
  }
  const velocity = readVelocity(context, raw, grid);
  const factor =
    raw.factor === undefined ? null : readFactorInTime(context, 'domain.flow.factor', raw.factor, end);
  if (!velocity || (raw.factor !== undefined && !factor)) return null;
  if (!factor) return { velocity };
  return { velocity, pace: factor.varying.expression ?? { kind: 'number', value: factor.start } };
}

function readVelocity(context: Context, raw: Raw, grid: Grid): FieldDescription['velocity'] | null {
  const { source } = context;
  if (raw.file !== undefined) return readFile(context, raw, grid);
  const [x, y, z] = (['x', 'y', 'z'] as const).map((name, axis) => {
    if (raw[name] === undefined) return STILL;
    const path = childPath('domain.flow', name);
    const speed = readOfPosition(context, path, raw[name], SPEED, 'a velocity');
    if (!speed) return null;
    if (axis >= grid.dimensions) return speed;
    if (speedsAtFaces(grid, speed, axis).every(value => Math.abs(value) <= LIMITS.magnitude)) return speed;
    source.problem(path, 'must be a finite number in range');
    return null;
  });
  if (!x || !y || !z) return null;
  const speeds = [x, y, z].slice(0, grid.dimensions).map((one, axis) => speedsAtFaces(grid, one, axis));
  if (raw.project === true) return onFaces(context, 'domain.flow', grid, speeds, true);
  stopAtObstacles(grid, speeds);
  const fault = divergenceFault(grid, speeds);
  if (fault !== null) {
    context.source.warn(
      'domain.flow',
      `${fault}: fields gather or thin there; \`project: true\` takes it out`,
    );
  }
  return [x, y, z];
}

function readFile(context: Context, raw: Raw, grid: Grid): FieldDescription['velocity'] | null {
  const { source } = context;
  const path = 'domain.flow.file';
  for (const axis of ['x', 'y', 'z'] as const) {
    if (raw[axis] === undefined) continue;
    source.keyProblem(
      `domain.flow.${axis}`,
      'the file says the velocity along every axis',
      '`file` alone, or `x`, `y`, `z`',
    );
    return null;
  }
  const fault = source.modelFaults.get(path);
  if (fault !== undefined) {
    source.problem(path, fault);
    return null;
  }
  try {
    const speeds = readFlowText(context, raw.file ?? '', grid);
    return onFaces(context, path, grid, speeds, raw.project === true);
  } catch (error) {
    if (!(error instanceof FlowFault)) throw error;
    source.keyProblem(
      path,
      `${source.files.get(path) ?? 'the flow'}${error.line === null ? '' : `:${error.line}`}: ${error.message}`,
      error.allowed,
    );
    return null;
  }
}

/** Speeds through faces as the velocity, projected or checked: what the flow brings to a voxel it must take away again. */
function onFaces(
  { source }: Context,
  path: string,
  grid: Grid,
  given: readonly Float64Array[],
  project: boolean,
): FieldDescription['velocity'] | null {
  const speeds = given.map(values => values.slice());
  stopAtObstacles(grid, speeds);
  if (project && !projectFlow(grid, speeds)) {
    source.keyProblem(
      path,
      'cannot be projected: a part of the domain has inflow and no outflow, or the reverse',
      'a flow that can leave where it enters',
    );
    return null;
  }
  const fault = divergenceFault(grid, speeds);
  if (fault !== null) {
    source.keyProblem(path, fault, `at most ${100 * DIVERGENCE} %, or \`project: true\``);
    return null;
  }
  const still = new Float64Array(0);
  const [x, y, z = still] = speeds;
  return [x, y, z].map(values => ({
    kind: 'faces' as const,
    values,
  })) as unknown as FieldDescription['velocity'];
}

/** Where speeds through faces bring a voxel more, or less, than they take away, beyond rounding; null where nowhere. */
function divergenceFault(grid: Grid, speeds: readonly Float64Array[]): string | null {
  const { voxel, relative } = worstDivergence(grid, speeds);
  if (!(Math.abs(relative) > DIVERGENCE)) return null;
  const [nx, ny] = grid.cells;
  const place = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
  const what = relative > 0 ? 'makes' : 'loses';
  const share = Number((100 * Math.abs(relative)).toPrecision(2));
  const where = place.slice(0, grid.dimensions).join(', ');
  return `the flow ${what} water: in voxel (${where}) ${share} % of what its fastest part brings to a voxel`;
}

/** A face that is closed to a field stops what the flow brings there. */
export function warnOfClosedFaces(
  { source }: Context,
  fields: readonly (FieldDescription | null)[],
  { velocity }: Flow,
  grid: Grid,
): void {
  if (!velocity) return;
  const speeds = velocity.slice(0, grid.dimensions).map((one, axis) => speedsAtFaces(grid, one, axis));
  let fastest = 0;
  for (const values of speeds) for (const value of values) fastest = Math.max(fastest, Math.abs(value));
  const crossed = FACES.slice(0, 2 * grid.dimensions).filter((_, face) => {
    const axis = face >> 1;
    const through = (v: number) => Math.abs(speeds[axis][faceIndex(grid, axis, v, face & 1 ? 1 : 0)]);
    return (
      !grid.periodic[axis] &&
      faceVoxels(grid, face).some(v => !grid.solid?.[v] && through(v) > DIVERGENCE * fastest)
    );
  });
  for (const field of fields) {
    const stopped = crossed.filter(face => field?.boundary[FACES.indexOf(face)].kind === 'no-flux');
    if (!field || stopped.length === 0) continue;
    const where = stopped.map(face => `\`${face}\``).join(' and ');
    source.warn(
      childPath('fields', field.name),
      `the flow crosses ${where}, where this field is closed: it gathers or thins there; a \`value\` or \`outflow\` lets it pass`,
    );
  }
}
