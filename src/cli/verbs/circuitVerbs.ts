import type { Command } from 'commander';
import { collect, gather, JSON_HELP, type Run, SET_HELP } from './options.ts';

const FIELD_HELP = 'hold a field at a concentration, e.g. "AHL=5 nM" (repeatable)';

const ENSEMBLE_HELP = `
Prints a table of time, mean and standard deviation of each species (X-mean, X-sd). Fields that a
circuit reads are held at their initial value in the middle of the domain, or at that of --field; copies
grow, but neither divide nor die.

Methods: exact are direct, next-reaction, modified-next-reaction (alone runs delays and events),
composition-rejection, rejection and first-reaction; approximate are tau-leaping, langevin and hybrid;
deterministic is the limit of large volumes. A scenario's own method counts without --method; the
options of a method are for that method alone, any other runs with its defaults.

Examples:
  cellfield ensemble model.xml --runs 10000 --times 0:50:1 --out stats.csv
  cellfield ensemble circuit.yaml --runs 1000 --times 0:3600:60 --method tau-leaping --threads 4
  cellfield ensemble colony.yaml --cell sender --runs 1000 --times 0:3600:60 --field "AHL=5 nM"
  cellfield ensemble circuit.yaml --runs 1000 --times 0:3600:60 --json --bins 5 --paths 3`;

const IMPORT_HELP = `
Example:
  cellfield import model.xml > circuit.yaml`;

const EXPORT_HELP = `
Example:
  cellfield export-sbml circuit.yaml --cell sender --out model.xml`;

const DISTRIBUTION_HELP = `
Solves the chemical master equation on a finite set of states instead of sampling it: for small circuits.
Prints time, bound, mean and standard deviation (X-mean, X-sd); bound is the most by which all probabilities
together may be off. --out writes the probabilities, in rows of time, species, count and probability.
Fields that a circuit reads are held at their initial value in the middle of the domain, or at that of --field.

Examples:
  cellfield distribution switch.yaml --times 0:10:1
  cellfield distribution model.xml --stationary --species X --out law.csv
  cellfield distribution switch.yaml --to "X >= 500"                       mean time to get there
  cellfield distribution switch.yaml --from "X < 100" --to "X > 500"       rates of switching
  cellfield distribution switch.yaml --to "X >= 500" --times 0:100:10      probability to have been there`;

const SIMULATE_HELP = `
Without --variables, --amounts and --concentrations the columns are all species and what else varies. A
species that is in neither of the last two is given as its symbol reads in the model's formulas.

Example:
  cellfield simulate model.xml --times 0:5 --steps 50 --variables S1,S2,k --amounts S1,S2`;

/** The verbs that take one circuit or an SBML model, without space. */
export function addCircuitVerbs(program: Command, run: Run): void {
  program
    .command('ensemble')
    .description('simulate independent copies of one circuit, without space')
    .argument('<file>', 'scenario (YAML or JSON) or SBML model (.xml, .sbml)')
    .requiredOption('--runs <n>', 'number of copies')
    .requiredOption('--times <start:end:step>', 'output times, s (of SBML: its unit of time)')
    .option('--method <method>', 'simulation method; default auto, the fastest exact one')
    .option('--seed <seed>', 'seed instead of the scenario’s; of SBML 1')
    .option('--threads <n>', 'threads; the numbers do not depend on it. Default 1')
    .option('--cell <type>', 'cell type, where the scenario has several')
    .option('--field <name=value>', FIELD_HELP, gather)
    .option('--set <path=value>', SET_HELP, collect)
    .option('--out <file>', 'write the table there and print a summary')
    .option('--force', 'replace that file')
    .option('--bins <width>', 'with --json: histograms at each time, in bins of this width')
    .option('--paths <n>', 'with --json: the paths of the first n copies')
    .option('--json', JSON_HELP)
    .addHelpText('after', ENSEMBLE_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../ensemble.ts')).ensemble(file, options), options.json);
    });

  program
    .command('distribution')
    .description('probabilities of a small circuit, by finite state projection with a certified error')
    .argument('<file>', 'scenario (YAML or JSON) or SBML model (.xml, .sbml)')
    .option('--times <start:end:step>', 'output times, s (of SBML: its unit of time)')
    .option('--stationary', 'the law in the long run')
    .option('--to <condition>', 'first passage: from the start until the condition holds, e.g. "X > 256"')
    .option('--from <condition>', 'with --to: rates of switching between the two sets in the long run')
    .option('--species <names>', 'only these species, separated by commas')
    .option('--tolerance <p>', 'largest error that is allowed; default 1e-6')
    .option('--max-states <n>', 'largest number of states; default 200000')
    .option('--cell <type>', 'cell type, where the scenario has several')
    .option('--field <name=value>', FIELD_HELP, gather)
    .option('--set <path=value>', SET_HELP, collect)
    .option('--out <file>', 'write the probabilities there and print a summary')
    .option('--force', 'replace that file')
    .option('--json', JSON_HELP)
    .addHelpText('after', DISTRIBUTION_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../distribution.ts')).distribution(file, options), options.json);
    });

  program
    .command('simulate')
    .description('the deterministic time course of an SBML model, with its rules and events')
    .argument('<model>', 'SBML model (.xml, .sbml)')
    .requiredOption('--times <start:end:step>', 'output times in its unit of time; start:end with --steps')
    .option('--steps <n>', 'divides the times into n steps')
    .option(
      '--variables <names>',
      'columns, with commas between: species, parameters, compartments, reactions',
    )
    .option('--amounts <species>', 'species given as amounts')
    .option('--concentrations <species>', 'species given as concentrations')
    .option('--relative <error>', 'relative error of a step. Default 1e-9')
    .option(
      '--absolute <error>',
      'absolute error of a step. Default 1e-12 of the smallest amount at the start',
    )
    .option('--seed <seed>', 'for events that are tied. Default 1')
    .option('--out <file>', 'write the table there')
    .option('--force', 'replace that file')
    .option('--json', JSON_HELP)
    .addHelpText('after', SIMULATE_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../simulateModel.ts')).simulateModel(file, options), options.json);
    });

  program
    .command('describe')
    .description(
      'print the structure of circuits: stoichiometry, conserved sums, who regulates whom, warnings',
    )
    .argument('<file>', 'scenario (YAML or JSON) or SBML model (.xml, .sbml)')
    .option('--set <path=value>', SET_HELP, collect)
    .option('--json', JSON_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../describe.ts')).describe(file, options), options.json);
    });

  program
    .command('import')
    .description('print an SBML model as a scenario')
    .argument('<model>', 'SBML model, Level 2 or 3 core (.xml, .sbml)')
    .option('--json', JSON_HELP)
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../import.ts')).importModel(file, options), options.json);
    });

  program
    .command('export-sbml')
    .description('print the circuit of a cell type as SBML Level 3 Version 2')
    .argument('<scenario>', 'scenario file (YAML or JSON)')
    .option('--cell <type>', 'cell type, where the scenario has several')
    .option('--set <path=value>', SET_HELP, collect)
    .option('--out <file>', 'write it there instead')
    .option('--force', 'replace that file')
    .addHelpText('after', EXPORT_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../export.ts')).exportSbml(file, options), false);
    });
}
