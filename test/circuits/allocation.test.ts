import { expect, test } from 'vitest';
import { compileCircuit } from '../../src/engine/circuits/compile.ts';
import { METHODS } from '../../src/engine/circuits/methods.ts';
import { fixture, populate, windowFor } from './fixtures.ts';

/** Abundant and rare species, a Hill function, an export: leaps, flows and single firings all occur. */
const type = fixture(
  { A: 4000, B: 2000, M: 3 },
  {
    make: ['-> A', '400 * hill(B, 3, 2) + f0'],
    lose: ['A ->', '0.2 * A'],
    give: ['A -> f0', '0.1 * A'],
    makeB: ['-> B', '200'],
    fade: ['B ->', '0.1 * B'],
    on: ['-> M', '1'],
    off: ['M ->', '0.3 * M'],
    use: ['A ->', '0.1 * M'],
  },
);
const CELLS = 50;
/** About 600 firings per cell. */
const DURATION = 0.5;
const WINDOWS = 5;

/** The least object takes 16 bytes: one per firing would be 9600 per cell and window. */
const MOST = 3000;

/** Until the compiler, which works beside us, has caught up. */
const ATTEMPTS = 40;

test.each(METHODS.map(({ name }) => name))(
  '%s puts next to nothing on the heap while it runs',
  name => {
    const circuit = compileCircuit(type, 1, { method: name });
    const window = windowFor(type, populate(type, CELLS), DURATION, { fieldCount: 1, sampled: 1 });
    const growth = (): number => {
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < WINDOWS; i++) circuit.advance(window);
      return (process.memoryUsage().heapUsed - before) / CELLS / WINDOWS;
    };
    let median = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < ATTEMPTS && !(median < MOST); attempt++) {
      // A collection within a round makes it negative; it says nothing then.
      const rounds = Array.from({ length: 5 }, growth).filter(bytes => bytes >= 0);
      if (rounds.length >= 3) median = rounds.sort((a, b) => a - b)[rounds.length >> 1];
    }
    expect(median).toBeLessThan(MOST);
  },
  60_000,
);
