import { describe, expect, it } from 'vitest';
import { constantValue } from '../../src/engine/scenario/algebra.ts';
import { readExpression, type Scope } from '../../src/engine/scenario/expressions.ts';
import { dimensionText, UNITS } from '../../src/engine/scenario/units.ts';

const nothing: Scope = { place: 'a test', lookup: () => undefined, names: () => [], fields: null };

function read(text: string): { value: number | null; dimension: string } {
  const faults: string[] = [];
  const typed = readExpression(text, nothing, message => faults.push(message));
  expect(faults).toEqual([]);
  if (typed === null) throw new Error('nothing was read');
  const dimension = typed.dimension === 'any' ? 'any' : dimensionText(typed.dimension);
  return { value: constantValue(typed), dimension };
}

describe('units', () => {
  // Worked by hand: 1 mol = 6.02214076e23, 1 L = 1e15 µm³, so 1 nM = 1e-9 × 6.02214076e23 / 1e15 µm⁻³.
  it.each([
    ['1 nM', 0.602214076, '1/length^3'],
    ['5 mM', 3011070.38, '1/length^3'],
    ['1 mol/L', 602214076, '1/length^3'],
    ['1 pmol/mL', 0.602214076, '1/length^3'],
    ['3 molecules / um^3', 3, '1/length^3'],
    ['1 molecule', 1, 'no unit'],
    ['1 fmol', 602214076, 'no unit'],
    ['490 um^2/s', 490, 'length^2/time'],
    ['1e-5 cm^2/s', 1000, 'length^2/time'],
    ['1e5 um^2/min', 1e5 / 60, 'length^2/time'],
    ['2 mm', 2000, 'length'],
    ['250 nm', 0.25, 'length'],
    ['1 m', 1e6, 'length'],
    ['6 h', 21600, 'time'],
    ['1 day', 86400, 'time'],
    ['20 ms', 0.02, 'time'],
    ['0.1 /s', 0.1, '1/time'],
    ['1.2 /h', 1.2 / 3600, '1/time'],
    ['1 fL', 1, 'length^3'],
    ['2 pL', 2000, 'length^3'],
    ['300 fg/um^3', 300, 'mass/length^3'],
    ['0.3 g/mL', 300, 'mass/length^3'],
    ['1 pg', 1000, 'mass'],
    ['1 kg', 1e18, 'mass'],
    ['10%', 0.1, 'no unit'],
    ['(2 um)^3 / (4 s)', 2, 'length^3/time'],
    ['sqrt(100 um^2)', 10, 'length'],
    ['1 um + 1 mm', 1001, 'length'],
    ['0', 0, 'any'],
    ['0 um', 0, 'length'],
  ])('%s', (text, value, dimension) => {
    const got = read(text);
    expect(got.dimension).toBe(dimension);
    expect(got.value).toBeCloseTo(value, 12 - Math.floor(Math.log10(Math.abs(value) || 1)));
  });

  it('has exact factors where the units are powers of ten apart', () => {
    for (const name of [
      'nm',
      'um',
      'mm',
      'cm',
      'm',
      'fL',
      'pL',
      'nL',
      'uL',
      'mL',
      'L',
      'ng',
      'ug',
      'mg',
      'g',
      'kg',
    ]) {
      const exponent = Math.log10(UNITS.get(name)?.factor ?? 0);
      expect(UNITS.get(name)?.factor, name).toBe(Number(`1e${Math.round(exponent)}`));
    }
  });
});
