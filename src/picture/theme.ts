import type { Rgb } from './colour/oklab.ts';
import type { StageView } from './view.ts';

/** Colours of the stage that carry no data. */
export interface StageTheme {
  /** Outside the domain. */
  readonly background: Rgb;
  /** The domain where no field is shown. */
  readonly empty: Rgb;
  /** Voxels without a number. */
  readonly noData: Rgb;
  readonly edge: Rgb;
  readonly contour: Rgb;
  /** Ring about a selected cell, and the line that keeps it apart from its surroundings. */
  readonly ring: Rgb;
  readonly halo: Rgb;
  readonly text: string;
  readonly mutedText: string;
  /** Behind text. */
  readonly plate: string;
  readonly plateEdge: string;
}

export const THEMES: Readonly<Record<StageView['theme'], StageTheme>> = {
  dark: {
    background: [13, 16, 21],
    empty: [20, 24, 31],
    noData: [60, 64, 70],
    edge: [74, 82, 94],
    contour: [255, 255, 255],
    ring: [255, 255, 255],
    halo: [8, 10, 14],
    text: '#e8ecf1',
    mutedText: '#a9b2bd',
    plate: 'rgb(13 16 21 / 0.78)',
    plateEdge: 'rgb(255 255 255 / 0.08)',
  },
  light: {
    background: [243, 240, 234],
    empty: [252, 251, 248],
    noData: [190, 188, 184],
    edge: [158, 154, 146],
    contour: [20, 20, 24],
    ring: [16, 20, 28],
    halo: [255, 255, 255],
    text: '#1c2026',
    mutedText: '#575d66',
    plate: 'rgb(252 251 248 / 0.85)',
    plateEdge: 'rgb(0 0 0 / 0.10)',
  },
};
