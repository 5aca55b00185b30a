import {
  analyseStiffness,
  type CircuitOverview,
  cellTypeOf,
  overviewOf,
  SbmlError,
  type SbmlModel,
  simulateSbml,
  toCircuit,
} from '../engine/index.ts';
import { countsOf, headingOf, inFile, readCircuits } from './circuitFile.ts';
import { describeCircuit } from './describeCircuit.ts';
import { EXIT } from './exit.ts';
import { printJson } from './output.ts';
import type { ScenarioOptions } from './scenarioFile.ts';
import { stiffnessText } from './stiffnessText.ts';

export interface DescribeOptions extends ScenarioOptions {
  readonly json?: boolean;
}

/** `cellfield describe`: structure of every circuit in a file. Returns the exit status. */
export function describe(file: string, options: DescribeOptions): number {
  const circuits = readCircuits(file, options);
  if (circuits.kind === 'sbml') return describeModel(file, circuits.model, options);
  const parts = circuits.cellTypes.map(type => ({
    name: type.name,
    overview: overviewOf(type.circuit, circuits.fields),
    stiffness: analyseStiffness(type, circuits.fields.length),
  }));
  if (options.json) {
    printJson({
      circuits: Object.fromEntries(
        parts.map(({ name, overview, stiffness }) => [name, { ...asJson(overview), stiffness }]),
      ),
    });
  } else if (parts.length === 0) {
    process.stdout.write(`${file} has no cell types, so no circuits\n`);
  } else {
    for (const { name, overview, stiffness } of parts) {
      process.stdout.write(describeCircuit(name, overview, stiffnessText(overview, stiffness)));
    }
  }
  return EXIT.done;
}

function describeModel(file: string, model: SbmlModel, options: DescribeOptions): number {
  const counts = countsOf(model);
  const name = model.id || model.name || 'model';
  const sbml = { level: model.level, version: model.version, ...counts };
  try {
    const { circuit, warnings } = toCircuit(model, { inSeconds: true });
    const overview = overviewOf(circuit);
    const stiffness = analyseStiffness(cellTypeOf(circuit));
    if (options.json) {
      printJson({ sbml, warnings, circuits: { [name]: { ...asJson(overview), stiffness } } });
    } else {
      const scales = stiffnessText(overview, stiffness);
      process.stdout.write(headingOf(model) + describeCircuit(name, overview, scales, warnings));
    }
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    // One that contradicts itself, as by a cycle of rules, is refused.
    inFile(file, () => simulateSbml(model, { times: [0], observables: [] }));
    // A model that is simulated as it stands, with events and rules, has no network to analyse.
    const { warnings } = model;
    if (options.json) printJson({ sbml, warnings, circuits: {}, notACircuit: error.problems });
    else {
      const lines = error.problems.map(({ where, message }) => `  ${where}: ${message}\n`);
      const warned = warnings.map(warning => `warning: ${warning}\n`);
      process.stdout.write(`${headingOf(model)}It is no plain circuit:\n${lines.join('')}${warned.join('')}`);
    }
  }
  return EXIT.done;
}

/** The structure, with species and the channels (equation, rate, influences) beside it. */
function asJson({ structure, species, fields, reactions }: CircuitOverview): object {
  return { ...structure, species, fields, channels: reactions };
}
