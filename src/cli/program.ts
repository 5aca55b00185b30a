import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { VERSION } from '../engine/version.ts';
import { EXIT } from './exit.ts';
import { printJson } from './output.ts';

const STATUS_HELP = `
Exit status: 0 done; 1 internal fault; 2 bad usage or bad scenario;
3 the run failed (balance, convergence, non-finite, recording);
130 interrupted (what was recorded is readable, and resume continues it).`;

const RUN_HELP = `
Examples:
  cellfield run colony.yaml
  cellfield run colony.yaml --until "90 min" --seed 7 --out runs/colony-7
  cellfield run colony.yaml --set parameters.k_tx="0.1 /s" --set population[0].count=50 --json

Ctrl-C ends a run after the step in hand; with --out it can be resumed.`;

const RESUME_HELP = `
The recording continues to the scenario's end, or to --until, which may lie beyond it. Rows of the
time series later than the saved state are written anew, with the same numbers.`;

const BRANCH_HELP = `
The branch starts from the nearest state before that time and has the same cells, fields and random
numbers there: what differs afterwards is due to the change. What is changed must leave cell types,
species, fields, grid, step and seed as they are.

Example:
  cellfield branch runs/colony --at "2 h" --set parameters.k_tx="0.2 /s" --out runs/stronger`;

const VERIFY_HELP = `
Every state, frame and row of the time series that lies in the stretch must come out the same, to the
bit. Status 3 if one does not. The run begins at the nearest state before --from.

Example:
  cellfield verify runs/colony --from "2 h" --to "2.5 h"`;

const DIFF_HELP = `
Prints which lines of the scenarios differ, the first step at which a row or a frame does, and then, at
--at, numbers of cells, mean amounts, how far cells of the same id lie apart, and differences of fields.

Example:
  cellfield diff runs/colony runs/stronger --at "3 h"`;

const EXPORT_RECORDING_HELP = `
Formats: csv and parquet (a flat table, one row per cell and frame, or per voxel and frame with --table
fields); hdf5 (both, units as attributes); vtk (a folder that ParaView opens: cells.pvd, fields.pvd); zarr
(fields, consolidated); simularium (viewer of the Allen Institute); omex (COMBINE archive: scenario, SBML
circuits, time series, events). docs/recording.md says what is in each.

Examples:
  cellfield export runs/colony --to parquet --out colony.parquet
  cellfield export runs/colony --to vtk --from "2 h" --until "3 h" --every 5`;

const SNAPSHOT_HELP = `
The picture is the one that the app would show: what the scenario asks to be shown first, unless the
options say otherwise. It is drawn without a browser or a graphics card.

Examples:
  cellfield snapshot runs/colony --at "2 h" --out colony.png --scale 2
  cellfield snapshot runs/colony --fields AHL,glucose:log --colour LuxI --theme light --out colony.svg`;

const VIDEO_HELP = `
Colours mean the same in all pictures: their ranges are those of the whole stretch. MP4 and WebM need a
browser's encoder: the app exports them.

Examples:
  cellfield video runs/colony --out colony.gif --from "1 h" --until "2 h" --rate 20
  cellfield video runs/colony --out pictures --size 1280x720`;

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

const COMPARE_HELP = `
Runs weak (lie, strang), strong (end, linear, midpoint), joint and monolithic coupling with the
scenario's step, its half and its quarter, on the same seeds, and prints the largest relative differences from
strong midpoint: of fields (averaged over the second half), number of cells, mean amounts, their
spread over cells and the swing of their mean in time; the seconds and passes (Newton iterations)
it took; the order at which differences shrink; and which schedule is the cheapest within
--tolerance.

Example:
  cellfield compare-coupling colony.yaml --until "10 min"`;

const SET_HELP = 'replace a value of the scenario, e.g. parameters.k_tx="0.1 /s" (repeatable)';
const THREADS_HELP =
  'threads to compute on (default: 1); the results are the same to the bit, faster from some 50,000 cells on';
const JSON_HELP = 'print one machine-readable object in place of the report';

