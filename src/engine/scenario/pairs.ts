import type { PairTable } from '../cells/cellType.ts';
import type { Loose } from './conform.ts';
import { type Context, NOT_NEGATIVE, readQuantity } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { itemPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { LENGTH, NONE } from './units.ts';

type PairsFile = NonNullable<Exclude<Loose<ScenarioFile>['mechanics'], 'none' | undefined>['pairs']>;

/** Factor on the repulsion of a pair: beyond it the steps of the explicit solver, or overlaps, would be out of proportion. */
const STIFFNESS = { min: 0.01, max: 100 };

/** What `mechanics.pairs` says, as a table over all types; undefined after a fault. */
export function readPairs(
  context: Context,
  path: string,
  raw: PairsFile,
  types: readonly string[],
  common: { readonly adhesion: number; readonly range: number },
): PairTable | undefined {
  const { source } = context;
  const size = types.length;
  const table = {
    types: size,
    adhesion: new Array<number>(size * size).fill(common.adhesion),
    range: new Array<number>(size * size).fill(common.range),
    stiffness: new Array<number>(size * size).fill(1),
  };
  const seen = new Set<string>();
  let sound = true;
  raw.forEach((pair, i) => {
    const at = itemPath(path, i);
    const [a, b] = (pair?.of ?? []).map((name, k) => {
      const index = types.indexOf(name ?? '');
      if (index < 0) {
        const message = `there is no cell type \`${name}\`${didYouMean(name ?? '', types)}`;
        source.problem(itemPath(`${at}.of`, k), message, listing(types));
      }
      return index;
    });
    const adhesion = readQuantity(context, `${at}.adhesion`, pair?.adhesion ?? common.adhesion, NONE, {
      min: 0,
      max: 1,
    });
    const range =
      pair?.range === undefined
        ? common.range
        : readQuantity(context, `${at}.range`, pair.range, LENGTH, NOT_NEGATIVE);
    const stiffness = readQuantity(context, `${at}.stiffness`, pair?.stiffness ?? 1, NONE, STIFFNESS);
    if (a === undefined || b === undefined || a < 0 || b < 0) sound = false;
    else if (seen.has(`${Math.min(a, b)} ${Math.max(a, b)}`)) {
      source.keyProblem(at, 'is a pair that was named before', 'every pair once');
      sound = false;
    }
    if (!sound || adhesion === null || range === null || stiffness === null) {
      sound = false;
      return;
    }
    seen.add(`${Math.min(a, b)} ${Math.max(a, b)}`);
    if (adhesion > 0 && range === 0) {
      source.keyProblem(at, 'needs a `range` above 0 for its adhesion', '`range: 0.2 um`');
    }
    for (const k of [a * size + b, b * size + a]) {
      table.adhesion[k] = adhesion;
      table.range[k] = range;
      table.stiffness[k] = stiffness;
    }
  });
  return sound ? table : undefined;
}
