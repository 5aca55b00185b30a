import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import {
  chunkKey,
  fieldLayout,
  type StoreFile,
  storeBeginning,
  storeExtent,
  TIME_CHUNK,
  ZARR_FOLDER,
} from '../../engine/recording/fieldStore.ts';
import { fieldEntries, type Source } from './source.ts';

/**
 * The fields of the range as a Zarr store of version 2 of their own, laid out as in the recording, with consolidated metadata
 * (`.zmetadata`, https://zarr.readthedocs.io/en/v2.18.3/tutorial.html#consolidating-metadata), so that xarray opens it with one read. Chunks are checked and copied.
 */
export function exportZarr(source: Source, folder: string): void {
  const { reader, opened, about, description, tick } = source;
  const entries = fieldEntries(source);
  const layout = fieldLayout(description);
  const times = entries.map(({ time }) => time);
  const files = new Map<string, StoreFile>();
  for (const file of storeBeginning(layout, about)) files.set(file.key, file);
  for (let end = TIME_CHUNK; end < times.length; end += TIME_CHUNK) {
    for (const file of storeExtent(layout, times.slice(0, end))) files.set(file.key, file);
  }
  for (const file of storeExtent(layout, times)) files.set(file.key, file);
  const metadata: Record<string, unknown> = {};
  for (const { key, content } of files.values()) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : deflateSync(content));
    if (typeof content === 'string') metadata[key] = JSON.parse(content);
  }
  writeFileSync(
    join(folder, '.zmetadata'),
    JSON.stringify({ metadata, zarr_consolidated_format: 1 }, null, 1),
  );
  entries.forEach((entry, frame) => {
    // Read for the check: a damaged chunk is refused here rather than copied.
    reader.fields(entry);
    for (const name of layout.fields) {
      const from = join(opened.folder, ZARR_FOLDER, chunkKey(name, entry.field ?? 0));
      copyFileSync(from, join(folder, chunkKey(name, frame)));
    }
    tick();
  });
}
