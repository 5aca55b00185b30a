import {
  analyseScales,
  analyseSpace,
  build,
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
  if (options.json) printJson(report);
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
