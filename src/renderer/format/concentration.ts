import { formatValue } from './number.ts';

/** 1 nM in molecules/µm³ (Avogadro constant 6.02214076·10²³ /mol, exact in the SI of 2019). */
export const NANOMOLAR = 0.602214076;

/** A unit in which concentrations are shown, and what one of it is in molecules/µm³. */
export interface ConcentrationUnit {
  readonly name: 'pM' | 'nM' | 'µM' | 'mM' | 'M';
  readonly size: number;
}

const UNITS: readonly ConcentrationUnit[] = [
  { name: 'M', size: 1e9 * NANOMOLAR },
  { name: 'mM', size: 1e6 * NANOMOLAR },
  { name: 'µM', size: 1e3 * NANOMOLAR },
  { name: 'nM', size: NANOMOLAR },
  { name: 'pM', size: 1e-3 * NANOMOLAR },
];

/** The unit in which a concentration (molecules/µm³) reads as 1 to 1000; nM for zero. */
export function concentrationUnit(concentration: number): ConcentrationUnit {
  const size = Math.abs(concentration);
  if (!(size > 0)) return UNITS[3];
  return UNITS.find(unit => size >= 0.9995 * unit.size) ?? UNITS[4];
}

/** `36 nM` of a concentration in molecules/µm³. */
export function formatConcentration(concentration: number, digits = 3): string {
  const unit = concentrationUnit(concentration);
  return `${formatValue(concentration / unit.size, digits)}\u202f${unit.name}`;
}
