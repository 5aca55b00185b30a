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

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** At most `digits` significant digits, with a real minus sign, thin spaces in large integers and 3·10⁷ beyond 10⁶. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return '–';
  const sign = value < 0 ? '−' : '';
  const magnitude = Number(Math.abs(value).toPrecision(digits));
  if (magnitude >= 1e6 || magnitude < 1e-3) {
    const [mantissa, exponent] = magnitude.toExponential(digits - 1).split('e');
    const power = [...String(Math.abs(Number(exponent)))].map(d => SUPERSCRIPTS[Number(d)]).join('');
    const factor = Number(mantissa) === 1 ? '' : `${Number(mantissa)}·`;
    return `${sign}${factor}10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
  }
  const text = magnitude.toString();
  return sign + (magnitude >= 1e4 ? text.replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009') : text);
}

/** A concentration (molecules/µm³) in the unit that fits it: `12.5 nM`. */
export function formatConcentration(value: number): string {
  const unit = concentrationUnit(value);
  return `${formatNumber(value / unit.size)}\u00a0${unit.name}`;
}

/** A length in µm as `20 µm`, `500 nm` or `2 mm`. */
export function formatLength(micrometres: number): string {
  if (micrometres >= 1000) return `${formatNumber(micrometres / 1000)}\u00a0mm`;
  if (micrometres < 1) return `${formatNumber(micrometres * 1000)}\u00a0nm`;
  return `${formatNumber(micrometres)}\u00a0µm`;
}

/** A time in s as h:mm:ss. */
export function formatClock(seconds: number): string {
  const total = Math.floor(seconds + 1e-6);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${Math.floor(total / 3600)}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
}
