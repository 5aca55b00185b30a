import { reads, variableKey } from '../expression/algebra.ts';
import type { Expression, Variable } from '../expression/ast.ts';
import { numberText, toJavaScript } from '../expression/javascript.ts';
import { hill } from '../expression/power.ts';
import { isFixed } from './propensity.ts';

/** The local of generated code that holds a variable. */
export function localName(variable: Variable): string {
  switch (variable.of) {
    case 'species':
      return `x${variable.index}`;
    case 'field':
      return `f${variable.index}`;
    case 'position':
      return ['positionX', 'positionY', 'positionZ'][variable.axis];
    default:
      return variable.of;
  }
}

/** Statements at the head of a generated kernel: the arrays it works on, as locals. */
export const COLUMNS = `const { population, cells, from, to, time, sampled } = window;
const { amounts, streams, stride, birthTime, x, y, z } = population;`;

/** What a column of cells/life.ts says of the cell in `slot`; 0 where a circuit runs by itself. `elapsed` as in elapsedShare. */
export function lifeText(name: string, population = 'population', time = 'time'): string {
  const life = `${population}.life`;
  if (name !== 'elapsed') return `(${life} ? ${life}.${name}[slot] : 0)`;
  const [begun, length] = [`${time} - ${life}.entered[slot]`, `(${life}.due[slot] - ${life}.entered[slot])`];
  return `(${life} && ${length} > 0 ? Math.min(1, Math.max(0, (${begun}) / ${length})) : 0)`;
}

/** Pressure on the cell in `slot`; 0 where there are no mechanics, or no neighbours. */
export function pressureText(population = 'population'): string {
  return `(${population}.pressure ? ${population}.pressure[slot] : 0)`;
}

/**
 * Statements that load for one cell (locals `slot` and `base`) the variables of `expressions` and the species in
 * `changed`; species in `changed` are assignable, and so is age where `timed`. `columns`: of `sampled`, by cell. `volumeVaries` leaves the volume to be recomputed by the caller.
 */
export function loadVariables(
  expressions: readonly Expression[],
  changed: readonly number[],
  columns: number,
  dryDensity: number,
  volumeVaries: boolean,
  timed = false,
): string {
  const used = new Map<string, Variable>();
  for (const expression of expressions)
    for (const [key, variable] of reads(expression)) used.set(key, variable);
  const assignable = new Set(changed);
  const needsVolume = used.has('volume');
  for (const index of needsVolume ? [0, ...changed] : changed) {
    const variable: Variable = { of: 'species', index };
    used.set(variableKey(variable), variable);
  }
  const lines: string[] = [];
  for (const variable of used.values()) {
    const name = localName(variable);
    switch (variable.of) {
      case 'species':
        lines.push(
          `${assignable.has(variable.index) ? 'let' : 'const'} ${name} = amounts[base + ${variable.index}];`,
        );
        break;
      case 'field':
        lines.push(`const ${name} = sampled[slot * ${columns} + ${variable.index}];`);
        break;
      case 'age':
        lines.push(`${timed ? 'let' : 'const'} age = time - birthTime[slot];`);
        break;
      case 'birthVolume':
      case 'divisionVolume':
        lines.push(`const ${name} = population.${name}[slot];`);
        break;
      case 'stage':
      case 'elapsed':
      case 'quiescent':
        lines.push(`const ${name} = ${lifeText(name)};`);
        break;
      case 'pressure':
        lines.push(`const pressure = ${pressureText()};`);
        break;
      case 'position':
        lines.push(`const ${name} = ${'xyz'[variable.axis]}[slot];`);
        break;
      default:
        break;
    }
  }
  if (needsVolume) lines.push(`${volumeVaries ? 'let' : 'const'} volume = x0 / ${numberText(dryDensity)};`);
  return lines.join('\n');
}

/**
 * Turns expressions into source text while moving what is constant over the window into locals that are set once per
 * cell: `statements` holds their definitions, to be placed before the text is used. Hill functions of a whole number
 * become look-ups in `tables`, arrays that the text refers to by name.
 */
export interface Hoister {
  readonly text: (expression: Expression) => string;
  readonly statements: string[];
  readonly tables: Record<string, Float64Array>;
}

/** Entries of a table of Hill values: counts below it are looked up, 8 kB that stay in the first-level cache. */
const TABLE_LENGTH = 1024;

/** `isWhole`: whether a variable holds whole numbers ≥ 0; `nameOf`: the text that reads it. */
export function createHoister(
  isVarying: (variable: Variable) => boolean,
  isWhole: (variable: Variable) => boolean = () => false,
  nameOf: (variable: Variable) => string = localName,
): Hoister {
  const statements: string[] = [];
  const tables: Record<string, Float64Array> = {};
  const names = new Map<string, string>();
  const hoist = (expression: Expression): string | null => {
    if (expression.kind === 'number' || expression.kind === 'variable') return null;
    if (!isFixed(expression, isVarying)) return tabulate(expression);
    const definition = toJavaScript(expression, nameOf);
    const known = names.get(definition);
    if (known) return known;
    const name = `c${names.size}`;
    names.set(definition, name);
    statements.push(`const ${name} = ${definition};`);
    return name;
  };
  const tabulate = (expression: Expression): string | null => {
    if (expression.kind !== 'call' || expression.function !== 'hill') return null;
    const [x, k, n] = expression.arguments;
    if (x.kind !== 'variable' || !isWhole(x.variable) || k.kind !== 'number' || n.kind !== 'number')
      return null;
    const definition = toJavaScript(expression, nameOf);
    const name = names.get(definition) ?? `table${names.size}`;
    names.set(definition, name);
    tables[name] ??= Float64Array.from({ length: TABLE_LENGTH }, (_, count) => hill(count, k.value, n.value));
    const count = nameOf(x.variable);
    return `(${count} < ${TABLE_LENGTH} ? ${name}[${count}] : ${definition})`;
  };
  return { text: expression => toJavaScript(expression, nameOf, hoist), statements, tables };
}
