import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/engine/scenario/limits.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { edited } from './base.ts';

/** `count` entries of a YAML flow mapping. */
function entries(count: number, entry: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => entry(i)).join(', ');
}

describe('limits', () => {
  const cases: [string, number, string, (extra: number) => string][] = [
    [
      'parameters',
      LIMITS.parameters - 2,
      'parameters: 501 parameters are too many; allowed: at most 500',
      extra => edited('k: 0.1 /s', `k: 0.1 /s, ${entries(extra, i => `p${i}: 1`)}`),
    ],
    [
      'fields',
      LIMITS.fields - 2,
      'fields: 33 fields are too many; allowed: at most 32',
      extra => {
        const fields = Array.from(
          { length: extra },
          (_, i) => `  f${i}: { diffusivity: D, initial: 0 }\n`,
        ).join('');
        return edited('cells:\n', `${fields}cells:\n`);
      },
    ],
    [
      'cell types',
      LIMITS.cellTypes - 1,
      'cells: 65 cell types are too many; allowed: at most 64',
      extra => {
        const types = Array.from(
          { length: extra },
          (_, i) => `  t${i}: { shape: { disc: { radius: 1 um } } }\n`,
        );
        return edited('cells:\n', `cells:\n${types.join('')}`);
      },
    ],
    [
      'species',
      LIMITS.species - 2,
      'cells.rod.species: 257 species are too many; allowed: at most 256',
      extra => edited('A: 10', `${entries(extra, i => `S${i}: 1`)}, A: 10`),
    ],
    [
      'reactions',
      LIMITS.reactions - 3,
      'cells.rod.reactions: 1,025 reactions are too many; allowed: at most 1,024',
      extra => {
        const reactions = Array.from(
          { length: extra },
          (_, i) => `      r${i}: { equation: "A ->", k: k }\n`,
        );
        return edited('      make:', `${reactions.join('')}      make:`);
      },
    ],
  ];

  it.each(cases)('on %s', (_what, room, message, text) => {
    expect(() => loadScenario(text(room))).not.toThrow();
    expect(() => loadScenario(text(room + 1))).toThrow(message);
    try {
      loadScenario(text(room + 1));
    } catch (error) {
      // One message, whatever else of the section cannot be looked at then.
      expect(error).toHaveProperty('problems.length', 1);
    }
  });
});
