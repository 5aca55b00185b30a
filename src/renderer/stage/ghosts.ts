import { DEATH_NUMBERS, type Frame } from '../../engine/recording/frame.ts';

/** ms for which the outline of a dead cell stays. */
export const GHOST_LIFE = 500;

/** More deaths in one frame (a jump in time, a wiped colony) are not shown one by one. */
const MOST_GHOSTS = 2000;

/** A cell that has just died. */
export interface Ghost {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  /** From the centre to a cap of a rod, µm. */
  readonly halfX: number;
  readonly halfY: number;
  readonly colour: number;
  /** Share of its life that is over at a time (ms): 0 … 1. */
  share(now: number): number;
}

/** The ghosts of a frame's deaths, from now on (ms). */
export function ghostsOf(frame: Frame, now: number, colourOf: (type: number) => number): Ghost[] {
  const { deaths } = frame;
  const count = Math.min(MOST_GHOSTS, Math.floor(deaths.length / DEATH_NUMBERS));
  return Array.from({ length: count }, (_, i) => ({
    x: deaths[DEATH_NUMBERS * i],
    y: deaths[DEATH_NUMBERS * i + 1],
    z: deaths[DEATH_NUMBERS * i + 2],
    radius: deaths[DEATH_NUMBERS * i + 3],
    colour: colourOf(deaths[DEATH_NUMBERS * i + 4]),
    halfX: deaths[DEATH_NUMBERS * i + 5],
    halfY: deaths[DEATH_NUMBERS * i + 6],
    share: (at: number) => Math.min(1, Math.max(0, (at - now) / GHOST_LIFE)),
  }));
}
