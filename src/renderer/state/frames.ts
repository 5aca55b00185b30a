import type { Frame } from '../../engine/recording/frame.ts';

/** The newest frame, outside React; a frame is only to be read until the next one is shown. */
export interface FrameFeed {
  readonly current: Frame | null;
  show(frame: Frame): void;
  subscribe(listener: (frame: Frame) => void): () => void;
}

export function createFrameFeed(): FrameFeed {
  let current: Frame | null = null;
  const listeners = new Set<(frame: Frame) => void>();
  return {
    get current() {
      return current;
    },
    show(frame) {
      current = frame;
      for (const listener of [...listeners]) listener(frame);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Slot of a cell in a frame, or −1 where it is not (any more) there. */
export function slotOf(frame: Frame, id: number): number {
  return frame.id.indexOf(id);
}
