import type { Substance } from '../description/substances.ts';
import type { Cause } from '../exchange/ledger.ts';
import { type ConversionNetwork, conversionColumns, splitNetwork } from './conversions.ts';
import { independentColumns } from './independent.ts';
import { nullSpace } from './nullSpace.ts';
import { semiPositiveBasis } from './semiPositive.ts';
import type { SparseVector } from './sparseVector.ts';

/**
 * A conserved moiety: a weighted sum of substances that every conversion leaves unchanged. Causes that only produce or
 * only consume (transcription, decay, a face, death) are its sources and sinks, so every change of its total has a name.
 */
export interface Moiety {
  /** `sender.A + field.AHL`, `field.glucose + 1000000000 feeder.biomass`. */
  readonly name: string;
  /** Weight of each substance in SubstanceIndex order; integers without a common factor. */
  readonly weights: Float64Array;
}

/** 2⁵³: every integer up to it is a double. */
const MOST_WEIGHT = 9_007_199_254_740_992n;

/**
 * Left null space of the stoichiometric matrix of all conversions (columns with both signs), exact over the integers,
 * network by network of substances that are tied by conversions. Each yields its minimal semi-positive vectors, which
 * read as amounts of something; where their search would take too long, a basis of its null space is used instead. In
 * order of the first substance, then the second …
 */
export function findMoieties(substances: readonly Substance[], causes: readonly Cause[]): Moiety[] {
  const networks = splitNetwork(substances.length, conversionColumns(causes));
  const vectors = networks.flatMap(conservedBy);
  return vectors.sort(bySubstances).map(vector => ({
    name: nameOf(vector, substances),
    weights: denseWeights(vector, substances.length),
  }));
}

function conservedBy(network: ConversionNetwork): SparseVector[] {
  const { substances } = network;
  const independent = independentColumns(network);
  if (independent.length === substances.length) return [];
  const vectors = semiPositiveBasis(network, independent) ?? nullSpace(network, independent);
  return vectors.filter(vector => isConserved(vector, network));
}

/** Against every conversion, not only the independent ones; a weight that no double holds exactly cannot be kept account of. */
function isConserved({ indices, values }: SparseVector, { columns }: ConversionNetwork): boolean {
  if (values.some(value => value > MOST_WEIGHT || value < -MOST_WEIGHT)) return false;
  const weight = new Map(indices.map((index, i) => [index, values[i]]));
  return columns.every(
    column =>
      column.indices.reduce((sum, index, i) => sum + column.values[i] * (weight.get(index) ?? 0n), 0n) === 0n,
  );
}

function bySubstances(a: SparseVector, b: SparseVector): number {
  const most = Math.min(a.indices.length, b.indices.length);
  for (let i = 0; i < most; i++) {
    if (a.indices[i] !== b.indices[i]) return a.indices[i] - b.indices[i];
  }
  return a.indices.length - b.indices.length;
}

function denseWeights({ indices, values }: SparseVector, length: number): Float64Array {
  const weights = new Float64Array(length);
  indices.forEach((index, i) => {
    weights[index] = Number(values[i]);
  });
  return weights;
}

function nameOf({ indices, values }: SparseVector, substances: readonly Substance[]): string {
  let name = '';
  indices.forEach((index, i) => {
    const weight = values[i];
    const size = weight < 0n ? -weight : weight;
    const term = size === 1n ? substances[index].name : `${size} ${substances[index].name}`;
    name += name === '' ? (weight < 0n ? `−${term}` : term) : weight < 0n ? ` − ${term}` : ` + ${term}`;
  });
  return name;
}
