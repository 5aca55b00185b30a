import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { tableFromIPC } from '@uwdata/flechette';
import { DOMParser, type Element } from '@xmldom/xmldom';
import FileSystemStore from '@zarrita/storage/fs';
import { unzipSync } from 'fflate';
import { type Dataset, File, ready } from 'h5wasm/node';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { initSync, readParquet } from 'parquet-wasm/esm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { open, root } from 'zarrita';
import { shortest } from '../../src/cli/export/csv.ts';
import { exportRecording } from '../../src/cli/export/exportRecording.ts';
import { FrameReader } from '../../src/cli/recording/frameReader.ts';
import { loadScenario } from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';
import { cellfield, read, temporaryFolder, writeScenario } from './cellfield.ts';

const folder = temporaryFolder();
const recording = join(folder, 'colony');
const rods = join(folder, 'rods');
let reader: FrameReader;

beforeAll(async () => {
  const texts = [Object.values(SCENARIOS)[0], SCENARIOS['rods and discs, explicit']];
  const made = await Promise.all(
    [recording, rods].map((out, i) =>
      cellfield('run', writeScenario(folder, `${i}.yaml`, texts[i]), '--out', out),
    ),
  );
  expect(made.map(({ status }) => status)).toEqual([0, 0]);
  reader = new FrameReader(recording, loadScenario(read(recording, 'scenario.yaml')).description);
}, 60_000);

/** Exports in this process; returns the path and what was printed. */
async function exported(
  from: string,
  to: string,
  options: object = {},
): Promise<{ path: string; warnings: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(await exportRecording(from, { to, json: true, force: true, ...options })).toBe(0);
    const { path } = JSON.parse(out.mock.calls.map(([text]) => String(text)).join(''));
    return { path, warnings: errors.mock.calls.map(([text]) => String(text)).join('') };
  } finally {
    vi.restoreAllMocks();
  }
}

/** The rows that another Arrow implementation reads from the recording itself. */
function recorded(from = recording): Record<string, unknown>[] {
  return tableFromIPC(readFileSync(join(from, 'cells.arrows'))).toArray();
}

function fieldsAt(frame: number): Float32Array[] {
  return reader.fields(reader.entries[frame]) ?? [];
}

/** Python, where it is there with these modules; null elsewhere. */
function python(modules: string, code: string, ...args: string[]): unknown {
  const probe = spawnSync('/usr/bin/python3', ['-c', `import ${modules}`]);
  if (probe.status !== 0) {
    process.stderr.write(`python3 with ${modules} is not here: not checked with it\n`);
    return null;
  }
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [
    '-c',
    `import json, sys\n${code}`,
    ...args,
  ]);
  expect(stderr.toString().match(/Error.*/g) ?? []).toEqual([]);
  expect(status).toBe(0);
  return JSON.parse(stdout.toString());
}

