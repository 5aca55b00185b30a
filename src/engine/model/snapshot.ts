import { sha256 } from '@noble/hashes/sha2.js';
import { packEntries, unpackEntries } from '../cells/calendar.ts';
import { LIFE_COLUMNS } from '../cells/life.ts';
import { motionColumns } from '../cells/motion.ts';
import { ensureCapacity, type Population } from '../cells/population.ts';
import { ROD_COLUMNS } from '../cells/rods.ts';
import { locateAll } from '../exchange/kernels.ts';
import { VERSION } from '../version.ts';
import type { Model } from './model.ts';
import { type Counts, Profile } from './profile.ts';

/**
 * The whole state of a run as one block of bytes, from which it continues bit for bit:
 *
 *     magic "CELLFIELD" + format (1 byte) | header length (4 bytes) | header (JSON) | columns | SHA-256 (32 bytes)
 *
 * All numbers little-endian; the header lists each column's name, element type and length; columns follow in that order,
 * each padded to 8 bytes. The digest covers everything before it.
 */
const MAGIC = 'CELLFIELD';
const FORMAT = 1;
const PREAMBLE = MAGIC.length + 1 + 4;
const DIGEST = 32;

export type Column = Float64Array | Uint32Array | Uint16Array;

/** No header comes near this size; a length beyond it is not believed. */
const LONGEST_HEADER = 2 ** 20;

interface Header {
  readonly engine: string;
  /** Hash of the resolved scenario text that the state belongs to. */
  readonly scenario: string;
  /** How many edits of the run's log the state has in it. */
  readonly edits?: number;
  readonly step: number;
  readonly count: number;
  readonly nextId: number;
  /** What is under way in all cells together, where there is a calendar. */
  readonly entries?: number;
  readonly breaches: number;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly columns: readonly unknown[];
}

/** Place of a column among the columns of a state with some number of cells. */
interface Slot {
  readonly name: string;
  readonly type: 'f64' | 'u32' | 'u16';
  readonly length: number;
}

const BYTES = { f64: 8, u32: 4, u16: 2 } as const;

export interface SnapshotInfo {
  /** Version that wrote it. */
  readonly engine: string;
  /** Hash of the resolved scenario text that the state belongs to. */
  readonly scenario: string;
  readonly step: number;
  /** Cells. */
  readonly count: number;
  /** How many edits of the run's log the state has in it. */
  readonly edits: number;
}

/** A snapshot that cannot be read: damaged, cut short, of another version or of another scenario. */
export class SnapshotError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SnapshotError';
  }
}

/**
 * Serialises the model's state. `scenario` identifies the scenario (a hash of its resolved text); `edits` is how many edits of
 * the run's log have been made.
 */
export function saveSnapshot(model: Model, scenario: string, edits = 0): Uint8Array<ArrayBuffer> {
  const columns = columnsOf(model);
  const header: Header = {
    engine: VERSION,
    scenario,
    ...(edits > 0 && { edits }),
    step: model.step,
    count: model.population.count,
    nextId: model.population.nextId,
    ...(model.population.calendar && { entries: columns.get('calendar.due')?.length ?? 0 }),
    breaches: model.breaches,
    counts: { ...model.profile.counts },
    columns: layoutOf(model, model.population.count, columns.get('calendar.due')?.length ?? 0),
  };
  const text = encodeText(JSON.stringify(header));
  let size = PREAMBLE + text.length;
  for (const column of columns.values()) size = align(size) + column.byteLength;
  const bytes = new Uint8Array(size + DIGEST);
  bytes.set(encodeText(MAGIC));
  bytes[MAGIC.length] = FORMAT;
  new DataView(bytes.buffer).setUint32(MAGIC.length + 1, text.length, true);
  bytes.set(text, PREAMBLE);
  let offset = PREAMBLE + text.length;
  for (const column of columns.values()) {
    offset = align(offset);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += column.byteLength;
  }
  bytes.set(sha256(bytes.subarray(0, size)), size);
  return bytes;
}

/**
 * Puts a saved state into a freshly built model of the same scenario. Everything that the bytes claim is checked before
 * anything is allocated or written; a snapshot that is refused leaves the model as it was.
 * @throws SnapshotError
 */
