import type { CellType, Placement } from '../cells/cellType.ts';
import { volumeOfRadius, volumeOfShape } from '../cells/geometry.ts';
import { createRegion } from '../cells/region.ts';
import type { Grid } from '../fields/grid.ts';
import { readCellTable, TableFault } from './cellTable.ts';
import { readAmount } from './circuits.ts';
import type { Loose } from './conform.ts';
import { countText, LIMITS, within } from './limits.ts';
import { readPicture } from './png.ts';
import { type Context, readLength, readQuantity } from './quantity.ts';
import type { PlacementFile } from './schema/cells.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, itemPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { LENGTH, NONE } from './units.ts';

type Region = Placement['region'];
type Point = readonly [number, number, number];

export function buildPopulation(
  context: Context,
  file: Loose<ScenarioFile>,
  types: readonly (CellType | null)[],
  grid: Grid | null,
): Placement[] {
  const names = Object.keys(file.cells ?? {});
  const placements: Placement[] = [];
  (file.population ?? []).forEach((raw, i) => {
    if (raw === undefined) return;
    const built = buildPlacement(context, itemPath('population', i), raw, names, types, grid);
    if (built) placements.push(...built);
  });
  const cells = placements.reduce((sum, { count }) => sum + count, 0);
  if (within(context.source, 'population', cells, LIMITS.cells, 'cells') && grid) {
    checkRoom(context, placements, types, grid);
  }
  return placements;
}

export function buildPlacement(
  context: Context,
  path: string,
  raw: Loose<PlacementFile>,
  names: readonly string[],
  types: readonly (CellType | null)[],
  grid: Grid | null,
): Placement[] | null {
  const { source } = context;
  const type = raw.type === undefined ? -1 : names.indexOf(raw.type);
  if (raw.type !== undefined && type < 0) {
    const suggestion = didYouMean(raw.type, names);
    const known = names.length === 0 ? 'the scenario has no cell types' : listing(names);
    source.problem(`${path}.type`, `unknown cell type${suggestion}`, suggestion ? null : known);
  }
  const amounts: [number, number][] = [];
  const cellType = type < 0 ? null : types[type];
  for (const [name, amount] of Object.entries(raw.amounts ?? {})) {
    if (!cellType) break;
    const at = childPath(`${path}.amounts`, name);
    const { species } = cellType.circuit;
    const index = species.findIndex(one => one.name === name);
    if (index === 0) {
      source.keyProblem(at, 'the biomass of a new cell follows from its shape', 'species');
    } else if (index < 0) {
      const own = species.slice(1).map(one => one.name);
      const suggestion = didYouMean(name, own);
      const known = listing(own) || 'the type has no species';
      source.keyProblem(
        at,
        `unknown species of \`${cellType.name}\`${suggestion}`,
        suggestion ? null : known,
      );
    } else {
      const value = readAmount(context, at, amount, species[index].continuous);
      if (value !== null) amounts.push([index, value]);
    }
  }
  if (typeof raw.in === 'object' && raw.in.table !== undefined) {
    for (const key of ['count', 'amounts', 'axis'] as const)
      if (raw[key] !== undefined)
        source.keyProblem(`${path}.${key}`, 'has no meaning with `table`, which says it of each cell');
    return grid && cellType
      ? readTable(context, `${path}.in.table`, raw.in.table, type, types, names, grid)
      : null;
  }
  const region = grid ? buildRegion(context, path, raw, grid) : null;
  const count = placedCount(context, path, raw, region);
  const axis = grid && raw.axis ? readAxis(context, `${path}.axis`, raw.axis, grid) : undefined;
  if (cellType && raw.axis && cellType.shape.kind !== 'rod') {
    source.keyProblem(`${path}.axis`, `cells of type \`${cellType.name}\` are no rods`, 'no `axis`');
  }
  if (type < 0 || region === null || count === null || axis === null) return null;
  return [{ type, count, region, amounts, ...(axis && { axis }) }];
}

function readTable(
  context: Context,
  path: string,
  text: string,
  type: number,
  types: readonly (CellType | null)[],
  names: readonly string[],
  grid: Grid,
): Placement[] | null {
  const { source } = context;
  const fault = source.modelFaults.get(path);
  if (fault !== undefined) {
    source.problem(path, fault);
    return null;
  }
  try {
    return readCellTable(context, text, type, types, names, grid);
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    const line = error.line === null ? '' : `:${error.line}`;
    source.keyProblem(
      path,
      `${source.files.get(path) ?? 'the table'}${line}: ${error.message}`,
      error.allowed,
    );
    return null;
  }
}

