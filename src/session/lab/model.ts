import type { CellType } from '../../engine/cells/cellType.ts';
import type { Circuit } from '../../engine/circuits/circuit.ts';
import {
  createEnsemble,
  type Ensemble,
  type EnsembleOptions,
  leftOut,
} from '../../engine/circuits/ensemble.ts';
import { METHODS } from '../../engine/circuits/methods.ts';
import { overviewOf } from '../../engine/circuits/overview.ts';
import { concentrationsAtMiddle } from '../../engine/description/middle.ts';
import { reads } from '../../engine/expression/algebra.ts';
import { cellTypeOf, createSbmlEnsemble } from '../../engine/sbml/ensemble.ts';
import { SbmlError } from '../../engine/sbml/errors.ts';
import { readSbml } from '../../engine/sbml/read.ts';
import { toCircuit } from '../../engine/sbml/toCircuit.ts';
import { loadScenario, type Scenario } from '../../engine/scenario/load.ts';
import { type Problem, ScenarioError } from '../../engine/scenario/problems.ts';
import { readerOf } from '../models.ts';
import type { LabCircuit, LabField, LabMethod, LabSource } from './contract.ts';

/** A circuit that was read, and how ensembles of it are made. */
export interface LabModel {
  readonly view: LabCircuit;
  /** The circuit alone in a cell; null where the model is no plain network. */
  readonly type: CellType | null;
  /** @throws RangeError, SbmlError where the method cannot run it */
  ensemble(options: EnsembleOptions): Ensemble;
  real(species: string): boolean;
}

const AUTO: LabMethod = { name: 'auto', use: 'The fastest exact method for this circuit.', doi: '' };

/** Reads a circuit. @throws ScenarioError, SbmlError */
export function readLabModel(source: LabSource): LabModel {
  return source.kind === 'sbml' ? readModel(source) : readScenario(source);
}

function readScenario({ text, file, cellType, models }: LabSource): LabModel {
  const files = readerOf(models);
  let scenario = loadScenario(text, { file, files });
  const names = scenario.description.cellTypes.map(({ name }) => name);
  if (names.length === 0)
    throw new ScenarioError([plain('cells', 'there is no cell type, so no circuit')], file);
  const name = cellType !== null && names.includes(cellType) ? cellType : names[0];
  const typeOf = ({ description }: Scenario): CellType =>
    description.cellTypes.find(type => type.name === name) ?? description.cellTypes[0];
  const method = typeOf(scenario).method ?? 'auto';
  // A type by the method `deterministic` comes as that method's circuit, which no other could run as it was meant.
  if (method === 'deterministic')
    scenario = loadScenario(text, { file, files, set: [`cells.${name}.method=auto`] });
  const type = typeOf(scenario);
  const { title, seed, time, fields } = scenario.description;
  const initials = concentrationsAtMiddle(scenario.description);
  const { circuit } = type;
  const used = usedFields(circuit);
  const changesBiomass = circuit.reactions.some(({ reactants, products }) =>
    [...reactants, ...products].some(term => term.in === 'cell' && term.index === 0),
  );
  return {
    view: {
      kind: 'scenario',
      title,
      cellTypes: names,
      cellType: name,
      species: circuit.species.map((species, s) => ({
        name: species.name,
        shown: s > 0 || changesBiomass,
      })),
      fields: fields.map(
        ({ name: field }, f): LabField => ({ name: field, used: used.has(f), initial: initials[f] }),
      ),
      end: time.step * time.steps,
      seed,
      method,
      methods: [AUTO, ...METHODS.filter(({ supports }) => supports(circuit)).map(about)],
      timeUnit: 's',
      overview: overviewOf(
        circuit,
        fields.map(field => field.name),
      ),
      notes: [
        ...scenario.warnings.map(({ path, message }) => (path ? `${path} ${message}` : message)),
        ...[leftOut(type)].filter(note => note !== null),
      ],
    },
    type,
    ensemble: options => createEnsemble(type, { step: time.step, ...options }),
    real: species => circuit.species.find(({ name }) => name === species)?.continuous ?? false,
  };
}

function readModel({ text, file }: LabSource): LabModel {
  const model = readSbml(text);
  let circuit: Circuit | null = null;
  let notes: readonly string[] = model.warnings;
  try {
    const made = toCircuit(model, { inSeconds: false });
    ({ circuit } = made);
    notes = made.warnings;
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    notes = [...notes, ...error.problems.map(({ where, message }) => `${where}: ${message}`)];
  }
  const offered = METHODS.flatMap(({ name, supports }) =>
    // These two also run the model as it stands.
    name === 'direct' || name === 'deterministic' || (circuit && supports(circuit)) ? [name] : [],
  );
  return {
    view: {
      kind: 'sbml',
      title: model.name || model.id || file,
      cellTypes: [],
      cellType: null,
      species: [
        ...(circuit ? [{ name: 'biomass', shown: false }] : []),
        ...model.species.map(({ id }) => ({ name: id, shown: true })),
      ],
      fields: [],
      end: null,
      seed: '1',
      method: circuit === null ? 'deterministic' : 'auto',
      methods: [AUTO, ...METHODS.filter(({ name }) => offered.includes(name)).map(about)],
      timeUnit: 'model',
      overview: circuit && overviewOf(circuit),
      notes,
    },
    type: circuit && cellTypeOf(circuit),
    ensemble: options => createSbmlEnsemble(model, options),
    real: () => false,
  };
}

function about({ name, use, doi }: LabMethod): LabMethod {
  return { name, use, doi };
}

/** Fields, by index, that rates read or reactions exchange with. */
function usedFields({ reactions }: Circuit): Set<number> {
  const used = new Set<number>();
  for (const { rate, reactants, products } of reactions) {
    for (const term of [...reactants, ...products]) if (term.in === 'field') used.add(term.index);
    for (const variable of reads(rate).values()) if (variable.of === 'field') used.add(variable.index);
  }
  return used;
}

export function plain(path: string, message: string): Problem {
  return { path, message, line: null, column: null, origin: null, value: null, allowed: null };
}

/** What is wrong with a circuit's text. @throws what is no fault of it */
export function problemsIn(error: unknown): readonly Problem[] {
  if (error instanceof ScenarioError) return error.problems;
  if (error instanceof SbmlError) return error.problems.map(({ where, message }) => plain(where, message));
  throw error;
}
