import type { Circuit } from '../circuits/circuit.ts';
import { SbmlError } from '../sbml/errors.ts';
import type { SbmlModel } from '../sbml/model.ts';
import { withValues } from '../sbml/override.ts';
import { readSbml } from '../sbml/read.ts';
import { circuitSpecies, toCircuit } from '../sbml/toCircuit.ts';
import type { Loose } from './conform.ts';
import { freeName } from './names.ts';
import { type Context, readQuantity } from './quantity.ts';
import type { CellTypeFile } from './schema/cells.ts';
import { childPath, type Source } from './source.ts';
import { NONE } from './units.ts';

/** The SBML model of a cell type. */
export interface TypeModel {
  readonly model: SbmlModel;
  /** Names in the scenario of the species that it brings, in its order. */
  readonly species: readonly string[];
  /** Whether its compartments grow with the cell. */
  readonly followsCell: boolean;
  /** `cells.NAME.circuit.sbml`. */
  readonly path: string;
}

/** The model of `circuit: { sbml, volume, parameters }`; null where there is none or it has a fault. */
export function readTypeModel(
  context: Context,
  typePath: string,
  { circuit }: Loose<CellTypeFile>,
): TypeModel | null {
  const { source } = context;
  if (circuit?.sbml === undefined) return null;
  const path = `${typePath}.circuit.sbml`;
  const fault = source.modelFaults.get(path);
  if (fault !== undefined) {
    source.problem(path, fault);
    return null;
  }
  const values = new Map<string, number>();
  for (const [name, raw] of Object.entries(circuit.parameters ?? {})) {
    const value = readQuantity(context, childPath(`${typePath}.circuit.parameters`, name), raw, NONE);
    if (value !== null) values.set(name, value);
  }
  const text = circuit.sbml;
  const model = attempt(source, path, () => withValues(readSbml(text), values));
  if (model === null) return null;
  const taken = new Set<string>();
  const species = circuitSpecies(model).map(id => freeName(id, taken));
  return { model, species, followsCell: circuit.volume === 'cell', path };
}

export interface ModelCircuitOptions {
  /** Of a new cell, µm³. */
  readonly volume: number;
  /** Molecules in a new cell that differ from the model's, by name in the scenario. */
  readonly amounts: ReadonlyMap<string, number>;
  /** Whether a species, by its index in the circuit, may have a part of a molecule. */
  readonly isReal: (index: number) => boolean;
}

/** The model as a circuit under the names of the scenario; null after a fault. */
export function buildModelCircuit(
  source: Source,
  { model, species, followsCell, path }: TypeModel,
  { volume, amounts, isReal }: ModelCircuitOptions,
): Circuit | null {
  const ids = circuitSpecies(model);
  const byId = new Map(
    ids.flatMap((id, i) => {
      const amount = amounts.get(species[i]);
      return amount === undefined ? [] : [[id, amount] as const];
    }),
  );
  return attempt(source, path, () => {
    const { circuit, warnings } = toCircuit(model, {
      inSeconds: true,
      amounts: byId,
      isReal: id => isReal(ids.indexOf(id) + 1),
      ...(followsCell && volume > 0 ? { volume } : {}),
    });
    for (const warning of warnings) source.warn(path, `${fileName(source, path)}${warning}`);
    const named = circuit.species.map((one, i) => (i === 0 ? one : { ...one, name: species[i - 1] }));
    return { ...circuit, species: named };
  });
}

function fileName(source: Source, path: string): string {
  const file = source.files.get(path);
  return file === undefined ? '' : `${file}: `;
}

/** Faults of the model become problems of the key that brought it in. */
function attempt<T>(source: Source, path: string, step: () => T): T | null {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    const file = source.files.get(path) ?? 'the model';
    for (const { where, message, line } of error.problems) {
      source.keyProblem(path, `${file}${line === undefined ? '' : `:${line}`}: ${where}: ${message}`);
    }
    return null;
  }
}
