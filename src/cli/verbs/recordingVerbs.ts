import type { Command } from 'commander';
import { collect, JSON_HELP, type Run, SET_HELP, THREADS_HELP } from './options.ts';

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

/** The verbs that take a recording: go on with it, look into it, hand it on. */
export function addRecordingVerbs(program: Command, run: Run): void {
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
      await run(async () => (await import('../resume.ts')).resume(folder, options), options.json);
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
      await run(async () => (await import('../branch.ts')).branch(folder, options), options.json);
    });

  program
    .command('info')
    .description('what a recording holds')
    .argument('<folder>', 'recording made with run --out')
    .option('--json', JSON_HELP)
    .action(async (folder: string, options) => {
      await run(async () => (await import('../info.ts')).info(folder, options), options.json);
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
      await run(async () => (await import('../verify.ts')).verify(folder, options), options.json);
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
      await run(async () => (await import('../diff.ts')).diff(a, b, options), options.json);
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
      await run(
        async () => (await import('../export/exportRecording.ts')).exportRecording(folder, options),
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
      await run(async () => (await import('../picture/snapshot.ts')).snapshot(folder, options), options.json);
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
      await run(async () => (await import('../picture/video.ts')).video(folder, options), options.json);
    });
}