export function restoreSnapshot(model: Model, bytes: Uint8Array, scenario: string): void {
  const header = readHeader(bytes);
  if (header.engine !== VERSION) {
    throw new SnapshotError(
      `the snapshot was written by version ${header.engine.slice(0, 40)}; this is version ${VERSION}`,
    );
  }
  if (header.scenario !== scenario) throw new SnapshotError('the snapshot belongs to another scenario');
  const layout = layoutOf(model, header.count, header.entries ?? 0);
  const offsets = checkLayout(layout, header, bytes);
  checkCells(model, layout, offsets, bytes, header.entries ?? 0);

  const { population } = model;
  ensureCapacity(population, header.count);
  population.count = header.count;
  const { calendar } = population;
  // What is under way now says nothing about what will be.
  calendar?.counts.fill(0);
  const columns = columnsOf(model);
  const packed = {
    due: new Float64Array(header.entries ?? 0),
    what: new Uint16Array(header.entries ?? 0),
  };
  columns.set('calendar.due', packed.due);
  columns.set('calendar.what', packed.what);
  layout.forEach(({ name }, i) => {
    const column = columns.get(name) as Column;
    const target = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    target.set(bytes.subarray(offsets[i], offsets[i] + column.byteLength));
  });
  if (calendar) unpackEntries(calendar, header.count, packed);
  locateAll(model.kernels, model.population, model.description.grid);
  model.step = header.step;
  model.population.nextId = header.nextId;
  model.breaches = header.breaches;
  const { counts } = model.profile;
  for (const name of Object.keys(counts) as (keyof Counts)[]) counts[name] = header.counts[name] as number;
}

/** What a snapshot says of itself, its checksum having been checked. @throws SnapshotError */
export function describeSnapshot(bytes: Uint8Array): SnapshotInfo {
  const { engine, scenario, step, count, edits = 0 } = readHeader(bytes);
  return { engine, scenario, step, count, edits };
}

/** Magic, format, digest and header, in this order, so that the message names the first thing that is wrong. */
function readHeader(bytes: Uint8Array): Header {
  const magic = [...MAGIC].every((letter, i) => letter.charCodeAt(0) === bytes[i]);
  if (!magic) throw new SnapshotError('this is not a Cellfield snapshot');
  if (bytes.length < PREAMBLE + DIGEST) throw new SnapshotError('the snapshot is cut short');
  if (bytes[MAGIC.length] !== FORMAT) {
    throw new SnapshotError(
      `the snapshot has format ${bytes[MAGIC.length]}; this version reads format ${FORMAT}`,
    );
  }
  const body = bytes.subarray(0, bytes.length - DIGEST);
  const digest = sha256(body);
  if (!digest.every((byte, i) => byte === bytes[body.length + i])) {
    throw new SnapshotError('the snapshot is damaged or cut short: its checksum does not match');
  }
  const length = headerLength(bytes);
  if (length > LONGEST_HEADER || PREAMBLE + length > body.length) {
    throw new SnapshotError(`the snapshot claims a header of ${length} bytes`);
  }
  let header: unknown;
  try {
    header = JSON.parse(decodeText(bytes.subarray(PREAMBLE, PREAMBLE + length)));
  } catch {
    throw new SnapshotError('the header of the snapshot is not JSON');
  }
  if (!isHeader(header)) throw new SnapshotError('the header of the snapshot is not complete');
  return header;
}

