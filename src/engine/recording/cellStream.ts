import {
  type DataType,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int16,
  Message,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  tableFromIPC,
  Uint32,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import {
  type CellColumn,
  type CellFrame,
  type ColumnValues,
  cellFrameBytes,
  cellValues,
} from './cellColumns.ts';

/**
 * Frames of cells as an Arrow IPC stream (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format), one
 * record batch per frame, with `step` and `time_s` in every row, so that the whole is one table. The stream has no end mark:
 * it can be appended to, and readers take the end of the file for the end.
 */
export interface CellStream {
  /** Schema and dictionary of cell types: the beginning of the file. */
  readonly head: Uint8Array;
  /** The record batch of a frame, to be appended. */
  encode(frame: CellFrame): Uint8Array;
}

/** A file that is no stream of cells, or of another scenario. */
export class CellStreamError extends Error {
  override readonly name = 'CellStreamError';
}

/** Of a message without content: continuation and length 0. */
const END_MARK = 8;

/** @param metadata goes into the schema: title, version, seed … */
export function createCellStream(
  columns: readonly CellColumn[],
  cellTypes: readonly string[],
  metadata: Readonly<Record<string, string>> = {},
): CellStream {
  const names = vectorFromArray([...cellTypes], new Utf8());
  const typeOf = new Dictionary(new Utf8(), new Int16(), 0, false);
  const fields = [
    new Field('step', new Uint32(), false),
    new Field('time_s', new Float64(), false, new Map([['unit', 's']])),
    ...columns.map(({ name, kind, unit, species }) => {
      const type = kind === 'u16' ? typeOf : arrowType(kind);
      return new Field<DataType>(
        name,
        type,
        species?.includes(-1) ?? false,
        unit ? new Map([['unit', unit]]) : null,
      );
    }),
  ];
  const schema = new Schema(fields, new Map(Object.entries(metadata)));

  function batchOf({ step, time, count, values }: CellFrame): RecordBatch {
    const type = values[columns.findIndex(({ name }) => name === 'type')];
    const children = [
      makeData({ type: new Uint32(), length: count, nullCount: 0, data: new Uint32Array(count).fill(step) }),
      makeData({
        type: new Float64(),
        length: count,
        nullCount: 0,
        data: new Float64Array(count).fill(time),
      }),
      ...columns.map(({ kind, species }, c) => {
        const data = values[c];
        if (kind === 'u16') {
          const indices = Int16Array.from(data);
          return makeData({ type: typeOf, length: count, nullCount: 0, data: indices, dictionary: names });
        }
        const missing = species?.includes(-1) ? missingAmong(species, type, count) : null;
        return makeData({
          type: arrowType(kind),
          length: count,
          nullCount: missing?.count ?? 0,
          nullBitmap: missing?.bitmap,
          data,
        } as Parameters<typeof makeData>[0]);
      }),
    ];
    const type_ = new Struct(schema.fields);
    return new RecordBatch(schema, makeData({ type: type_, length: count, nullCount: 0, children }));
  }

  const bytesOf = (batch: RecordBatch): Uint8Array => {
    const writer = new RecordBatchStreamWriter();
    writer.write(batch);
    writer.finish();
    return writer.toUint8Array(true);
  };

  const empty = { step: 0, time: 0, count: 0, buffer: new ArrayBuffer(0) };
  const whole = bytesOf(batchOf({ ...empty, values: cellValues(columns, empty.buffer, 0) }));
  const head = whole.slice(0, findBatch(whole));
  return {
    head,
    encode(frame) {
      const bytes = bytesOf(batchOf(frame));
      return bytes.subarray(head.length, bytes.length - END_MARK);
    },
  };
}

function arrowType(kind: CellColumn['kind']): Uint32 | Float32 | Float64 {
  return kind === 'u32' ? new Uint32() : kind === 'f32' ? new Float32() : new Float64();
}

/** Bit i of the bitmap is set where cell i has the species. */
function missingAmong(species: readonly number[], type: ColumnValues, count: number) {
  const bitmap = new Uint8Array(Math.ceil(count / 8));
  let missing = 0;
  for (let i = 0; i < count; i++) {
    if (species[type[i]] < 0) missing++;
    else bitmap[i >> 3] |= 1 << (i & 7);
  }
  return { bitmap, count: missing };
}

/** Where the first record batch begins: the schema and the dictionary lie before it. @throws CellStreamError */
export function findBatch(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const RECORD_BATCH = 3;
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getInt32(at + 4, true);
    if (view.getInt32(at, true) !== -1 || length < 0 || at + 8 + length > bytes.length) break;
    if (length === 0) return at;
    const message = Message.decode(bytes.subarray(at + 8, at + 8 + length));
    if (message.headerType === RECORD_BATCH) return at;
    at += 8 + length + Number(message.bodyLength);
  }
  throw new CellStreamError('this is no Arrow stream of cells');
}

/**
 * One frame back from the bytes of its record batch, `head` being the beginning of its file.
 * @throws CellStreamError where the bytes are damaged or of other columns
 */
export function decodeCells(columns: readonly CellColumn[], head: Uint8Array, batch: Uint8Array): CellFrame {
  let table: ReturnType<typeof tableFromIPC>;
  try {
    const bytes = new Uint8Array(head.length + batch.length);
    bytes.set(head);
    bytes.set(batch, head.length);
    table = tableFromIPC(bytes);
  } catch (error) {
    throw new CellStreamError(
      `a frame of cells is damaged: ${error instanceof Error ? error.message : error}`,
    );
  }
  const count = table.numRows;
  const buffer = new ArrayBuffer(cellFrameBytes(columns, count));
  const values = cellValues(columns, buffer, count);
  columns.forEach(({ name, kind }, c) => {
    const column: Vector | null = table.getChild(name);
    if (column === null) throw new CellStreamError(`the cells have no column ${name}`);
    const [data] = column.data;
    if (count === 0) return;
    if (data === undefined || column.data.length !== 1 || data.length !== count) {
      throw new CellStreamError(`column ${name} of the cells is damaged`);
    }
    const { values: from } = data;
    if (kind === 'u16' ? !(from instanceof Int16Array) : from?.constructor !== values[c].constructor) {
      throw new CellStreamError(`column ${name} of the cells has another type`);
    }
    values[c].set(from.subarray(0, count));
  });
  const step = count > 0 ? Number(table.getChild('step')?.get(0)) : Number.NaN;
  const time = count > 0 ? Number(table.getChild('time_s')?.get(0)) : Number.NaN;
  return { step, time, count, buffer, values };
}
