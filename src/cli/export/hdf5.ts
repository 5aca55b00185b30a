import { type Dataset, File, type Group, ready } from 'h5wasm/node';
import { fieldLayout } from '../../engine/recording/fieldStore.ts';
import { cellEntries, type Source } from './source.ts';
import { TYPE, withNaN } from './tables.ts';

/** Rows of a chunk. */
const CHUNK = 2 ** 14;
const COMPRESSION = 4;

/**
 * One HDF5 file with the groups `frames` (step, time, cells of each frame and the row at which they begin), `cells` (one array
 * per column, frame after frame; `type` is an index into its attribute `names`, missing amounts are NaN) and `fields` (arrays
 * [time, z, y, x] with their coordinates as dimension scales, which xarray reads). Units are attributes; the resolved scenario
 * is the dataset `scenario`. Chunked and compressed with gzip; written frame by frame.
 */
export async function exportHdf5(source: Source, path: string): Promise<void> {
  await ready;
  const file = new File(path, 'w');
  try {
    for (const [key, value] of Object.entries(source.about)) file.create_attribute(key, value);
    file.create_dataset({ name: 'scenario', data: source.opened.scenario.text });
    if (source.entries.some(({ cells }) => cells !== null)) writeCells(source, file);
    if (source.description.fields.length > 0 && source.entries.some(({ field }) => field !== null)) {
      writeFields(source, file);
    }
  } finally {
    file.close();
  }
}

function writeCells(source: Source, file: Group): void {
  const { reader, description, tick } = source;
  const entries = cellEntries(source);
  const counts = entries.map(({ cells }) => cells ?? 0);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const frames = file.create_group('frames');
  frames.create_dataset({ name: 'step', data: Uint32Array.from(entries, ({ step }) => step) });
  withUnit(
    frames.create_dataset({ name: 'time', data: Float64Array.from(entries, ({ time }) => time) }),
    's',
  );
  frames.create_dataset({ name: 'cells', data: Uint32Array.from(counts) });
  let first = 0;
  frames.create_dataset({
    name: 'first_row',
    data: Uint32Array.from(counts, count => {
      first += count;
      return first - count;
    }),
  });
  const group = file.create_group('cells');
  const growing = (name: string, dtype: string, unit: string) =>
    withUnit(extensible(group, name, dtype, [0], [Math.min(CHUNK, Math.max(1, rows))]), unit);
  const step = growing('step', '<I', '');
  const time = growing('time', '<d', 's');
  const columns = reader.columns.map(({ name, kind, unit }) => {
    return growing(name, { u16: '<H', u32: '<I', f32: '<f', f64: '<d' }[kind], unit);
  });
  columns[TYPE].create_attribute(
    'names',
    description.cellTypes.map(({ name }) => name),
  );
  let row = 0;
  for (const entry of entries) {
    const frame = reader.cells(entry);
    if (!frame) continue;
    const end = row + frame.count;
    const append = (dataset: Dataset, values: unknown) => {
      dataset.resize([end]);
      dataset.write_slice([[row, end]], values);
    };
    if (frame.count > 0) {
      append(step, new Uint32Array(frame.count).fill(entry.step));
      append(time, new Float64Array(frame.count).fill(entry.time));
      reader.columns.forEach((column, c) => {
        append(columns[c], withNaN(column, frame, c));
      });
    }
    row = end;
    tick();
  }
}

function writeFields({ reader, entries, description, tick }: Source, file: Group): void {
  const { cells, spacing, fields } = fieldLayout(description);
  const [nx, ny, nz] = cells;
  const shown = entries.filter(({ field }) => field !== null);
  const group = file.create_group('fields');
  const scales = {
    time: Float64Array.from(shown, ({ time }) => time),
    z: centres(2),
    y: centres(1),
    x: centres(0),
  };
  function centres(axis: number): Float64Array {
    return Float64Array.from({ length: cells[axis] }, (_, i) => (i + 0.5) * spacing[axis]);
  }
  for (const [name, data] of Object.entries(scales)) {
    const scale = withUnit(group.create_dataset({ name, data }), name === 'time' ? 's' : 'um');
    scale.make_scale(name);
  }
  const arrays = fields.map(name => {
    return withUnit(extensible(group, name, '<f', [0, nz, ny, nx], [1, nz, ny, nx]), 'molecules/um^3');
  });
  shown.forEach((entry, frame) => {
    const values = reader.fields(entry);
    arrays.forEach((array, f) => {
      array.resize([frame + 1, nz, ny, nx]);
      array.write_slice([[frame, frame + 1], [], [], []], values?.[f]);
    });
    tick();
  });
  for (const array of arrays) {
    Object.keys(scales).forEach((name, axis) => {
      array.attach_scale(axis, `/fields/${name}`);
    });
  }
}

/** A dataset without rows that can grow along its first axis. */
function extensible(group: Group, name: string, dtype: string, shape: number[], chunks: number[]): Dataset {
  const data = dtype === '<d' ? new Float64Array() : dtype === '<f' ? new Float32Array() : new Uint32Array();
  return group.create_dataset({
    name,
    data,
    dtype,
    shape,
    maxshape: [null, ...shape.slice(1)],
    chunks,
    compression: COMPRESSION,
  });
}

/** CF conventions, as xarray knows them, would read `s` as a duration; a name says what it is. */
function withUnit(dataset: Dataset, unit: string): Dataset {
  if (unit === 's') dataset.create_attribute('long_name', 'simulated time in seconds');
  else if (unit) dataset.create_attribute('units', unit);
  return dataset;
}
