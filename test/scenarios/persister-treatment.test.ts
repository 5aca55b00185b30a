import { beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../src/engine/index.ts';
import { LONG, start } from './shipped.ts';

const CELLS = 3000;
const HOUR = 3600;
const STEP = 30;
const TIMES = [4, 4.5, 5, 6, 7, 8, 9, 10];
/** Most toxins that are looked at: 8 on average. */
const MOST = 40;

/**
 * Shares of the cells that live, and rest, at TIMES, by the master equation of (toxins, resting), with the turns of rules at the ends of
 * steps, between which it is integrated by midpoints.
 */
function law(): { alive: number; resting: number }[] {
  let p = [0, 1].map(() => new Float64Array(MOST + 1));
  p[0][8] = 1;
  const change = (now: readonly Float64Array[]) =>
    now.map((of, q) => {
      const slow = q === 1 ? 0.05 : 1;
      const [make, lose] = [(5.6 * slow) / HOUR, (0.7 * slow) / HOUR];
      const to = new Float64Array(MOST + 1);
      for (let n = 0; n <= MOST; n++) {
        const up = n < MOST ? make * of[n] : 0;
        const down = lose * n * of[n];
        to[n] -= up + down;
        if (up > 0) to[n + 1] += up;
        if (n > 0) to[n - 1] += down;
      }
      return to;
    });
  const plus = (a: readonly Float64Array[], b: readonly Float64Array[], h: number) =>
    a.map((of, q) => of.map((value, n) => value + h * b[q][n]));
  const found: { alive: number; resting: number }[] = [];
  for (let step = 1; step <= (TIMES[TIMES.length - 1] * HOUR) / STEP; step++) {
    p = plus(p, change(plus(p, change(p), STEP / 2)), STEP);
    for (let n = 15; n <= MOST; n++) {
      p[1][n] += p[0][n];
      p[0][n] = 0;
    }
    for (let n = 0; n <= 10; n++) {
      p[0][n] += p[1][n];
      p[1][n] = 0;
    }
    // The dose is there from the step that begins at 4 h to the one that ends at 9 h.
    if (step * STEP > 4 * HOUR && step * STEP <= 9 * HOUR)
      p[0] = p[0].map(value => value * Math.exp((-2 / HOUR) * STEP));
    const hours = (step * STEP) / HOUR;
    if (!TIMES.includes(hours)) continue;
    const [awake, resting] = p.map(of => of.reduce((a, b) => a + b, 0));
    found.push({ alive: awake + resting, resting });
  }
  return found;
}

describe('persister-treatment', () => {
  const model = start('persister-treatment');
  const seen: { alive: number; resting: number }[] = [];
  const expected = law();

  beforeAll(() => {
    simulate(model, {
      untilStep: (10 * HOUR) / STEP,
      observers: [
        {
          when: step => TIMES.includes((step * STEP) / HOUR),
          act: ({ population: { count, life } }) => {
            const resting = life?.quiescent.subarray(0, count).reduce((a, b) => a + b, 0) ?? 0;
            seen.push({ alive: count, resting });
          },
        },
      ],
    });
  }, LONG);

  it('kills as the master equation of the toxin has it', () => {
    expect(seen).toHaveLength(TIMES.length);
    for (const [i, { alive, resting }] of expected.entries()) {
      for (const [share, number] of [
        [alive, seen[i].alive],
        [resting, seen[i].resting],
      ]) {
        const error = Math.sqrt(CELLS * share * (1 - share));
        expect(Math.abs(number - CELLS * share)).toBeLessThan(4 * error + 1e-6);
      }
    }
  });

  it('kills in two phases', () => {
    const slope = (a: number, b: number) => Math.log(seen[a].alive / seen[b].alive) / (TIMES[b] - TIMES[a]);
    expect(slope(0, 2)).toBeGreaterThan(1.2);
    expect(slope(5, 6)).toBeLessThan(0.5);
    // Nobody dies once the drug is gone.
    expect(seen[7].alive).toBe(seen[6].alive);
    expect(seen[7].resting).toBeLessThan(seen[7].alive);
  });
});