function isHeader(value: unknown): value is Header {
  if (!isRecord(value)) return false;
  const { engine, scenario, edits = 0, step, count, nextId, entries = 0, breaches, counts, columns } = value;
  return (
    typeof engine === 'string' &&
    typeof scenario === 'string' &&
    isCount(edits) &&
    isCount(step) &&
    isCount(count) &&
    isCount(nextId) &&
    nextId >= 1 &&
    nextId <= 2 ** 32 &&
    isCount(entries) &&
    isCount(breaches) &&
    isRecord(counts) &&
    Object.keys(new Profile().counts).every(
      name => Object.hasOwn(counts, name) && fits(name, counts[name]),
    ) &&
    Array.isArray(columns)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All are whole numbers but the largest error of a field's steps. */
function fits(name: string, value: unknown): value is number {
  return name === 'fieldError' ? Number.isFinite(value) && (value as number) >= 0 : isCount(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Compares the columns that the file lists with those of the model and the file's size with theirs; returns offsets. */
function checkLayout(layout: readonly Slot[], { columns }: Header, bytes: Uint8Array): number[] {
  const same =
    columns.length === layout.length &&
    layout.every(({ name, type, length }, i) => {
      const found = columns[i];
      return isRecord(found) && found.name === name && found.type === type && found.length === length;
    });
  if (!same) throw new SnapshotError('the snapshot does not have the layout of this scenario');
  let end = PREAMBLE + headerLength(bytes);
  const offsets = layout.map(({ type, length }) => {
    const offset = align(end);
    end = offset + length * BYTES[type];
    return offset;
  });
  if (end !== bytes.length - DIGEST) {
    throw new SnapshotError(`the snapshot has ${bytes.length} bytes where its layout takes ${end + DIGEST}`);
  }
  return offsets;
}

/** Types, positions and what is under way choose places in arrays: one out of range would break the run far from here. */
function checkCells(
  model: Model,
  layout: readonly Slot[],
  offsets: readonly number[],
  bytes: Uint8Array,
  entries: number,
): void {
  const { cellTypes, grid } = model.description;
  const kinds = cellTypes.map(({ circuit }) => circuit.reactions.length + (circuit.events?.length ?? 0));
  let types = new Uint16Array(0);
  let counts = new Uint32Array(0);
  const square = new Float64Array(layout.find(({ name }) => name === 'rods.axisX')?.length ?? 0);
  layout.forEach(({ name, type, length }, i) => {
    if (name.startsWith('rods.')) {
      const values = new Float64Array(
        Uint8Array.from(bytes.subarray(offsets[i], offsets[i] + length * BYTES[type])).buffer,
      );
      // The square of the axis is complete when the length, the last of the columns, is reached.
      const isLength = name === 'rods.halfLength';
      const valid = values.every((value, cell) => {
        if (isLength)
          return value >= 0 && value < Number.POSITIVE_INFINITY && Math.abs(square[cell] - 1) < 1e-9;
        square[cell] += value * value;
        return true;
      });
      if (!valid) throw new SnapshotError('the snapshot has a cell with an impossible axis or length');
      return;
    }
    if (name.startsWith('life.')) {
      const bits = Uint8Array.from(bytes.subarray(offsets[i], offsets[i] + length * BYTES[type])).buffer;
      const values =
        type === 'u16'
          ? new Uint16Array(bits)
          : type === 'u32'
            ? new Uint32Array(bits)
            : new Float64Array(bits);
      const most = (cell: number): number => cellTypes[types[cell]].division?.phases?.length ?? 0;
      const valid =
        name === 'life.stage'
          ? values.every((stage, cell) => stage <= most(cell))
          : name === 'life.quiescent'
            ? values.every(flag => flag <= 1)
            : values.every(Number.isFinite);
      if (!valid) throw new SnapshotError(`the snapshot has a cell with an impossible ${name.slice(5)}`);
      return;
    }
    const axis = ['cells.x', 'cells.y', 'cells.z'].indexOf(name);
    if (axis < 0 && !['cells.type', 'calendar.counts', 'calendar.due', 'calendar.what'].includes(name))
      return;
    // Not slice: that of a Node Buffer does not copy.
    const copy = Uint8Array.from(bytes.subarray(offsets[i], offsets[i] + length * BYTES[type])).buffer;
    let valid: boolean;
    if (name === 'calendar.counts') {
      counts = new Uint32Array(copy);
      valid = counts.reduce((sum, n) => sum + n, 0) === entries;
    } else if (name === 'calendar.due') valid = new Float64Array(copy).every(Number.isFinite);
    else if (name === 'calendar.what') {
      // The columns of types and of counts come before.
      const whats = new Uint16Array(copy);
      let at = 0;
      valid = true;
      for (let cell = 0; cell < counts.length; cell++) {
        for (let n = 0; n < counts[cell]; n++) if (!(whats[at++] < kinds[types[cell]])) valid = false;
      }
    } else if (axis < 0) {
      types = new Uint16Array(copy);
      valid = types.every(index => index < cellTypes.length);
    } else valid = new Float64Array(copy).every(at => at >= 0 && at <= grid.size[axis]);
    if (!valid)
      throw new SnapshotError(
        `the snapshot has a cell with an impossible ${name.slice(name.indexOf('.') + 1)}`,
      );
  });
}

function headerLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length + 1, true);
}

/** The columns of a state of the model with `count` cells. */
function layoutOf(model: Model, count: number, entries: number): Slot[] {
  const widths = populationColumns(model.population);
  return [...columnsOf(model)].map(([name, column]) => {
    if (name === 'calendar.due' || name === 'calendar.what') {
      return { name, type: typeName(column), length: entries };
    }
    const width = /^(calendar|rods|life|motion)\./.test(name) ? 1 : widths[name.slice(6) as keyof Population];
    const ofCells = /^(cells|calendar|rods|life|motion)\./.test(name);
    return { name, type: typeName(column), length: ofCells && width ? count * width : column.length };
  });
}

/**
 * Every column of the state, trimmed to the living cells, in the order of the file: the arrays themselves, but for the entries
 * of the calendar, which are packed copies.
 */
export function columnsOf(model: Model): Map<string, Column> {
  const { population, ledger, balance } = model;
  const columns = new Map<string, Column>();
  columns.set('root', model.root);
  for (const [name, width] of Object.entries(populationColumns(population))) {
    const column = population[name as keyof Population] as Column;
    columns.set(`cells.${name}`, column.subarray(0, population.count * width));
  }
  const { calendar, rods } = population;
  if (rods) {
    for (const name of ROD_COLUMNS) columns.set(`rods.${name}`, rods[name].subarray(0, population.count));
  }
  if (population.life) {
    for (const name of LIFE_COLUMNS)
      columns.set(`life.${name}`, population.life[name].subarray(0, population.count));
  }
  if (population.motion) {
    for (const [name, column] of motionColumns(population.motion))
      columns.set(`motion.${name}`, column.subarray(0, population.count));
  }
  if (calendar) {
    columns.set('calendar.counts', calendar.counts.subarray(0, population.count));
    columns.set('calendar.triggers', calendar.triggers.subarray(0, population.count));
    const { due, what } = packEntries(calendar, population.count);
    columns.set('calendar.due', due);
    columns.set('calendar.what', what);
  }
  model.fields.forEach((values, f) => {
    columns.set(`field.${model.description.fields[f].name}`, values);
  });
  model.bulk.forEach((values, f) => {
    if (values.length > 0) columns.set(`bulk.${model.description.fields[f].name}`, values);
  });
  columns.set('ledger.sum', ledger.extents.sum);
  columns.set('ledger.correction', ledger.extents.correction);
  columns.set('balance.initial', balance.initial);
  columns.set('balance.totals', balance.totals);
  columns.set('balance.worstStep', balance.worstStep);
  columns.set('balance.residual', balance.residuals.sum);
  columns.set('balance.residualCorrection', balance.residuals.correction);
  columns.set('balance.leaks', balance.leaks.sums);
  columns.set('balance.throughput', balance.throughput.sum);
  columns.set('balance.throughputCorrection', balance.throughput.correction);
  return columns;
}

/** Elements per cell of each column. */
function populationColumns(population: Population): Partial<Record<keyof Population, number>> {
  return {
    id: 1,
    parent: 1,
    type: 1,
    x: 1,
    y: 1,
    z: 1,
    radius: 1,
    volume: 1,
    birthTime: 1,
    birthVolume: 1,
    divisionVolume: 1,
    amounts: population.stride,
    streams: 4,
  };
}

function typeName(column: Column): Slot['type'] {
  return column instanceof Float64Array ? 'f64' : column instanceof Uint32Array ? 'u32' : 'u16';
}

/** Not with bit operations, which end at 2 GiB. */
function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** UTF-8 without TextEncoder, which is not part of the ES library. */
function encodeText(text: string): Uint8Array {
  const escaped = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  }
  return Uint8Array.from(bytes);
}

function decodeText(bytes: Uint8Array): string {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  return decodeURIComponent(escaped);
}
