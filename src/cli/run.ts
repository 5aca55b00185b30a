import { build } from '../engine/index.ts';
import { UsageError } from './exit.ts';
import { Recording } from './recording.ts';
import { readScenario, type ScenarioOptions } from './scenarioFile.ts';
import { drive, lastStepOf, type SessionOptions } from './session.ts';

export interface RunOptions extends ScenarioOptions, SessionOptions {
  readonly until?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** `cellfield run`: a scenario from its start to its end. Returns the exit status. */
export async function run(file: string, options: RunOptions): Promise<number> {
  if (options.force && options.out === undefined)
    throw new UsageError('--force needs --out: there is nothing to replace');
  const scenario = readScenario(file, options);
  const lastStep = lastStepOf(scenario, options.until);
  const model = build(scenario, { now: () => performance.now() });
  const recording =
    options.out !== undefined ? Recording.create(options.out, scenario, model, options.force ?? false) : null;
  return drive(model, lastStep, recording, options);
}