/**
 * Parses the command line, runs the verb and returns the exit status. The engine is loaded with the verb, so that the version,
 * the help and a slip of the keyboard are answered at once.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command('cellfield')
    .description(
      'Agent cells with stochastic gene circuits, coupled conservatively to reaction–diffusion fields.',
    )
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ minWidthToWrap: 30 })
    .addHelpText('after', STATUS_HELP)
    .showHelpAfterError('(cellfield --help shows the usage)')
    .exitOverride();

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
      status = await attempt(async () => (await import('./run.ts')).run(file, options), options.json);
    });

  program
    .command('resume')
    .description('continue a recording from its last state, to the bit as if it had never stopped')
    .argument('<folder>', 'recording made with run --out')
    .option('--until <time>', 'simulate to this time instead of the scenario’s end')
    .option('--threads <n>', THREADS_HELP)
    .option('--json', JSON_HELP)
    .option('--quiet', 'no progress bar')
    .addHelpText('after', RESUME_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(async () => (await import('./resume.ts')).resume(folder, options), options.json);
    });

  program
    .command('branch')
    .description('a recorded run from one of its moments on, with something changed')
    .argument('<folder>', 'recording made with run --out')
    .requiredOption('--at <time>', 'where it branches off, e.g. "2 h"')
    .option('--set <path=value>', SET_HELP, collect)
    .requiredOption('--out <folder>', 'record the branch into this folder')
    .option('--until <time>', 'simulate to this time instead of the scenario’s end')
    .option('--force', 'replace the recording that is in the folder')
    .option('--json', JSON_HELP)
    .option('--quiet', 'no progress bar')
    .addHelpText('after', BRANCH_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(async () => (await import('./branch.ts')).branch(folder, options), options.json);
    });

  program
    .command('info')
    .description('what a recording holds')
    .argument('<folder>', 'recording made with run --out')
    .option('--json', JSON_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(async () => (await import('./info.ts')).info(folder, options), options.json);
    });

  program
    .command('verify')
    .description('run a stretch of a recording again and compare everything in it')
    .argument('<folder>', 'recording made with run --out')
    .option('--from <time>', 'beginning of the stretch. Default that of the recording')
    .option('--to <time>', 'its end. Default that of the recording')
    .option('--json', JSON_HELP)
    .option('--quiet', 'no progress bar')
    .addHelpText('after', VERIFY_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(async () => (await import('./verify.ts')).verify(folder, options), options.json);
    });

  program
    .command('diff')
    .description('where two recordings part, and by how much')
    .argument('<a>', 'recording made with run --out')
    .argument('<b>', 'another one of the same cell types and fields')
    .option('--at <time>', 'the moment to compare; default the last that both have')
    .option('--json', JSON_HELP)
    .addHelpText('after', DIFF_HELP)
    .action(async (a: string, b: string, options) => {
      status = await attempt(async () => (await import('./diff.ts')).diff(a, b, options), options.json);
    });

  program
    .command('export')
    .description('a recording, or a stretch of it, for other programs')
    .argument('<folder>', 'recording made with run --out')
    .requiredOption('--to <format>', 'csv, parquet, hdf5, vtk, zarr, simularium or omex')
    .option('-o, --out <path>', 'file or folder to write. Default beside the recording, e.g. runs/colony.h5')
    .option('--from <time>', 'first moment. Default that of the recording')
    .option('--until <time>', 'last moment. Default that of the recording')
    .option('--every <n>', 'every nth frame. Default 1')
    .option('--table <what>', 'csv and parquet: cells or fields. Default cells')
    .option('--force', 'replace what is there')
    .option('--json', JSON_HELP)
    .option('--quiet', 'no progress bar')
    .addHelpText('after', EXPORT_RECORDING_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(
        async () => (await import('./export/exportRecording.ts')).exportRecording(folder, options),
        options.json,
      );
    });

  program
    .command('snapshot')
    .description('a moment of a recording as a picture (PNG or SVG)')
    .argument('<folder>', 'recording made with run --out')
    .option('--at <time>', 'the moment; the last frame up to it is shown. Default the last')
    .option('-o, --out <file>', 'a name that ends in .png or .svg')
    .option(
      '--fields <names>',
      'up to three, with commas between; NAME:log for a logarithmic scale; none for none',
    )
    .option(
      '--colour <what>',
      'of cells: type, lineage, age, growth, phase, or a species (TYPE.NAME where several have it)',
    )
    .option('--slice <plane>', 'index along z of the plane shown of a domain in three dimensions')
    .option('--contours', 'lines of equal concentration of the first field')
    .option('--theme <theme>', 'dark or light. Default dark')
    .option('--size <WxH>', 'in points. Default 1024 wide, as high as suits the domain')
    .option('--scale <factor>', 'pixels to a unit of --size; captions grow with it. Default 1')
    .option('--no-legend', 'without the meaning of colours')
    .option('--no-time', 'without the time')
    .option('--no-scale-bar', 'without the scale bar')
    .option('--force', 'replace what is there')
    .option('--json', JSON_HELP)
    .addHelpText('after', SNAPSHOT_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(
        async () => (await import('./picture/snapshot.ts')).snapshot(folder, options),
        options.json,
      );
    });

  program
    .command('video')
    .description('a stretch of a recording as a GIF, or as PNGs in a folder')
    .argument('<folder>', 'recording made with run --out')
    .requiredOption('-o, --out <path>', 'a name that ends in .gif, or a folder for PNGs')
    .option('--from <time>', 'first moment. Default that of the recording')
    .option('--until <time>', 'last moment. Default that of the recording')
    .option('--every <n>', 'every nth frame. Default 1')
    .option('--rate <n>', 'pictures a second. Default 10')
    .option(
      '--fields <names>',
      'up to three, with commas between; NAME:log for a logarithmic scale; none for none',
    )
    .option(
      '--colour <what>',
      'of cells: type, lineage, age, growth, phase, or a species (TYPE.NAME where several have it)',
    )
    .option('--slice <plane>', 'index along z of the plane shown of a domain in three dimensions')
    .option('--contours', 'lines of equal concentration of the first field')
    .option('--theme <theme>', 'dark or light. Default dark')
    .option('--size <WxH>', 'in points. Default 640 wide, as high as suits the domain')
    .option('--scale <factor>', 'pixels to a unit of --size; captions grow with it. Default 1')
    .option('--no-legend', 'without the meaning of colours')
    .option('--no-time', 'without the time')
    .option('--no-scale-bar', 'without the scale bar')
    .option('--force', 'replace what is there')
    .option('--json', JSON_HELP)
    .addHelpText('after', VIDEO_HELP)
    .action(async (folder: string, options) => {
      status = await attempt(
        async () => (await import('./picture/video.ts')).video(folder, options),
        options.json,
      );
    });

  program
    .command('validate')
    .description('check a scenario and say what it would simulate, or an SBML model')
    .argument('<scenario>', 'scenario file (YAML or JSON), or SBML model (.xml)')
    .option('--seed <seed>', 'seed instead of the scenario’s')
    .option('--set <path=value>', SET_HELP, collect)
    .option('--json', JSON_HELP)
    .action(async (file: string, options) => {
      status = await attempt(
        async () => (await import('./validate.ts')).validate(file, options),
        options.json,
      );
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
      status = await attempt(async () => (await import('./scales.ts')).scales(file, options), options.json);
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
      status = await attempt(
        async () => (await import('./compareCoupling.ts')).compare(file, options),
        options.json,
      );
    });

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
      status = await attempt(
        async () => (await import('./ensemble.ts')).ensemble(file, options),
        options.json,
      );
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
      status = await attempt(
        async () => (await import('./distribution.ts')).distribution(file, options),
        options.json,
      );
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
      status = await attempt(
        async () => (await import('./simulateModel.ts')).simulateModel(file, options),
        options.json,
      );
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
      status = await attempt(
        async () => (await import('./describe.ts')).describe(file, options),
        options.json,
      );
    });

  program
    .command('import')
    .description('print an SBML model as a scenario')
    .argument('<model>', 'SBML model, Level 2 or 3 core (.xml, .sbml)')
    .option('--json', JSON_HELP)
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, options) => {
      status = await attempt(
        async () => (await import('./import.ts')).importModel(file, options),
        options.json,
      );
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
      status = await attempt(async () => (await import('./export.ts')).exportSbml(file, options), false);
    });

  // The command that reports an error is the verb, so that its usage is the one pointed to.
  for (const verb of program.commands) {
    verb.showHelpAfterError(`(cellfield ${verb.name()} --help shows the usage)`);
    verb.helpOption('-h, --help', 'print this help');
  }

  try {
    await program.parseAsync([...argv]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
}

/** Runs a verb; what it throws becomes a message on stderr, with `--json` an object on stdout too, and a status. */
async function attempt(verb: () => Promise<number>, json: boolean | undefined): Promise<number> {
  try {
    return await verb();
  } catch (error) {
    const { explain } = await import('./explain.ts');
    const explanation = explain(error);
    process.stderr.write(`${explanation.message}\n`);
    if (json) printJson(explanation.json);
    return explanation.status;
  }
}

/** Values of an option that may be given again; what is wrong with one is said by who reads it. */
function gather(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function collect(value: string, previous: readonly string[] = []): string[] {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError('Expected path=value, e.g. time.end="2 h".');
  return [...previous, value];
}
