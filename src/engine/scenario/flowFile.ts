import type { Grid } from '../fields/grid.ts';
import { faceCount, faceIndex } from '../fields/velocity.ts';
import { constantValue, fits } from './algebra.ts';
import { type Context, readTyped } from './quantity.ts';
import { Source } from './source.ts';
import { type Dimension, LENGTH, SPEED } from './units.ts';

/** What is wrong with the text of a flow, and in which line of it. */
export class FlowFault extends Error {
  readonly line: number | null;
  readonly allowed: string | null;

  constructor(message: string, line: number | null = null, allowed: string | null = null) {
    super(message);
    this.line = line;
    this.allowed = allowed;
  }
}

/** Whether the value of `flow.file` is a flow itself, not the name of a file. */
export function isFlowText(value: string): boolean {
  return value.includes('\n') || value.trimStart().startsWith('{');
}

const AXES = ['x', 'y', 'z'] as const;

/**
 * Speeds through the faces across each axis, µm/s, from the text of a flow on this grid:
 *
 * CSV: a line of titles, `x [um], y [um], vx [um/s], vy [um/s]` (z and vz in 3-D) with units in brackets, in any order; then a line for the centre of
 * every voxel, in any order. Speeds through faces are the means of the voxels on either side.
 *
 * JSON: `{ "unit": "um/s", "faces": { "x": […], "y": […] } }`, the speeds through the faces across each axis (n + 1 along it, n along the others, x
 * fastest), or `"centres"` with those of the voxels.
 *
 * @throws FlowFault
 */
export function readFlowText(context: Context, text: string, grid: Grid): Float64Array[] {
  return text.trimStart().startsWith('{') ? readJson(context, text, grid) : readCsv(context, text, grid);
}