describe('cellfield export', () => {
  it('writes cells as CSV that reads back to the recorded numbers', async () => {
    const { path } = await exported(recording, 'csv');
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const columns = header.split(',');
    expect(columns.slice(0, 6)).toEqual(['step', 'time_s', 'id', 'parent', 'type', 'x_um']);
    expect(columns).toEqual(expect.arrayContaining(['volume_um3', 'biomass_fg', 'LuxI_molecules']));
    const rows = recorded();
    expect(lines).toHaveLength(rows.length);
    const names = Object.keys(rows[0]);
    const single = new Set(reader.columns.filter(({ kind }) => kind === 'f32').map(({ name }) => name));
    lines.forEach((line, i) => {
      line.split(',').forEach((text, c) => {
        const value = rows[i][names[c]];
        if (value === null) expect(text).toBe('');
        else if (typeof value === 'string') expect(text).toBe(value);
        else if (single.has(names[c])) expect(Math.fround(Number(text))).toBe(value);
        else expect(Number(text)).toBe(Number(value));
      });
    });
    expect(
      [0.1, 1e-7, 16777217, 0.6, 1 / 3].map(Math.fround).map(shortest).map(Number).map(Math.fround),
    ).toEqual([0.1, 1e-7, 16777217, 0.6, 1 / 3].map(Math.fround));
  });

  it('writes fields as a table, and the stretch that is asked for', async () => {
    const { path } = await exported(recording, 'csv', {
      table: 'fields',
      from: '1 min',
      until: '3 min',
      every: '2',
    });
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(header).toBe('step,time_s,x_um,y_um,z_um,AHL_molecules_per_um3,glucose_molecules_per_um3');
    expect(new Set(lines.map(line => line.split(',')[1]))).toEqual(new Set(['60', '100', '140', '180']));
    const [, time, x, y, z, ahl] = lines[240 + 21].split(',').map(Number);
    expect([time, x, y, z]).toEqual([100, 3, 3.75, 0.5]);
    expect(Math.fround(ahl)).toBe(fieldsAt(5)[0][21]);
  });

  it('writes Parquet that two other implementations read', async () => {
    const { path } = await exported(recording, 'parquet');
    const file = await asyncBufferFromFile(path);
    const rows = await parquetReadObjects({ file });
    const expected = recorded();
    expect(rows).toHaveLength(expected.length);
    const { time_s: _, step: __, ...last } = expected[expected.length - 1];
    expect(rows[rows.length - 1]).toEqual({
      ...last,
      time: 240,
      step: 120n,
      id: BigInt(last.id as number),
      parent: BigInt(last.parent as number),
    });
    const { key_value_metadata } = await parquetMetadataAsync(file);
    const about = Object.fromEntries(key_value_metadata?.map(({ key, value }) => [key, value]) ?? []);
    expect(about).toMatchObject({ title: 'A colony in miniature', seed: '7' });
    expect(JSON.parse(about.units ?? '')).toMatchObject({ x: 'um', volume: 'um^3', LuxI: 'molecules' });
    initSync({
      module: readFileSync(
        new URL('../../node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm', import.meta.url),
      ),
    });
    const table = tableFromIPC(readParquet(readFileSync(path)).intoIPCStream());
    expect(table.toArray().map(row => [row.type, row.LuxI, row.x])).toEqual(
      expected.map(row => [row.type, row.LuxI, row.x]),
    );
    const fields = await exported(recording, 'parquet', { table: 'fields' });
    const voxels = await parquetReadObjects({ file: await asyncBufferFromFile(fields.path) });
    expect(voxels).toHaveLength(13 * 240);
    expect(voxels.slice(-240).map(({ glucose }) => glucose)).toEqual([...fieldsAt(12)[1]]);
  });

  it('writes HDF5 that h5wasm and h5py read', async () => {
    const { path } = await exported(recording, 'hdf5');
    await ready;
    const file = new File(path, 'r');
    const values = (name: string) => (file.get(name) as Dataset).value as Float32Array;
    const expected = recorded();
    expect([...values('cells/x')]).toEqual(expected.map(({ x }) => x));
    expect([...values('cells/S')]).toEqual(expected.map(({ S }) => S ?? Number.NaN));
    expect([...values('fields/AHL')]).toEqual(
      Array.from({ length: 13 }, (_, f) => [...fieldsAt(f)[0]]).flat(),
    );
    expect((file.get('scenario') as Dataset).value).toBe(read(recording, 'scenario.yaml'));
    file.close();
    const found = python(
      'h5py',
      `import h5py
f = h5py.File(sys.argv[1])
t, c = f['cells/type'], f['fields/AHL']
first = f['frames/first_row'][12]
print(json.dumps([t.attrs['names'].tolist(), t[first:].tolist(), f['cells/x'].attrs['units'], c.shape,
  [d.keys()[0] for d in c.dims], [float(v) for v in c[12].ravel()], f.attrs['title'], f['fields/x'][:2].tolist()]))`,
      path,
    );
    const cells = reader.cells(reader.entries[12]);
    if (found !== null) {
      expect(found).toEqual([
        ['sender', 'receiver'],
        [...(cells?.values[2] ?? [])],
        'um',
        [13, 1, 12, 20],
        ['time', 'z', 'y', 'x'],
        [...fieldsAt(12)[0]],
        'A colony in miniature',
        [1, 3],
      ]);
    }
  });

  it('writes Zarr with consolidated metadata that zarrita, zarr and xarray read', async () => {
    const { path } = await exported(recording, 'zarr', { from: '100 s' });
    const array = await open.v2(root(new FileSystemStore(path)).resolve('AHL'), { kind: 'array' });
    expect(array.shape).toEqual([8, 1, 12, 20]);
    const { data } = await array.getChunk([7, 0, 0, 0]);
    expect([...(data as Float32Array)]).toEqual([...fieldsAt(12)[0]]);
    const found = python(
      'xarray, zarr',
      `import xarray
d = xarray.open_zarr(sys.argv[1], consolidated=True)
print(json.dumps([d.AHL.dims, d.time.values.tolist(), [float(v) for v in d.AHL[7].values.ravel()], d.AHL.units]))`,
      path,
    );
    if (found !== null) {
      expect(found).toEqual([
        ['time', 'z', 'y', 'x'],
        [100, 120, 140, 160, 180, 200, 220, 240],
        [...fieldsAt(12)[0]],
        'molecules um-3',
      ]);
    }
  });

  it('writes VTK files whose arrays have the sizes and values that the format asks for', async () => {
    const { path } = await exported(recording, 'vtk');
    const names = readdirSync(path);
    expect(names.filter(name => name.endsWith('.vtp'))).toHaveLength(13);
    expect(names.filter(name => name.endsWith('.vti'))).toHaveLength(13);
    for (const kind of ['cells', 'fields']) {
      const sets = [...parse(join(path, `${kind}.pvd`)).getElementsByTagName('DataSet')];
      expect(sets.map(set => Number(set.getAttribute('timestep')))).toEqual(
        Array.from({ length: 13 }, (_, f) => 20 * f),
      );
      for (const set of sets) expect(names).toContain(set.getAttribute('file'));
    }
    const image = parse(join(path, 'fields-0000000120.vti'));
    const [data] = [...image.getElementsByTagName('ImageData')];
    expect(data.getAttribute('WholeExtent')).toBe('0 20 0 12 0 1');
    expect(data.getAttribute('Spacing')).toBe('2 2.5 1');
    expect(arrayOf(image, 'AHL')).toEqual(fieldsAt(12)[0]);
    const points = parse(join(path, 'cells-0000000120.vtp'));
    const last = recorded().filter(({ step }) => step === 120);
    const [piece] = [...points.getElementsByTagName('Piece')];
    expect(piece.getAttribute('NumberOfPoints')).toBe(String(last.length));
    expect([...arrayOf(points, 'Points')]).toEqual(last.flatMap(({ x, y, z }) => [x, y, z]));
    expect([...arrayOf(points, 'radius')]).toEqual(last.map(({ radius }) => radius));
    expect([...arrayOf(points, 'R')]).toEqual(last.map(({ R }) => R ?? Number.NaN));
    expect([...arrayOf(points, 'offsets')]).toEqual(last.map((_, i) => i + 1));
    expect([...arrayOf(points, 'TimeValue')]).toEqual([240]);
  });

  it('writes spheres, and fibres for rods, for Simularium', async () => {
    const { path } = await exported(rods, 'simularium');
    const { trajectoryInfo, spatialData, plotData } = JSON.parse(readFileSync(path, 'utf8'));
    const { cellTypes, grid } = loadScenario(read(rods, 'scenario.yaml')).description;
    expect(trajectoryInfo).toMatchObject({
      version: 3,
      spatialUnits: { name: 'um' },
      timeUnits: { name: 's' },
    });
    expect(trajectoryInfo.size).toEqual({ x: grid.size[0], y: grid.size[1], z: grid.size[2] });
    expect(spatialData.bundleData).toHaveLength(trajectoryInfo.totalSteps);
    const cells = recorded(rods);
    for (const { time, data } of spatialData.bundleData) {
      const rows = cells.filter(row => row.time_s === time);
      let at = 0;
      for (const row of rows) {
        const [shape, id, type, x, y, z, , , , radius, following] = data.slice(at, at + 11);
        const rod = cellTypes[type].shape.kind === 'rod';
        expect([shape, id, cellTypes[type].name]).toEqual([rod ? 1001 : 1000, row.id, row.type]);
        expect(trajectoryInfo.typeMapping[type]).toMatchObject({
          name: row.type,
          geometry: { displayType: rod ? 'FIBER' : 'SPHERE' },
        });
        expect(Math.fround(radius)).toBe(row.radius);
        expect(following).toBe(rod ? 6 : 0);
        const points = rod ? data.slice(at + 11, at + 17) : [x, y, z, x, y, z];
        const middle = [0, 1, 2].map(k => (points[k] + points[k + 3]) / 2 + grid.size[k] / 2);
        [row.x, row.y, row.z].forEach((value, k) => {
          expect(middle[k]).toBeCloseTo(value as number, 4);
        });
        const length = Math.hypot(...[0, 1, 2].map(k => points[k + 3] - points[k]));
        expect(length).toBeCloseTo(rod ? (row.length as number) - 2 * radius : 0, 4);
        at += 11 + following;
      }
      expect(at).toBe(data.length);
    }
    expect(plotData.data[0].data.map((trace: { name: string }) => trace.name)).toEqual(
      cellTypes.map(({ name }) => name),
    );
  });

  it('packs a COMBINE archive with the circuits that SBML can say', async () => {
    const scenario = writeScenario(folder, 'plain.yaml', CIRCUIT);
    const plain = join(folder, 'plain');
    expect((await cellfield('run', scenario, '--out', plain)).status).toBe(0);
    const { path, warnings } = await exported(plain, 'omex');
    expect(warnings).toMatch(/warning: the circuit of listener is left out: reaction 'hear'/);
    const files = unzipSync(readFileSync(path));
    const text = (name: string) => new TextDecoder().decode(files[name]);
    const manifest = new DOMParser().parseFromString(text('manifest.xml'), 'text/xml');
    const contents = [...manifest.getElementsByTagName('content')].map(one => one.getAttribute('location'));
    expect(contents).toEqual(['.', ...Object.keys(files).map(name => `./${name}`)]);
    expect(text('scenario.yaml')).toBe(read(plain, 'scenario.yaml'));
    expect(text('timeseries.csv')).toBe(read(plain, 'timeseries.csv'));
    expect(text('models/maker.xml')).toContain('http://www.sbml.org/sbml/level3/version2/core');
    const found = python(
      'zipfile',
      `import zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([z.testzip(), z.namelist(), z.read('events.csv').decode()]))`,
      path,
    );
    if (found !== null) expect(found).toEqual([null, Object.keys(files), read(plain, 'events.csv')]);
  });

  it('says in one line what it cannot do, and leaves nothing behind', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.txt'), 'mine');
    const damaged = join(folder, 'damaged');
    cpSync(recording, damaged, { recursive: true });
    writeFileSync(join(damaged, 'fields.zarr', 'AHL', '3.0.0.0'), 'rubbish');
    copyFileSync(join(recording, 'cells.arrows'), join(folder, 'taken.csv'));
    const cases: [string, object, RegExp][] = [
      [recording, { to: 'xlsx' }, /--to xlsx: allowed are csv, parquet, hdf5, vtk, zarr, simularium, omex/],
      [recording, { to: 'csv', from: '2 h' }, /no frame from 7200 s on; its frames lie from 0 s to 240 s/],
      [
        recording,
        { to: 'csv', from: '101 s', until: '119 s' },
        /no frame from 101 s to 119 s; its frames lie from 0 s to 240 s/,
      ],
      [recording, { to: 'csv', from: '3 min', until: '2 min' }, /--from 180 s lies after --until 120 s/],
      [recording, { to: 'csv', from: '5 um' }, /--from/],
      [recording, { to: 'csv', every: '0' }, /--every 0: expected a whole number of frames/],
      [recording, { to: 'csv', table: 'mice' }, /--table mice: allowed are cells and fields/],
      [recording, { to: 'vtk', table: 'cells' }, /--table is for csv and parquet; vtk holds both/],
      [recording, { to: 'csv', out: join(folder, 'taken.csv') }, /taken.csv exists; --force replaces it/],
      [recording, { to: 'csv', out: join(folder, 'none', 'x.csv') }, /there is no folder/],
      [recording, { to: 'vtk', out: other, force: true }, /holds other files/],
      [other, { to: 'csv' }, /is not a recording/],
      [damaged, { to: 'zarr', out: join(folder, 'damaged.zarr') }, /AHL\/3.0.0.0 is damaged/],
      [damaged, { to: 'hdf5', out: join(folder, 'damaged.h5') }, /AHL\/3.0.0.0 is damaged/],
    ];
    const before = readdirSync(folder);
    for (const [from, options, message] of cases) {
      await expect(exportRecording(from, options as { to: string })).rejects.toThrow(message);
    }
    expect(readdirSync(folder)).toEqual(before);
    expect(readdirSync(other)).toEqual(['thesis.txt']);
    const run = await cellfield('export', recording, '--to', 'xlsx');
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/^cellfield: --to xlsx: [^\n]*\n$/);
  });

  it('replaces an export of its own with --force', async () => {
    const out = join(folder, 'series');
    await exported(recording, 'vtk', { out });
    await exported(recording, 'vtk', { out, from: '4 min' });
    expect(readdirSync(out).filter(name => name.endsWith('.vtp'))).toEqual(['cells-0000000120.vtp']);
    expect(existsSync(join(folder, '.series.old.tmp'))).toBe(false);
  });
});

