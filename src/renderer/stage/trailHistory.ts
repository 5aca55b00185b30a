import type { Frame } from '../../engine/recording/frame.ts';

/** Places remembered per cell. */
const LENGTH = 24;
/** With more cells than this trails would be a blur, and costly: only as many cells have one. */
const MOST_CELLS = 20_000;
/** A cell that jumps further than this many radii (through a periodic wall, or to another time) starts anew. */
const JUMP = 12;

interface Trail {
  /** x, y of the last LENGTH places in a ring. */
  readonly places: Float32Array;
  /** Places written so far. */
  written: number;
  /** The observation at which the cell was last there. */
  seen: number;
}

/** Where each cell was in the last frames. */
export class TrailHistory {
  readonly #trails = new Map<number, Trail>();
  #floats = new Float32Array(3 * 512);
  #words = new Uint32Array(this.#floats.buffer);
  #observation = 0;
  vertices = 0;

  clear(): void {
    this.#trails.clear();
  }

  /** Adds the places of a frame; a place is kept once the cell has moved by a quarter of its radius. */
  observe(frame: Frame): void {
    const observation = ++this.#observation;
    const trails = this.#trails;
    const count = Math.min(frame.count, MOST_CELLS);
    for (let slot = 0; slot < count; slot++) {
      const id = frame.id[slot];
      let trail = trails.get(id);
      if (!trail) {
        trail = { places: new Float32Array(2 * LENGTH), written: 0, seen: observation };
        // A daughter goes on from where its mother was.
        const mother = trails.get(frame.parent[slot]);
        if (mother) {
          trail.places.set(mother.places);
          trail.written = mother.written;
        }
        trails.set(id, trail);
      }
      trail.seen = observation;
      const x = frame.x[slot];
      const y = frame.y[slot];
      if (trail.written > 0) {
        const last = 2 * ((trail.written - 1) % LENGTH);
        const moved = Math.hypot(x - trail.places[last], y - trail.places[last + 1]);
        if (moved < 0.25 * frame.radius[slot]) continue;
        if (moved > JUMP * frame.radius[slot]) trail.written = 0;
      }
      const at = 2 * (trail.written % LENGTH);
      trail.places[at] = x;
      trail.places[at + 1] = y;
      trail.written++;
    }
    for (const [id, trail] of trails) if (trail.seen < observation - 1) trails.delete(id);
  }

  /** Vertices of the line segments of a frame's cells: x, y and packed colour each; `vertices` says how many. */
  write(frame: Frame, colours: Uint32Array): Float32Array {
    this.vertices = 0;
    for (let slot = 0; slot < frame.count; slot++) {
      const trail = this.#trails.get(frame.id[slot]);
      if (!trail) continue;
      const { places, written } = trail;
      const points = Math.min(written, LENGTH);
      let x = frame.x[slot];
      let y = frame.y[slot];
      for (let back = 1; back <= points; back++) {
        const at = 2 * ((written - back) % LENGTH);
        const opacity = 0.75 * (1 - (back - 1) / LENGTH);
        this.#segment(x, y, places[at], places[at + 1], faded(colours[slot], opacity));
        x = places[at];
        y = places[at + 1];
      }
    }
    return this.#floats;
  }

  #segment(x0: number, y0: number, x1: number, y1: number, colour: number): void {
    const at = 3 * this.vertices;
    if (at + 6 > this.#floats.length) {
      const longer = new Float32Array(2 * this.#floats.length);
      longer.set(this.#floats);
      this.#floats = longer;
      this.#words = new Uint32Array(longer.buffer);
    }
    this.#floats[at] = x0;
    this.#floats[at + 1] = y0;
    this.#words[at + 2] = colour;
    this.#floats[at + 3] = x1;
    this.#floats[at + 4] = y1;
    this.#words[at + 5] = colour;
    this.vertices += 2;
  }
}

function faded(colour: number, opacity: number): number {
  return ((colour & 0xffffff) | (Math.round(255 * opacity) << 24)) >>> 0;
}