function readJson(context: Context, text: string, grid: Grid): Float64Array[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new FlowFault(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { unit, faces, centres } = data as Record<string, unknown>;
  if (typeof unit !== 'string') throw new FlowFault('`unit` is missing', null, 'such as `"unit": "um/s"`');
  const given = faces ?? centres;
  if (typeof given !== 'object' || given === null || (faces !== undefined && centres !== undefined)) {
    throw new FlowFault(
      'the speeds are missing',
      null,
      'one of `faces` and `centres`, a mapping of axes to lists',
    );
  }
  const factor = unitValue(context, unit, SPEED);
  const lists = AXES.slice(0, grid.dimensions).map((axis, a) => {
    const list = (given as Record<string, unknown>)[axis];
    const due = faces === undefined ? grid.voxels : faceCount(grid, a);
    if (!Array.isArray(list) || list.length !== due || !list.every(Number.isFinite)) {
      const odd = Array.isArray(list) && list.length === due ? list.findIndex(x => !Number.isFinite(x)) : -1;
      const has =
        odd >= 0
          ? `has ${JSON.stringify((list as unknown[])[odd])} in place ${odd}, which is no number`
          : Array.isArray(list)
            ? `has ${list.length} entries`
            : 'is missing';
      throw new FlowFault(
        `\`${faces === undefined ? 'centres' : 'faces'}.${axis}\` ${has}`,
        null,
        `a list of ${due} numbers`,
      );
    }
    return Float64Array.from(list as number[], value => value * factor);
  });
  return faces === undefined ? lists.map((values, axis) => toFaces(grid, values, axis)) : lists;
}

function readCsv(context: Context, text: string, grid: Grid): Float64Array[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, cells: line.split(/[,;\t]/).map(cell => cell.trim()) }))
    .filter(({ cells }) => cells.some(cell => cell !== '') && !cells[0].startsWith('#'));
  const [head, ...rows] = lines;
  if (!head) throw new FlowFault('it is empty');
  const axes = AXES.slice(0, grid.dimensions);
  const column = (name: string, dimension: Dimension) => {
    const titles = head.cells.map(cell => /^"?([A-Za-z]+)\s*[[(](.+?)[\])]"?$/.exec(cell));
    const index = titles.findIndex(found => found?.[1].toLowerCase() === name);
    if (index < 0) {
      const example = [...axes.map(axis => `${axis} [um]`), ...axes.map(axis => `v${axis} [um/s]`)].join(
        ', ',
      );
      throw new FlowFault(
        `there is no column \`${name}\` with its unit`,
        head.line,
        `titles such as \`${example}\``,
      );
    }
    return { index, factor: unitValue(context, titles[index]?.[2] ?? '', dimension, head.line) };
  };
  const places = axes.map(axis => column(axis, LENGTH));
  const speeds = axes.map(axis => column(`v${axis}`, SPEED));
  const centres = axes.map(() => new Float64Array(grid.voxels).fill(Number.NaN));
  for (const { line, cells } of rows) {
    const numberIn = ({ index, factor }: { index: number; factor: number }) => {
      const value = cells[index] === '' || cells[index] === undefined ? Number.NaN : Number(cells[index]);
      if (!Number.isFinite(value)) throw new FlowFault(`\`${cells[index] ?? ''}\` is not a number`, line);
      return value * factor;
    };
    let voxel = 0;
    let step = 1;
    places.forEach((place, axis) => {
      const at = numberIn(place) / grid.spacing[axis] - 0.5;
      const index = Math.round(at);
      if (Math.abs(at - index) > 0.01 || index < 0 || index >= grid.cells[axis]) {
        const value = Number((at + 0.5) * grid.spacing[axis]).toPrecision(6);
        const first = Number((grid.spacing[axis] / 2).toPrecision(6));
        throw new FlowFault(
          `${AXES[axis]} = ${Number(value)} um is not the centre of a voxel`,
          line,
          `${first} um and on in steps of ${Number(grid.spacing[axis].toPrecision(6))} um, ${grid.cells[axis]} in all`,
        );
      }
      voxel += step * index;
      step *= grid.cells[axis];
    });
    if (!Number.isNaN(centres[0][voxel])) throw new FlowFault('this voxel was given before', line);
    speeds.forEach((speed, axis) => {
      centres[axis][voxel] = numberIn(speed);
    });
  }
  const missing = centres[0].findIndex(Number.isNaN);
  if (missing >= 0) {
    throw new FlowFault(
      `${rows.length} lines for ${grid.voxels} voxels`,
      null,
      'one for the centre of every voxel',
    );
  }
  return centres.map((values, axis) => toFaces(grid, values, axis));
}

/** Through each face the mean of the voxels on either side; at the domain's ends that of the last voxel. */
function toFaces(grid: Grid, centres: Float64Array, axis: number): Float64Array {
  const faces = new Float64Array(faceCount(grid, axis));
  const step = [1, grid.cells[0], grid.cells[0] * grid.cells[1]][axis];
  const n = grid.cells[axis];
  for (let voxel = 0; voxel < grid.voxels; voxel++) {
    const place = Math.floor(voxel / step) % n;
    const below = place > 0 ? voxel - step : grid.periodic[axis] ? voxel + (n - 1) * step : voxel;
    faces[faceIndex(grid, axis, voxel, 0)] = 0.5 * (centres[below] + centres[voxel]);
    if (place < n - 1) continue;
    const above = grid.periodic[axis] ? voxel - (n - 1) * step : voxel;
    faces[faceIndex(grid, axis, voxel, 1)] = 0.5 * (centres[voxel] + centres[above]);
  }
  return faces;
}

/** What a unit is in engine units. */
function unitValue(
  { constants }: Context,
  unit: string,
  dimension: Dimension,
  line: number | null = null,
): number {
  const typed = readTyped(new Source(), constants, '', `1 ${unit}`);
  const value = typed && fits(typed.dimension, dimension) ? constantValue(typed) : null;
  if (value !== null) return value;
  const example = dimension === SPEED ? 'um/s, mm/s' : 'um, mm';
  throw new FlowFault(
    `\`${unit}\` is not a unit of ${dimension === SPEED ? 'velocity' : 'length'}`,
    line,
    example,
  );
}
