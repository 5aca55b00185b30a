import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, sep } from 'node:path';

/** Bytes; the engine's limit on characters of a model (scenario/limits.ts), each of at most four bytes. */
const LARGEST_MODEL = 4 * 2_000_000;
const MOST_MODELS = 64;

const EXTENSIONS: readonly string[] = ['.xml', '.sbml'];

/** `sbml: NAME` in a scenario's text, as YAML writes it. */
const REFERENCE = /\bsbml["']?[ \t]*:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'<|>,{}#][^\n,{}#]*))/g;

/**
 * The SBML models that a scenario names, by the names it gives them. Only files in its folder or below are read, and only those
 * that are models by their names: a scenario from elsewhere must not bring other files into the window. One that cannot be read
 * is left out, which the engine reports where it is needed.
 */
export function readModelsBeside(path: string, text: string): Record<string, string> {
  const models: Record<string, string> = {};
  const names = [...text.matchAll(REFERENCE)].map(([, double, single, plain]) =>
    (double ?? single ?? plain).trim(),
  );
  for (const name of [...new Set(names)].slice(0, MOST_MODELS)) {
    const model = readModel(dirname(path), name);
    if (model !== null) models[name] = model;
  }
  return models;
}

function readModel(folder: string, name: string): string | null {
  if (isAbsolute(name) || !EXTENSIONS.includes(extname(name).toLowerCase())) return null;
  try {
    const file = realpathSync(join(folder, name));
    const isInside = file.startsWith(realpathSync(folder) + sep);
    if (!isInside || !EXTENSIONS.includes(extname(file).toLowerCase())) return null;
    const found = statSync(file);
    if (!found.isFile() || found.size > LARGEST_MODEL) return null;
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch {
    return null;
  }
}
