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

/** Columns that names fill; longer ones push the rest of their line aside. */
const NAME_WIDTH = 56;

/** Prints each figure as soon as it is measured, in columns: name, value, unit, goal, note. */
export async function printFigures(figures: Iterable<Figure> | AsyncIterable<Figure>): Promise<void> {
  for await (const { name, value, unit, goal, note } of figures) {
    const target = goal === undefined ? '' : `  (goal ${format(goal)})`;
    const remark = note === undefined ? '' : `  ${note}`;
    console.log(`${name.padEnd(NAME_WIDTH)}  ${format(value).padStart(10)} ${unit}${target}${remark}`);
  }
}

/** Four significant digits; an exponent only where the number would be unwieldy. */
function format(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e5 || magnitude < 1e-3) return value.toExponential(3);
  return Number(value.toPrecision(4)).toString();
}
