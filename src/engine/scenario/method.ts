import type { MethodOptions } from '../cells/methodOptions.ts';
import { type Circuit, netChange } from '../circuits/circuit.ts';
import type { Loose } from './conform.ts';
import { type Context, readQuantity } from './quantity.ts';
import type { CellTypeFile } from './schema/cells.ts';
import { didYouMean, listing } from './suggest.ts';
import { NONE } from './units.ts';

/** The method of a cell type and what it is told. */
export interface MethodChoice {
  readonly method: string;
  readonly options: MethodOptions;
}

/** `method: hybrid`, or `method: { hybrid: { discrete: [gene] } }`. */
export function buildMethod(
  context: Context,
  circuit: Circuit,
  path: string,
  raw: Loose<CellTypeFile>['method'],
): MethodChoice {
  if (raw === undefined || typeof raw === 'string') return { method: raw ?? 'auto', options: {} };
  const [method, given] = Object.entries(raw)[0] ?? ['auto', undefined];
  const at = `${path}.${method}`;
  const { epsilon, leap, discrete, tolerance, solver } = (given ?? {}) as Loose<{
    epsilon: string | number;
    leap: 'explicit' | 'implicit';
    discrete: string[];
    tolerance: string | number;
    solver: 'explicit' | 'stiff';
  }>;
  const read = (key: string, value: string | number | undefined, max: number) =>
    value === undefined ? null : readQuantity(context, `${at}.${key}`, value, NONE, { above: 0, max });
  const readEpsilon = read('epsilon', epsilon, 0.5);
  const readTolerance = read('tolerance', tolerance, 0.1);
  return {
    method,
    options: {
      ...(readEpsilon === null ? {} : { epsilon: readEpsilon }),
      ...(leap === undefined ? {} : { leap }),
      ...(discrete === undefined ? {} : { discrete: firing(context, circuit, `${at}.discrete`, discrete) }),
      ...(readTolerance === null ? {} : { tolerance: readTolerance }),
      ...(solver === undefined ? {} : { solver }),
    },
  };
}

/** Reactions of these names, and those that change species of these names. */
function firing(
  { source }: Context,
  { species, reactions }: Circuit,
  path: string,
  names: readonly (string | undefined)[],
): number[] {
  const found = new Set<number>();
  names.forEach((name, i) => {
    if (name === undefined) return;
    const index = species.findIndex((s, n) => n > 0 && s.name === name);
    const matching = reactions.flatMap((reaction, r) =>
      reaction.name === name || (index > 0 && netChange(reaction, 'cell').some(([s]) => s === index))
        ? [r]
        : [],
    );
    if (index < 0 && matching.length === 0) {
      const known = [...species.slice(1), ...reactions].map(entry => entry.name);
      const hint = didYouMean(name, known);
      source.problem(
        `${path}[${i}]`,
        `no species or reaction \`${name}\`${hint}`,
        hint ? null : listing(known),
      );
    }
    for (const r of matching) found.add(r);
  });
  return [...found].sort((a, b) => a - b);
}
