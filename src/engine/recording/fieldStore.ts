import type { Description } from '../description/description.ts';

/**
 * Fields as a Zarr store of version 2 (https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html), laid out as xarray reads it: a group with one
 * array [time, z, y, x] per field, a chunk per frame, and the coordinates `time`, `z`, `y`, `x` (voxel centres). Values are single
 * precision, compressed with zlib, which browsers have as well as Node.
 */
export const ZARR_FOLDER = 'fields.zarr';

/** What the store needs to know of a scenario. */
export interface FieldLayout {
  /** Voxels along x, y, z, and their spacing, µm. */
  readonly cells: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
  readonly fields: readonly string[];
}

export function fieldLayout({ grid, fields }: Description): FieldLayout {
  const [nx, ny, nz] = grid.cells;
  const [dx, dy, dz] = grid.spacing;
  return { cells: [nx, ny, nz], spacing: [dx, dy, dz], fields: fields.map(({ name }) => arrayName(name)) };
}

/** Coordinates have their names already. */
function arrayName(field: string): string {
  return ['time', 'x', 'y', 'z'].includes(field) ? `field_${field}` : field;
}

/** A file of the store: a path in it, and its text or its bytes before compression. */
export interface StoreFile {
  readonly key: string;
  readonly content: string | Float64Array<ArrayBuffer>;
}

/** Frames per chunk of the time coordinate. */
export const TIME_CHUNK = 1024;

const COMPRESSOR = { id: 'zlib', level: 1 };

const UNIT = 'molecules um-3';

/** Everything but the frames and their number: written once. `attributes` describe the whole store. */
export function storeBeginning(
  { cells, spacing, fields }: FieldLayout,
  attributes: Readonly<Record<string, string | number>>,
): StoreFile[] {
  const files: StoreFile[] = [
    { key: '.zgroup', content: json({ zarr_format: 2 }) },
    { key: '.zattrs', content: json(attributes) },
    // CF conventions would read `s` as a duration; the name says what it is.
    {
      key: 'time/.zattrs',
      content: json({ _ARRAY_DIMENSIONS: ['time'], long_name: 'simulated time in seconds' }),
    },
    ...fields.map(name => ({
      key: `${name}/.zattrs`,
      content: json({ _ARRAY_DIMENSIONS: ['time', 'z', 'y', 'x'], units: UNIT }),
    })),
  ];
  for (const [axis, name] of ['x', 'y', 'z'].entries()) {
    const count = cells[axis];
    const centres = Float64Array.from({ length: count }, (_, i) => (i + 0.5) * spacing[axis]);
    files.push(
      { key: `${name}/.zarray`, content: json(arrayOf([count], [count], '<f8')) },
      { key: `${name}/.zattrs`, content: json({ _ARRAY_DIMENSIONS: [name], units: 'um' }) },
      { key: `${name}/0`, content: centres },
    );
  }
  return files;
}

/** What says that there are so many frames: to be written after them. `times` are theirs, s. */
export function storeExtent({ cells, fields }: FieldLayout, times: readonly number[]): StoreFile[] {
  const [nx, ny, nz] = cells;
  const frames = times.length;
  const last = Math.max(0, Math.ceil(frames / TIME_CHUNK) - 1);
  const chunk = new Float64Array(TIME_CHUNK);
  chunk.set(times.slice(last * TIME_CHUNK));
  const files: StoreFile[] = [];
  if (frames > 0) files.push({ key: `time/${last}`, content: chunk });
  files.push({ key: 'time/.zarray', content: json(arrayOf([frames], [TIME_CHUNK], '<f8')) });
  for (const name of fields) {
    const shape = arrayOf([frames, nz, ny, nx], [1, nz, ny, nx], '<f4');
    files.push({ key: `${name}/.zarray`, content: json(shape) });
  }
  return files;
}

/** Where the values of a field in frame `frame` lie. */
export function chunkKey(field: string, frame: number): string {
  return `${field}/${frame}.0.0.0`;
}

function arrayOf(shape: readonly number[], chunks: readonly number[], dtype: string): object {
  return {
    zarr_format: 2,
    shape,
    chunks,
    dtype,
    compressor: COMPRESSOR,
    fill_value: 'NaN',
    order: 'C',
    filters: null,
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
