import { resolve } from 'node:path';
import cliProgress from 'cli-progress';
import { EXIT, UsageError } from '../exit.ts';
import { clockTime } from '../format.ts';
import { printJson } from '../output.ts';
import { size } from '../recording/need.ts';
import { openSource, type RangeOptions, type Source } from './source.ts';
import { bytesAt, checkTarget, type Target, writeTarget } from './target.ts';

export interface ExportOptions extends RangeOptions {
  readonly to: string;
  readonly out?: string;
  readonly table?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

type TableName = 'cells' | 'fields';

/** Writes the source under a path; returns what had to be left out. */
type Encoder = (source: Source, path: string, table: TableName) => unknown;

interface Format {
  readonly kind: Target['kind'];
  /** Of the name that an export has without --out. */
  readonly extension: string;
  /** Libraries are loaded with the format that needs them. */
  readonly load: () => Promise<Encoder>;
}

const FORMATS: Readonly<Record<string, Format>> = {
  csv: { kind: 'file', extension: '.csv', load: async () => (await import('./csv.ts')).exportCsv },
  parquet: {
    kind: 'file',
    extension: '.parquet',
    load: async () => (await import('./parquet.ts')).exportParquet,
  },
  hdf5: { kind: 'file', extension: '.h5', load: async () => (await import('./hdf5.ts')).exportHdf5 },
  vtk: { kind: 'folder', extension: '.vtk', load: async () => (await import('./vtk.ts')).exportVtk },
  zarr: { kind: 'folder', extension: '.zarr', load: async () => (await import('./zarr.ts')).exportZarr },
  simularium: {
    kind: 'file',
    extension: '.simularium',
    load: async () => (await import('./simularium.ts')).exportSimularium,
  },
  omex: { kind: 'file', extension: '.omex', load: async () => (await import('./omex.ts')).exportOmex },
};

/** `cellfield export`: a recording, or a stretch of it, in another format. Returns the exit status. */
export async function exportRecording(folder: string, options: ExportOptions): Promise<number> {
  const { to, table = 'cells', force = false } = options;
  const format = Object.hasOwn(FORMATS, to) ? FORMATS[to] : undefined;
  if (!format) throw new UsageError(`--to ${to}: allowed are ${Object.keys(FORMATS).join(', ')}`);
  if (!isTable(table)) throw new UsageError(`--table ${table}: allowed are cells and fields`);
  if (options.table !== undefined && to !== 'csv' && to !== 'parquet') {
    throw new UsageError(`--table is for csv and parquet; ${to} holds both`);
  }
  if (to === 'omex' && (options.from ?? options.until ?? options.every) !== undefined) {
    throw new UsageError(
      '--to omex takes the whole recording; --from, --until and --every are for the others',
    );
  }
  const source = openSource(folder, options);
  const suffix = options.table === 'fields' ? `.fields${format.extension}` : format.extension;
  const path = options.out ?? resolve(folder) + suffix;
  const target = { path, kind: format.kind, force };
  checkTarget(target);
  const encode = await format.load();
  const bar = progressBar(source, options.quiet ?? false);
  const { entries, about } = source;
  const [first, last] = [entries[0].time, entries[entries.length - 1].time];
  const mark = { ...about, format: to, from_s: first, until_s: last, frames: entries.length };
  let left: unknown;
  try {
    left = await writeTarget(target, mark, under =>
      encode({ ...source, tick: () => bar?.increment() }, under, table),
    );
  } finally {
    bar?.stop();
  }
  const leftOut = Array.isArray(left) ? left.map(String) : [];
  for (const warning of leftOut) process.stderr.write(`warning: ${warning}\n`);
  const bytes = bytesAt(path);
  if (options.json)
    printJson({ format: to, path, bytes, frames: entries.length, from_s: first, until_s: last, leftOut });
  else {
    const stretch =
      to === 'omex' ? '' : `, ${entries.length} frames, ${clockTime(first)} to ${clockTime(last)}`;
    process.stdout.write(`${path}: ${size(bytes)}${stretch}\n`);
  }
  return EXIT.done;
}

function isTable(name: string): name is TableName {
  return name === 'cells' || name === 'fields';
}

function progressBar({ entries }: Source, quiet: boolean): cliProgress.SingleBar | null {
  if (quiet || !process.stderr.isTTY) return null;
  const bar = new cliProgress.SingleBar({
    format: '{bar} {percentage}%  {value} of {total} frames',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(entries.length, 0);
  return bar;
}
