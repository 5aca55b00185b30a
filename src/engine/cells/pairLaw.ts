import type { Mechanics } from './cellType.ts';

/**
 * The force law of a pair of surfaces that overlap by s (µm; negative: a gap), per reduced radius m = r₁ r₂ / (r₁ + r₂): the
 * force is m φ(s), apart where φ > 0, and derives from the energy m U(s), U' = φ. `touch` is r₁ + r₂.
 *
 *     soft   φ = s           hertz   φ = s √(s / touch)               s > 0
 *     adhesion  φ = a s (1 + s/ℓ)                             −ℓ < s < 0
 *
 * The law of contacts.ts, which has it written out in its hot loop.
 */
export interface PairLaw {
  /** Gap up to which there is a force, µm. */
  readonly range: number;
  energy(s: number, touch: number): number;
  force(s: number, touch: number): number;
  /** φ', where it is positive; 0 elsewhere (an attraction that weakens with the gap has no stiffness to speak of). */
  stiffness(s: number, touch: number): number;
}

export function createPairLaw({ repulsion, adhesion, range }: Mechanics): PairLaw {
  const hertz = repulsion === 'hertz';
  if (!(adhesion > 0)) {
    return {
      range: 0,
      energy: (s, touch) => (s <= 0 ? 0 : hertz ? 0.4 * s * s * Math.sqrt(s / touch) : 0.5 * s * s),
      force: (s, touch) => (s <= 0 ? 0 : hertz ? s * Math.sqrt(s / touch) : s),
      stiffness: (s, touch) => (s <= 0 ? 0 : hertz ? 1.5 * Math.sqrt(s / touch) : 1),
    };
  }
  return {
    range,
    energy(s, touch) {
      if (s > 0) return hertz ? 0.4 * s * s * Math.sqrt(s / touch) : 0.5 * s * s;
      const g = Math.max(s, -range);
      return adhesion * g * g * (0.5 + g / (3 * range));
    },
    force(s, touch) {
      if (s > 0) return hertz ? s * Math.sqrt(s / touch) : s;
      return s > -range ? adhesion * s * (1 + s / range) : 0;
    },
    stiffness(s, touch) {
      if (s > 0) return hertz ? 1.5 * Math.sqrt(s / touch) : 1;
      return s > -range ? adhesion * Math.max(0, 1 + (2 * s) / range) : 0;
    },
  };
}
