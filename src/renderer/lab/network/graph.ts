import type { CircuitOverview } from '../../../engine/circuits/overview.ts';
import type { Effect, Influence } from '../../../engine/circuits/regulation.ts';
import { cutToFit, textWidth } from './textWidth.ts';

export type NodeKind = 'species' | 'field' | 'reaction';

export interface NetworkNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** Index into the overview's species, fields or reactions. */
  readonly index: number;
  /** Name in full, and as it is written in the node: a reaction that makes from nothing, or loses to it, with ∅ beside. */
  readonly name: string;
  readonly label: string;
  readonly before: '' | '∅→';
  readonly after: '' | '→∅';
  readonly width: number;
  readonly height: number;
}

export interface NetworkEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: 'reactant' | 'product' | 'influence';
  /** Index of the reaction at one of its ends. */
  readonly reaction: number;
  /** Stoichiometric coefficient as text, empty for 1. */
  readonly coefficient: string;
  /** Of an influence; null for a catalyst that the rate is free of. */
  readonly effect: Effect | null;
}

export interface NetworkGraph {
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
}

/** Sizes in the drawing's own pixels. */
export const NAME_SIZE = 13;
export const REACTION_SIZE = 11;
const SPECIES_HEIGHT = 44;
const REACTION_HEIGHT = 22;
const WIDEST = 150;

/**
 * The network of a circuit. Species are nodes, except biomass where nothing has to do with it; so are the fields that
 * a reaction touches or reads, and the reactions. What a reaction leaves as it is does not get two arrows but the edge of an
 * influence.
 */
export function networkGraph(overview: CircuitOverview): NetworkGraph {
  const { species, fields, reactions } = overview;
  const edges = reactions.flatMap((_, r) => edgesOf(overview, r));
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes: NetworkNode[] = [];
  species.forEach(({ name }, index) => {
    if (index === 0 && !ends.has('s0')) return;
    nodes.push(substanceNode('species', index, name));
  });
  fields.forEach((name, index) => {
    if (ends.has(`f${index}`)) nodes.push(substanceNode('field', index, name));
  });
  reactions.forEach(({ name, reactants, products }, index) => {
    const label = cutToFit(name, REACTION_SIZE, WIDEST);
    const before = reactants.length === 0 ? '∅→' : '';
    const after = products.length === 0 ? '→∅' : '';
    const text = [before, label, after].filter(Boolean).join(' ');
    const width = Math.ceil(textWidth(text, REACTION_SIZE)) + 14;
    nodes.push({
      ...{ id: `r${index}`, kind: 'reaction', index, name, label, before, after },
      ...{ width, height: REACTION_HEIGHT },
    });
  });
  return { nodes, edges };
}

/** Where a term or an influence is. */
export function placeId({ in: where, index }: Pick<Influence, 'in' | 'index'>): string {
  return `${where === 'cell' ? 's' : 'f'}${index}`;
}

function substanceNode(kind: 'species' | 'field', index: number, name: string): NetworkNode {
  const label = cutToFit(name, NAME_SIZE, WIDEST);
  const width = Math.max(64, Math.ceil(textWidth(label, NAME_SIZE)) + 28);
  const id = placeId({ in: kind === 'species' ? 'cell' : 'field', index });
  return { id, kind, index, name, label, before: '', after: '', width, height: SPECIES_HEIGHT };
}

function edgesOf({ reactions }: CircuitOverview, r: number): NetworkEdge[] {
  const { reactants, products, influences } = reactions[r];
  const node = `r${r}`;
  const taken = amounts(reactants);
  const made = amounts(products);
  const edges: NetworkEdge[] = [];
  const add = (
    kind: NetworkEdge['kind'],
    place: string,
    coefficient: number,
    effect: Effect | null = null,
  ): void => {
    const [from, to] = kind === 'product' ? [node, place] : [place, node];
    const id = `${from} ${to} ${kind}`;
    edges.push({
      id,
      from,
      to,
      kind,
      reaction: r,
      coefficient: coefficient === 1 ? '' : plain(coefficient),
      effect,
    });
  };
  const regulators = new Set(influences.map(placeId));
  for (const [place, n] of taken) {
    if (made.get(place) !== n) add('reactant', place, n);
    else if (!regulators.has(place)) add('influence', place, 1);
  }
  for (const [place, n] of made) if (taken.get(place) !== n) add('product', place, n);
  for (const influence of influences) add('influence', placeId(influence), 1, influence.effect);
  return edges;
}

function amounts(
  terms: readonly { readonly in: 'cell' | 'field'; readonly index: number; readonly coefficient: number }[],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const term of terms) sums.set(placeId(term), (sums.get(placeId(term)) ?? 0) + term.coefficient);
  return sums;
}

function plain(coefficient: number): string {
  return coefficient >= 1e5 ? coefficient.toExponential(2).replace('e+', 'e') : String(coefficient);
}
