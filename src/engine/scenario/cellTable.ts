import type { CellType, Placement } from '../cells/cellType.ts';
import type { Grid } from '../fields/grid.ts';
import { constantValue, fits } from './algebra.ts';
import { countText, LIMITS } from './limits.ts';
import { type Context, readTyped } from './quantity.ts';
import { Source } from './source.ts';
import { didYouMean } from './suggest.ts';
import { LENGTH } from './units.ts';

/** What is wrong with a table of cells, and in which line of it. */
export class TableFault extends Error {
  readonly line: number | null;
  readonly allowed: string | null;

  constructor(message: string, line: number | null = null, allowed: string | null = null) {
    super(message);
    this.line = line;
    this.allowed = allowed;
  }
}

/** Whether the value of `table` is a table itself, not the name of a file. */
export function isTableText(value: string): boolean {
  return value.includes('\n');
}

const AXES = ['x', 'y', 'z'] as const;

/**
 * The cells of a CSV table: a line of titles, `x [um], y [um]` (and `z [um]` in 3-D) with units in brackets, where wanted `type`, `axis_x`,
 * `axis_y`, `axis_z` of rods, and names of species; then a line for each cell. What is left empty is the type of the placement, an axis that is drawn, the
 * type's amount.
 *
 * @param types those of the scenario; null where one has a fault
 * @throws TableFault
 */
export function readCellTable(
  context: Context,
  text: string,
  type: number,
  types: readonly (CellType | null)[],
  names: readonly string[],
  grid: Grid,
): Placement[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({
      line: i + 1,
      cells: line.split(/[,;\t]/).map(cell => cell.trim().replace(/^"(.*)"$/, '$1')),
    }))
    .filter(({ cells }) => cells.some(cell => cell !== '') && !cells[0].startsWith('#'));
  const [head, ...rows] = lines;
  if (!head || rows.length === 0) throw new TableFault('it has no cells');
  if (rows.length > LIMITS.cells) {
    throw new TableFault(
      `it has ${countText(rows.length)} cells`,
      null,
      `at most ${countText(LIMITS.cells)}`,
    );
  }
  const columns = head.cells.map(title => readTitle(context, title, types, names, grid, head.line));
  for (const axis of AXES.slice(0, grid.dimensions)) {
    if (columns.some(({ kind, name }) => kind === 'place' && name === axis)) continue;
    throw new TableFault(
      `there is no column \`${axis}\` with its unit`,
      head.line,
      `a title such as \`${axis} [um]\``,
    );
  }
  return rows.map(({ line, cells }) => readRow(columns, line, cells, type, types, names, grid));
}

interface Column {
  readonly kind: 'place' | 'type' | 'axis' | 'species';
  readonly name: string;
  /** To µm. */
  readonly factor: number;
}

function readTitle(
  { constants }: Context,
  title: string,
  types: readonly (CellType | null)[],
  names: readonly string[],
  grid: Grid,
  line: number,
): Column {
  const axes = AXES.slice(0, grid.dimensions);
  const place = /^([xyz])\s*[[(](.+?)[\])]$/.exec(title);
  if (place && axes.some(axis => axis === place[1])) {
    const typed = readTyped(new Source(), constants, '', `1 ${place[2]}`);
    const factor = typed && fits(typed.dimension, LENGTH) ? constantValue(typed) : null;
    if (factor === null) throw new TableFault(`\`${place[2]}\` is not a unit of length`, line, 'um, mm');
    return { kind: 'place', name: place[1], factor };
  }
  if (title === 'type') return { kind: 'type', name: title, factor: 1 };
  const axis = /^axis_([xyz])$/.exec(title)?.[1];
  if (axis && axes.some(one => one === axis)) return { kind: 'axis', name: axis, factor: 1 };
  const species = types.flatMap(one => one?.circuit.species.slice(1).map(({ name }) => name) ?? []);
  if (species.includes(title)) return { kind: 'species', name: title, factor: 1 };
  const known = [
    ...axes.map(one => `${one} [um]`),
    'type',
    ...axes.map(one => `axis_${one}`),
    ...new Set(species),
  ];
  const suggestion = didYouMean(title, [...known, ...names]);
  throw new TableFault(
    `there is no meaning to the column \`${title.slice(0, 40)}\`${suggestion}`,
    line,
    suggestion ? null : known.join(', '),
  );
}

function readRow(
  columns: readonly Column[],
  line: number,
  cells: readonly string[],
  given: number,
  types: readonly (CellType | null)[],
  names: readonly string[],
  grid: Grid,
): Placement {
  const entry = (kind: Column['kind'], name: string) =>
    cells[columns.findIndex(column => column.kind === kind && column.name === name)] ?? '';
  const word = entry('type', 'type');
  const type = word === '' ? given : names.indexOf(word);
  if (type < 0) throw new TableFault(`\`${word}\` is not a cell type${didYouMean(word, names)}`, line);
  const numberOf = (text: string) => {
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw new TableFault(`\`${text}\` is not a number`, line);
    return value;
  };
  const point: [number, number, number] = [0, 0, 0.5 * grid.size[2]];
  const axis: [number, number, number] = [0, 0, 0];
  const amounts: [number, number][] = [];
  columns.forEach(({ kind, name, factor }, i) => {
    const text = cells[i] ?? '';
    const a = (AXES as readonly string[]).indexOf(name);
    if (kind === 'place') {
      point[a] = numberOf(text) * factor;
      if (point[a] >= 0 && point[a] <= grid.size[a]) return;
      throw new TableFault(`${name} = ${point[a]} um is outside the domain`, line, `0 to ${grid.size[a]} um`);
    }
    if (text === '') return;
    if (kind === 'axis') axis[a] = numberOf(text);
    if (kind !== 'species') return;
    const species = types[type]?.circuit.species ?? [];
    const index = species.findIndex((one, s) => s > 0 && one.name === name);
    if (index < 0) throw new TableFault(`cells of type \`${names[type]}\` have no species \`${name}\``, line);
    const amount = numberOf(text);
    if (amount < 0 || (!species[index].continuous && !Number.isSafeInteger(amount))) {
      throw new TableFault(`\`${text}\` of \`${name}\``, line, 'a whole number of molecules, not negative');
    }
    amounts.push([index, amount]);
  });
  const turned = axis.some(component => component !== 0);
  if (turned && types[type] && types[type].shape.kind !== 'rod') {
    throw new TableFault(`cells of type \`${names[type]}\` are no rods and have no axis`, line);
  }
  return { type, count: 1, region: { kind: 'points', points: [point] }, amounts, ...(turned && { axis }) };
}
