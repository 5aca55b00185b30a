import { createHash } from 'node:crypto';

/** What the command line's recordings know a scenario by. */
export function scenarioHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
