import type { Expression } from '../expression/ast.ts';
import { projectFlow, worstDivergence } from '../fields/divergence.ts';
import type { FieldDescription } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { speedsAtFaces } from '../fields/velocity.ts';
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
  if (raw.project !== true) return [x, y, z];
  return onFaces(
    context,
    'domain.flow',
    grid,
    [x, y, z].map((one, axis) => speedsAtFaces(grid, one, axis)),
    true,
  );
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
  if (project && !projectFlow(grid, speeds)) {
    source.keyProblem(
      path,
      'cannot be projected: a part of the domain has inflow and no outflow, or the reverse',
      'a flow that can leave where it enters',
    );
    return null;
  }
  const { voxel, relative } = worstDivergence(grid, speeds);
  if (Math.abs(relative) > DIVERGENCE) {
    const [nx, ny] = grid.cells;
    const place = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))].slice(
      0,
      grid.dimensions,
    );
    const what = relative > 0 ? 'makes' : 'loses';
    const share = Number((100 * Math.abs(relative)).toPrecision(2));
    source.keyProblem(
      path,
      `the flow ${what} water: in voxel (${place.join(', ')}) ${share} % of what its fastest part brings to a voxel`,
      `at most ${100 * DIVERGENCE} %, or \`project: true\``,
    );
    return null;
  }
  const still = new Float64Array(0);
  const [x, y, z = still] = speeds;
  return [x, y, z].map(values => ({
    kind: 'faces' as const,
    values,
  })) as unknown as FieldDescription['velocity'];
}
