import { create, createUnitDependencies, parseDependencies, unitDependencies } from './mathjs.ts';

/**
 * The mathjs functions a scenario needs: the parser and the table of units. Nothing here evaluates user text.
 * The Avogadro constant is exact since 2019 (SI Brochure, 9th edition, doi:10.59161/AUEZ1291).
 */
const math = create({ parseDependencies, unitDependencies, createUnitDependencies });

export const AVOGADRO = 6.02214076e23;

math.createUnit({
  M: { definition: '1 mol/L', prefixes: 'short' },
  molecule: { definition: `${1 / AVOGADRO} mol`, aliases: ['molecules'] },
});

export const parseFormula = math.parse;

/** Exponents of mass, length and time. An amount of substance is a count and has none. */
export type Dimension = readonly [mass: number, length: number, time: number];

export const NONE: Dimension = [0, 0, 0];
export const MASS: Dimension = [1, 0, 0];
export const LENGTH: Dimension = [0, 1, 0];
export const VOLUME: Dimension = [0, 3, 0];
export const TIME: Dimension = [0, 0, 1];
export const PER_TIME: Dimension = [0, 0, -1];
export const MASS_PER_TIME: Dimension = [1, 0, -1];
export const CONCENTRATION: Dimension = [0, -3, 0];
/** Amount per volume and time. */
export const CONCENTRATION_RATE: Dimension = [0, -3, -1];
export const DIFFUSIVITY: Dimension = [0, 2, -1];
export const AREA: Dimension = [0, 2, 0];
export const FLOW_RATE: Dimension = [0, 3, -1];
/** Amount per area and time. */
export const FLUX: Dimension = [0, -2, -1];
export const SPEED: Dimension = [0, 1, -1];
export const MASS_DENSITY: Dimension = [1, -3, 0];

/** What a unit stands for in engine units (µm, s, molecules, fg). */
export interface Unit {
  readonly factor: number;
  readonly dimension: Dimension;
}

const UNIT_NAMES = [
  ...['nm', 'um', 'mm', 'cm', 'm'],
  ...['ms', 's', 'min', 'h', 'day'],
  ...['fL', 'pL', 'nL', 'uL', 'mL', 'L'],
  ...['fg', 'pg', 'ng', 'ug', 'mg', 'g', 'kg'],
  ...['fmol', 'pmol', 'nmol', 'umol', 'mmol', 'mol'],
  ...['pM', 'nM', 'uM', 'mM', 'M'],
  ...['molecule', 'molecules'],
] as const;

/** The units a scenario may write. */
export const UNITS: ReadonlyMap<string, Unit> = new Map(UNIT_NAMES.map(name => [name, engineUnit(name)]));

/** The library gives SI values (kg, m, s, mol) that carry rounding of its own prefixes: 15 digits drop it. */
function engineUnit(name: string): Unit {
  const { value, dimensions } = math.unit(1, name) as unknown as { value: number; dimensions: number[] };
  const [mass, length, time, , , , amount] = dimensions;
  const factor = value * 1e18 ** mass * 1e6 ** length * AVOGADRO ** amount;
  return { factor: Number(factor.toPrecision(15)), dimension: [mass, length, time] };
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((exponent, i) => Math.abs(exponent - b[i]) < 1e-9);
}

export function multiplied(a: Dimension, b: Dimension): Dimension {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function raised(a: Dimension, exponent: number): Dimension {
  return [a[0] * exponent, a[1] * exponent, a[2] * exponent];
}

/** `length^2/time`, `1/time`, `no unit`. */
export function dimensionText(dimension: Dimension): string {
  const names = ['mass', 'length', 'time'];
  const part = (sign: 1 | -1) =>
    dimension
      .map((exponent, i) => [names[i], Math.round(sign * exponent * 1e6) / 1e6] as const)
      .filter(([, exponent]) => exponent > 0)
      .map(([name, exponent]) => (exponent === 1 ? name : `${name}^${exponent}`));
  const above = part(1);
  const below = part(-1);
  if (above.length === 0 && below.length === 0) return 'no unit';
  return [above.join(' ') || '1', ...below].join('/');
}

/** A quantity of a dimension as one would write it, to show in messages. */
export function exampleOf(dimension: Dimension): string {
  const examples: readonly (readonly [Dimension, string])[] = [
    [NONE, '0.5'],
    [LENGTH, '5 um'],
    [VOLUME, '1.2 um^3'],
    [AREA, '0.1 m^2'],
    [TIME, '2 s'],
    [PER_TIME, '0.1 /s'],
    [CONCENTRATION, '5 nM'],
    [CONCENTRATION_RATE, '5 nM/s'],
    [DIFFUSIVITY, '600 um^2/s'],
    [SPEED, '10 um/s'],
    [FLUX, '1 nM * 10 um/s'],
    [MASS, '300 fg'],
    [MASS_PER_TIME, '0.1 fg/s'],
    [MASS_DENSITY, '300 fg/um^3'],
  ];
  const found = examples.find(([of]) => sameDimension(of, dimension));
  if (found) return `\`${found[1]}\``;
  const part = (sign: 1 | -1) =>
    ['fg', 'um', 's']
      .map((unit, i) => [unit, sign * dimension[i]] as const)
      .filter(([, exponent]) => exponent > 0)
      .map(([unit, exponent]) => (exponent === 1 ? unit : `${unit}^${exponent}`));
  const below = part(-1).map(unit => `/${unit}`);
  return `\`1 ${part(1).join(' ')}${below.join('')}\``;
}
