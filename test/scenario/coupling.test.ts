import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { edited } from './base.ts';

const COUPLING = 'coupling: { splitting: lie, kernel: nearest }';
const load = (text: string) => loadScenario(edited(COUPLING, `coupling: ${text}`));

describe('the coupling of a scenario', () => {
  it('joint puts a cell into its own voxel, and says when that takes many parts', () => {
    const { description, warnings } = load('{ schedule: joint }');
    expect(description.coupling).toEqual({ schedule: 'joint', kernel: 'nearest', hops: 0.1 });
    expect(warnings.map(({ message }) => message).join()).toMatch(/each step in up to 240 parts/);
  });

  it.each([
    ['{ schedule: joint, kernel: linear }', /coupling\.kernel: `linear` spreads .*allowed: `nearest`/s],
    ['{ schedule: joint, splitting: lie }', /splitting: belongs to `schedule: weak`/],
    ['{ schedule: strong, iterations: 1001 }', /iterations: must be a whole number from 1 to 1000/],
    ['{ schedule: joint, hops: 1e-6 }', /in up to 24,000,000 parts; allowed: at most 1,000,000/],
    ['{ schedule: weak, hops: 1 }', /hops: belongs to `schedule: joint`/],
    ['{ schedule: joint, sees: end }', /sees: belongs to `schedule: strong`/],
    ['{ schedule: joint, tolerance: 1e-3 }', /tolerance: belongs to `schedule: strong` or `monolithic`/],
    ['{ schedule: monolithic, sees: end }', /sees: belongs to `schedule: strong`/],
    ['{ schedule: monolithic }', /reactions\.\w+: `\w+` exchanges whole molecules with a field/],
  ])('%s is refused', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });

  it('monolithic takes exchange without chance, and no field without a past', () => {
    const text = edited(COUPLING, 'coupling: { schedule: monolithic, iterations: 20 }').replace(
      'death: {',
      'method: deterministic\n    death: {',
    );
    expect(loadScenario(text).description.coupling).toEqual({
      schedule: 'monolithic',
      kernel: 'linear',
      tolerance: 1e-9,
      iterations: 20,
    });
    const steady = text.replace('decay: 0.01 /s', 'decay: 0.01 /s, dynamics: quasi-steady');
    expect(() => loadScenario(steady)).toThrow(
      /fields\.AHL\.dynamics: monolithic coupling takes fields through time/,
    );
  });

  it('joint refuses quasi-steady fields', () => {
    const text = edited(COUPLING, 'coupling: { schedule: joint }').replace(
      'decay: 0.01 /s',
      'decay: 0.01 /s, dynamics: quasi-steady',
    );
    expect(() => loadScenario(text)).toThrow(/fields\.AHL\.dynamics: a quasi-steady field has no content/);
  });

  it('joint refuses methods that are not exact', () => {
    const text = edited(COUPLING, 'coupling: { schedule: joint }').replace(
      'death: {',
      'method: tau-leaping\n    death: {',
    );
    expect(() => loadScenario(text)).toThrow(
      /cells\.rod\.method: `tau-leaping` cannot be simulated together/,
    );
  });
});
