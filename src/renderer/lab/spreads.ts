import type { Law, MemberResult, SpreadView } from '../../session/lab/contract.ts';

/** Bins that a chart can show side by side. */
const MOST_BINS = 48;

/** Histograms on common bins, as shares of all runs. */
export interface SharedBins {
  /** Edges, one more than bins. Whole numbers sit in the middle of bins of width 1. */
  readonly edges: readonly number[];
  /** By method; null where it has none. */
  readonly shares: readonly (readonly number[] | null)[];
  /** The law on the same bins; null where there is none. */
  readonly law: readonly number[] | null;
}

/** The histograms of one species by several methods, and its law, on the same bins. Null where nothing was counted. */
export function sharedBins(
  members: readonly MemberResult[],
  species: string,
  law: Law | null,
): SharedBins | null {
  const views = members.map(member => {
    const s = member.species.indexOf(species);
    const view = s < 0 ? undefined : member.spreads[s];
    return view && view.counts.length > 0 ? view : null;
  });
  const counted = views.filter(view => view !== null);
  if (counted.length === 0) return null;
  const probability = law?.marginals.find(marginal => marginal.species === species)?.probability ?? null;
  const whole = counted.every(view => view.width >= 1);
  let width = counted.reduce((most, view) => Math.max(most, view.width), 0);
  const ends = counted.map(view => [view.first * view.width, (view.first + view.counts.length) * view.width]);
  if (probability) ends.push(bulkOf(probability));
  const low = Math.min(...ends.map(([from]) => from));
  const high = Math.max(...ends.map(([, to]) => to));
  // Where all copies agree, the bin is as wide as a molecule.
  if (!whole && high - low <= width) width = Math.max(width, 1);
  while (Math.ceil(high / width) - Math.floor(low / width) > MOST_BINS) width *= 2;
  const first = Math.floor(low / width);
  const bins = Math.max(1, Math.ceil(high / width) - first);
  const shift = whole ? 0.5 : 0;
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => (first + i) * width - shift),
    shares: views.map(view => view && sharesOf(view, first, bins, width)),
    law: probability && lawOn(probability, first, bins, width),
  };
}

function sharesOf(view: SpreadView, first: number, bins: number, width: number): number[] {
  const shares = new Array<number>(bins).fill(0);
  const total = view.counts.reduce((sum, count) => sum + count, 0);
  view.counts.forEach((count, i) => {
    shares[Math.floor(((view.first + i) * view.width) / width) - first] += count / total;
  });
  return shares;
}

function lawOn(probability: Float64Array, first: number, bins: number, width: number): number[] {
  const shares = new Array<number>(bins).fill(0);
  probability.forEach((p, n) => {
    const bin = Math.floor(n / width) - first;
    if (bin >= 0 && bin < bins) shares[bin] += p;
  });
  return shares;
}

/** Where all but 10⁻⁴ of a law lies on either side. */
function bulkOf(probability: Float64Array): [number, number] {
  const cut = 1e-4;
  let [low, high] = [0, probability.length];
  for (let sum = 0; low < high && sum + probability[low] < cut; low++) sum += probability[low];
  for (let sum = 0; high > low + 1 && sum + probability[high - 1] < cut; high--) sum += probability[high - 1];
  return [low, high];
}
