/**
 * Colours for kinds: the set of Okabe & Ito (2008), told apart by colour-blind eyes, in an order whose first ones show on dark
 * and on light alike; yellow comes last.
 */
const OKABE_ITO = ['#e69f00', '#56b4e9', '#009e73', '#d55e00', '#0072b2', '#cc79a7', '#f0e442'] as const;

export function kindColour(index: number): string {
  return OKABE_ITO[index % OKABE_ITO.length];
}

/** A colour with an opacity, for the band around a line. */
export function faded(colour: string, opacity: number): string {
  return (
    colour +
    Math.round(255 * opacity)
      .toString(16)
      .padStart(2, '0')
  );
}
