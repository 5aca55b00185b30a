import {
  analyseScales,
  analyseSpace,
  build,
  type LocalGroups,
  type Model,
  mapLocalGroups,
  type ScaleReport,
  type SpaceOptions,
  simulate,
  svgMap,
  textMap,
} from '../engine/index.ts';
import { EXIT, UsageError } from './exit.ts';
import { checkNew, writeNew } from './export.ts';
import { clockTime, figure, table } from './format.ts';
import { printJson } from './output.ts';
import { readScenario, type ScenarioOptions } from './scenarioFile.ts';
import { lastStepOf } from './session.ts';
import { spaceText } from './spaceText.ts';

export interface ScalesOptions extends ScenarioOptions {
  /** Time at which the state is looked at; the start when left out. */
  readonly at?: string;
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  /** Spatial scales in place of time scales. */
  readonly space?: boolean;
  /** With `json`: the local groups of every voxel. */
  readonly maps?: boolean;
  readonly inCells?: string;
  readonly tolerance?: string;
}

/** Characters of the axis of the map. */
const WIDTH = 48;

/** `cellfield scales`: how fast everything is, and what that says of the coupling. Returns the exit status. */
export function scales(file: string, options: ScalesOptions): number {
  const scenario = readScenario(file, options);
  const untilStep = options.at === undefined ? 0 : lastStepOf(scenario, options.at);
  const space = spaceOptions(options);
  if (options.maps && (!options.json || space))
    throw new UsageError('--maps goes with --json, without --space: it adds the local groups of every voxel');
  checkNew(options.out, options.force ?? false);
  const model = build(scenario);
  simulate(model, { untilStep });
  if (space) {
    const report = analyseSpace(model, space);
    if (options.json) printJson(report);
    else process.stdout.write(spaceText(report, scenario.description.title));
    return EXIT.done;
  }
  const report = analyseScales(model);
  const title = `${scenario.description.title}: time scales at ${clockTime(report.time)}`;
  if (options.out !== undefined) writeNew(options.out, svgMap(report, title, figure), options.force ?? false);
  if (options.json) printJson(options.maps ? { ...report, maps: mapsOf(model) } : report);
  else process.stdout.write(scalesText(report, title));
  return EXIT.done;
}

/** Null without `--space`. @throws UsageError */
function spaceOptions({ space, inCells, tolerance, out }: ScalesOptions): SpaceOptions | null {
  if (!space) {
    const given = inCells !== undefined ? '--in-cells' : tolerance !== undefined ? '--tolerance' : null;
    if (given) throw new UsageError(`${given} goes with --space`);
    return null;
  }
  if (out !== undefined)
    throw new UsageError(
      '--out draws the time scales, which --space leaves out; --json has all figures of space',
    );
  const number = (
    name: string,
    text: string | undefined,
    holds: (value: number) => boolean,
    allowed: string,
  ) => {
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || !holds(value))
      throw new UsageError(`${name} is ${allowed}, not '${text}'`);
    return value;
  };
  return {
    inCells: number('--in-cells', inCells, value => value >= 0, 'a number of at least 0'),
    tolerance: number('--tolerance', tolerance, value => value > 0 && value < 1, 'a number between 0 and 1'),
  };
}

function scalesText(report: ScaleReport, title: string): string {
  const parts = [
    `${title}\n\n${textMap(report, WIDTH, figure)
      .map(line => `  ${line}\n`)
      .join('')}`,
  ];
  if (report.fields.length > 0) {
    const number = (value: number | null) => (value === null ? '–' : figure(value));
    parts.push(
      table([
        ['Field', 'Thiele', 'Damköhler I', 'Damköhler II', 'Péclet', 'Biot', 'taken by cells'],
        ...report.fields.map(f => [
          f.field,
          ...[f.thiele, f.damkohler1, f.damkohler2, f.peclet, f.biot, f.couplingStrength].map(number),
        ]),
      ]),
    );
  }
  if (report.local.length > 0) parts.push(localText(report.local));
  const states = report.circuits.flatMap(({ type, steadyStates, unstable }) => {
    if (steadyStates === null) return [];
    const stable = steadyStates.filter(state => state.stable).length;
    const here = unstable > 0 ? `; the present means are unstable in ${unstable} directions` : '';
    return [`  ${type}: ${stable} stable of ${steadyStates.length} steady states found${here}\n`];
  });
  if (states.length > 0) parts.push(states.join(''));
  const pairs = report.pairs.map(
    ({ type, field, verdict, reason }) => `  ${type} and ${field}: ${verdict}\n    ${reason}\n`,
  );
  if (pairs.length > 0) parts.push(pairs.join(''));
  const splitting = report.splitting.map(
    ({ between, verdict, reason }) => `  ${between[0]}, and ${between[1]}: ${verdict}\n    ${reason}\n`,
  );
  if (splitting.length > 0) parts.push(splitting.join(''));
  if (report.schedules.length > 0) parts.push(schedulesText(report));
  parts.push(`  advice: ${report.advice.schedule} coupling (${report.advice.reason})\n`);
  return parts.join('\n');
}

/** Voxels whose Thiele modulus is above this do not show the gradient at their cells. */
const COARSE = 1;

/** How the groups are spread over the voxels in which cells take. */
function localText(local: readonly LocalGroups[]): string {
  const rows = local.flatMap(({ field, voxelThiele, thiele, damkohler1, depletion }) =>
    (
      [
        ['Thiele of a voxel', voxelThiele],
        ['Thiele', thiele],
        ['Damköhler I', damkohler1],
        ['depletion', depletion],
      ] as const
    ).flatMap(([name, spread], i) =>
      spread
        ? [
            [
              `${i === 0 ? field : ''}`,
              name,
              ...[spread.least, spread.median, spread.high, spread.most].map(three),
              `(${spread.at.map(three).join(', ')})`,
            ],
          ]
        : [],
    ),
  );
  const coarse = local.flatMap(({ field, voxelThiele: { most } }) =>
    most > COARSE
      ? [`  ${field}: voxels ${three(most)} times finer would show its gradient where cells take most\n`]
      : [],
  );
  return (
    table([['Voxel by voxel', '', 'least', 'median', '90 %', 'most', 'at, µm'], ...rows]) + coarse.join('')
  );
}

const three = (value: number): string => figure(Number(value.toPrecision(3)));

/** By field, arrays over the voxels, x fastest. */
function mapsOf(model: Model) {
  const { cells, dimensions } = model.description.grid;
  const plain = (map: Float64Array | null) => map && Array.from(map);
  return {
    cells: cells.slice(0, dimensions),
    fields: mapLocalGroups(model).map(({ field, uptake, voxelThiele, thiele, damkohler1, depletion }) => ({
      field,
      uptake: plain(uptake),
      voxelThiele: plain(voxelThiele),
      thiele: plain(thiele),
      damkohler1: plain(damkohler1),
      depletion: plain(depletion),
    })),
  };
}

/** The error that each schedule is predicted to make with this step. */
function schedulesText({ schedules }: ScaleReport): string {
  const rows = schedules.map(({ by, error, advised }) => [
    by,
    Number.isFinite(error) ? `${figure(Number((100 * error).toPrecision(2)))} %` : 'unstable',
    advised ? 'advised' : '',
  ]);
  const refused = schedules.flatMap(({ by, refused: why }) => (why ? [`  ${by}: ${why}\n`] : []));
  return table([['Schedule', 'predicted error', ''], ...rows]) + refused.join('');
}
