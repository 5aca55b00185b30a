import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { toSbml } from '../engine/index.ts';
import { chooseCellType, inFile, readCircuits } from './circuitFile.ts';
import { EXIT, UsageError } from './exit.ts';
import { writeWhole } from './files.ts';
import type { ScenarioOptions } from './scenarioFile.ts';

export interface ExportOptions extends ScenarioOptions {
  readonly cell?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** `cellfield export-sbml`: the circuit of a cell type as SBML Level 3 Version 2. Returns the exit status. */
export function exportSbml(file: string, options: ExportOptions): number {
  const circuits = readCircuits(file, options);
  if (circuits.kind === 'sbml') throw new UsageError(`${file} is SBML already`);
  checkNew(options.out, options.force);
  const type = chooseCellType(circuits.cellTypes, options.cell);
  const text = inFile(file, () => toSbml(type));
  if (options.out === undefined) process.stdout.write(text);
  else writeNew(options.out, text, options.force ?? false);
  return EXIT.done;
}

/** Writes a file that must not be there unless `force`. */
export function writeNew(path: string, content: string | Uint8Array, force: boolean): void {
  checkNew(path, force);
  writeWhole(path, content);
}

/** Throws where writeNew would, before there is anything to lose. @throws UsageError */
export function checkNew(path: string | undefined, force = false): void {
  if (path === undefined) return;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--out ${path} is a folder; allowed: a file`);
  if (!force && existsSync(path)) throw new UsageError(`${path} exists; --force replaces it`);
  const folder = dirname(path);
  if (!existsSync(folder)) throw new UsageError(`--out ${path}: there is no folder ${folder}`);
}