/** The bright pixels of a picture that is stretched over a box, or the whole domain. */
function readMask(
  context: Context,
  path: string,
  raw: Loose<{
    file: string;
    from?: (string | number)[];
    to?: (string | number)[];
    threshold?: string | number;
    dark?: boolean;
  }>,
  grid: Grid,
): Region | null {
  const { source } = context;
  const at = `${path}.file`;
  const from =
    raw.from === undefined ? ([0, 0, 0] as const) : readPoint(context, `${path}.from`, raw.from, grid);
  const to = raw.to === undefined ? grid.size : readPoint(context, `${path}.to`, raw.to, grid);
  const threshold = readQuantity(context, `${path}.threshold`, raw.threshold ?? 0.5, NONE, {
    min: 0,
    max: 1,
  });
  const fault = source.modelFaults.get(at);
  if (fault !== undefined) {
    source.problem(at, fault);
    return null;
  }
  if (!from || !to || threshold === null || raw.file === undefined) return null;
  if (from.some((low, axis) => axis < grid.dimensions && low >= to[axis])) {
    source.problem(`${path}.to`, 'must be greater than `from` along every axis');
    return null;
  }
  try {
    const { width, height, values } = readPicture(raw.file);
    const pixels = Uint32Array.from(values.keys()).filter(
      i => values[i] >= threshold !== (raw.dark === true),
    );
    if (pixels.length > 0) return { kind: 'mask', from, to, width, height, pixels };
    source.keyProblem(
      at,
      `${source.files.get(at) ?? 'the picture'} has no pixel that is ${raw.dark ? 'darker' : 'so bright'}`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    source.keyProblem(at, `${source.files.get(at) ?? 'the picture'}: ${reason}`);
  }
  return null;
}

/** The number of cells: given, or that of the points or the lattice. */
function placedCount(
  { source }: Context,
  path: string,
  { count }: Loose<PlacementFile>,
  region: Region | null,
): number | null {
  const at = `${path}.count`;
  const given = source.at(at) !== undefined;
  if (given && count === undefined) return null;
  if (region?.kind === 'points' || region?.kind === 'lattice') {
    const own =
      region.kind === 'points'
        ? region.points.length
        : region.counts[0] * region.counts[1] * region.counts[2];
    if (count === undefined || count === own) return own;
    source.problem(
      at,
      `differs from the ${region.kind}, which have ${own} places`,
      `${own}, or no \`count\``,
    );
    return null;
  }
  // Without a region there is a fault in it already.
  if (count === undefined && region !== null) source.keyProblem(at, 'is missing', 'a whole number above 0');
  return count ?? null;
}

export function buildRegion(
  context: Context,
  path: string,
  raw: Pick<Loose<PlacementFile>, 'in'>,
  grid: Grid,
): Region | null {
  const { source } = context;
  const at = `${path}.in`;
  const choice = raw.in;
  if (choice === undefined) return source.at(at) ? null : { kind: 'domain' };
  if (choice === 'domain') return { kind: 'domain' };
  const { disc, ball, box, lattice, points, image } = choice;
  if (image) return readMask(context, `${at}.image`, image, grid);
  const kind = disc ? 'disc' : 'ball';
  const round = disc ?? ball;
  if (round) {
    const here = `${at}.${kind}`;
    if ((kind === 'disc') !== (grid.dimensions === 2)) {
      const [is, other] = kind === 'disc' ? ['3-D', 'ball'] : ['2-D', 'disc'];
      source.keyProblem(here, `the domain is ${is}`, `\`${other}\``);
      return null;
    }
    const centre = readPoint(context, `${here}.centre`, round.centre, grid);
    const radius = readLength(context, `${here}.radius`, round.radius);
    if (!centre || radius === null) return null;
    for (let axis = 0; axis < grid.dimensions; axis++) {
      if (grid.periodic[axis]) continue;
      if (centre[axis] - radius < -1e-9 || centre[axis] + radius > grid.size[axis] + 1e-9) {
        source.problem(`${here}.radius`, 'the region reaches out of the domain', `${domainText(grid)}`);
        return null;
      }
    }
    return { kind, centre, radius };
  }
  const corners = box ?? lattice;
  if (corners) {
    const here = `${at}.${box ? 'box' : 'lattice'}`;
    const from = readPoint(context, `${here}.from`, corners.from, grid);
    const to = readPoint(context, `${here}.to`, corners.to, grid);
    if (!from || !to) return null;
    if (from.some((low, axis) => low > to[axis])) {
      source.problem(`${here}.to`, 'must not be less than `from` along any axis');
      return null;
    }
    if (!lattice) return { kind: 'box', from, to };
    const counts = readCounts(context, `${here}.counts`, lattice.counts, grid);
    return counts && { kind: 'lattice', from, to, counts };
  }
  if (!points) return null;
  const read = points.map((point, i) => readPoint(context, itemPath(`${at}.points`, i), point, grid));
  const sound = read.filter(point => point !== null);
  return sound.length === read.length ? { kind: 'points', points: sound } : null;
}

/** A position inside the domain; in 2-D the middle of the slab. */
function readPoint(
  context: Context,
  path: string,
  raw: readonly (string | number | undefined)[] | undefined,
  grid: Grid,
): Point | null {
  const { source } = context;
  if (raw === undefined) return null;
  if (raw.length !== grid.dimensions) {
    source.problem(path, `has ${raw.length} coordinates in a ${grid.dimensions}-D domain`);
    return null;
  }
  const read = raw.map((length, i) => readQuantity(context, itemPath(path, i), length, LENGTH));
  const [x, y, z = 0.5 * grid.size[2]] = read;
  if (x === null || y === null || z === null) return null;
  const point = [x, y, z] as const;
  const outside = point.findIndex((c, axis) => c < 0 || c > grid.size[axis]);
  if (outside < 0) return point;
  source.problem(itemPath(path, outside), 'is outside the domain', domainText(grid));
  return null;
}

function readAxis(
  context: Context,
  path: string,
  raw: readonly (string | number | undefined)[],
  grid: Grid,
): Point | null {
  if (raw.length !== grid.dimensions) {
    context.source.problem(path, `has ${raw.length} components in a ${grid.dimensions}-D domain`);
    return null;
  }
  const [x, y, z = 0] = raw.map((one, i) => readQuantity(context, itemPath(path, i), one, NONE));
  if (x === null || y === null || z === null) return null;
  if (x !== 0 || y !== 0 || z !== 0) return [x, y, z];
  context.source.problem(path, 'has no direction', 'components that are not all 0');
  return null;
}

function readCounts(
  { source }: Context,
  path: string,
  raw: readonly (number | undefined)[] | undefined,
  grid: Grid,
): Point | null {
  if (raw === undefined) return null;
  if (raw.length !== grid.dimensions) {
    source.problem(path, `has ${raw.length} entries in a ${grid.dimensions}-D domain`);
    return null;
  }
  const [nx, ny, nz = 1] = raw;
  return nx === undefined || ny === undefined || nz === undefined ? null : [nx, ny, nz];
}

function domainText(grid: Grid): string {
  const sides = grid.size.slice(0, grid.dimensions).map(length => `0 to ${Number(length.toPrecision(9))} um`);
  return sides.join(', ');
}

/** Cells that fill more than the domain cannot be; cells that fill more than their region will push each other out. */
function checkRoom(
  { source }: Context,
  placements: readonly Placement[],
  types: readonly (CellType | null)[],
  grid: Grid,
): void {
  const domain = grid.size[0] * grid.size[1] * grid.size[2];
  let filled = 0;
  let impossible = false;
  placements.forEach(({ type, count, region }, i) => {
    const shape = types[type]?.shape;
    if (!shape) return;
    const path = itemPath('population', i);
    const { fault, limit } = createRegion(extremes(region, grid), grid, shape.radius);
    const crowded = isDrawn(region) && count > limit;
    if (fault !== null) source.keyProblem(`${path}.in`, fault);
    else if (crowded) {
      source.problem(
        `${path}.count`,
        'is more cells than the region can hold',
        `at most ${countText(limit)}`,
      );
    }
    impossible ||= fault !== null || crowded;
    const volume = count * volumeOfShape(shape, grid);
    filled += volume;
    const room = regionVolume(region, grid);
    if (!crowded && room !== null && volume > room) {
      source.warn(`${path}.count`, 'more cells than fit into the region without overlap');
    }
  });
  if (filled > domain && !impossible) {
    const percent = Math.round((100 * filled) / domain);
    source.keyProblem('population', `the cells fill ${percent} % of the domain`, 'at most 100 %');
  }
}

function isDrawn({ kind }: Region): boolean {
  return kind !== 'points' && kind !== 'lattice';
}

/** A lattice by its first and last point, which are the closest to the walls; other regions as they are. */
function extremes(region: Region, grid: Grid): Region {
  if (region.kind !== 'lattice') return region;
  const { from, to, counts } = region;
  const at = (share: (count: number) => number): Point => {
    const [x, y, z] = from.map((low, axis) => low + share(counts[axis]) * (to[axis] - low));
    return [x, y, grid.dimensions === 2 ? 0.5 * grid.size[2] : z];
  };
  return { kind: 'points', points: [at(count => 0.5 / count), at(count => 1 - 0.5 / count)] };
}

function regionVolume(region: Region, grid: Grid): number | null {
  switch (region.kind) {
    case 'disc':
    case 'ball':
      return volumeOfRadius(region.kind === 'disc' ? 'disc' : 'sphere', region.radius, grid.size[2]);
    case 'box': {
      const [dx, dy, dz] = region.to.map((high, axis) => high - region.from[axis]);
      return dx * dy * (grid.dimensions === 2 ? grid.size[2] : dz);
    }
    default:
      return null;
  }
}
