/** Keys that say something under one schedule only. */
export const COUPLING_KEYS_OF = {
  weak: ['splitting'],
  strong: ['sees', 'tolerance', 'acceleration', 'relaxation', 'iterations'],
  joint: ['hops'],
} as const;
