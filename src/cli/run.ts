import { readFileSync } from 'node:fs';
import {
  build,
  EditError,
  type LoggedEdit,
  parseEventLog,
  replay,
  type Scenario,
  type Threads,
} from '../engine/index.ts';
import { UsageError } from './exit.ts';
import { Recording } from './recording/recording.ts';
import { readScenario, type ScenarioOptions } from './scenarioFile.ts';
import { drive, lastStepOf, type SessionOptions } from './session.ts';
import { withThreads } from './threads.ts';

export interface RunOptions extends ScenarioOptions, SessionOptions {
  readonly until?: string;
  readonly out?: string;
  readonly force?: boolean;
  /** File with an event log, whose edits are made on the way. */
  readonly events?: string;
  readonly threads?: string;
}

/** `cellfield run`: a scenario from its start to its end. Returns the exit status. */
export async function run(file: string, options: RunOptions): Promise<number> {
  if (options.force && options.out === undefined)
    throw new UsageError('--force needs --out: there is nothing to replace');
  const scenario = readScenario(file, options);
  const events = options.events === undefined ? null : readEvents(options.events);
  const lastStep = lastStepOf(scenario, options.until);
  return withThreads(options.threads, threads => runOn(threads, scenario, events, lastStep, options));
}

async function runOn(
  threads: Threads | null,
  scenario: Scenario,
  events: LoggedEdit[] | null,
  lastStep: number,
  options: RunOptions,
): Promise<number> {
  const model = build(scenario, { now: () => performance.now(), threads });
  const recording =
    options.out !== undefined
      ? Recording.create(options.out, { scenario, model, edits: events ?? [] }, options.force ?? false)
      : null;
  if (events === null) return drive(model, lastStep, recording, options);
  try {
    return await drive(model, lastStep, recording, options, (start, simulation) =>
      replay(start, scenario, events, simulation),
    );
  } catch (error) {
    throw error instanceof EditError ? new UsageError(`${options.events}: ${error.message}`) : error;
  }
}

/** @throws UsageError */
function readEvents(path: string): LoggedEdit[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return parseEventLog(text);
  } catch (error) {
    throw error instanceof EditError ? new UsageError(`${path}: ${error.message}`) : error;
  }
}
