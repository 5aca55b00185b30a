import { readdirSync, readFileSync } from 'node:fs';
import { build, loadScenario, type Model, type ModelOptions } from '../../src/engine/index.ts';

const folder = new URL('../../scenarios/', import.meta.url);

/** Names of the shipped scenarios, without `.yaml`. */
export const SHIPPED: readonly string[] = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .map(name => name.slice(0, -'.yaml'.length))
  .sort();

/** Milliseconds for the run that a file's tests look at: minutes on a busy machine. */
export const LONG = 600_000;

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** A shipped scenario at its start, with overrides such as `fields.AHL.decay=0.1 /s`. */
export function start(name: string, ...set: string[]): Model {
  return startWith(name, {}, ...set);
}

export function startWith(name: string, options: ModelOptions, ...set: string[]): Model {
  const file = `${name}.yaml`;
  return build(loadScenario(read(file), { file, set, files: read }), options);
}

/** Step at a time in s, which must be one. */
export function stepAt(model: Model, seconds: number): number {
  const step = seconds / model.description.time.step;
  if (Math.abs(step - Math.round(step)) > 1e-9 * step) throw new Error(`no step ends at ${seconds} s`);
  return Math.round(step);
}

/** Index of a species of cell type 0. */
export function speciesOf(model: Model, name: string): number {
  const index = model.description.cellTypes[0].circuit.species.findIndex(species => species.name === name);
  if (index < 0) throw new Error(`there is no species ${name}`);
  return index;
}

/** The decisions that kept the state positive, all of which a well-tuned scenario does without. */
export function fallbacks(model: Model): number {
  const { positiveFields, firstOrderWindows, halvedWindows, guardedWindows } = model.profile.counts;
  return positiveFields + firstOrderWindows + halvedWindows + guardedWindows;
}

/** Molecules by cause of the moiety of that name. */
export function causesOf(model: Model, moiety: string): Readonly<Record<string, number>> {
  const found = model.balance.report().find(({ name }) => name === moiety);
  if (!found) throw new Error(`there is no moiety ${moiety}`);
  return found.byCause;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean. */
export function standardError(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
