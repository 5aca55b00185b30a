import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../engine/index.ts';
import { UsageError } from './exit.ts';
import { clockTime } from './format.ts';
import { FILES, Recording } from './recording.ts';
import { readScenario } from './scenarioFile.ts';
import { drive, lastStepOf, type SessionOptions } from './session.ts';
import { withThreads } from './threads.ts';

export interface ResumeOptions extends SessionOptions {
  readonly until?: string;
  readonly threads?: string;
}

/** `cellfield resume`: a recording from its last state on. Returns the exit status. */
export async function resume(folder: string, options: ResumeOptions): Promise<number> {
  const file = join(folder, FILES.scenario);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${folder}: there is no such folder`);
  if (!found.isDirectory()) throw new UsageError(`${folder} is a file, not the folder of a recording`);
  if (!existsSync(file)) throw new UsageError(`${folder} is not a recording: it has no ${FILES.scenario}`);
  const scenario = readScenario(file);
  const lastStep = lastStepOf(scenario, options.until);
  return withThreads(options.threads, async threads => {
    const model = build(scenario, { now: () => performance.now(), threads });
    const recording = Recording.reopen(folder, scenario, model);
    if (model.step >= lastStep) {
      const at = clockTime(model.step * scenario.description.time.step);
      process.stderr.write(`cellfield: the recording is already at ${at}; use --until for a later end\n`);
    }
    return drive(model, lastStep, recording, options);
  });
}
