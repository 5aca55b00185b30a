import { statSync } from 'node:fs';
import { type CellType, readSbml, SbmlError, type SbmlModel } from '../engine/index.ts';
import { UsageError } from './exit.ts';
import { readModelText, readScenario, type ScenarioOptions } from './scenarioFile.ts';

/** A file that holds circuits: a scenario with its cell types, or an SBML model. */
export type CircuitFile =
  | {
      readonly kind: 'scenario';
      readonly cellTypes: readonly CellType[];
      readonly fields: readonly string[];
      readonly seed: string;
      /** s */
      readonly step: number;
    }
  | { readonly kind: 'sbml'; readonly model: SbmlModel };

/** @throws SbmlError, ScenarioError, UsageError */
export function readCircuits(file: string, options: ScenarioOptions = {}): CircuitFile {
  if (isSbml(file)) {
    if (options.set) throw new UsageError('--set changes values of a scenario; this is an SBML model');
    return { kind: 'sbml', model: readModel(file) };
  }
  const { description } = readScenario(file, options);
  const { cellTypes, fields, seed, time } = description;
  return { kind: 'scenario', cellTypes, fields: fields.map(field => field.name), seed, step: time.step };
}

/** Told by the name: `.xml` and `.sbml` are SBML; under a name that says nothing, by the first character. */
export function isSbml(file: string): boolean {
  if (/\.(xml|sbml)$/i.test(file)) return true;
  if (SCENARIO_NAME.test(file) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  return /^\uFEFF?\s*</.test(readModelText(file).slice(0, 200));
}

const SCENARIO_NAME = /\.(ya?ml|json)$/i;

/** Reads an SBML model; warnings go to stderr. The messages of an error begin with the file. */
export function readModel(file: string): SbmlModel {
  if (SCENARIO_NAME.test(file)) {
    throw new UsageError(
      `${file} is a scenario by its name; allowed: an SBML model (.xml, .sbml). ensemble takes either`,
    );
  }
  const text = readModelText(file);
  return inFile(file, () => {
    const model = readSbml(text);
    for (const warning of model.warnings) process.stderr.write(`warning: ${file}: ${warning}\n`);
    return model;
  });
}

/** What a step finds wrong with SBML is said with the file, and the line where it is known. */
export function inFile<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    throw new SbmlError(
      error.problems.map(({ where, message, line }) => ({
        where: `${file}${line === undefined ? '' : `:${line}`}: ${where}`,
        message,
      })),
    );
  }
}

/** How many there are of what a model consists of. */
export function countsOf(model: SbmlModel): Readonly<Record<string, number>> {
  return {
    compartments: model.compartments.length,
    species: model.species.length,
    parameters: model.parameters.length,
    reactions: model.reactions.length,
    rules: model.rules.length,
    events: model.events.length,
  };
}

export function headingOf(model: SbmlModel): string {
  const parts = Object.entries(countsOf(model)).map(([what, count]) =>
    count === 1 && what !== 'species' ? `1 ${what.slice(0, -1)}` : `${count} ${what}`,
  );
  return `SBML Level ${model.level} Version ${model.version}: ${parts.join(', ')}\n`;
}

/** The cell type of that name, or the only one. @throws UsageError */
export function chooseCellType(cellTypes: readonly CellType[], name: string | undefined): CellType {
  const names = cellTypes.map(type => type.name).join(', ');
  if (cellTypes.length === 0) throw new UsageError('the scenario has no cell types, so no circuits');
  if (name === undefined) {
    if (cellTypes.length > 1)
      throw new UsageError(`--cell is needed to choose a cell type; there are ${names}`);
    return cellTypes[0];
  }
  const found = cellTypes.find(type => type.name === name);
  if (!found) throw new UsageError(`there is no cell type '${name}'; there are ${names}`);
  return found;
}
