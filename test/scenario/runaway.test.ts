import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';
import { BASE, edited } from './base.ts';

function problemsOf(text: string, ...set: string[]): string[] {
  try {
    loadScenario(text, { set });
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n');
    throw error;
  }
  return [];
}

function warningsOf(text: string, ...set: string[]): string[] {
  return loadScenario(text, { set }).warnings.map(({ path, message }) => `${path} ${message}`);
}

describe('choices that could only run away', () => {
  const adder = 'adder: { added: 1 um^3, noise: 0.1 }';
  const small = 'is too small for a cell of 1.13 um^3, as its shape gives it';
  const allowed = 'allowed: at least 0.0177 um^3 (1/64 of that), or a smaller shape';

  it.each([
    ['sizer: { volume: 1e-9 um^3 }', `sizer.volume: ${small} (got \`1e-9 um^3\`); ${allowed}`],
    ['sizer: { volume: 0.0176 um^3 }', `sizer.volume: ${small} (got \`0.0176 um^3\`); ${allowed}`],
    ['adder: { added: 1e-20 um^3 }', `adder.added: ${small} (got \`1e-20 um^3\`); ${allowed}`],
  ])('division by %s is refused', (division, message) => {
    expect(problemsOf(edited(adder, division))).toEqual([
      expect.stringContaining(`cells.rod.division.${message}`),
    ]);
  });

  it.each(['sizer: { volume: 0.018 um^3 }', 'adder: { added: 0.018 um^3 }'])('%s is not', division => {
    expect(problemsOf(edited(adder, division))).toEqual([]);
  });

  it('mechanics of more substeps per step than are allowed even for one pair', () => {
    expect(problemsOf(BASE, 'mechanics.rate=1e20 /s')).toEqual([
      '--set mechanics.rate=1e20 /s mechanics.rate: two cells that touch would need 1.00e+20 substeps of mechanics per step; ' +
        '10,000 are allowed (got `1e20 /s`); allowed: rate × step up to 2,500',
    ]);
    expect(problemsOf(BASE, 'mechanics.rate=10001 /s')).toHaveLength(1);
    expect(problemsOf(BASE, 'mechanics.rate=10000 /s')).toEqual([]);
  });

  it('warns where a packed colony would need too many', () => {
    const warning =
      'mechanics.rate a packed colony may need more than the 10,000 substeps of mechanics that a step may take';
    expect(warningsOf(BASE, 'mechanics.rate=2501 /s')).toContain(warning);
    expect(warningsOf(BASE, 'mechanics.rate=2500 /s')).not.toContain(warning);
  });

  it('says so of the step where the rate is the default', () => {
    const still = edited('mechanics: { repulsion: soft, rate: 0.1 /s }\n', '');
    const long = ['time.step=60 h', 'time.record=60 h', 'time.end=600 h'];
    expect(problemsOf(still, ...long)).toContainEqual(
      expect.stringContaining('time.step: two cells that touch would need 10,800 substeps'),
    );
  });
});

describe('names of reactions', () => {
  it.each(['x', 'y', 'exp', 'min', 'field', 'time', 's', 'uM', 'in', 'death', 'Infinity'])(
    '%s may be one: no expression reads it',
    name => {
      expect(problemsOf(edited('      make:', `      ${name}:`))).toEqual([]);
    },
  );

  it('are still limited in length and letters', () => {
    expect(problemsOf(edited('      make:', `      ${'r'.repeat(65)}:`))).toEqual([
      expect.stringContaining('the name of a reaction has 65 characters; allowed: at most 64 characters'),
    ]);
    expect(problemsOf(edited('      make:', '      2x:'))).not.toEqual([]);
  });

  it('are free where those of species are not', () => {
    expect(problemsOf(edited('B: 0 }', 'B: 0, x: 1 }'))).toEqual([
      expect.stringContaining('`x` is a reserved word and cannot name a species'),
    ]);
  });
});
