import { mixColours, type Rgb } from '../../picture/colour/oklab.ts';
import { cssColour, typeColour } from '../../picture/colour/palette.ts';

/** Colour of a kind in lists and bars: the same as of that cell type on the stage. */
export function kindColour(index: number): string {
  return cssColour(typeColour(index));
}

const BLACK: Rgb = [0, 0, 0];

/** Colour of a kind's line in a plot: on light ground darkened, so that a thin line is seen. */
export function lineColour(index: number, theme: 'dark' | 'light', opacity = 1): string {
  const colour = typeColour(index);
  return cssColour(theme === 'light' ? mixColours(colour, BLACK, 0.25) : colour, opacity);
}
