import type { Release } from '../cells/cellType.ts';
import type { CircuitScope } from './circuitScope.ts';
import { readEquation } from './equation.ts';
import type { Context } from './quantity.ts';
import { itemPath } from './source.ts';

/** What a cell gives back when it dies or becomes another: equations that take from it, run to completion in order. */
export function readReleases(
  context: Context,
  scope: CircuitScope,
  path: string,
  raw: readonly (string | undefined)[],
): Release[] {
  const { source } = context;
  const releases: Release[] = [];
  raw.forEach((text, i) => {
    if (text === undefined) return;
    const at = itemPath(path, i);
    const equation = readEquation(text, scope.names, (message, allowed) =>
      source.problem(at, message, allowed),
    );
    if (equation === null) return;
    if (equation.reactants.length === 0 || equation.reactants.some(term => term.in === 'field')) {
      source.problem(at, 'a release takes substances of the cell', 'equations such as `A -> field.AHL`');
      return;
    }
    const made = new Map(equation.products.filter(t => t.in === 'cell').map(t => [t.index, t.coefficient]));
    if (equation.reactants.every(({ index, coefficient }) => (made.get(index) ?? 0) >= coefficient)) {
      source.problem(at, 'a release that uses nothing up never completes');
      return;
    }
    releases.push({ name: `release ${i + 1}`, equation: text.trim(), ...equation });
  });
  return releases;
}
