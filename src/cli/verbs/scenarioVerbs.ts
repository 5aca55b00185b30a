import type { Command } from 'commander';
import { collect, JSON_HELP, type Run, SET_HELP, THREADS_HELP } from './options.ts';

const RUN_HELP = `
Examples:
  cellfield run colony.yaml
  cellfield run colony.yaml --until "90 min" --seed 7 --out runs/colony-7
  cellfield run colony.yaml --set parameters.k_tx="0.1 /s" --set population[0].count=50 --json

Ctrl-C ends a run after the step in hand; with --out it can be resumed.`;

const SCALES_HELP = `
The bar in the map is the coupling step. For each cell type and field that exchange: whether they are
separated, whether weak coupling suffices, or whether the step calls for strong coupling; and of every
schedule the error that is predicted. coupling.schedule: auto follows the advice. Reactions of fields, growth
and contacts, which a step takes one after the other, are judged likewise.

--space: the packing of the cells, in the box inscribed in the colony: how far it is correlated, how large a
window must be for its averages to be the same everywhere, and the diffusivity of the whole as one medium.

Examples:
  cellfield scales colony.yaml --at "2 h" --out map.svg
  cellfield scales colony.yaml --at "2 h" --space --in-cells 0.25`;

const COMPARE_HELP = `
Runs weak (lie, strang), strong (end, linear, midpoint), joint and monolithic coupling with the
scenario's step, its half and its quarter, on the same seeds, and prints the largest relative differences from
strong midpoint: of fields (averaged over the second half), number of cells, mean amounts, their
spread over cells and the swing of their mean in time; the seconds and passes (Newton iterations)
it took; the order at which differences shrink; and which schedule is the cheapest within
--tolerance.

Example:
  cellfield compare-coupling colony.yaml --until "10 min"`;

/** The verbs that take a scenario: run it, check it, say what its coupling needs. */
export function addScenarioVerbs(program: Command, run: Run): void {
  program
    .command('run')
    .description('simulate a scenario to its end')
    .argument('<scenario>', 'scenario file (YAML or JSON)')
    .option('--until <time>', 'simulate to this time instead of the scenario’s end, e.g. "90 min"')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option('--set <path=value>', SET_HELP, collect)
    .option(
      '--out <folder>',
      'record into this folder: time series, frames, events, states (docs/recording.md)',
    )
    .option('--force', 'replace the recording that is in the folder')
    .option('--events <file>', 'make the edits of an event log on the way, as the app saves it')
    .option('--threads <n>', THREADS_HELP)
    .option('--json', JSON_HELP)
    .option('--quiet', 'no progress bar')
    .addHelpText('after', RUN_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../run.ts')).run(file, options), options.json);
    });

  program
    .command('validate')
    .description('check a scenario and say what it would simulate, or an SBML model')
    .argument('<scenario>', 'scenario file (YAML or JSON), or SBML model (.xml)')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option('--set <path=value>', SET_HELP, collect)
    .option('--json', JSON_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../validate.ts')).validate(file, options), options.json);
    });

  program
    .command('scales')
    .description(
      'time scales of everything that happens, dimensionless numbers, and which coupling they call for',
    )
    .argument('<scenario>', 'scenario file (YAML or JSON)')
    .option('--at <time>', 'simulate to this time first, e.g. "90 min"')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option('--set <path=value>', SET_HELP, collect)
    .option('--out <file>', 'write the map there as a picture (SVG)')
    .option('--force', 'replace that file')
    .option('--maps', 'with --json: Thiele modulus, Damköhler number and depletion of every voxel')
    .option('--space', 'scales of space in place of time: correlation, representative volume, diffusivity')
    .option('--in-cells <factor>', 'with --space: diffusivity in cells over that between them. Default 0')
    .option('--tolerance <share>', 'with --space: spread of representative windows. Default 0.05')
    .option('--json', JSON_HELP)
    .addHelpText('after', SCALES_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../scales.ts')).scales(file, options), options.json);
    });

  program
    .command('compare-coupling')
    .description('run a scenario by every coupling schedule and with halved steps, and compare')
    .argument('<scenario>', 'scenario file (YAML or JSON)')
    .option('--until <time>', 'simulate to this time instead of the scenario’s end, e.g. "10 min"')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option('--set <path=value>', SET_HELP, collect)
    .option('--tolerance <share>', 'largest relative difference that is allowed; default 0.01')
    .option('--runs <n>', 'seeds to average over; default 4 where anything is random')
    .option('--json', JSON_HELP)
    .option('--quiet', 'no progress')
    .addHelpText('after', COMPARE_HELP)
    .action(async (file: string, options) => {
      await run(async () => (await import('../compareCoupling.ts')).compare(file, options), options.json);
    });
}
