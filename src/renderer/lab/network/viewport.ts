import type { Point } from './drawing.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point p of the drawing is shown at (x, y) + scale · p, px. */
export interface View extends Point {
  readonly scale: number;
}

/** A small drawing is not blown up beyond this. */
const LARGEST_FIT = 1.6;
const LARGEST = 4;

/** Below the drawing: legend and buttons, px. */
const FOOT = 36;

/** The drawing whole, in the middle of the window above its foot. */
export function frame(drawing: Size, window: Size): View {
  if (window.width <= 0 || window.height <= 0) return { x: 0, y: 0, scale: 1 };
  const height = Math.max(window.height - FOOT, 0.5 * window.height);
  const scale = Math.min(window.width / drawing.width, height / drawing.height, LARGEST_FIT);
  return {
    x: (window.width - scale * drawing.width) / 2,
    y: (height - scale * drawing.height) / 2,
    scale,
  };
}

/** Zoomed so that what is at a point of the window stays there; no smaller than half of what fits. */
export function zoomAbout(view: View, factor: number, at: Point, fitting: View): View {
  const least = Math.min(0.5 * fitting.scale, 0.5);
  const scale = Math.min(LARGEST, Math.max(least, view.scale * factor));
  const by = scale / view.scale;
  return { x: at.x - by * (at.x - view.x), y: at.y - by * (at.y - view.y), scale };
}
