import type { Frame } from '../../engine/recording/frame.ts';

/** Frames of a run at given times, from wherever they come: the live session, or a recording. */
export interface FrameSource {
  /** Simulated times, s, each a whole number of steps, never going back. */
  readonly times: readonly number[];
  /** The frame at times[i]; to be read until the next call. @throws Error with a message for people where it cannot be had */
  frameAt(i: number): Promise<Frame>;
  /** Leaves what it read from as it was before. */
  close(): void;
}

/**
 * So many times evenly from one to another, both ends included, each at the end of the nearest step (of `step` seconds).
 * A stretch of fewer steps than that gives some of them twice.
 */
export function timesBetween(from: number, to: number, count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const time = count === 1 ? from : from + ((to - from) * i) / (count - 1);
    return Math.round(time / step) * step;
  });
}

/** For each time the last of the recorded ones (rising) that is not after it; the first where none is. */
export function recordedTimes(times: readonly number[], recorded: ArrayLike<number>, step: number): number[] {
  let at = 0;
  return times.map(time => {
    while (at + 1 < recorded.length && recorded[at + 1] <= time + step / 2) at++;
    return recorded[at];
  });
}
