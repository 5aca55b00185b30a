import type { LoggedEdit, ParameterInfo } from '../../session/contract.ts';

/** The ends of a parameter's slider, and whether it is logarithmic. */
export interface SliderRange {
  readonly low: number;
  readonly high: number;
  readonly logarithmic: boolean;
}

/** A tenth to ten times a positive default on a log scale; negative ones mirror it linearly; zero has 0 to 1. */
export function sliderRange(initial: number): SliderRange {
  if (initial > 0) return { low: initial / 10, high: initial * 10, logarithmic: true };
  if (initial < 0) return { low: initial * 10, high: -initial * 10, logarithmic: false };
  return { low: 0, high: 1, logarithmic: false };
}

/** Position (0 … 1) of a value on its slider; values beyond the ends sit at the ends. */
export function sliderPosition(value: number, range: SliderRange): number {
  const { low, high, logarithmic } = range;
  if (logarithmic && !(value > 0)) return 0;
  const at = logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Math.min(1, Math.max(0, at));
}

/** The value at a position, rounded to three significant digits so that it can be read and written. */
export function sliderValue(position: number, range: SliderRange): number {
  const { low, high, logarithmic } = range;
  const value = logarithmic ? low * (high / low) ** position : low + position * (high - low);
  return Number(value.toPrecision(3));
}

/** A number with its unit, as a scenario writes it. */
export function quantityText(value: number, unit: string): string {
  return unit === '' ? String(value) : `${value} ${unit}`;
}

/** The text of each parameter at a step: as loaded, or as last edited up to then. */
export function parameterTexts(
  parameters: readonly ParameterInfo[],
  log: readonly LoggedEdit[],
  step: number,
): ReadonlyMap<string, string> {
  const texts = new Map(parameters.map(parameter => [parameter.name, parameter.text]));
  for (const entry of log) {
    if (entry.edit.kind === 'parameter' && entry.step <= step) texts.set(entry.edit.name, entry.edit.value);
  }
  return texts;
}

/** The number at the start of a quantity such as `0.07 /s`; null where it is an expression. */
export function leadingNumber(text: string): number | null {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(.*)$/i.exec(text);
  return match ? Number(match[1]) : null;
}
