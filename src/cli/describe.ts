import {
  analyseStructure,
  type Circuit,
  SbmlError,
  type SbmlModel,
  type Structure,
  toCircuit,
} from '../engine/index.ts';
import { readCircuits } from './circuitFile.ts';
import { EXIT } from './exit.ts';
import { figure } from './format.ts';
import { printJson } from './output.ts';
import type { ScenarioOptions } from './scenarioFile.ts';

export interface DescribeOptions extends ScenarioOptions {
  readonly json?: boolean;
}

/** `cellfield describe`: structure of every circuit in a file. Returns the exit status. */
export function describe(file: string, options: DescribeOptions): number {
  const circuits = readCircuits(file, options);
  if (circuits.kind === 'sbml') return describeModel(circuits.model, options);
  const parts = circuits.cellTypes.map(({ name, circuit }) => ({
    name,
    circuit,
    structure: analyseStructure(circuit, circuits.fields),
  }));
  if (options.json) {
    printJson({
      circuits: Object.fromEntries(parts.map(({ name, structure }) => [name, asJson(structure)])),
    });
  } else {
    for (const { name, circuit, structure } of parts) process.stdout.write(asText(name, circuit, structure));
  }
  return EXIT.done;
}

function describeModel(model: SbmlModel, options: DescribeOptions): number {
  const counts = {
    compartments: model.compartments.length,
    species: model.species.length,
    parameters: model.parameters.length,
    reactions: model.reactions.length,
    rules: model.rules.length,
    events: model.events.length,
  };
  const name = model.id || model.name || 'model';
  const sbml = { level: model.level, version: model.version, ...counts };
  try {
    const { circuit, warnings } = toCircuit(model, { inSeconds: true });
    const structure = analyseStructure(circuit);
    if (options.json) printJson({ sbml, warnings, circuits: { [name]: asJson(structure) } });
    else process.stdout.write(heading(model, counts) + asText(name, circuit, structure, warnings));
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    // A model that is simulated as it stands, with events and rules, has no network to analyse.
    if (options.json) printJson({ sbml, circuits: {}, notACircuit: error.problems });
    else {
      const lines = error.problems.map(({ where, message }) => `  ${where}: ${message}\n`);
      process.stdout.write(`${heading(model, counts)}It is no plain circuit:\n${lines.join('')}`);
    }
  }
  return EXIT.done;
}

function heading({ level, version }: SbmlModel, counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  return `SBML Level ${level} Version ${version}: ${parts.join(', ')}\n`;
}

function asJson(structure: Structure): object {
  return {
    ...structure,
    stoichiometry: structure.stoichiometry.map(row => [...row]),
    conserved: structure.conserved.map(({ name, weights, total }) => ({
      name,
      weights: [...weights],
      total,
    })),
    open: structure.open.map(({ name, weights }) => ({ name, weights: [...weights] })),
  };
}

function asText(name: string, circuit: Circuit, s: Structure, more: readonly string[] = []): string {
  const lines = [
    `${name}: ${s.substances.length} substances, ${s.reactions.length} reactions`,
    `  rank ${s.rank}, ${s.complexes} complexes, ${s.linkageClasses} linkage classes, deficiency ${s.deficiency}`,
    ...s.conserved.map(
      ({ name, total }) => `  conserved: ${name}${total === null ? '' : ` = ${figure(total)}`}`,
    ),
    ...s.open.map(({ name }) => `  changed by sources and sinks alone: ${name}`),
    ...s.deadReactions.map(reaction => `  can never happen: ${reaction}`),
    ...s.absentSpecies.map(species => `  can never be present: ${species}`),
    '  reactions:',
    ...circuit.reactions.map(({ name, equation, continuous }) => {
      return `    ${name}: ${equation}${continuous ? ' (continuous)' : ''}`;
    }),
    ...[...s.warnings, ...more].map(warning => `  warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}
