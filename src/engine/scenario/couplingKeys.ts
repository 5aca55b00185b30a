/** Keys that say something under some schedules only. */
export const COUPLING_KEYS_OF = {
  weak: ['splitting'],
  strong: ['sees', 'tolerance', 'acceleration', 'relaxation', 'iterations'],
  joint: ['hops'],
  monolithic: ['tolerance', 'iterations'],
} as const;

/** The schedules under which a key says something; none where it does under all. */
export function schedulesOf(key: string): string[] {
  return Object.entries(COUPLING_KEYS_OF).flatMap(([schedule, keys]) =>
    (keys as readonly string[]).includes(key) ? [schedule] : [],
  );
}

/** All such keys. */
export const SCHEDULE_KEYS = [...new Set(Object.values(COUPLING_KEYS_OF).flat())];
