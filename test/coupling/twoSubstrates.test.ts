import { describe, expect, it } from 'vitest';
import { advance } from '../../src/engine/coupling/step.ts';
import { build } from '../../src/engine/run/build.ts';
import { simulate } from '../../src/engine/run/simulate.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';

/** A slab of 40 µm, closed at the left; one cell in every voxel of 1 µm³ eats O and S, one of each at a time. */
const slab = (step: number, rate: string, coupling: string, held = 'right') =>
  loadScenario(`cellfield: 1
title: Two substrates
domain: { size: [40 um, 2 um], grid: [40, 2], thickness: 1 um }
time: { end: ${40 * step} s, step: ${step} s }
fields:
  O: { diffusivity: 100 um^2/s, initial: 10 /um^3, dynamics: quasi-steady, boundary: { right: { value: 10 /um^3 } } }
  S: { diffusivity: 40 um^2/s, initial: 30 /um^3, dynamics: quasi-steady, boundary: { ${held}: { value: 30 /um^3 } } }
cells:
  c:
    shape: { disc: { radius: 0.3 um } }
    species: { eaten: 0 }
    reactions: { eat: { equation: field.O + field.S -> eaten, continuous: true, rate: "${rate}" } }
population: [{ type: c, in: { lattice: { from: [0 um, 0 um], to: [40 um, 2 um], counts: [40, 2] } } }]
mechanics: none
coupling: { kernel: nearest, ${coupling} }
`);

const STRONG = 'schedule: strong, sees: end, tolerance: 1e-9';
const MONOD = '4 /s * field.O / (5 /um^3 + field.O) * field.S / (5 /um^3 + field.S)';

describe('two quasi-steady substrates of one channel, in steps from a tenth of a second to a quarter of an hour', () => {
  it.each([
    [0.1, STRONG, 1],
    [1000, STRONG, 1],
    [0.1, 'schedule: weak', 20],
    [1000, 'schedule: weak', 20],
  ])(
    'have the analytic profiles where O is short: step %d s, %s, after %d steps',
    (step, coupling, steps) => {
      // First order in O, S in plenty: κ = 0.25 /s.
      const rate = '0.25 um^3/s * field.O * field.S / (1e-9 /um^3 + field.S)';
      const model = simulate(build(slab(step, rate, coupling)), { untilStep: steps });
      const [O, S] = model.fields;
      const root = Math.sqrt(0.25 / 100);
      for (let i = 0; i < 40; i++) {
        const exact = (10 * Math.cosh((i + 0.5) * root)) / Math.cosh(40 * root);
        // Second order in the voxel: (h √(κ/D))²/24 of it, grown over the slab.
        expect(Math.abs(O[i] / exact - 1)).toBeLessThan(5e-4);
        // As far as the elliptic solves go.
        expect(Math.abs((40 * (30 - S[i])) / (100 * (10 - O[i])) - 1)).toBeLessThan(1e-6);
      }
      expect(model.balance.worstRelative()).toBeLessThan(1e-12);
    },
  );

  it('settle within a step by strong coupling, in about four by weak, whatever their length', () => {
    const deepest = (step: number, coupling: string, steps: number) =>
      simulate(build(slab(step, MONOD, coupling)), { untilStep: steps }).fields[0][0];
    const settled = deepest(1, STRONG, 5);
    for (const step of [0.1, 1000]) {
      expect(Math.abs(deepest(step, STRONG, 1) / settled - 1)).toBeLessThan(1e-6);
      expect(Math.abs(deepest(step, 'schedule: weak', 1) / settled - 1)).toBeGreaterThan(0.05);
      expect(Math.abs(deepest(step, 'schedule: weak', 4) / settled - 1)).toBeLessThan(1e-3);
    }
  });

  it('are warned of under weak coupling, with how long they lag', () => {
    const warned = (coupling: string) => slab(10, MONOD, coupling).warnings.map(({ message }) => message);
    expect(warned('schedule: weak')).toEqual([
      expect.stringMatching(
        /c\.eat eats O and S, quasi-steady.* about 4 steps, 40 s, .*`schedule: strong` with `sees: end`/,
      ),
    ]);
    expect(warned(STRONG)).toEqual([]);
  });

  it('where each is short in another place are solved by strong coupling, and end a weak run with what to do', () => {
    const lie = build(slab(10, MONOD.replace('4 /s', '40 /s'), 'schedule: weak, splitting: lie', 'left'));
    expect(() => advance(lie)).toThrow(
      /more [OS] than there is.*use `schedule: strong` with `sees: end`, `dynamics: transient` .*gains nothing by a smaller/,
    );
    const model = simulate(build(slab(10, MONOD, STRONG, 'left')), { untilStep: 2 });
    const [O, S] = model.fields;
    expect(O[0]).toBeLessThan(O[39]);
    expect(S[39]).toBeLessThan(S[0]);
    // What comes in of one is what comes in of the other.
    const inflow = (c: Float64Array, at: number, value: number, d: number) => 2 * d * (value - c[at]);
    expect(inflow(O, 39, 10, 100) / inflow(S, 0, 30, 40)).toBeCloseTo(1, 5);
  });
});
