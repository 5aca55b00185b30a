import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Source } from './source.ts';
import { type TableColumn, type TableValues, tableOfCells, tableOfFields } from './tables.ts';

/** Rows gathered into a row group; a frame is never split over two. */
const ROWS = 2 ** 16;

/**
 * A flat table as Apache Parquet (https://parquet.apache.org/docs/file-format/), columns compressed with Snappy, whole frames
 * in a row group. The units are in the file's metadata (`units`: JSON, by column), with title, seed, version and scenario hash.
 */
export async function exportParquet(source: Source, path: string, which: 'cells' | 'fields'): Promise<void> {
  const { columns, chunks } = which === 'cells' ? tableOfCells(source) : tableOfFields(source);
  const units = Object.fromEntries(columns.filter(({ unit }) => unit).map(({ name, unit }) => [name, unit]));
  const about = { ...source.about, units: JSON.stringify(units) };
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: `cellfield ${source.about.cellfield}`,
  });
  let gathered: (readonly TableValues[])[] = [];
  let rows = 0;
  const flush = async () => {
    if (rows === 0) return;
    const columnData = columns.map(({ name }, c) => ({
      name,
      data: joined(gathered.map(chunk => chunk[c])),
    }));
    gathered = [];
    await writer.write({ columnData, rowGroupSize: rows });
    rows = 0;
  };
  for (const chunk of chunks) {
    if (rows > 0 && rows + chunk.rows > ROWS) await flush();
    gathered.push(chunk.values);
    rows += chunk.rows;
  }
  await flush();
  await writer.finish();
}

function elementOf({ name, kind, optional }: TableColumn): SchemaElement {
  const repetition_type = optional ? 'OPTIONAL' : 'REQUIRED';
  switch (kind) {
    case 'u32':
      return { name, type: 'INT64', repetition_type };
    case 'f32':
      return { name, type: 'FLOAT', repetition_type };
    case 'f64':
      return { name, type: 'DOUBLE', repetition_type };
    case 'text':
      return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
  }
}

/** Ids are 64-bit integers, which hold all of ours and which every reader has. */
function joined(parts: readonly TableValues[]): (number | bigint | string | null)[] {
  const [first] = parts;
  const all: (number | bigint | string | null)[] = [];
  for (const part of parts) {
    if (first instanceof Uint32Array) for (const value of part) all.push(BigInt(value as number));
    else for (const value of part) all.push(value);
  }
  return all;
}
