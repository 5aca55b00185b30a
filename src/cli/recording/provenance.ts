import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Model, stateHash, timeOf, VERSION } from '../../engine/index.ts';
import { UsageError } from '../exit.ts';
import { writeWhole } from '../files.ts';
import { FILES } from './files.ts';

/** How a run ended, or `running` while it goes on (and for ever after a kill). */
export type Status = 'running' | 'done' | 'stopped' | 'failed';

/** The recording, and the moment in it, from which a run has branched off. */
export interface Parent {
  /** As given on the command line. */
  readonly folder: string;
  readonly scenarioHash: string;
  readonly step: number;
  readonly time_s: number;
  readonly stateHash: string;
  /** What was changed there: `path=value`. */
  readonly set: readonly string[];
}

/** What stays the same through a recording's life. */
export interface Origin {
  readonly scenarioHash: string;
  /** When it was begun (UTC), and at which step. */
  readonly started: string;
  readonly from: number;
  readonly parent: Parent | null;
}

/** `provenance.json`: what made the recording and how far it is. */
export interface Provenance extends Origin {
  readonly cellfield: string;
  readonly status: Status;
  /** Why, where the run failed. */
  readonly failure?: string;
  readonly title: string;
  readonly seed: string;
  /** Where the run was when this was written. */
  readonly stateHash: string;
  readonly step: number;
  readonly time_s: number;
  readonly written: string;
  readonly platform: string;
}

export function writeProvenance(
  folder: string,
  origin: Origin,
  model: Model,
  status: Status,
  failure?: string,
): void {
  const provenance: Provenance = {
    cellfield: VERSION,
    status,
    ...(failure ? { failure } : {}),
    title: model.description.title,
    seed: model.description.seed,
    ...origin,
    stateHash: stateHash(model),
    step: model.step,
    time_s: timeOf(model),
    written: new Date().toISOString(),
    platform: `node ${process.versions.node}, ${process.platform} ${process.arch}`,
  };
  writeWhole(join(folder, FILES.provenance), `${JSON.stringify(provenance, null, 2)}\n`);
}

/** @throws UsageError if it cannot be read */
export function readProvenance(folder: string): Provenance {
  const path = join(folder, FILES.provenance);
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isProvenance(found)) return { ...found, from: found.from ?? 0, parent: found.parent ?? null };
  } catch {
    // Said below.
  }
  throw new UsageError(`${path} is missing or damaged: ${folder} is not a whole recording`);
}

function isProvenance(value: unknown): value is Provenance {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return (
    ['cellfield', 'status', 'started', 'scenarioHash', 'stateHash'].every(
      key => typeof record[key] === 'string',
    ) && ['step', 'time_s'].every(key => typeof record[key] === 'number')
  );
}
