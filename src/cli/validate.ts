import {
  build,
  couplingOf,
  SbmlError,
  type SbmlProblem,
  simulateSbml,
  solversOf,
  toCircuit,
} from '../engine/index.ts';
import { countsOf, headingOf, inFile, isSbml, readModel } from './circuitFile.ts';
import { EXIT, UsageError } from './exit.ts';
import { clockTime } from './format.ts';
import { printJson } from './output.ts';
import { readScenario, type ScenarioOptions } from './scenarioFile.ts';

export interface ValidateOptions extends ScenarioOptions {
  readonly json?: boolean;
}

/** `cellfield validate`: everything up to the first step. Errors list every fault of the file. */
export function validate(file: string, options: ValidateOptions): number {
  if (isSbml(file)) return validateModel(file, options);
  const scenario = readScenario(file, options);
  const { description } = scenario;
  const model = build(scenario);
  const facts = {
    valid: true,
    title: description.title,
    cells: model.population.count,
    cellTypes: description.cellTypes.map(type => type.name),
    fields: description.fields.map(field => field.name),
    grid: description.grid.cells.slice(0, description.grid.dimensions),
    steps: description.time.steps,
    end_s: description.time.steps * description.time.step,
    coupling: couplingOf(model.description),
    solvers: solversOf(description),
    moieties: model.balance.moieties.map(moiety => moiety.name),
  };
  if (options.json) printJson({ ...facts, warnings: scenario.warnings });
  else {
    process.stdout.write(
      `${file}: valid\n` +
        `  ${facts.title}\n` +
        `  ${plural(facts.cells, 'cell')} of ${plural(facts.cellTypes.length, 'type')}, ${plural(facts.fields.length, 'field')} on ${facts.grid.join(' × ')} voxels\n` +
        `  ${facts.steps} steps to ${clockTime(facts.end_s)}\n` +
        Object.entries(facts.solvers)
          .map(([field, { solver, reason }]) => `  ${field}: solved by ${solver} (${reason})\n`)
          .join('') +
        (facts.coupling.reason === null
          ? ''
          : `  coupled: ${facts.coupling.schedule} (${facts.coupling.reason})\n`) +
        `  conserved: ${facts.moieties.join('; ')}\n`,
    );
  }
  return EXIT.done;
}

/** An SBML model: whether it can be read, and whether it can be a circuit. */
function validateModel(file: string, options: ValidateOptions): number {
  if (options.set || options.seed !== undefined)
    throw new UsageError('--set and --seed change a scenario; this is an SBML model');
  const model = readModel(file);
  // One that contradicts itself, as by a cycle of rules, is refused.
  inFile(file, () => simulateSbml(model, { times: [0], observables: [] }));
  let warnings = model.warnings;
  let notACircuit: readonly SbmlProblem[] = [];
  try {
    ({ warnings } = toCircuit(model, { inSeconds: true }));
  } catch (error) {
    if (!(error instanceof SbmlError)) throw error;
    notACircuit = error.problems;
  }
  const { level, version } = model;
  if (options.json) {
    printJson({ valid: true, sbml: { level, version, ...countsOf(model) }, warnings, notACircuit });
  } else {
    const problems = notACircuit.map(({ where, message }) => `    ${where}: ${message}\n`);
    process.stdout.write(
      `${file}: valid\n  ${headingOf(model)}` +
        (problems.length > 0 ? `  it is no plain circuit:\n${problems.join('')}` : '') +
        warnings.map(warning => `  warning: ${warning}\n`).join(''),
    );
  }
  return EXIT.done;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
