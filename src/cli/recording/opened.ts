import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  adoptScenario,
  build,
  describeSnapshot,
  type LoggedEdit,
  type Model,
  parseEventLog,
  restoreSnapshot,
  type Scenario,
  SnapshotError,
  scenarioAfter,
  type Threads,
} from '../../engine/index.ts';
import { UsageError } from '../exit.ts';
import { readWhole } from '../files.ts';
import { readScenario } from '../scenarioFile.ts';
import { listCheckpoints } from './checkpoints.ts';
import { FILES } from './files.ts';
import { type Provenance, readProvenance } from './provenance.ts';
import { scenarioHash } from './recording.ts';

/** A recording on disk, to be continued or looked at. */
export interface Opened {
  readonly folder: string;
  readonly provenance: Provenance;
  readonly scenario: Scenario;
  /** All edits of the run, made or to be made. */
  readonly edits: readonly LoggedEdit[];
}

/** A state of a recorded run, and how to go on from it. */
export interface Restored {
  readonly model: Model;
  /** With the parameters as they then were. */
  readonly scenario: Scenario;
  /** Edits that are still to be made. */
  readonly ahead: readonly LoggedEdit[];
}

/** @throws UsageError where the folder holds no recording, ScenarioError */
export function openRecording(folder: string): Opened {
  const file = join(folder, FILES.scenario);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${folder}: there is no such folder`);
  if (!found.isDirectory()) throw new UsageError(`${folder} is a file, not the folder of a recording`);
  if (!existsSync(file)) throw new UsageError(`${folder} is not a recording: it has no ${FILES.scenario}`);
  const scenario = readScenario(file);
  const edits = join(folder, FILES.edits);
  return {
    folder,
    provenance: readProvenance(folder),
    scenario,
    edits: existsSync(edits) ? parseEventLog(readFileSync(edits, 'utf8')) : [],
  };
}

/** The state in a file of a recording. @throws SnapshotError that names the file, UsageError */
export function restore(
  { folder, scenario, edits }: Opened,
  path: string,
  threads: Threads | null = null,
): Restored {
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} has no ${basename(path)} to resume from; run the scenario again with --force`,
    );
  }
  try {
    const bytes = readWhole(path);
    const made = describeSnapshot(bytes).edits;
    if (made > edits.length)
      throw new SnapshotError(`the snapshot has ${made} edits; ${FILES.edits} lists ${edits.length}`);
    const after = scenarioAfter(
      scenario,
      edits.slice(0, made).map(({ edit }) => edit),
    );
    let model = build(scenario, { now: () => performance.now(), threads });
    if (after !== scenario) model = adoptScenario(model, after);
    restoreSnapshot(model, bytes, scenarioHash(scenario));
    return { model, scenario: after, ahead: edits.slice(made) };
  } catch (error) {
    throw error instanceof SnapshotError ? new SnapshotError(`${path}: ${error.message}`) : error;
  }
}

/** The youngest state that is not later than a step; the beginning where there is none. */
export function restoreBefore(opened: Opened, step: number): Restored {
  const { folder, scenario, edits, provenance } = opened;
  const state = join(folder, FILES.state);
  const candidates = listCheckpoints(folder).filter(one => one.step <= step);
  if (existsSync(state)) {
    const saved = describeSnapshot(readWhole(state)).step;
    if (saved <= step) candidates.push({ step: saved, path: state });
  }
  const best = candidates.reduce<{ step: number; path: string } | null>(
    (found, one) => (found === null || one.step > found.step ? one : found),
    null,
  );
  if (best) return restore(opened, best.path);
  if (provenance.from > 0) {
    throw new UsageError(
      `${folder} begins at step ${provenance.from} and keeps no state before step ${step}`,
    );
  }
  return { model: build(scenario, { now: () => performance.now() }), scenario, ahead: edits };
}
