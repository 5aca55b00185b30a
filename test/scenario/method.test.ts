import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { edited } from './base.ts';

const DEATH = 'death: { rate: 1e-6 /s, release: ["A -> field.AHL"] }';

/** The method of the base's cell type with a line `method: …`. */
function load(method: string) {
  const { description } = loadScenario(edited(DEATH, `${DEATH}\n    method: ${method}`));
  const { method: name, methodOptions } = description.cellTypes[0];
  return { name, options: methodOptions };
}

describe('the method of a cell type', () => {
  it('is a word, auto by default', () => {
    expect(loadScenario(edited('seed: 7', 'seed: 8')).description.cellTypes[0].method).toBe('auto');
    expect(load('tau-leaping')).toEqual({ name: 'tau-leaping', options: {} });
  });

  it('takes options', () => {
    expect(load('{ tau-leaping: { epsilon: 0.05 * 2, leap: implicit } }')).toEqual({
      name: 'tau-leaping',
      options: { epsilon: 0.1, leap: 'implicit' },
    });
    expect(load('{ deterministic: { tolerance: 1e-8, solver: stiff } }')).toEqual({
      name: 'deterministic',
      options: { tolerance: 1e-8, solver: 'stiff' },
    });
    // By reaction, and by species: `make` and `leak` change A.
    expect(load('{ hybrid: { discrete: [leak] } }').options).toEqual({ discrete: [1] });
    expect(load('{ hybrid: { discrete: [A] } }').options).toEqual({ discrete: [0, 1] });
  });

  it.each([
    ['tau-leeping', /method: must be `auto` or .*did you mean `tau-leaping`/],
    [
      '{ hybrid: { discrete: [leac] } }',
      /method\.hybrid\.discrete\[0\]: no species or reaction `leac`; did you mean `leak`/,
    ],
    ['{ hybrid: {} }', /method\.hybrid\.discrete: is missing/],
    ['{ direct: {} }', /unknown key/],
    ['{ langevin: { epsilon: 2 } }', /method\.langevin\.epsilon: .*0\.5/],
    ['{ tau-leaping: { leap: backwards } }', /must be `explicit` or `implicit`/],
    ['{ hybrid: { discrete: [A] }, langevin: {} }', /needs exactly one of/],
  ])('%s is refused', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});
