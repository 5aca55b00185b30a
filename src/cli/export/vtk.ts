import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { CellFrame } from '../../engine/recording/cellColumns.ts';
import { fieldLayout } from '../../engine/recording/fieldStore.ts';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import type { Source } from './source.ts';
import { withNaN } from './tables.ts';

type Values = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Bytes compressed at a time. */
const BLOCK = 2 ** 20;

/**
 * VTK XML files (https://docs.vtk.org/en/latest/design_documents/VTKFileFormats.html), little-endian, arrays in base64 compressed with zlib: for each frame
 * `fields-STEP.vti` (a concentration per voxel) and `cells-STEP.vtp` (a point per cell with radius, type and species; for rods
 * `length` from pole to pole and the vector `axis`), and `fields.pvd` and `cells.pvd`, which ParaView opens as series in time. Lengths in µm.
 */
export function exportVtk(source: Source, folder: string): void {
  const { entries, reader, tick, description } = source;
  const series = { cells: '', fields: '' };
  const hasFields = description.fields.length > 0;
  for (const entry of entries) {
    const cells = reader.cells(entry);
    const fields = hasFields ? reader.fields(entry) : null;
    const step = String(entry.step).padStart(10, '0');
    const add = (kind: 'cells' | 'fields', extension: string, text: string) => {
      const name = `${kind}-${step}.${extension}`;
      writeFileSync(join(folder, name), text);
      series[kind] += `    <DataSet timestep="${entry.time}" group="" part="0" file="${name}"/>\n`;
    };
    if (cells) add('cells', 'vtp', polyData(source, entry, cells));
    if (fields) add('fields', 'vti', imageData(source, entry, fields));
    tick();
  }
  for (const [kind, sets] of Object.entries(series)) {
    if (sets === '') continue;
    const text = `${HEAD}<VTKFile type="Collection" version="1.0" byte_order="LittleEndian" header_type="UInt32">\n  <Collection>\n${sets}  </Collection>\n</VTKFile>\n`;
    writeFileSync(join(folder, `${kind}.pvd`), text);
  }
}

const HEAD = '<?xml version="1.0"?>\n';

function imageData({ description }: Source, { time }: FrameEntry, fields: readonly Float32Array[]): string {
  const { cells, spacing, fields: names } = fieldLayout(description);
  const extent = cells.map(count => `0 ${count}`).join(' ');
  const solid = description.grid.solid;
  const arrays = names.map((name, f) => array(name, fields[f])).join('');
  const content = `
    <Piece Extent="${extent}">
      <PointData/>
      <CellData Scalars="${escaped(names[0])}">${arrays}${solid ? array('solid voxel', solid) : ''}
      </CellData>
    </Piece>`;
  const attributes = ` WholeExtent="${extent}" Origin="0 0 0" Spacing="${spacing.join(' ')}"`;
  return file('ImageData', attributes, time, content);
}

function polyData({ reader }: Source, { time }: FrameEntry, frame: CellFrame): string {
  const { count, values } = frame;
  const at = (name: string) => reader.columns.findIndex(column => column.name === name);
  const vectors = (names: readonly string[]) => {
    const columns = names.map(name => values[at(name)]);
    const all = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) for (let k = 0; k < 3; k++) all[3 * i + k] = columns[k][i];
    return all;
  };
  const rods = at('axis_x') >= 0;
  const aside = new Set(['x', 'y', 'z', ...(rods ? AXIS : [])]);
  const data = reader.columns
    .map((column, c) => (aside.has(column.name) ? '' : array(column.name, withNaN(column, frame, c))))
    .join('');
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const content = `
    <Piece NumberOfPoints="${count}" NumberOfVerts="${count}" NumberOfLines="0" NumberOfStrips="0" NumberOfPolys="0">
      <PointData Scalars="radius">${data}${rods ? array('axis', vectors(AXIS), 3) : ''}
      </PointData>
      <CellData/>
      <Points>${array('Points', vectors(['x', 'y', 'z']), 3)}
      </Points>
      <Verts>${array('connectivity', order)}${array(
        'offsets',
        order.map(i => i + 1),
      )}
      </Verts>
    </Piece>`;
  return file('PolyData', '', time, content);
}

/** Columns of a recording with rods. */
const AXIS = ['axis_x', 'axis_y', 'axis_z'];

function file(type: string, attributes: string, time: number, content: string): string {
  return `${HEAD}<VTKFile type="${type}" version="1.0" byte_order="LittleEndian" header_type="UInt32" compressor="vtkZLibDataCompressor">
  <${type}${attributes}>
    <FieldData>${array('TimeValue', Float64Array.of(time), 1, 1)}
    </FieldData>${content}
  </${type}>
</VTKFile>
`;
}

function array(name: string, values: Values, components = 1, tuples?: number): string {
  const type = values.constructor.name.replace('Array', '').replace('Uint', 'UInt');
  const shape = components > 1 ? ` NumberOfComponents="${components}"` : '';
  const length = tuples === undefined ? '' : ` NumberOfTuples="${tuples}"`;
  return `\n        <DataArray type="${type}" Name="${escaped(name)}"${shape}${length} format="binary">${packed(values)}</DataArray>`;
}

/** Number of blocks, their size, size of a last shorter one (0: it is whole), compressed sizes; then the blocks. */
function packed(values: Values): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const blocks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += BLOCK) {
    blocks.push(deflateSync(bytes.subarray(start, start + BLOCK)));
  }
  const header = Uint32Array.of(
    blocks.length,
    BLOCK,
    bytes.length % BLOCK,
    ...blocks.map(({ length }) => length),
  );
  return Buffer.from(header.buffer).toString('base64') + Buffer.concat(blocks).toString('base64');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
