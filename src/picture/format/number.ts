/** Numbers as text: thin-space thousands, true minus and powers of ten, so that they read alike everywhere. */

const THIN = '\u202f';
const MINUS = '\u2212';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A whole number with a narrow no-break space between groups of three: `1 284`. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  const digits = Math.abs(Math.round(value)).toFixed(0);
  const grouped = digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
  return value < 0 && grouped !== '0' ? MINUS + grouped : grouped;
}

/** `3·10⁻¹⁵`, with the mantissa rounded to so many significant digits. */
export function formatPower(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  if (value === 0) return '0';
  const [mantissa, exponent] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e');
  const shortest = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  const power = `10${superscript(Number(exponent))}`;
  const text = shortest === '1' ? power : `${shortest}·${power}`;
  return value < 0 ? MINUS + text : text;
}

/** A value to so many significant digits: plain between 10⁻³ and 10⁶, with a power of ten beyond. */
export function formatValue(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return formatSpecial(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 999_999.5) return formatPower(value, digits);
  const rounded = Number(size.toPrecision(Math.max(digits, Math.ceil(Math.log10(size)))));
  const [whole, fraction] = String(rounded).split('.');
  const text = formatCount(Number(whole)) + (fraction ? `.${fraction}` : '');
  return value < 0 ? MINUS + text : text;
}

/** A share of one as a percentage without decimals; `<1 %` for what would round to nothing. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return formatSpecial(share);
  const percent = 100 * share;
  if (percent > 0 && percent < 0.5) return `<1${THIN}%`;
  return `${Math.round(percent)}${THIN}%`;
}

function formatSpecial(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  return value > 0 ? '∞' : `${MINUS}∞`;
}

export function superscript(power: number): string {
  const digits = [...String(Math.abs(power))].map(digit => SUPERSCRIPTS[Number(digit)]).join('');
  return power < 0 ? `⁻${digits}` : digits;
}

/** A number that a person typed: decimal comma, thin spaces and a true minus are understood. Null where it is none. */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\u2009\u202f\u00a0 _]/g, '')
    .replace(/\u2212/g, '-')
    .replace(/^([+-]?\d*),(\d+)$/, '$1.$2')
    .replace(/[·×]10\^?/, 'e');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
