import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { PlacementError } from '../engine/cells/placement.ts';
import type { Model } from '../engine/model/model.ts';
import { analyseScales, type ScaleReport } from '../engine/scales/analyse.ts';
import type { Scenario } from '../engine/scenario/load.ts';
import { type Problem, ScenarioError } from '../engine/scenario/problems.ts';

/** The time scales of a model's state, which stays as it is, or why there are none: null stands for half a step. */
export function scalesOf(model: Model | null): {
  readonly report: ScaleReport | null;
  readonly reason: string;
} {
  if (model === null) return { report: null, reason: 'there is no whole state to look at' };
  try {
    return { report: analyseScales(model), reason: '' };
  } catch (error) {
    return { report: null, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What snapshots know a scenario by: SHA-256 of its resolved text, as the command line's recordings do. */
export function hashOf(scenario: Scenario): string {
  return bytesToHex(sha256(utf8ToBytes(scenario.text)));
}

/** Why a scenario cannot be loaded. @throws what is no fault of the scenario */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof ScenarioError) return error.problems;
  if (!(error instanceof PlacementError)) throw error;
  return [problemOf(error.reason, `population[${error.placement}]`)];
}

/** A problem that is nowhere in a text. */
export function problemOf(message: string, path = ''): Problem {
  return { path, message, line: null, column: null, origin: null, value: null, allowed: null };
}
