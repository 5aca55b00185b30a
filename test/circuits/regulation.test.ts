import { describe, expect, it } from 'vitest';
import { overviewOf } from '../../src/engine/circuits/overview.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { fixture, type ReactionText } from './fixtures.ts';
import { burstingGene, dimerisation, immigrationDeath, schlogl, toggle, vilar } from './models.ts';

/** `X activates make`, … of a circuit, in the order of its reactions. */
function influences({ circuit }: ReturnType<typeof fixture>): string[] {
  return overviewOf(circuit).reactions.flatMap(({ name, influences }) =>
    influences.map(({ in: where, index, effect, role }) => {
      const substance = where === 'cell' ? circuit.species[index].name : `f${index}`;
      return `${substance} ${effect} ${name}${role === 'modifier' ? '' : ` (${role})`}`;
    }),
  );
}

/** The effect of X on a reaction of that rate that makes Z. */
function effect(rate: string, equation = '-> Z', kind?: 'continuous'): string | undefined {
  const text: ReactionText = kind ? [equation, rate, kind] : [equation, rate];
  const { circuit } = fixture({ X: 1, Y: 2, Z: 0 }, { make: text });
  const found = overviewOf(circuit).reactions[0].influences.find(({ index }) => index === 1);
  return found?.effect;
}

const DELAYED = `
cellfield: 1
title: Delayed
domain: { size: [10 um, 10 um, 10 um], grid: [1, 1, 1] }
time: { end: 100 s, step: 1 s }
cells:
  cell:
    shape: { sphere: { radius: 1 um } }
    species: { mRNA: 5, P: 0, A: 0 }
    reactions:
      translation: { equation: "mRNA -> mRNA + P", k: 0.5 /s, delay: { mean: 2 min, cv: 0.3 } }
      lose: { equation: "mRNA ->", k: 0.1 /s }
    events:
      induce: { when: time >= 20 s, do: "-> 1000 A" }
      burst: { when: A > 500, do: "mRNA -> 2 mRNA", delay: 30 s }
population:
  - { type: cell, count: 1 }
`;

describe('who regulates whom', () => {
  it('in the models of the tests', () => {
    expect(influences(immigrationDeath())).toEqual([]);
    expect(influences(dimerisation())).toEqual([]);
    expect(influences(schlogl())).toEqual([]);
    expect(influences(toggle())).toEqual(['V represses makeU', 'U represses makeV']);
    expect(influences(toggle(2.5))).toEqual(['V represses makeU', 'U represses makeV']);
    expect(influences(burstingGene())).toEqual([
      'on activates transcribe (catalyst)',
      'M activates translate (catalyst)',
    ]);
    expect(influences(vilar())).toEqual([
      'DA activates transcribeA (catalyst)',
      'DAp activates transcribeAp (catalyst)',
      'DR activates transcribeR (catalyst)',
      'DRp activates transcribeRp (catalyst)',
      'MA activates translateA (catalyst)',
      'MR activates translateR (catalyst)',
    ]);
  });

  it('counts a catalyst that the rate leaves out: a firing needs it', () => {
    expect(influences(fixture({ G: 1, M: 0 }, { make: ['G -> G + M', '3'] }))).toEqual([
      'G activates make (catalyst)',
    ]);
    expect(influences(fixture({ G: 1, M: 0 }, { make: ['G -> G + M', '3', 'continuous'] }))).toEqual([]);
  });

  it('names fields, and a reactant that slows its own reaction', () => {
    expect(influences(fixture({ X: 1 }, { make: ['-> X', '2 * f0 / (3 + f0)'] }))).toEqual([
      'f0 activates make',
    ]);
    expect(influences(fixture({ S: 1 }, { eat: ['S ->', '2 * S / (1 + S + S^2 / 50)'] }))).toEqual([
      'S mixed eat (reactant)',
    ]);
  });
});

