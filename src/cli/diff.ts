import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Description } from '../engine/index.ts';
import type { CellFrame } from '../engine/recording/cellColumns.ts';
import { UsageError } from './exit.ts';
import { clockTime, figure, table } from './format.ts';
import { printJson } from './output.ts';
import { FILES } from './recording/files.ts';
import { FrameReader } from './recording/frameReader.ts';
import { type Opened, openRecording } from './recording/opened.ts';
import { stepOf } from './session.ts';

export interface DiffOptions {
  readonly at?: string;
  readonly json?: boolean;
}

/** A number in both recordings. */
interface Pair {
  readonly name: string;
  readonly a: number;
  readonly b: number;
}

interface FieldDifference {
  readonly name: string;
  /** Largest difference of a voxel, molecules/µm³, and the root mean square one, relative to that of A's values. */
  readonly largest: number;
  readonly relative: number;
}

/** What two recordings differ in. */
interface Difference {
  /** Values of the scenarios that differ; null: left out. */
  readonly scenario: readonly {
    readonly path: string;
    readonly a: string | null;
    readonly b: string | null;
  }[];
  /** The first step kept by both at which anything differs; null: none does. */
  readonly first: { readonly step: number; readonly time_s: number; readonly what: string } | null;
  /** The moment that the rest is about: `--at`, or the last that both have. */
  readonly at: { readonly step: number; readonly time_s: number };
  readonly cells: readonly Pair[];
  /** Mean amounts over the cells that have the species. */
  readonly species: readonly Pair[];
  /** Cells (by id) in both, and how far apart they lie: mean and largest, µm. */
  readonly common: { readonly cells: number; readonly mean_um: number; readonly largest_um: number };
  readonly fields: readonly FieldDifference[];
}

/** `cellfield diff`: where two recordings part, and by how much. Returns the exit status. */
export function diff(a: string, b: string, options: DiffOptions): number {
  const difference = compare(openRecording(a), openRecording(b), options);
  if (options.json) printJson(difference);
  else process.stdout.write(describe(difference));
  return 0;
}

function compare(a: Opened, b: Opened, { at }: DiffOptions): Difference {
  checkComparable(a, b);
  const [one, other] = [a, b].map(({ folder, scenario }) => new FrameReader(folder, scenario.description));
  const later = new Map(other.entries.map(entry => [entry.step, entry]));
  const shared = one.entries.filter(({ step }) => later.has(step));
  if (shared.length === 0) throw new UsageError(`${a.folder} and ${b.folder} have no frame at the same time`);
  const { step: length } = a.scenario.description.time;
  const wanted = at === undefined ? shared[shared.length - 1].step : stepOf(at, '--at', length);
  const entry = shared.find(({ step }) => step === wanted);
  if (!entry) {
    const nearest = shared.reduce((x, y) => (Math.abs(y.step - wanted) < Math.abs(x.step - wanted) ? y : x));
    throw new UsageError(`--at ${at}: not both have a frame there; the nearest is at ${nearest.time} s`);
  }
  const mate = later.get(entry.step) ?? entry;
  const cells = [one.cells(entry), other.cells(mate)];
  const fields = [one.fields(entry), other.fields(mate)];
  const { description } = a.scenario;
  return {
    scenario: changedValues(a.scenario.text, b.scenario.text),
    first: firstDifference(a, b, one, other),
    at: { step: entry.step, time_s: entry.time },
    ...(cells[0] && cells[1]
      ? compareCells(description, one.columns, cells[0], cells[1])
      : { cells: [], species: [], common: { cells: 0, mean_um: 0, largest_um: 0 } }),
    fields: compareFields(description, fields[0], fields[1]),
  };
}

/** @throws UsageError where the two have different cells or fields */
function checkComparable(a: Opened, b: Opened): void {
  const [one, other] = [a, b].map(({ scenario: { description } }) => ({
    'the cell types': description.cellTypes.map(type => [
      type.name,
      type.circuit.species.map(({ name }) => name),
    ]),
    'the fields': description.fields.map(({ name }) => name),
    'the grid': [description.grid.cells, description.grid.size],
    'the step': description.time.step,
  }));
  for (const key of Object.keys(one) as (keyof typeof one)[]) {
    if (JSON.stringify(one[key]) !== JSON.stringify(other[key])) {
      throw new UsageError(`${a.folder} and ${b.folder} cannot be compared: ${key} differ`);
    }
  }
}

/** The first row of the time series, or frame, of a step that both keep which is not the same. */
function firstDifference(a: Opened, b: Opened, one: FrameReader, other: FrameReader): Difference['first'] {
  const { step: length } = a.scenario.description.time;
  const rows = [a, b].map(({ folder }) => rowsOf(join(folder, FILES.timeSeries)));
  let found = Number.POSITIVE_INFINITY;
  let what = '';
  for (const [step, row] of rows[0]) {
    const same = rows[1].get(step);
    if (same === undefined || same === row) continue;
    [found, what] = [step, `the row of ${FILES.timeSeries}`];
    break;
  }
  const later = new Map(other.entries.map(entry => [entry.step, entry]));
  for (const entry of one.entries) {
    if (entry.step >= found) break;
    const mate = later.get(entry.step);
    if (!mate) continue;
    const [x, y] = [one.batch(entry), other.batch(mate)];
    if (x && y && Buffer.compare(x, y) !== 0) [found, what] = [entry.step, 'the frame of cells'];
    else if (fieldsDiffer(one.fields(entry), other.fields(mate)))
      [found, what] = [entry.step, 'the frame of fields'];
  }
  return Number.isFinite(found) ? { step: found, time_s: found * length, what } : null;
}

