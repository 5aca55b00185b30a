import Fraction from 'fraction.js';
import type { Reaction, Term } from './circuit.ts';

/** A text that is equal for equal substances. */
export function keyOf({ in: where, index }: Pick<Term, 'in' | 'index'>): string {
  return `${where}${index}`;
}

/** The graph whose nodes are the distinct sides of reactions, the empty one among them where it occurs. */
export function complexGraph(reactions: readonly Reaction[]): { complexes: number; linkageClasses: number } {
  const parent = new Map<string, string>();
  const rootOf = (complex: string): string => {
    let root = complex;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root))
      root = next;
    return root;
  };
  for (const { reactants, products } of reactions) {
    const [from, to] = [complexOf(reactants), complexOf(products)];
    for (const complex of [from, to]) if (!parent.has(complex)) parent.set(complex, complex);
    parent.set(rootOf(from), rootOf(to));
  }
  const linkageClasses = [...parent].filter(([complex, above]) => complex === above).length;
  return { complexes: parent.size, linkageClasses };
}

/** A text that is equal for equal multisets of substances. */
function complexOf(terms: readonly Term[]): string {
  const amounts = new Map<string, Fraction>();
  for (const term of terms) {
    const key = keyOf(term);
    amounts.set(key, (amounts.get(key) ?? new Fraction(0)).add(new Fraction(term.exact)));
  }
  return [...amounts]
    .map(([key, amount]) => `${amount.toFraction()} ${key}`)
    .sort()
    .join(' + ');
}

/**
 * Reactions that undo each other, as pairs of indices [first, second]: the sides of one are those of the other, swapped. Each
 * reaction is in one pair at most, in order.
 */
export function reversiblePairs(reactions: readonly Reaction[]): [number, number][] {
  // Making and losing are no two ways of one reaction.
  const isConversion = ({ reactants, products }: Reaction): boolean =>
    reactants.length > 0 && products.length > 0;
  const sides = reactions.map(({ reactants, products }) => [complexOf(reactants), complexOf(products)]);
  const paired = new Set<number>();
  const pairs: [number, number][] = [];
  sides.forEach(([from, to], a) => {
    if (from === to || paired.has(a) || !isConversion(reactions[a])) return;
    const b = sides.findIndex((other, i) => i > a && !paired.has(i) && other[0] === to && other[1] === from);
    if (b < 0) return;
    paired.add(b);
    pairs.push([a, b]);
  });
  return pairs;
}
