import { statSync } from 'node:fs';
import {
  type CellType,
  concentrationsAtMiddle,
  parseConcentration,
  readSbml,
  SbmlError,
  type SbmlModel,
} from '../engine/index.ts';
import { UsageError } from './exit.ts';
import { readModelText, readScenario, type ScenarioOptions } from './scenarioFile.ts';

/** A file that holds circuits: a scenario with its cell types, or an SBML model. */
export type CircuitFile =
  | {
      readonly kind: 'scenario';
      readonly cellTypes: readonly CellType[];
      readonly fields: readonly string[];
      /** Concentration of each field in the middle of the domain at the start, molecules/µm³. */
      readonly concentrations: readonly number[];
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
  return {
    kind: 'scenario',
    cellTypes,
    fields: fields.map(field => field.name),
    concentrations: concentrationsAtMiddle(description),
    seed,
    step: time.step,
  };
}

/** What holds the fields of a circuit without space: the scenario's own values, or `NAME=VALUE` of --field. @throws UsageError */
export function heldFields(circuits: CircuitFile, given: readonly string[] = []): number[] {
  if (circuits.kind === 'sbml') {
    if (given.length > 0) throw new UsageError('--field holds a field of a scenario; this is an SBML model');
    return [];
  }
  const held = [...circuits.concentrations];
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at)).trim();
    const field = circuits.fields.indexOf(name);
    if (at < 0) throw new UsageError(`--field ${text} is not NAME=VALUE, as in AHL=5nM`);
    if (field < 0) {
      const known = circuits.fields.length > 0 ? `there are ${circuits.fields.join(', ')}` : 'there is none';
      throw new UsageError(`--field: there is no field '${name}'; ${known}`);
    }
    held[field] = asUsage(() => parseConcentration(text.slice(at + 1).trim(), `--field ${name}`));
  }
  return held;
}

/** What makes no sense is the user's to mend. */
export function asUsage<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
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
