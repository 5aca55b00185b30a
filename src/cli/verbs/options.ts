import { InvalidArgumentError } from 'commander';

/** Runs a verb and keeps its exit status; `json`: what it throws is printed as an object too. */
export type Run = (verb: () => Promise<number> | number, json: boolean | undefined) => Promise<void>;

export const SET_HELP = 'replace a value of the scenario, e.g. parameters.k_tx="0.1 /s" (repeatable)';
export const THREADS_HELP =
  'threads to compute on (default: 1); the results are the same to the bit, faster from some 50,000 cells on';
export const JSON_HELP = 'print one machine-readable object in place of the report';

/** Values of an option that may be given again; what is wrong with one is said by who reads it. */
export function gather(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

export function collect(value: string, previous: readonly string[] = []): string[] {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError('Expected path=value, e.g. time.end="2 h".');
  return [...previous, value];
}
