import type { Partition } from '../cells/partition.ts';
import type { Circuit } from '../circuits/circuit.ts';
import type { Loose } from './conform.ts';
import { type Context, readQuantity } from './quantity.ts';
import type { PartitionFile, PartitionLawFile } from './schema/cells.ts';
import { childPath } from './source.ts';
import { didYouMean, listing } from './suggest.ts';
import { NONE } from './units.ts';

/**
 * The law of each species by index, from one word for all or a mapping; undefined where nothing was given. What is replicated
 * goes by halves where nothing else is said of it.
 */
export function readPartition(
  context: Context,
  circuit: Circuit,
  path: string,
  raw: Loose<PartitionFile> | undefined,
  replicated: readonly string[],
): readonly (Partition | undefined)[] | undefined {
  const { source } = context;
  const { species } = circuit;
  if (raw === 'binomial' || (raw === undefined && replicated.length === 0)) return undefined;
  if (raw === 'equal') return species.map((_, s) => (s === 0 ? undefined : { law: 'equal' }));
  if (typeof raw === 'string') return undefined;
  const laws = species.map(({ name }): Partition | undefined =>
    replicated.includes(name) ? { law: 'equal' } : undefined,
  );
  const named = species.slice(1).filter(({ hidden }) => !hidden);
  for (const [name, law] of Object.entries(raw ?? {})) {
    const at = childPath(path, name);
    const index = species.findIndex(one => one.name === name);
    if (index === 0) {
      source.keyProblem(at, 'biomass is shared out with the volume', 'species of the cell');
    } else if (index < 0) {
      const names = named.map(one => one.name);
      const suggestion = didYouMean(name, names);
      source.keyProblem(
        at,
        `unknown species \`${name}\`${suggestion}`,
        suggestion ? null : listing(names) || 'the cell has no species',
      );
    } else if (law !== undefined) {
      laws[index] = readLaw(context, at, law, species[index].continuous) ?? undefined;
    }
  }
  return laws;
}

function readLaw(
  context: Context,
  path: string,
  raw: Loose<PartitionLawFile>,
  continuous: boolean,
): Partition | null {
  if (raw === 'binomial' || raw === 'equal') return { law: raw };
  if (typeof raw !== 'object') return null;
  const { clustered } = raw;
  if (clustered === undefined) return null;
  const at = `${path}.clustered`;
  if (continuous) {
    context.source.problem(at, 'clusters are of whole molecules; this species is real-valued', '`equal`');
    return null;
  }
  const random = typeof clustered === 'object';
  const size = random
    ? readQuantity(context, `${at}.mean`, clustered.mean, NONE, { min: 1 })
    : readQuantity(context, at, clustered, NONE, { min: 1, whole: true });
  return size === null ? null : { law: 'clustered', size, random };
}
