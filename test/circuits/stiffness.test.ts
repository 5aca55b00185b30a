import { describe, expect, test } from 'vitest';
import { analyseStiffness } from '../../src/engine/circuits/stiffness.ts';
import { fixture } from './fixtures.ts';
import { immigrationDeath, toggle, vilar } from './models.ts';

describe('stiffness', () => {
  test('of a reversible pair with a slow exit, against the eigenvalues by hand', () => {
    const type = fixture(
      { A: 100, B: 0 },
      { forth: ['A -> B', '300 * A'], back: ['B -> A', '100 * B'], leave: ['B ->', '2 * B'] },
    );
    const found = analyseStiffness(type);
    // λ² + 402 λ + 600 = 0
    const root = Math.sqrt(402 ** 2 / 4 - 600);
    expect(found?.start?.shortest).toBeCloseTo(1 / (201 + root), 9);
    expect(found?.start?.longest).toBeCloseTo(1 / (201 - root), 9);
    expect(found?.start?.ratio).toBeCloseTo((201 + root) / (201 - root), 3);
    expect(found?.start).toMatchObject({ unstable: 0, oscillates: false });
    for (const x of found?.steady?.amounts.slice(1) ?? [1]) expect(Math.abs(x)).toBeLessThan(1e-4);
  });

  test('the steady state is reached from the initial amounts, with the eigenvalues there', () => {
    const simple = analyseStiffness(immigrationDeath(10, 0.1));
    expect(simple?.steady?.amounts[1]).toBeCloseTo(100, 3);
    expect(simple?.steady?.scales).toMatchObject({ shortest: 10, ratio: 1 });
    const bistable = analyseStiffness(toggle(2));
    const [, u, v] = bistable?.steady?.amounts ?? [];
    expect(u).toBeCloseTo(100 / (1 + (v / 20) ** 2), 3);
    expect(v).toBeCloseTo(100 / (1 + (u / 20) ** 2), 3);
    expect(u).toBeGreaterThan(90);
    expect(bistable?.steady?.scales?.unstable).toBe(0);
  });

  test('an oscillator reaches no steady state, growth none either', () => {
    expect(analyseStiffness(vilar())?.steady).toBeNull();
    const growing = analyseStiffness(fixture({ X: 1 }, { grow: ['X -> 2 X', '0.5 * X'] }));
    expect(growing?.start).toMatchObject({ shortest: 2, unstable: 1 });
    expect(growing?.steady).toBeNull();
  });

  test('where no rate depends on an amount there are no time scales; rates undefined at the start say nothing', () => {
    expect(analyseStiffness(fixture({ X: 0 }, { make: ['-> X', '2'] }))).toEqual({
      start: null,
      steady: null,
    });
    expect(analyseStiffness(fixture({ X: 0 }, { make: ['-> X', '2 / X'] }))).toBeNull();
  });
});
