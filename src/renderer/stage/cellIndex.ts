import RBush from 'rbush';
import type { Frame } from '../../engine/recording/frame.ts';

interface Entry {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly slot: number;
}

/**
 * After so many questions about one frame the tree pays: building it costs as much as some hundred scans, and while a
 * run plays most frames are asked about once or not at all.
 */
const SCANS_BEFORE_TREE = 8;

export interface Polygon {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** Finds the cells of a frame by place. Built only when asked, for one frame at a time. */
export class CellIndex {
  #frame: Frame | null = null;
  #tree: RBush<Entry> | null = null;
  #questions = 0;

  setFrame(frame: Frame): void {
    this.#frame = frame;
    this.#tree = null;
    this.#questions = 0;
  }

  /**
   * The slot of the cell at a point, −1 where there is none: among those that cover it (grown by `slack` µm, so that tiny
   * cells can be hit) the one whose centre (of a rod: axis) is nearest relative to its radius. `visible` says which may be picked, and
   * in 3-D `depth` which of two lies in front (smaller wins).
   */
  at(
    x: number,
    y: number,
    slack: number,
    visible: (slot: number) => boolean = () => true,
    depth: (slot: number) => number = () => 0,
  ): number {
    const frame = this.#frame;
    if (!frame) return -1;
    let best = -1;
    let bestDepth = Number.POSITIVE_INFINITY;
    let bestDistance = Number.POSITIVE_INFINITY;
    this.#visit(x - slack, y - slack, x + slack, y + slack, slot => {
      const reach = frame.radius[slot] + slack;
      const distance = distanceTo(frame, slot, x, y) / reach;
      if (distance > 1 || !visible(slot)) return;
      const d = depth(slot);
      if (d < bestDepth || (d === bestDepth && distance < bestDistance)) {
        best = slot;
        bestDepth = d;
        bestDistance = distance;
      }
    });
    return best;
  }

  /** Slots of the cells whose centres lie within a closed polygon, in order. */
  within(polygon: Polygon, visible: (slot: number) => boolean = () => true): number[] {
    const frame = this.#frame;
    const { xs, ys } = polygon;
    if (!frame || xs.length < 3) return [];
    const found: number[] = [];
    this.#visit(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), slot => {
      if (contains(polygon, frame.x[slot], frame.y[slot]) && visible(slot)) found.push(slot);
    });
    return found.sort((a, b) => a - b);
  }

  /** Calls back with every cell whose box meets this one, and maybe some others. */
  #visit(minX: number, minY: number, maxX: number, maxY: number, call: (slot: number) => void): void {
    const frame = this.#frame;
    if (!frame) return;
    if (this.#tree === null && ++this.#questions > SCANS_BEFORE_TREE) this.#tree = plant(frame);
    if (this.#tree) {
      for (const { slot } of this.#tree.search({ minX, minY, maxX, maxY })) call(slot);
      return;
    }
    const { count, x, y, radius, half } = frame;
    for (let slot = 0; slot < count; slot++) {
      const r = radius[slot];
      const cx = x[slot];
      const cy = y[slot];
      const wide = half ? r + Math.abs(half.x[slot]) : r;
      const high = half ? r + Math.abs(half.y[slot]) : r;
      if (cx + wide >= minX && cx - wide <= maxX && cy + high >= minY && cy - high <= maxY) call(slot);
    }
  }
}

/** Distance of a point from the axis of a cell as it is seen, µm: from its centre where it has no length. */
function distanceTo({ x, y, half }: Frame, slot: number, px: number, py: number): number {
  let dx = px - x[slot];
  let dy = py - y[slot];
  if (half) {
    const hx = half.x[slot];
    const hy = half.y[slot];
    const square = hx * hx + hy * hy;
    const t = square > 0 ? Math.min(1, Math.max(-1, (dx * hx + dy * hy) / square)) : 0;
    dx -= t * hx;
    dy -= t * hy;
  }
  return Math.hypot(dx, dy);
}

function plant({ count, x, y, radius, half }: Frame): RBush<Entry> {
  const entries: Entry[] = [];
  for (let slot = 0; slot < count; slot++) {
    const r = radius[slot];
    const wide = half ? r + Math.abs(half.x[slot]) : r;
    const high = half ? r + Math.abs(half.y[slot]) : r;
    entries.push({
      minX: x[slot] - wide,
      minY: y[slot] - high,
      maxX: x[slot] + wide,
      maxY: y[slot] + high,
      slot,
    });
  }
  return new RBush<Entry>(16).load(entries);
}

/** Whether a point lies in a polygon: an odd number of edges lies to its right (even–odd rule). */
export function contains({ xs, ys }: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    if (ys[i] > y !== ys[j] > y && x < xs[i] + ((y - ys[i]) / (ys[j] - ys[i])) * (xs[j] - xs[i])) {
      inside = !inside;
    }
  }
  return inside;
}
