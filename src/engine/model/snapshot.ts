import { sha256 } from '@noble/hashes/sha2.js';
import { ensureCapacity, type Population } from '../cells/population.ts';
import { VERSION } from '../version.ts';
import type { Model } from './model.ts';

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

type Column = Float64Array | Uint32Array | Uint16Array;

interface Header {
  readonly engine: string;
  /** Hash of the resolved scenario text that the state belongs to. */
  readonly scenario: string;
  readonly step: number;
  readonly count: number;
  readonly nextId: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly length: number }[];
}

/** A snapshot that cannot be read: damaged, cut short, of another version or of another scenario. */
export class SnapshotError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SnapshotError';
  }
}

/** Serialises the model's state. `scenario` identifies the scenario (a hash of its resolved text). */
export function saveSnapshot(model: Model, scenario: string): Uint8Array {
  const columns = columnsOf(model);
  const header: Header = {
    engine: VERSION,
    scenario,
    step: model.step,
    count: model.population.count,
    nextId: model.population.nextId,
    counts: { ...model.profile.counts },
    columns: [...columns].map(([name, column]) => ({ name, type: typeName(column), length: column.length })),
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
 * Puts a saved state into a freshly built model of the same scenario. The digest is checked before anything is read, the
 * layout before anything is written.
 * @throws SnapshotError
 */
export function restoreSnapshot(model: Model, bytes: Uint8Array, scenario: string): void {
  const header = readHeader(bytes);
  if (header.engine !== VERSION) {
    throw new SnapshotError(
      `the snapshot was written by version ${header.engine}; this is version ${VERSION}`,
    );
  }
  if (header.scenario !== scenario) throw new SnapshotError('the snapshot belongs to another scenario');
  // Every cell takes more than 8 bytes, so a count beyond that is a lie that must not become an allocation.
  if (!Number.isSafeInteger(header.count) || header.count < 0 || header.count * 8 > bytes.length) {
    throw new SnapshotError('the snapshot has no valid cell count');
  }
  ensureCapacity(model.population, header.count);
  model.population.count = header.count;
  const columns = columnsOf(model);
  const expected = [...columns]
    .map(([name, column]) => `${name}:${typeName(column)}:${column.length}`)
    .join();
  const found = header.columns.map(column => `${column.name}:${column.type}:${column.length}`).join();
  if (expected !== found) throw new SnapshotError('the snapshot does not have the layout of this scenario');
  let offset = PREAMBLE + headerLength(bytes);
  for (const column of columns.values()) {
    offset = align(offset);
    const target = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    target.set(bytes.subarray(offset, offset + column.byteLength));
    offset += column.byteLength;
  }
  model.step = header.step;
  model.population.nextId = header.nextId;
  Object.assign(model.profile.counts, header.counts);
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < PREAMBLE + DIGEST || decodeText(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new SnapshotError('this is not a Cellfield snapshot');
  }
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
  return JSON.parse(decodeText(bytes.subarray(PREAMBLE, PREAMBLE + headerLength(bytes))));
}

function headerLength(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length + 1, true);
}

/** Every column of the state, trimmed to the living cells, in the order of the file. */
function columnsOf(model: Model): Map<string, Column> {
  const { population, ledger, balance } = model;
  const columns = new Map<string, Column>();
  columns.set('root', model.root);
  for (const [name, width] of Object.entries(populationColumns(population))) {
    const column = population[name as keyof Population] as Column;
    columns.set(`cells.${name}`, column.subarray(0, population.count * width));
  }
  model.fields.forEach((values, f) => {
    columns.set(`field.${model.description.fields[f].name}`, values);
  });
  columns.set('ledger.sum', ledger.extents.sum);
  columns.set('ledger.correction', ledger.extents.correction);
  columns.set('balance.initial', balance.initial);
  columns.set('balance.totals', balance.totals);
  columns.set('balance.worstStep', balance.worstStep);
  columns.set('balance.residual', balance.residuals.sum);
  columns.set('balance.residualCorrection', balance.residuals.correction);
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

function typeName(column: Column): string {
  return column instanceof Float64Array ? 'f64' : column instanceof Uint32Array ? 'u32' : 'u16';
}

function align(offset: number): number {
  return (offset + 7) & ~7;
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
