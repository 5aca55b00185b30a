import {
  adoptScenario,
  advance,
  applyEdit,
  type CouplingChoice,
  EditError,
  loadScenario,
  replay,
  type Scenario,
  stateHash,
  timeOf,
  writeSchedule,
} from '../engine/index.ts';
import { UsageError } from './exit.ts';
import { type Opened, openRecording, type Restored, restoreBefore } from './recording/opened.ts';
import { Recording } from './recording/recording.ts';
import { drive, lastStepOf, type SessionOptions, stepOf } from './session.ts';

export interface BranchOptions extends SessionOptions {
  readonly at: string;
  readonly set?: readonly string[];
  readonly out: string;
  readonly until?: string;
  readonly force?: boolean;
}

/**
 * `cellfield branch`: a recorded run from one of its moments on, with something changed. Cells, fields and every stream of
 * random numbers are those of the original, so that what differs afterwards is the change's doing. Returns the exit status.
 */
export async function branch(folder: string, options: BranchOptions): Promise<number> {
  const opened = openRecording(folder);
  const at = branchStep(opened, options.at);
  const { model: found, scenario, ahead } = goTo(restoreBefore(opened, at), at);
  const set = options.set ?? [];
  const changed = changeScenario(folder, scenario, found.description.coupling, set);
  const lastStep = lastStepOf(changed, options.until);
  if (lastStep <= at) {
    const end = lastStep * changed.description.time.step;
    throw new UsageError(`the branch would end at ${end} s, not after --at; use --until for a later end`);
  }
  const parent = {
    folder,
    scenarioHash: opened.provenance.scenarioHash,
    step: at,
    time_s: timeOf(found),
    stateHash: stateHash(found),
    set,
  };
  let model: typeof found;
  try {
    model = adoptScenario(found, changed);
  } catch (error) {
    throw error instanceof EditError ? new UsageError(`--set: ${error.message}`) : error;
  }
  const beginning = { scenario: changed, model, edits: ahead, parent };
  const recording = Recording.create(options.out, beginning, options.force ?? false);
  if (ahead.length === 0) return drive(model, lastStep, recording, options);
  return drive(model, lastStep, recording, options, (start, simulation) =>
    replay(start, changed, ahead, simulation),
  );
}

/** @throws UsageError */
function branchStep({ scenario, provenance }: Opened, text: string): number {
  const { step } = scenario.description.time;
  const at = stepOf(text, '--at', step);
  if (at >= provenance.from && at <= provenance.step) return at;
  throw new UsageError(
    `--at ${text} lies outside the recording, which goes from ${provenance.from * step} s to ${provenance.step * step} s`,
  );
}

/** Runs a restored state on to the end of a step, the edits there made. */
export function goTo({ model: from, scenario: before, ahead }: Restored, step: number): Restored {
  let model = from;
  let scenario = before;
  const edits = [...ahead];
  for (;;) {
    while (edits.length > 0 && edits[0].step <= model.step) {
      const [{ edit }] = edits.splice(0, 1);
      ({ model, scenario } = applyEdit(model, scenario, edit));
    }
    if (model.step >= step) return { model, scenario, ahead: edits };
    advance(model);
  }
}

/** The scenario with the changes; what `auto` has chosen is written into it, as the run has it. @throws ScenarioError */
function changeScenario(
  file: string,
  scenario: Scenario,
  coupling: CouplingChoice,
  set: readonly string[],
): Scenario {
  const chosen = scenario.description.coupling.chosen !== undefined;
  const sees = coupling.schedule === 'strong' && coupling.sees === 'end' ? 'end' : null;
  const text = chosen ? writeSchedule(scenario.text, coupling.schedule, sees) : scenario.text;
  return loadScenario(text, { file, set });
}