function fieldsDiffer(a: readonly Float32Array[] | null, b: readonly Float32Array[] | null): boolean {
  if (!a || !b) return false;
  return a.some(
    (values, f) => Buffer.compare(new Uint8Array(values.buffer), new Uint8Array(b[f].buffer)) !== 0,
  );
}

function rowsOf(path: string): Map<number, string> {
  const [, ...lines] = readFileSync(path, 'utf8').split('\n');
  return new Map(lines.slice(0, -1).map(line => [Number.parseInt(line, 10), line]));
}

function compareCells(
  { cellTypes }: Description,
  columns: FrameReader['columns'],
  a: CellFrame,
  b: CellFrame,
): Pick<Difference, 'cells' | 'species' | 'common'> {
  const column = (name: string) => columns.findIndex(one => one.name === name);
  const [id, type, x, y, z] = ['id', 'type', 'x', 'y', 'z'].map(column);
  const countOf = (frame: CellFrame, t: number) => {
    let count = 0;
    for (const one of frame.values[type]) if (one === t) count++;
    return count;
  };
  const meanOf = (frame: CellFrame, c: number) => {
    const { species } = columns[c];
    let sum = 0;
    let count = 0;
    for (let i = 0; i < frame.count; i++) {
      if (species !== null && species[frame.values[type][i]] < 0) continue;
      sum += frame.values[c][i];
      count++;
    }
    return count === 0 ? Number.NaN : sum / count;
  };
  const place = new Map<number, number>();
  for (let i = 0; i < b.count; i++) place.set(b.values[id][i], i);
  let common = 0;
  let total = 0;
  let largest = 0;
  for (let i = 0; i < a.count; i++) {
    const j = place.get(a.values[id][i]);
    if (j === undefined) continue;
    const distance = Math.hypot(...[x, y, z].map(c => a.values[c][i] - b.values[c][j]));
    common++;
    total += distance;
    largest = Math.max(largest, distance);
  }
  return {
    cells: cellTypes.map(({ name }, t) => ({ name, a: countOf(a, t), b: countOf(b, t) })),
    species: columns.flatMap(({ name, species }, c) =>
      species === null ? [] : [{ name, a: meanOf(a, c), b: meanOf(b, c) }],
    ),
    common: { cells: common, mean_um: common === 0 ? 0 : total / common, largest_um: largest },
  };
}

function compareFields(
  { fields }: Description,
  a: readonly Float32Array[] | null,
  b: readonly Float32Array[] | null,
): FieldDifference[] {
  if (!a || !b) return [];
  return fields.map(({ name }, f) => ({ name, ...compareField(a[f], b[f]) }));
}

function compareField(a: Float32Array, b: Float32Array): { largest: number; relative: number } {
  let largest = 0;
  let difference = 0;
  let size = 0;
  for (let v = 0; v < a.length; v++) {
    const d = a[v] - b[v];
    largest = Math.max(largest, Math.abs(d));
    difference += d * d;
    size += a[v] * a[v];
  }
  return { largest, relative: difference === 0 ? 0 : Math.sqrt(difference / size) };
}

/** The values that the scenarios have in different ways, by path. */
function changedValues(a: string, b: string): Difference['scenario'] {
  const [one, other] = [a, b].map(text => {
    const values = new Map<string, string>();
    flatten(parse(text, { version: '1.2', schema: 'core', logLevel: 'silent' }), '', values);
    return values;
  });
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter(path => one.get(path) !== other.get(path))
    .map(path => ({ path, a: one.get(path) ?? null, b: other.get(path) ?? null }));
}

function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) into.set(path, String(value));
  else {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, into);
    }
  }
}

function describe({ scenario, first, at, cells, species, common, fields }: Difference): string {
  const parts: string[] = [];
  if (scenario.length > 0) {
    const rows = scenario.map(({ path, a, b }) => [path, a ?? '(none)', b ?? '(none)']);
    parts.push(table([['Scenario', 'A', 'B'], ...rows]));
  }
  if (first === null) return `${parts.join('\n')}  no row and no frame that both keep differs\n`;
  parts.push(`  first difference at ${clockTime(first.time_s)} (step ${first.step}): ${first.what}\n`);
  const change = (a: number, b: number) =>
    a === b ? '' : `${b > a ? '+' : ''}${figure(100 * (b / a - 1))} %`;
  const rows = (pairs: readonly Pair[]) =>
    pairs.map(({ name, a, b }) => [name, figure(a), figure(b), change(a, b)]);
  parts.push(`At ${clockTime(at.time_s)}\n`);
  if (cells.length > 0) {
    parts.push(table([['Cells', 'A', 'B', 'change'], ...rows(cells)]));
    parts.push(table([['Mean amount', 'A', 'B', 'change'], ...rows(species)]));
    parts.push(
      `  ${common.cells} cells are in both, on average ${figure(common.mean_um)} um apart, at most ${figure(common.largest_um)} um\n`,
    );
  }
  if (fields.length > 0) {
    parts.push(
      table([
        ['Field', 'largest difference, molecules/um³', 'rms, relative'],
        ...fields.map(({ name, largest, relative }) => [name, figure(largest), figure(relative)]),
      ]),
    );
  }
  return parts.join('\n');
}
