import type { LoggedEdit } from '../../engine/edit/edit.ts';
import { parseEventLog } from '../../engine/edit/log.ts';
import { type FrameEntry, parseFrames } from '../../engine/recording/frameIndex.ts';
import { loadScenario, type Scenario } from '../../engine/scenario/load.ts';
import { ScenarioError } from '../../engine/scenario/problems.ts';
import { ReplayError } from './error.ts';
import { type Events, parseEvents } from './events.ts';
import type { ReadFolder } from './place.ts';
import { parseTimeSeries, type RecordedSeries } from './timeSeries.ts';

/** What `provenance.json` says, as far as a view shows it; docs/recording.md has all of it. */
export interface RecordedProvenance {
  readonly cellfield: string;
  readonly status: string;
  readonly failure?: string;
  readonly scenarioHash: string;
  readonly started: string;
  readonly from: number;
  readonly step: number;
  readonly parent: {
    readonly folder: string;
    readonly time_s: number;
    readonly set: readonly string[];
  } | null;
}

/** A recording as read from its folder: everything but the frames, which are read one by one. */
export interface OpenedRecording {
  readonly folder: ReadFolder;
  readonly provenance: RecordedProvenance;
  readonly scenario: Scenario;
  /** All edits of the run, made or to be made. */
  readonly edits: readonly LoggedEdit[];
  readonly frames: readonly FrameEntry[];
  readonly events: Events;
  readonly series: RecordedSeries;
  /** Steps of the states to go on from, rising, and the files that they are in. */
  readonly states: readonly { readonly step: number; readonly path: string }[];
}

const CHECKPOINT = /^step-(\d{10})\.cellfield$/;

/** @throws ReplayError, ScenarioError */
export async function openRecording(folder: ReadFolder): Promise<OpenedRecording> {
  const text = async (path: string) => (await folder.file(path))?.text() ?? null;
  const scenarioText = await text('scenario.yaml');
  const provenance = readProvenance(await text('provenance.json'));
  if (scenarioText === null || provenance === null) {
    throw new ReplayError(
      `${folder.name} is not a recording: it has no ${scenarioText === null ? 'scenario.yaml' : 'whole provenance.json'}`,
    );
  }
  const scenario = readScenario(scenarioText, folder.name, provenance.cellfield);
  const { description } = scenario;
  const size = (await folder.file('cells.arrows'))?.size ?? 0;
  const frames = parseFrames((await text('frames.csv')) ?? '');
  const broken = frames.findIndex(({ offset, bytes }) => offset + bytes > size);
  if (broken >= 0) frames.length = broken;
  if (frames.length === 0) throw new ReplayError(`${folder.name} has no whole frame in frames.csv`);
  const edits = await text('edits.json');
  const types = description.cellTypes.map(({ name }) => name);
  const states = (await folder.list('checkpoints')).flatMap(name => {
    const step = CHECKPOINT.exec(name)?.[1];
    return step === undefined ? [] : [{ step: Number(step), path: `checkpoints/${name}` }];
  });
  return {
    folder,
    provenance,
    scenario,
    edits: edits === null ? [] : parseEventLog(edits),
    frames,
    events: parseEvents((await text('events.csv')) ?? '', types),
    series: parseTimeSeries((await text('timeseries.csv')) ?? '', description),
    states: states.sort((a, b) => a.step - b.step),
  };
}

function readScenario(text: string, name: string, version: string): Scenario {
  try {
    return loadScenario(text, { file: `${name}/scenario.yaml` });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const [first] = error.problems;
    throw new ReplayError(
      `${name}: scenario.yaml, written by version ${version}, cannot be read: ${first?.path ?? ''} ${first?.message ?? ''}`,
    );
  }
}

function readProvenance(text: string | null): RecordedProvenance | null {
  try {
    const found = JSON.parse(text ?? '') as RecordedProvenance;
    const { cellfield, status, scenarioHash, started } = found;
    if (![cellfield, status, scenarioHash, started].every(value => typeof value === 'string')) return null;
    if (!Number.isSafeInteger(found.step)) return null;
    return { ...found, from: found.from ?? 0, parent: found.parent ?? null };
  } catch {
    return null;
  }
}
