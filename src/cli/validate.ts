import { build, solversOf } from '../engine/index.ts';
import { EXIT } from './exit.ts';
import { clockTime } from './format.ts';
import { printJson } from './output.ts';
import { readScenario, type ScenarioOptions } from './scenarioFile.ts';

export interface ValidateOptions extends ScenarioOptions {
  readonly json?: boolean;
}

/** `cellfield validate`: everything up to the first step. Errors list every fault of the file. */
export function validate(file: string, options: ValidateOptions): number {
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
    solvers: solversOf(description),
    moieties: model.balance.moieties.map(moiety => moiety.name),
  };
  if (options.json) printJson({ ...facts, warnings: scenario.warnings });
  else {
    process.stdout.write(
      `${file}: valid\n` +
        `  ${facts.title}\n` +
        `  ${facts.cells} cells of ${facts.cellTypes.length} types, ${facts.fields.length} fields on ${facts.grid.join(' × ')} voxels\n` +
        `  ${facts.steps} steps to ${clockTime(facts.end_s)}\n` +
        Object.entries(facts.solvers)
          .map(([field, { solver, reason }]) => `  ${field}: solved by ${solver} (${reason})\n`)
          .join('') +
        `  conserved: ${facts.moieties.join('; ')}\n`,
    );
  }
  return EXIT.done;
}
