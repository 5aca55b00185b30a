import {
  type Model,
  type Observer,
  parseTime,
  RunFailure,
  type Scenario,
  type Summary,
  steps,
  summarise,
} from '../engine/index.ts';
import { EXIT, UsageError } from './exit.ts';
import { clockTime } from './format.ts';
import { Progress } from './progress.ts';
import type { Recording } from './recording.ts';
import { report } from './report.ts';

export interface SessionOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Milliseconds of computing between looks at the event loop, where signals arrive. */
const SLICE = 50;

/**
 * Drives a model to `lastStep` with progress, recording and clean interruption, prints the outcome and returns the exit
 * status. The first Ctrl-C ends the run after the step in hand; a second one kills.
 */
export async function drive(
  model: Model,
  lastStep: number,
  recording: Recording | null,
  options: SessionOptions,
): Promise<number> {
  const started = performance.now();
  const observers: Observer[] = recording?.observers() ?? [];
  const progress = new Progress(model, lastStep, options.quiet ?? false);
  let interrupted = false;
  const interrupt = () => {
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  let failure: RunFailure | null = null;
  try {
    let looked = performance.now();
    for (const _ of steps(model, { untilStep: lastStep, observers })) {
      progress.update(model, lastStep);
      if (performance.now() - looked > SLICE) {
        await new Promise(resolve => setImmediate(resolve));
        looked = performance.now();
      }
      if (interrupted) break;
    }
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    failure = error;
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  const stopped = interrupted && model.step < lastStep;
  recording?.close(model, failure ? 'failed' : stopped ? 'stopped' : 'done', failure?.message);
  const wallSeconds = (performance.now() - started) / 1000;
  const summary = summarise(model);
  print(summary, wallSeconds, failure, stopped, options);
  return failure ? EXIT.failed : stopped ? EXIT.interrupted : EXIT.done;
}

function print(
  summary: Summary,
  wallSeconds: number,
  failure: RunFailure | null,
  stopped: boolean,
  options: SessionOptions,
): void {
  if (options.json) {
    const status = failure ? 'failed' : stopped ? 'stopped' : 'done';
    const reason = failure ? { failure: { kind: failure.kind, message: failure.message } } : {};
    process.stdout.write(`${JSON.stringify({ status, ...reason, wallSeconds, ...summary }, null, 2)}\n`);
  } else process.stdout.write(report(summary, wallSeconds));
  if (failure) process.stderr.write(`cellfield: the run failed: ${failure.message}\n`);
  if (stopped) process.stderr.write(`cellfield: stopped at ${clockTime(summary.time)} of simulated time\n`);
}

/** The step at which a run ends: the scenario's end, or `--until`, which must be a whole number of steps. @throws UsageError */
export function lastStepOf(scenario: Scenario, until: string | undefined): number {
  const { step, steps: last } = scenario.description.time;
  if (until === undefined) return last;
  const seconds = timeOption(until);
  const count = Math.round(seconds / step);
  if (Math.abs(count * step - seconds) <= 1e-9 * seconds) return count;
  const nearest = [Math.floor(seconds / step), Math.ceil(seconds / step)].map(
    n => `${Number((n * step).toPrecision(12))} s`,
  );
  throw new UsageError(
    `--until must be a whole number of steps of ${step} s, got ${until}; the nearest are ${nearest.join(' and ')}`,
  );
}

function timeOption(text: string): number {
  try {
    return parseTime(text, '--until');
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
