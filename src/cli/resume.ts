import { join } from 'node:path';
import { replay } from '../engine/index.ts';
import { clockTime } from './format.ts';
import { FILES } from './recording/files.ts';
import { openRecording, restore } from './recording/opened.ts';
import { Recording } from './recording/recording.ts';
import { drive, lastStepOf, type SessionOptions } from './session.ts';
import { withThreads } from './threads.ts';

export interface ResumeOptions extends SessionOptions {
  readonly until?: string;
  readonly threads?: string;
}

/** `cellfield resume`: a recording from its last state on. Returns the exit status. */
export async function resume(folder: string, options: ResumeOptions): Promise<number> {
  const opened = openRecording(folder);
  const { scenario: origin, edits } = opened;
  const lastStep = lastStepOf(origin, options.until);
  return withThreads(options.threads, async threads => {
    const { model, scenario, ahead } = restore(opened, join(folder, FILES.state), threads);
    const recording = Recording.reopen(folder, { scenario: origin, model, edits });
    if (model.step >= lastStep) {
      const at = clockTime(model.step * origin.description.time.step);
      process.stderr.write(`cellfield: the recording is already at ${at}; use --until for a later end\n`);
    }
    if (ahead.length === 0) return drive(model, lastStep, recording, options);
    return drive(model, lastStep, recording, options, (start, simulation) =>
      replay(start, scenario, ahead, simulation),
    );
  });
}
