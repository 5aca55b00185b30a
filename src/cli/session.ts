import {
  LIMITS,
  type Model,
  type Observer,
  parseTime,
  RunFailure,
  type Scenario,
  type SimulateOptions,
  type Summary,
  steps,
  summarise,
} from '../engine/index.ts';
import { EXIT, RecordingError, UsageError } from './exit.ts';
import { clockTime } from './format.ts';
import { printJson } from './output.ts';
import { Progress } from './progress.ts';
import type { Recording } from './recording/recording.ts';
import { report } from './report.ts';
import { catchSignals } from './signals.ts';

export interface SessionOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Milliseconds of computing between looks at the event loop, where signals arrive. */
const SLICE = 50;

/** A share of the time waited for the disk beyond this is said. */
const WAIT_WORTH_SAYING = 0.2;

/** What ended a run before its end, beside an interruption. */
interface Failure {
  readonly kind: string;
  readonly message: string;
}

/**
 * Drives a model to `lastStep` with progress, recording and clean interruption, prints the outcome and returns the exit
 * status. The first Ctrl-C ends the run after the step in hand; a second one kills. `stepping` takes the steps, and may go on
 * with another model: a change of parameters makes one.
 */
export async function drive(
  first: Model,
  lastStep: number,
  recording: Recording | null,
  options: SessionOptions,
  stepping: (model: Model, options: SimulateOptions) => Iterable<Model> = steps,
): Promise<number> {
  let model = first;
  const started = performance.now();
  const observers: Observer[] = recording?.observers() ?? [];
  const progress = new Progress(model, lastStep, options.quiet ?? false);
  const interruption = catchSignals(() => progress.stop());
  let failure: Failure | null = null;
  try {
    const need = recording?.needWarning(model, lastStep);
    if (need) process.stderr.write(`warning: ${need}\n`);
    recording?.begin(model);
    let looked = performance.now();
    for (const next of stepping(model, { untilStep: lastStep, observers })) {
      model = next;
      progress.update(model, lastStep);
      if (performance.now() - looked > SLICE) {
        await new Promise(resolve => setImmediate(resolve));
        looked = performance.now();
      }
      if (interruption.requested) break;
    }
  } catch (error) {
    failure = failureOf(error);
    // A fault of the program: the recording keeps what it has, and says so.
    if (!failure) {
      recording?.close(model, 'failed', String(error));
      throw error;
    }
  } finally {
    progress.stop();
  }
  const stopped = failure === null && interruption.requested && model.step < lastStep;
  try {
    recording?.close(model, failure ? 'failed' : stopped ? 'stopped' : 'done', failure?.message);
  } catch (error) {
    failure ??= failureOf(error);
    if (!failure) throw error;
  }
  interruption.release();
  const wallSeconds = (performance.now() - started) / 1000;
  const recorded = recording && { folder: recording.folder, waitedSeconds: recording.waited / 1000 };
  print(summarise(model), wallSeconds, { failure, stopped, recorded }, options);
  return failure ? EXIT.failed : stopped ? EXIT.interrupted : EXIT.done;
}

function failureOf(error: unknown): Failure | null {
  if (error instanceof RunFailure) return { kind: error.kind, message: error.message };
  if (error instanceof RecordingError) return { kind: 'recording', message: error.message };
  return null;
}

interface Outcome {
  readonly failure: Failure | null;
  readonly stopped: boolean;
  readonly recorded: { readonly folder: string; readonly waitedSeconds: number } | null;
}

function print(summary: Summary, wallSeconds: number, outcome: Outcome, options: SessionOptions): void {
  const { failure, stopped, recorded } = outcome;
  if (options.json) {
    const status = failure ? 'failed' : stopped ? 'stopped' : 'done';
    printJson({
      status,
      ...(failure ? { failure } : {}),
      wallSeconds,
      ...(recorded ? { recording: recorded } : {}),
      ...summary,
    });
  } else process.stdout.write(report(summary, wallSeconds));
  if (recorded && recorded.waitedSeconds > Math.max(1, WAIT_WORTH_SAYING * wallSeconds)) {
    const share = Math.round((100 * recorded.waitedSeconds) / wallSeconds);
    process.stderr.write(
      `warning: ${share} % of the time the run waited for ${recorded.folder} to be written\n`,
    );
  }
  for (const warning of summary.warnings) process.stderr.write(`warning: ${warning}\n`);
  if (failure) process.stderr.write(`cellfield: the run failed: ${failure.message}\n`);
  else if (stopped) {
    const next = recorded === null ? '' : `; cellfield resume ${recorded.folder} continues it`;
    process.stderr.write(`cellfield: stopped at ${clockTime(summary.time)} of simulated time${next}\n`);
  }
}

/** The step at which a run ends: the scenario's end, or `--until`, which must be a whole number of steps. @throws UsageError */
export function lastStepOf(scenario: Scenario, until: string | undefined): number {
  const { step, steps: last } = scenario.description.time;
  return until === undefined ? last : stepOf(until, '--until', step);
}

/** A time given by an option as a number of steps of `step` seconds. @throws UsageError */
export function stepOf(text: string, option: string, step: number): number {
  const seconds = timeOption(text, option);
  const count = Math.round(seconds / step);
  if (count > LIMITS.steps) {
    const most = LIMITS.steps.toLocaleString('en');
    throw new UsageError(`${option} ${text} is ${count} steps of ${step} s; at most ${most} are allowed`);
  }
  if (Math.abs(count * step - seconds) <= 1e-9 * seconds) return count;
  const nearest = [Math.floor(seconds / step), Math.ceil(seconds / step)].map(
    n => `${Number((n * step).toPrecision(12))} s`,
  );
  throw new UsageError(
    `${option} must be a whole number of steps of ${step} s, got ${text}; the nearest are ${nearest.join(' and ')}`,
  );
}

/** Seconds given by an option. @throws UsageError */
export function timeOption(text: string, option: string): number {
  try {
    return parseTime(text, option);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
