import { basename, resolve } from 'node:path';
import type { Description } from '../../engine/index.ts';
import type { FrameEntry } from '../../engine/recording/frameIndex.ts';
import { UsageError } from '../exit.ts';
import { FrameReader } from '../recording/frameReader.ts';
import { type Opened, openRecording } from '../recording/opened.ts';
import { timeOption } from '../session.ts';

/** Which frames of a recording are wanted. */
export interface RangeOptions {
  readonly from?: string;
  readonly until?: string;
  readonly every?: string;
}

/** What an export reads: a recording and the frames chosen of it. */
export interface Source {
  readonly opened: Opened;
  readonly description: Description;
  readonly reader: FrameReader;
  /** The frames within the range, in order; some may hold cells only, others fields only. */
  readonly entries: readonly FrameEntry[];
  /** Title, seed, version …, for the metadata of a file. */
  readonly about: Readonly<Record<string, string>>;
  /** Says that a frame was written. */
  readonly tick: () => void;
}

/** @throws UsageError where the folder holds no recording or no frame lies in the range */
export function openSource(folder: string, range: RangeOptions): Source {
  const opened = openRecording(folder);
  const { scenario, provenance } = opened;
  const { description } = scenario;
  const reader = new FrameReader(folder, description);
  return {
    opened,
    description,
    reader,
    entries: chooseFrames(folder, reader.entries, range),
    about: {
      title: description.title,
      seed: description.seed,
      cellfield: provenance.cellfield,
      scenarioHash: provenance.scenarioHash,
      recording: basename(resolve(folder)),
    },
    tick: () => {},
  };
}

/** @throws UsageError */
export function chooseFrames(
  folder: string,
  entries: readonly FrameEntry[],
  { from, until, every }: RangeOptions,
): FrameEntry[] {
  const first = entries.at(0);
  const last = entries.at(-1);
  if (!first || !last) throw new UsageError(`${folder} holds no frames`);
  const begin = from === undefined ? first.time : timeOption(from, '--from');
  const end = until === undefined ? Math.max(begin, last.time) : timeOption(until, '--until');
  if (begin > end) throw new UsageError(`--from ${begin} s lies after --until ${end} s`);
  // Times given in other units are off by rounding.
  const slack = 1e-9 * Math.max(begin, end);
  const within = entries.filter(({ time }) => time >= begin - slack && time <= end + slack);
  if (within.length === 0) {
    throw new UsageError(
      `${folder} has no frame from ${begin} s ${until === undefined ? 'on' : `to ${end} s`}; its frames lie from ${first.time} s to ${last.time} s`,
    );
  }
  const stride = every === undefined ? 1 : Number(every);
  if (!Number.isInteger(stride) || stride < 1) {
    throw new UsageError(`--every ${every}: expected a whole number of frames, 1 or more`);
  }
  return within.filter((_, i) => i % stride === 0);
}

/** The chosen frames that hold cells. @throws UsageError where there are none */
export function cellEntries({ entries, opened }: Source): FrameEntry[] {
  const found = entries.filter(({ cells }) => cells !== null);
  if (found.length === 0) {
    throw new UsageError(
      `${opened.folder} has no cells in this range; its fields go into csv and parquet with --table fields, into hdf5, vtk and zarr`,
    );
  }
  return found;
}

/** The chosen frames that hold fields. @throws UsageError where there are none */
export function fieldEntries({ entries, opened }: Source): FrameEntry[] {
  const found = entries.filter(({ field }) => field !== null);
  if (found.length === 0) throw new UsageError(`${opened.folder} has no fields in this range`);
  return found;
}
