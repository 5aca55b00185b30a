import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UNFINISHED, writeWhole } from '../files.ts';
import { FOLDERS } from './files.ts';

/** A whole state on disk. */
export interface CheckpointFile {
  readonly step: number;
  readonly path: string;
}

const NAME = /^step-(\d{10})\.cellfield$/;

/** Saves a state beside those that are there. */
export function writeCheckpoint(folder: string, step: number, state: Uint8Array): void {
  const inside = join(folder, FOLDERS.checkpoints);
  mkdirSync(inside, { recursive: true });
  writeWhole(join(inside, `step-${String(step).padStart(10, '0')}.cellfield`), state);
}

/** Drops the oldest checkpoints after step `from` beyond `keep`. */
export function thinCheckpoints(folder: string, from: number, keep: number): void {
  const later = listCheckpoints(folder).filter(({ step }) => step > from);
  for (const { path } of later.slice(0, Math.max(0, later.length - keep))) rmSync(path);
}

/** The checkpoints of a recording, oldest first. */
export function listCheckpoints(folder: string): CheckpointFile[] {
  const inside = join(folder, FOLDERS.checkpoints);
  if (!existsSync(inside)) return [];
  return readdirSync(inside)
    .map(name => ({ step: Number(NAME.exec(name)?.[1] ?? Number.NaN), path: join(inside, name) }))
    .filter(({ step }) => Number.isInteger(step))
    .sort((a, b) => a.step - b.step);
}

/** Removes those later than a step, and what was being written when a run was killed. */
export function dropCheckpoints(folder: string, after: number): void {
  const inside = join(folder, FOLDERS.checkpoints);
  for (const { step, path } of listCheckpoints(folder)) if (step > after) rmSync(path);
  if (!existsSync(inside)) return;
  for (const name of readdirSync(inside)) if (name.endsWith(UNFINISHED)) rmSync(join(inside, name));
}