const CIRCUIT = `
cellfield: 1
title: A circuit that SBML can say & one that it cannot
domain: { size: [10 um, 10 um], grid: [4, 4], thickness: 1 um }
time: { end: 10 s, step: 1 s }
fields: { AHL: { diffusivity: 100 um^2/s, initial: 1 nM } }
cells:
  maker:
    shape: { disc: { radius: 0.5 um } }
    species: { P: 3 }
    reactions:
      make: { equation: "-> P", rate: 1 /s }
      lose: { equation: "P ->", k: 0.1 /s }
  listener:
    shape: { disc: { radius: 0.5 um } }
    species: { S: 0 }
    reactions:
      hear: { equation: "field.AHL -> S", k: 0.1 /s }
population:
  - { type: maker, count: 2 }
  - { type: listener, count: 1 }
`;

function parse(path: string) {
  const faults: string[] = [];
  const parser = new DOMParser({ onError: (_level, message) => faults.push(message) });
  const document = parser.parseFromString(readFileSync(path, 'utf8'), 'text/xml');
  expect(faults).toEqual([]);
  return document;
}

const TYPES = { Float32: Float32Array, Float64: Float64Array, Int32: Int32Array } as const;

/** An array of a VTK file: base64 of the header (blocks, their size, that of a last shorter one, compressed sizes), then of the blocks. */
function arrayOf(document: ReturnType<typeof parse>, name: string): Float32Array | Float64Array | Int32Array {
  const [element] = [...document.getElementsByTagName('DataArray')].filter(
    (one: Element) => one.getAttribute('Name') === name,
  );
  const text = element.textContent ?? '';
  const words = (bytes: Buffer) => new Uint32Array(Uint8Array.from(bytes).buffer);
  const [blocks] = words(Buffer.from(text.slice(0, 8), 'base64').subarray(0, 4));
  const headerText = 4 * Math.ceil((4 * (3 + blocks)) / 3);
  const [, size, partial, ...lengths] = words(Buffer.from(text.slice(0, headerText), 'base64'));
  const bytes = Buffer.from(text.slice(headerText), 'base64');
  let at = 0;
  const parts = lengths.map(length => {
    at += length;
    return inflateSync(bytes.subarray(at - length, at));
  });
  expect(at).toBe(bytes.length);
  parts.forEach((part, i) => {
    expect(part.length).toBe(i < blocks - 1 || partial === 0 ? size : partial);
  });
  const Kind = TYPES[element.getAttribute('type') as keyof typeof TYPES];
  return new Kind(Uint8Array.from(Buffer.concat(parts)).buffer);
}
