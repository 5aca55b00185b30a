import { toClosure } from '../expression/closure.ts';
import { createScope } from '../expression/scope.ts';
import type { Grid } from '../fields/grid.ts';
import type { Loose } from './conform.ts';
import { readOfPosition } from './position.ts';
import { type Context, readLength, readQuantity } from './quantity.ts';
import type { ObstacleFile } from './schema.ts';
import { itemPath } from './source.ts';
import { LENGTH, NONE } from './units.ts';

/** Whether a point (µm) lies in a region. */
type Inside = (point: readonly number[]) => boolean;

/** The grid with the voxels marked whose centres lie in an obstacle. */
export function addObstacles(
  context: Context,
  raw: readonly (Loose<ObstacleFile> | undefined)[] | undefined,
  grid: Grid | null,
): Grid | null {
  if (grid === null || raw === undefined || raw.length === 0) return grid;
  const regions = raw.map((one, i) => one && readRegion(context, itemPath('domain.obstacles', i), one, grid));
  const [nx, ny] = grid.cells;
  const solid = new Uint8Array(grid.voxels);
  let free = grid.voxels;
  const point = [0, 0, 0];
  for (let v = 0; v < grid.voxels; v++) {
    const index = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    for (let axis = 0; axis < 3; axis++) point[axis] = (index[axis] + 0.5) * grid.spacing[axis];
    if (!regions.some(inside => inside?.(point))) continue;
    solid[v] = 1;
    free--;
  }
  if (free === 0) context.source.keyProblem('domain.obstacles', 'leave no free voxel in the domain');
  if (free === grid.voxels) {
    context.source.warn(
      'domain.obstacles',
      'contain no voxel centre: they are smaller than a voxel, or outside',
    );
    return grid;
  }
  return { ...grid, solid };
}

function readRegion(
  context: Context,
  path: string,
  { disc, ball, box, where }: Loose<ObstacleFile>,
  grid: Grid,
): Inside | null {
  const { source } = context;
  const { dimensions } = grid;
  const kind = disc ? 'disc' : 'ball';
  const round = disc ?? ball;
  if (round) {
    if ((kind === 'disc') !== (dimensions === 2)) {
      const [is, other] = kind === 'disc' ? ['3-D', 'ball'] : ['2-D', 'disc'];
      source.keyProblem(`${path}.${kind}`, `the domain is ${is}`, `\`${other}\``);
      return null;
    }
    const centre = readVector(context, `${path}.${kind}.centre`, round.centre, dimensions);
    const radius = readLength(context, `${path}.${kind}.radius`, round.radius);
    if (!centre || radius === null) return null;
    return point =>
      centre.reduce((sum, c, axis) => sum + separation(point[axis] - c, axis, grid) ** 2, 0) <= radius ** 2;
  }
  if (box) {
    const from = readVector(context, `${path}.box.from`, box.from, dimensions);
    const to = readVector(context, `${path}.box.to`, box.to, dimensions);
    if (!from || !to) return null;
    if (from.some((low, axis) => low > to[axis])) {
      source.problem(`${path}.box.to`, 'must not be less than `from` along any axis');
      return null;
    }
    return point => from.every((low, axis) => point[axis] >= low && point[axis] <= to[axis]);
  }
  const expression = readOfPosition(context, `${path}.where`, where, NONE, 'a condition');
  if (expression === null) return null;
  const condition = toClosure(expression);
  const scope = createScope();
  return ([x, y, z]) => {
    scope.position[0] = x;
    scope.position[1] = y;
    scope.position[2] = z;
    return condition(scope) !== 0;
  };
}

/** The shorter way round along a periodic axis. */
function separation(difference: number, axis: number, { periodic, size }: Grid): number {
  return periodic[axis] ? difference - size[axis] * Math.round(difference / size[axis]) : difference;
}

function readVector(
  context: Context,
  path: string,
  raw: readonly (string | number | undefined)[] | undefined,
  dimensions: 2 | 3,
): number[] | null {
  if (raw === undefined) return null;
  if (raw.length !== dimensions) {
    context.source.problem(path, `has ${raw.length} coordinates in a ${dimensions}-D domain`);
    return null;
  }
  const read = raw.map((length, i) => readQuantity(context, itemPath(path, i), length, LENGTH));
  return read.every(value => value !== null) ? read : null;
}
