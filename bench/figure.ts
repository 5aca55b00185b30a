/** One measured quantity of a bench. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it should reach. */
  readonly goal?: number;
  /** How it was measured, or what it compares with. */
  readonly note?: string;
}

/** Prints figures as aligned columns: name, value, unit, goal, note. */
export function printFigures(figures: readonly Figure[]): void {
  const width = Math.max(...figures.map(({ name }) => name.length));
  for (const { name, value, unit, goal, note } of figures) {
    const target = goal === undefined ? '' : `  (goal ${format(goal)})`;
    const remark = note === undefined ? '' : `  ${note}`;
    console.log(`${name.padEnd(width)}  ${format(value).padStart(10)} ${unit}${target}${remark}`);
  }
}

/** Four significant digits; an exponent only where the number would be unwieldy. */
function format(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e5 || magnitude < 1e-3) return value.toExponential(3);
  return Number(value.toPrecision(4)).toString();
}
