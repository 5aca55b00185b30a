import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, sep } from 'node:path';

/** Bytes; the engine's limit on characters of a model (scenario/limits.ts), each of at most four bytes. */
const LARGEST_MODEL = 4 * 2_000_000;
const MOST_MODELS = 64;

/** `sbml: NAME`, `file: NAME` (of a flow or picture) and `table: NAME` in a scenario's text, as YAML writes them. */
const REFERENCE =
  /\b(sbml|file|table)["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'<|>,{}#][^\n,{}#]*))/g;

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  sbml: ['.xml', '.sbml'],
  file: ['.csv', '.json', '.png'],
  table: ['.csv', '.txt', '.tsv'],
};

/**
 * The SBML models and the flow that a scenario names, by the names it gives them. Only files in its folder or below are read, and only those
 * that are such by their names: a scenario from elsewhere must not bring other files into the window. One that cannot be read
 * is left out, which the engine reports where it is needed.
 */
export function readModelsBeside(path: string, text: string): Record<string, string> {
  const models: Record<string, string> = {};
  const found = new Map<string, string>();
  for (const [, key, double, single, plain] of text.matchAll(REFERENCE))
    found.set((double ?? single ?? plain).trim(), key);
  for (const [name, key] of [...found].slice(0, MOST_MODELS)) {
    const model = readModel(dirname(path), name, EXTENSIONS[key]);
    if (model !== null) models[name] = model;
  }
  return models;
}

function readModel(folder: string, name: string, extensions: readonly string[]): string | null {
  if (isAbsolute(name) || !extensions.includes(extname(name).toLowerCase())) return null;
  try {
    const file = realpathSync(join(folder, name));
    const isInside = file.startsWith(realpathSync(folder) + sep);
    if (!isInside || !extensions.includes(extname(file).toLowerCase())) return null;
    const found = statSync(file);
    if (!found.isFile() || found.size > LARGEST_MODEL) return null;
    if (extname(file).toLowerCase() === '.png')
      return `data:image/png;base64,${readFileSync(file).toString('base64')}`;
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch {
    return null;
  }
}
