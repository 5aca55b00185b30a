/** Simulated times as text and back. Times are in seconds everywhere inside. */

/** Decimals of a second that steps of this length need: 0 for whole seconds, at most 6. */
export function decimalsOfStep(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-9 * Math.max(1, scaled)) return decimals;
  }
  return 6;
}

/** `h:mm:ss`, with decimals where steps are shorter than a second: `6:12:30`, `0:00:02.35`. */
export function formatClock(seconds: number, decimals = 0): string {
  if (!Number.isFinite(seconds)) return '–:––:––';
  const scale = 10 ** decimals;
  const ticks = Math.round(Math.abs(seconds) * scale);
  const whole = Math.floor(ticks / scale);
  const fraction = decimals > 0 ? `.${String(ticks % scale).padStart(decimals, '0')}` : '';
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${fraction}`;
  return seconds < 0 && ticks > 0 ? `\u2212${text}` : text;
}

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
  ['ms', 1e-3],
];

/** A length of time in its natural unit: `0.9 h`, `35 min`, `2.5 s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const size = Math.abs(seconds);
  const [unit, length] =
    UNITS.find(([, length]) => size >= length * 0.9995) ?? (size === 0 ? UNITS[3] : UNITS[4]);
  const value = seconds / length;
  return `${Number(value.toPrecision(Math.abs(value) >= 100 ? 3 : 2))}\u202f${unit}`;
}

const NAMES: Readonly<Record<string, number>> = {
  ms: 1e-3,
  s: 1,
  sec: 1,
  m: 60,
  min: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** A time that a person typed: `1:30:00`, `90:00`, `90 min`, `1.5 h`, `5400`. Null where it is none or negative. */
export function parseClock(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+(:[0-5]?\d){1,2}(\.\d+)?$/.test(trimmed)) {
    return trimmed.split(':').reduce((total, part) => 60 * total + Number(part), 0);
  }
  const match = /^(\d+(?:[.,]\d+)?|[.,]\d+)\s*([a-z]*)$/i.exec(trimmed);
  if (!match) return null;
  const factor = match[2] === '' ? 1 : NAMES[match[2].toLowerCase()];
  return factor === undefined ? null : Number(match[1].replace(',', '.')) * factor;
}

/** A length of time that reads back to the same number: `90 min`, `15 h`, `0.25 s`. */
export function exactDuration(seconds: number): string {
  for (const [unit, length] of [
    ['h', 3600],
    ['min', 60],
  ] as const) {
    if (seconds >= length && Number.isInteger((seconds / length) * 4)) return `${seconds / length} ${unit}`;
  }
  return `${seconds} s`;
}
