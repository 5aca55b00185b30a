import { LIMITS } from './limits.ts';
import type { Source } from './source.ts';
import { UNITS } from './units.ts';

export const NAME_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*$';
const NAME = new RegExp(NAME_PATTERN);

/** What an expression may read besides parameters and species. */
export const VARIABLES = [
  ...['volume', 'time', 'age', 'phase', 'pressure', 'x', 'y', 'z', 'biomass', 'field', 'pi'],
] as const;

export const FUNCTIONS = [
  ...['exp', 'ln', 'log10', 'sqrt', 'abs', 'min', 'max', 'hill', 'sin', 'cos', 'mod'],
] as const;

/** Inputs that follow time. Names of their own only before a bracket, so that parameters may have them too. */
export const INPUTS = ['step', 'pulse'] as const;

/** Words with a meaning of their own in expressions, or that the expression parser claims. */
const RESERVED: ReadonlySet<string> = new Set([
  ...VARIABLES,
  ...FUNCTIONS,
  ...['and', 'or', 'not', 'xor', 'to', 'in', 'end', 'per'],
  ...['true', 'false', 'null', 'undefined', 'NaN', 'Infinity'],
]);

/** Whether a name is short enough; of a reaction no more is asked, as no expression reads it. Reports where not. */
export function checkLength(source: Source, path: string, name: string, what: string): boolean {
  if (name.length <= LIMITS.nameLength) return true;
  const limit = `at most ${LIMITS.nameLength} characters`;
  source.keyProblem(path, `the name of a ${what} has ${name.length} characters`, limit);
  return false;
}

/** Whether a parameter, species, field or cell type may have this name; reports where not. */
export function checkName(source: Source, path: string, name: string, what: string): boolean {
  if (!NAME.test(name)) return false; // reported with the document's structure
  if (!checkLength(source, path, name, what)) return false;
  if (RESERVED.has(name)) {
    source.keyProblem(path, `\`${name}\` is a reserved word and cannot name a ${what}`);
  } else if (UNITS.has(name)) {
    source.keyProblem(path, `\`${name}\` is a unit and cannot name a ${what}`);
  } else return true;
  return false;
}

/** A name that a scenario may give, as near as possible to the one wanted, and not among `taken`, to which it is added. */
export function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted.slice(0, LIMITS.nameLength - 4);
  while (!isFreeName(name) || taken.has(name)) name += '_';
  taken.add(name);
  return name;
}

/** Whether anything in a scenario may have this name, without a report. */
export function isFreeName(name: string): boolean {
  return NAME.test(name) && name.length <= LIMITS.nameLength && !RESERVED.has(name) && !UNITS.has(name);
}
