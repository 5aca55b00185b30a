import { describe, expect, test } from 'vitest';
import { projectLaw } from '../../src/engine/circuits/stateProjection.ts';
import { poisson } from '../statistics/circuits.ts';
import { fixture } from './fixtures.ts';
import { dimerisation, immigrationDeath, schlogl } from './models.ts';

describe('finite state projection', () => {
  test('immigration–death is Poisson at every time, and p is a lower bound', () => {
    const times = [0, 0.5, 3, 40];
    const law = projectLaw(immigrationDeath(4, 0.5), times, { tolerance: 1e-9 });
    times.forEach((time, t) => {
      const mean = 8 * (1 - Math.exp(-0.5 * time));
      const exact = poisson(mean, law.states - 1);
      let distance = 0;
      law.marginal(t, 'X').forEach((p, n) => {
        expect(p).toBeLessThanOrEqual(exact[n] + 1e-15);
        distance += Math.abs(p - exact[n]);
      });
      expect(law.bound[t]).toBeLessThanOrEqual(1e-9);
      expect(distance).toBeLessThanOrEqual(law.bound[t] + 1e-13);
    });
  });

  test('a coarse tolerance is certified by what is missing', () => {
    const law = projectLaw(immigrationDeath(4, 0.5), [10], { tolerance: 1e-2 });
    const exact = poisson(8 * (1 - Math.exp(-5)), law.states - 1);
    const kept = exact.reduce((a, b) => a + b);
    expect(law.bound[0]).toBeGreaterThanOrEqual(1 - kept - 1e-12);
    expect(law.bound[0]).toBeLessThanOrEqual(1e-2);
  });

  test('dimerisation and Schlögl: stationary reference figures', () => {
    const { mean, variance } = projectLaw(dimerisation(), [2000]).moments(0, 'P2');
    expect(mean).toBeCloseTo(36.4592, 4);
    expect(Math.sqrt(variance)).toBeCloseTo(2.39, 4);
    const law = projectLaw(schlogl(), [1], { tolerance: 1e-6 });
    expect(law.bound[0]).toBeLessThan(1e-6);
  });

  test('two species: independent Poisson laws (product form)', () => {
    const type = fixture(
      { A: 0, B: 0 },
      { make: ['-> A', '3'], turn: ['A -> B', '1 * A'], lose: ['B ->', '0.5 * B'] },
    );
    const law = projectLaw(type, [2], { tolerance: 1e-8 });
    const a = 3 * (1 - Math.exp(-2));
    // dB/dt = A − B/2 with A = 3 (1 − e^(−t))
    const b = 6 - 12 * Math.exp(-1) + 6 * Math.exp(-2);
    for (const [name, mean] of [
      ['A', a],
      ['B', b],
    ] as const) {
      const moments = law.moments(0, name);
      expect(moments.mean).toBeCloseTo(mean, 5);
      expect(moments.variance).toBeCloseTo(mean, 5);
    }
  });

  test('what has no such law is refused by name', () => {
    expect(() => projectLaw(fixture({ X: 0 }, { make: ['-> X', '1 + sin(time)'] }), [1])).toThrow(
      'depends on time',
    );
    expect(() => projectLaw(fixture({ X: 0 }, { make: ['-> X', '1', 'continuous'] }), [1])).toThrow(
      /stochastic/,
    );
    expect(() => projectLaw(fixture({ X: 0 }, { make: ['-> X', '1 + f0'] }), [1])).toThrow('reads a field');
    const type = immigrationDeath();
    const [birth, ...rest] = type.circuit.reactions;
    const delay = { law: { kind: 'fixed', time: 1 }, completion: 1, abandoned: -1 } as const;
    const delayed = { ...type, circuit: { ...type.circuit, reactions: [{ ...birth, delay }, ...rest] } };
    expect(() => projectLaw(delayed, [1])).toThrow('birth has a delay');
    const trigger = { kind: 'number', value: 1 } as const;
    const events = [{ name: 'shock', trigger, delay: null, actions: [] }];
    expect(() => projectLaw({ ...type, circuit: { ...type.circuit, events } }, [1])).toThrow(
      'has events (shock)',
    );
    expect(() => projectLaw(immigrationDeath(1e4, 1), [5], { maxStates: 500 })).toThrow(
      'more than 500 states',
    );
  });
});
