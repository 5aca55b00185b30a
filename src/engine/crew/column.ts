export type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** A column of another length, all 0, in the same kind of memory: of one thread, or common to a crew. */
export function like<C extends Column>(column: C, length: number): C {
  return make(column, length, isShared(column));
}

/** The column itself where it is common memory, else a copy that is. */
export function shared<C extends Column>(column: C): C {
  if (isShared(column)) return column;
  const copy = make(column, column.length, true);
  copy.set(column);
  return copy;
}

export function isShared(column: Column): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && column.buffer instanceof SharedArrayBuffer;
}

export function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function make<C extends Column>(column: C, length: number, common: boolean): C {
  const bytes = length * column.BYTES_PER_ELEMENT;
  const Type = column.constructor as new (buffer: ArrayBufferLike) => C;
  return new Type(common ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}
