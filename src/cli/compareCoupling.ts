import { type Comparison, compareCoupling, isStochastic } from '../engine/index.ts';
import { EXIT, UsageError } from './exit.ts';
import { clockTime, table } from './format.ts';
import { printJson } from './output.ts';
import { readScenario, type ScenarioOptions } from './scenarioFile.ts';
import { lastStepOf } from './session.ts';

export interface CompareCommand extends ScenarioOptions {
  readonly until?: string;
  readonly tolerance?: string;
  readonly runs?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `cellfield compare-coupling`: the schedules beside each other, with halved steps. Returns the exit status. */
export function compare(file: string, command: CompareCommand): number {
  const scenario = readScenario(file, command);
  const { description } = scenario;
  const comparison = compareCoupling(description, {
    untilStep: lastStepOf(scenario, command.until),
    tolerance: toleranceOf(command.tolerance),
    runs: runsOf(command.runs, isStochastic(description)),
    now: () => performance.now(),
    onRun: (name, step) => {
      if (!command.quiet && process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}, step ${step} s`);
    },
  });
  if (!command.quiet && process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (command.json) printJson({ file, fields: description.fields.map(({ name }) => name), ...comparison });
  else
    process.stdout.write(
      report(
        comparison,
        description.fields.map(({ name }) => name),
      ),
    );
  return EXIT.done;
}

function toleranceOf(text = '0.01'): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1))
    throw new UsageError(`--tolerance must be above 0 and at most 1, got ${text}`);
  return value;
}

const MOST_RUNS = 10_000;

function runsOf(text: string | undefined, stochastic: boolean): number {
  const value = Number(text ?? (stochastic ? 4 : 1));
  if (!(Number.isInteger(value) && value >= 1 && value <= MOST_RUNS))
    throw new UsageError(`--runs must be a whole number from 1 to 10000, got ${text}`);
  return value;
}

function report(comparison: Comparison, fields: readonly string[]): string {
  const { candidates, noise, reference, until, tolerance, cheapest, runs, runsNeeded, stochastic, coupled } =
    comparison;
  const rows = candidates.flatMap(({ name, failed, runs: all, order }) => {
    if (failed !== null) return [[name, '', ...Array(11).fill('–')]];
    return all.map(({ step, difference: d, seconds, passes, contraction, predicted }, i) => [
      i === 0 ? name : '',
      `${Number(step.toPrecision(4))} s`,
      share(Math.max(0, ...d.fields.map(({ max }) => max))),
      share(Math.max(0, ...d.fields.map(({ l2 }) => l2))),
      share(d.cells),
      share(Math.max(0, ...d.amounts.map(({ mean }) => mean))),
      signed(largest(d.amounts.map(({ spread }) => spread))),
      signed(largest(d.amounts.map(({ swing }) => swing))),
      predictedText(predicted),
      seconds.toPrecision(3),
      passes.toFixed(1),
      contraction > 0 ? contraction.toPrecision(2) : '–',
      i === 0 ? (order === null ? '–' : order.toFixed(2)) : '',
    ]);
  });
  const head = [
    'schedule',
    'step',
    'field max',
    'field L2',
    'cells',
    'amounts',
    'spread',
    'swing',
    'predicted',
    's',
    'passes',
    'contraction',
    'order',
  ];
  const text = [
    `to ${clockTime(until)}, second half averaged${runs > 1 ? ` over ${runs} seeds` : ''}; largest relative differences from ${reference}`,
    '',
    table([head, ...rows]).trimEnd(),
    '',
  ];
  if (coupled)
    text.push(
      `predicted: of ${stochastic ? 'the swing' : 'a relaxation'}, by the rates of the exchange alone`,
    );
  if (fields.length > 1) text.push(table([['schedule', 'step', ...fields], ...byField(comparison)]));
  for (const { name, failed } of candidates) if (failed !== null) text.push(`${name}: ${failed}`);
  if (noise) {
    const few =
      runsNeeded === null ? '' : `, which hides whatever is less than twice that: ${advice(comparison)}`;
    text.push(`other random numbers alone make a difference of ${share(noise.worst)}${few}`);
  } else if (!stochastic) text.push('nothing is random: order is from the step, its half and its quarter');
  const within =
    noise && runsNeeded !== null
      ? `within the ${share(2 * noise.worst)} that noise hides`
      : `within ${share(tolerance)}`;
  if (!coupled) {
    text.push('there is nothing to couple: no cell takes from a field, gives to one or reads one');
    text.push(
      cheapest
        ? `largest step ${within}: ${cheapest.step} s`
        : `no step is ${within}: try a smaller time.step`,
    );
  } else
    text.push(
      cheapest
        ? `cheapest ${within}: ${cheapest.name} with a step of ${cheapest.step} s`
        : `none is ${within}: try a smaller time.step`,
    );
  return `${text.join('\n')}\n`;
}

/** Of the swing where molecules pass by chance, else of a relaxation. */
function predictedText(predicted: Comparison['candidates'][number]['runs'][number]['predicted']): string {
  if (predicted === null) return '–';
  const { swing, transient, mean } = predicted;
  if (swing !== null) return Number.isFinite(swing) ? signed(swing) : 'unstable';
  return Number.isFinite(transient) ? share(Math.max(mean, transient)) : 'unstable';
}

/** Rows of the L2 difference of each field. */
function byField({ candidates }: Comparison): string[][] {
  return candidates.flatMap(({ name, failed, runs }) =>
    failed !== null
      ? []
      : runs.map(({ step, difference }, i) => [
          i === 0 ? name : '',
          `${Number(step.toPrecision(4))} s`,
          ...difference.fields.map(({ l2 }) => share(l2)),
        ]),
  );
}

/** What to do about noise that hides what is looked for. */
function advice({ runs, runsNeeded, tolerance }: Comparison): string {
  const many = runsNeeded !== null && runsNeeded > MOST_RUNS;
  const more = many ? 'a longer --until' : `--runs ${runsNeeded} in place of ${runs}, or a longer --until,`;
  return `${more} would show ${share(tolerance)}`;
}

/** The one that is furthest from 0. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}

function share(value: number): string {
  return value === 0 ? '0' : value < 1e-12 ? '<1e-12' : value.toPrecision(2);
}

function signed(value: number): string {
  return value > 0 ? `+${share(value)}` : value < 0 ? `−${share(-value)}` : '0';
}