describe('the sign of an influence', () => {
  it.each([
    ['Hill written out', '(0.1 + 7 * X^2 / (9 + X^2)) * Y', 'activates'],
    ['repression with a leak', '0.2 + 5 / (1 + (X / 3)^4)', 'represses'],
    ['a real exponent', '5 / (1 + (X / 3)^2.5)', 'represses'],
    ['quotient of sums', '(1 + 8 * X / 3) / (1 + X / 3 + Y / 2)', 'activates'],
    ['against a competitor', 'Y / (1 + Y + X / 4)', 'represses'],
    ['pairs', 'X * (X - 1) / 2', 'activates'],
    ['triples', '0.1 * X * (X - 1) * (X - 2) / 6 * Y', 'activates'],
    ['a logistic brake', 'Y * exp(-X / 10)', 'represses'],
    ['a switch', 'X > 10 ? 5 : 1', 'activates'],
    ['a switch the other way', 'X > 10 ? Y : Y * 2', 'represses'],
    ['saturation by min', 'min(X, 20) * Y', 'activates'],
    ['a square root', 'sqrt(X + Y)', 'activates'],
    ['band-pass', 'hill(X, 10, 2) * (1 - hill(X, 100, 2))', 'mixed'],
    ['band-pass written out', 'X / (1 + X^2 / 9)', 'mixed'],
    ['a pulse of a condition', 'X > 3 and X < 9 ? 1 : 0', 'mixed'],
    ['a wave', '1 + sin(X)', 'mixed'],
  ])('%s', (_, rate, expected) => expect(effect(rate)).toBe(expected));

  it('is absent where it cancels', () => {
    expect(effect('Y + X - X')).toBeUndefined();
    expect(effect('0.1 * X / (0.3 * X) * Y')).toBeUndefined();
    expect(effect('X > 10 ? 5 : 5')).toBeUndefined();
  });

  it('is not decided for a count by what lies between whole numbers', () => {
    // Falls from 0 to ½, which no count sees.
    expect(effect('X * (X - 1) / 2')).toBe('activates');
    expect(effect('1 + X * (X - 1) / 2', '-> X', 'continuous')).toBe('mixed');
  });

  it('agrees with what the rate does, for random rational rates', () => {
    // Numerators and denominators with random coefficients: a claim must hold at every pair of neighbours.
    let state = 12345;
    const random = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    const claims = { activates: 0, represses: 0, mixed: 0, unknown: 0 };
    for (let trial = 0; trial < 200; trial++) {
      const c = Array.from({ length: 6 }, () => (random() < 0.4 ? 0 : Math.round(9 * random() + 1)));
      const value = (x: number) => (c[0] + c[1] * x + c[2] * x * x) / (1 + c[3] + c[4] * x + c[5] * x * x);
      const found = effect(
        `(${c[0]} + ${c[1]} * X + ${c[2]} * X^2) / (1 + ${c[3]} + ${c[4]} * X + ${c[5]} * X^2)`,
      );
      const steps = Array.from({ length: 200 }, (_, x) => value(x + 1) - value(x));
      const [up, down] = [steps.some(s => s > 1e-12), steps.some(s => s < -1e-12)];
      if (found === 'activates') expect(down).toBe(false);
      if (found === 'represses') expect(up).toBe(false);
      if (found === 'mixed') expect(up && down).toBe(true);
      if (found === undefined) expect(up || down).toBe(false);
      else claims[found as keyof typeof claims]++;
    }
    expect(claims.activates).toBeGreaterThan(30);
    expect(claims.represses).toBeGreaterThan(20);
    expect(claims.mixed).toBeGreaterThan(10);
    expect(claims.unknown).toBeLessThan(10);
  });
});

describe('an overview', () => {
  it('says what fires a reaction without a rate, and what an event’s condition depends on', () => {
    const { description } = loadScenario(DELAYED, { file: 'delayed.yaml' });
    const overview = overviewOf(description.cellTypes[0].circuit);
    const byName = new Map(overview.reactions.map(reaction => [reaction.name, reaction]));
    expect(byName.get('translation')).toMatchObject({ cause: null });
    expect(byName.get('translation.completion')?.cause).toEqual({
      ...{ kind: 'delay', begunBy: 0, time: '120 s on average (cv 0.3)' },
    });
    expect(byName.get('burst')?.cause).toEqual({
      kind: 'event',
      event: 'burst',
      when: 'A > 500',
      time: '30 s',
    });
    expect(byName.get('burst')?.influences).toMatchObject([{ role: 'modifier', effect: 'activates' }]);
    expect(overview.species.filter(({ hidden }) => hidden).map(({ name }) => name)).toEqual([
      'translation.pending',
    ]);
    expect(overview.structure.deadReactions).toEqual([]);
    expect(overview.structure.warnings).toEqual(['P only grows: no reaction takes it']);
    expect(JSON.parse(JSON.stringify(overview))).toEqual(overview);
  });

  it('is plain data', () => {
    for (const { circuit } of [vilar(), toggle(), schlogl()]) {
      const overview = overviewOf(circuit, ['AHL']);
      expect(JSON.parse(JSON.stringify(overview))).toEqual(overview);
    }
  });

  it('writes rates with as few brackets as they need', () => {
    const rate = (text: string) =>
      overviewOf(fixture({ X: 1, Y: 2 }, { make: ['-> X', text] }).circuit).reactions[0].rate;
    for (const text of [
      '2 * X * (Y - 1) / 3',
      'X - (Y - 1) - 2',
      'X / (Y * 2)',
      '(X + 1)^2 + (X^2)^3 + X^Y^2',
      '100 * (1 - hill(Y, 20, 2))',
      'X > 3 and Y < 2 ? X : -(X + Y) + 5',
      '-X^2 + (-X)^2',
    ]) {
      expect(rate(text)).toBe(text);
    }
    expect(rate('((0.1 + 0.2)) * 1e-9 * (volume)')).toBe('(0.1 + 0.2) * 1e-9 * volume');
  });
});
