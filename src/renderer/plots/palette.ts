import { cssColour, typeColour } from '../colour/palette.ts';

/** Colour of a kind in plots and lists: the same as of that cell type on the stage. */
export function kindColour(index: number, opacity = 1): string {
  return cssColour(typeColour(index), opacity);
}
