import { oklchToRgb, type Rgb } from './oklab.ts';

/**
 * Colours that stay apart for colour-blind eyes (Okabe & Ito 2008, https://jfly.uni-koeln.de/color), the ones least
 * like a field's greens first; the black of the original is left out because the stage is dark.
 */
export const OKABE_ITO: readonly Rgb[] = [
  [86, 180, 233],
  [230, 159, 0],
  [204, 121, 167],
  [213, 94, 0],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
];

/** Colour of a cell type by its index; types beyond the palette repeat it. */
export function typeColour(type: number): Rgb {
  return OKABE_ITO[type % OKABE_ITO.length];
}

/** What has no value for the chosen colouring. */
export const NEUTRAL: Rgb = [138, 145, 153];

/** 2π (1 − 1/φ): successive multiples never come close to one another, so neighbouring clones differ in hue. */
const GOLDEN_ANGLE = 2.399963229728653;

/** Colour of a clone by the number of its founder: one hue for ever, the same on every run of a seed. */
export function cloneColour(founder: number): Rgb {
  return oklchToRgb(0.74, 0.125, (0.6 + founder * GOLDEN_ANGLE) % (2 * Math.PI));
}

/** Bytes r, g, b, a in memory order on a little-endian machine, as the shader's `unorm8x4` reads them. */
export function packColour([red, green, blue]: Rgb, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function cssColour([red, green, blue]: Rgb, alpha = 1): string {
  return alpha === 1 ? `rgb(${red} ${green} ${blue})` : `rgb(${red} ${green} ${blue} / ${alpha})`;
}
