import { formatValue } from './number.ts';

/** Molecules/µm³ in one nM: 10⁻⁹ mol/l × 6.02214076·10²³ /mol × 10⁻¹⁵ l/µm³. */
export const NANOMOLAR = 0.602214076;

export interface Unit {
  readonly name: string;
  /** Engine units in one of it. */
  readonly size: number;
}

const CONCENTRATIONS: readonly Unit[] = [
  { name: 'pM', size: NANOMOLAR * 1e-3 },
  { name: 'nM', size: NANOMOLAR },
  { name: 'µM', size: NANOMOLAR * 1e3 },
  { name: 'mM', size: NANOMOLAR * 1e6 },
  { name: 'M', size: NANOMOLAR * 1e9 },
];

const DURATIONS: readonly Unit[] = [
  { name: 's', size: 1 },
  { name: 'min', size: 60 },
  { name: 'h', size: 3600 },
];

/** The unit in which a value reads as 1 … 999 (or the nearest there is). */
function fitting(units: readonly Unit[], value: number, least: number): Unit {
  const magnitude = Math.abs(value) * (1 + 1e-9);
  return units.findLast(unit => magnitude >= least * unit.size) ?? units[0];
}

/** The unit for concentrations up to this one (molecules/µm³); nM for zero. */
export function concentrationUnit(value: number): Unit {
  return value === 0 || !Number.isFinite(value) ? CONCENTRATIONS[1] : fitting(CONCENTRATIONS, value, 1);
}

/** The unit for times up to this one (s). */
export function durationUnit(value: number): Unit {
  return fitting(DURATIONS, value, 2);
}

/** Between a number and its unit: narrow, and no line breaks there. */
const GAP = '\u202f';

/** A concentration (molecules/µm³) in the unit that fits it: `12.5 nM`. */
export function formatConcentration(value: number): string {
  if (!Number.isFinite(value)) return formatValue(value);
  const unit = concentrationUnit(value);
  return `${formatValue(value / unit.size)}${GAP}${unit.name}`;
}

/** A length in µm as `20 µm`, `500 nm` or `2 mm`. */
export function formatLength(micrometres: number): string {
  if (micrometres >= 1000) return `${formatValue(micrometres / 1000)}${GAP}mm`;
  if (micrometres < 1) return `${formatValue(micrometres * 1000)}${GAP}nm`;
  return `${formatValue(micrometres)}${GAP}µm`;
}
