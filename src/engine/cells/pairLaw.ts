import type { Mechanics } from './cellType.ts';

/**
 * The force law of a pair of surfaces that overlap by s (µm; negative: a gap), per reduced radius m = r₁ r₂ / (r₁ + r₂): the
 * force is m φ(s), apart where φ > 0, and derives from the energy m U(s), U' = φ. `touch` is r₁ + r₂; `kind` says which law of those
 * there are (kindOf).
 *
 *     soft   φ = k s         hertz   φ = k s √(s / touch)             s > 0
 *     adhesion  φ = a s (1 + s/ℓ)                             −ℓ < s < 0
 *
 * with k = 1, a and ℓ for all pairs, or by the types of the two. The law of contacts.ts, which has it written out in its hot loop.
 */
export interface PairLaw {
  /** Gap up to which there is a force in any pair, µm. */
  readonly range: number;
  /** Of contacts with walls. */
  readonly wall: number;
  kindOf(typeA: number, typeB: number): number;
  /** Gap up to which there is a force, µm. */
  rangeOf(kind: number): number;
  energy(s: number, touch: number, kind?: number): number;
  force(s: number, touch: number, kind?: number): number;
  /** φ', where it is positive; 0 elsewhere (an attraction that weakens with the gap has no stiffness to speak of). */
  stiffness(s: number, touch: number, kind?: number): number;
}

/** The largest gap at which any pair of cells attracts one another, µm. */
export function furthestAdhesion({ adhesion, range, pairs }: Mechanics): number {
  if (pairs)
    return pairs.range.reduce((most, one, k) => (pairs.adhesion[k] > 0 ? Math.max(most, one) : most), 0);
  return adhesion > 0 ? range : 0;
}

export function createPairLaw(mechanics: Mechanics): PairLaw {
  const { pairs } = mechanics;
  const hertz = mechanics.repulsion === 'hertz';
  const common = lawOf(hertz, mechanics.adhesion, mechanics.range);
  const range = Math.max(furthestAdhesion(mechanics), common.range);
  if (!pairs) return { wall: 0, kindOf: () => 0, rangeOf: () => range, ...common };
  const { types } = pairs;
  // That of walls comes last.
  const laws = pairs.adhesion.map((adhesion, k) =>
    lawOf(hertz, adhesion, pairs.range[k], pairs.stiffness[k]),
  );
  laws.push(common);
  return {
    range,
    wall: types * types,
    kindOf: (a, b) => a * types + b,
    rangeOf: kind => laws[kind].range,
    energy: (s, touch, kind = 0) => laws[kind].energy(s, touch),
    force: (s, touch, kind = 0) => laws[kind].force(s, touch),
    stiffness: (s, touch, kind = 0) => laws[kind].stiffness(s, touch),
  };
}

type Law = Pick<PairLaw, 'range' | 'energy' | 'force' | 'stiffness'>;

function lawOf(hertz: boolean, adhesion: number, range: number, k = 1): Law {
  if (!(adhesion > 0)) {
    return {
      range: 0,
      energy: (s, touch) => (s <= 0 ? 0 : k * (hertz ? 0.4 * s * s * Math.sqrt(s / touch) : 0.5 * s * s)),
      force: (s, touch) => (s <= 0 ? 0 : k * (hertz ? s * Math.sqrt(s / touch) : s)),
      stiffness: (s, touch) => (s <= 0 ? 0 : k * (hertz ? 1.5 * Math.sqrt(s / touch) : 1)),
    };
  }
  return {
    range,
    energy(s, touch) {
      if (s > 0) return k * (hertz ? 0.4 * s * s * Math.sqrt(s / touch) : 0.5 * s * s);
      const g = Math.max(s, -range);
      return adhesion * g * g * (0.5 + g / (3 * range));
    },
    force(s, touch) {
      if (s > 0) return k * (hertz ? s * Math.sqrt(s / touch) : s);
      return s > -range ? adhesion * s * (1 + s / range) : 0;
    },
    stiffness(s, touch) {
      if (s > 0) return k * (hertz ? 1.5 * Math.sqrt(s / touch) : 1);
      return s > -range ? adhesion * Math.max(0, 1 + (2 * s) / range) : 0;
    },
  };
}
