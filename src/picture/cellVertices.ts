import type { Frame } from '../engine/recording/frame.ts';

/** 32-bit words of a vertex: x, y, radius, colour, state (see cellShader.ts). */
export const VERTEX_WORDS = 5;
/** Of a rod: also the vector from the centre to a cap, in the plane. */
export const ROD_WORDS = 7;

/** State bytes. */
export const RING_SELECTED = 255;
export const RING_HOVERED = 128;

/** From this share of its cycle on a cell shows that it is about to divide. */
const DIVIDING = 0.9;

/** What of a frame is drawn and how. World lengths in µm. */
export interface CellSelection {
  readonly frame: Frame;
  /** Packed r, g, b, a per slot. */
  readonly colours: Uint32Array;
  readonly selected: ReadonlySet<number>;
  /** Slot, or −1. */
  readonly hovered: number;
  /** Edges of the window. */
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  /** Height of the slice in 3-D; null in 2-D. */
  readonly slice: number | null;
}

/** Growing storage of vertices; one, or four equal ones per cell. */
export class VertexStore {
  floats = new Float32Array(0);
  words = new Uint32Array(0);
  /** Vertices written. */
  count = 0;
  readonly copies: 1 | 4;
  readonly stride: number;

  constructor(copies: 1 | 4, stride = VERTEX_WORDS) {
    this.copies = copies;
    this.stride = stride;
  }

  /** Makes room for so many cells in all; keeps what is there. */
  reserve(cells: number): void {
    const needed = cells * this.copies * this.stride;
    const before = this.words;
    if (needed <= before.length) return;
    const buffer = new ArrayBuffer(4 * Math.ceil(1.5 * needed));
    this.floats = new Float32Array(buffer);
    this.words = new Uint32Array(buffer);
    this.words.set(before);
  }

  push(x: number, y: number, radius: number, colour: number, state: number, halfX = 0, halfY = 0): void {
    const { copies, stride } = this;
    if ((this.count + copies) * stride > this.words.length) this.reserve(this.count / copies + 1);
    const { floats, words } = this;
    for (let copy = 0; copy < copies; copy++) {
      const at = this.count++ * stride;
      floats[at] = x;
      floats[at + 1] = y;
      floats[at + 2] = radius;
      words[at + 3] = colour;
      words[at + 4] = state;
      if (stride === VERTEX_WORDS) continue;
      floats[at + 5] = halfX;
      floats[at + 6] = halfY;
    }
  }
}

/** Cells further from the slice than so many radii are not drawn. */
const SLICE_REACH = 3;
/** The farthest cell drawn is this much hidden by the background. */
const MOST_FOG = 0.8;
const LAYERS = 32;

/** How far a cell lies from the slice: 0 while the slice cuts it, 1 (and more) where it is no longer drawn. */
export function sliceDistance(z: number, radius: number, slice: number): number {
  return Math.max(0, (Math.abs(z - slice) / radius - 1) / (SLICE_REACH - 1));
}

/** Height of the point of a cell's axis that is nearest to the slice. */
export function heightNearest(frame: Frame, slot: number, slice: number): number {
  const z = frame.z[slot];
  if (!frame.half) return z;
  const reach = Math.abs(frame.half.z[slot]);
  return z > slice ? Math.max(slice, z - reach) : Math.min(slice, z + reach);
}

/** Share of the cycle done: 0 at birth, 1 at division; 0 for cells that do not divide. */
export function cyclePhase(frame: Frame, slot: number): number {
  const phase = frame.phase?.[slot] ?? Number.NaN;
  if (phase >= 0) return phase;
  const birth = frame.birthVolume[slot];
  const end = frame.divisionVolume[slot];
  if (!(end > birth) || end === Number.POSITIVE_INFINITY) return 0;
  return Math.min(1, Math.max(0, (frame.volume[slot] - birth) / (end - birth)));
}

/**
 * Writes the cells within the window, in 3-D from far to near; those that carry a ring go into a store of their own (or,
 * where it is the same, come last), so that no neighbour covers it. Returns the largest radius among them.
 */
export function writeCells(store: VertexStore, rings: VertexStore, cells: CellSelection): number {
  const { frame, colours, selected, hovered, left, right, bottom, top, slice } = cells;
  const { count, x, y, radius, id, volume, birthVolume, divisionVolume, half } = frame;
  store.count = 0;
  rings.count = 0;
  const anySelected = selected.size > 0;
  const ringed: number[] = [];
  const order = slice === null ? null : depthOrder(cells, slice);
  const total = order ? order.length : count;
  let largest = 0;

  for (let i = 0; i < total; i++) {
    const slot = order ? order[i] : i;
    const r = radius[slot];
    const cx = x[slot];
    const cy = y[slot];
    const hx = half ? half.x[slot] : 0;
    const hy = half ? half.y[slot] : 0;
    const wide = half ? r + Math.abs(hx) : r;
    const high = half ? r + Math.abs(hy) : r;
    if (cx + wide < left || cx - wide > right || cy + high < bottom || cy - high > top) continue;
    if (r > largest) largest = r;
    if (slot === hovered || (anySelected && selected.has(id[slot]))) {
      ringed.push(slot);
      continue;
    }
    const birth = birthVolume[slot];
    const phase = (volume[slot] - birth) / (divisionVolume[slot] - birth);
    const dividing = phase > DIVIDING ? dividingByte(phase) : 0;
    const fog = slice === null ? 0 : fogByte(heightNearest(frame, slot, slice), r, slice);
    store.push(cx, cy, r, colours[slot], (dividing << 8) | (fog << 16), hx, hy);
  }
  for (const slot of ringed) {
    const ring = anySelected && selected.has(id[slot]) ? RING_SELECTED : RING_HOVERED;
    const phase = cyclePhase(frame, slot);
    const dividing = phase > DIVIDING ? dividingByte(phase) : 0;
    const fog = slice === null ? 0 : fogByte(heightNearest(frame, slot, slice), radius[slot], slice);
    const state = ring | (dividing << 8) | (fog << 16);
    const [hx, hy] = half ? [half.x[slot], half.y[slot]] : [0, 0];
    rings.push(x[slot], y[slot], radius[slot], colours[slot], state, hx, hy);
  }
  return largest;
}

/** 40 % at 0.9 of the cycle, all of it at 1. */
function dividingByte(phase: number): number {
  return Math.round(255 * Math.min(1, 0.4 + 6 * (phase - DIVIDING)));
}

function fogByte(z: number, radius: number, slice: number): number {
  return Math.round(255 * MOST_FOG * Math.min(1, sliceDistance(z, radius, slice)));
}

/** Slots near the slice, the farthest first: a counting sort over LAYERS depths. */
function depthOrder({ frame }: CellSelection, slice: number): Uint32Array {
  const { count, radius } = frame;
  const starts = new Uint32Array(LAYERS + 1);
  const layerOf = (slot: number): number => {
    const distance = Math.abs(heightNearest(frame, slot, slice) - slice) / radius[slot] / SLICE_REACH;
    return distance >= 1 ? -1 : LAYERS - 1 - Math.floor(distance * LAYERS);
  };
  for (let slot = 0; slot < count; slot++) {
    const layer = layerOf(slot);
    if (layer >= 0) starts[layer + 1]++;
  }
  for (let layer = 0; layer < LAYERS; layer++) starts[layer + 1] += starts[layer];
  const order = new Uint32Array(starts[LAYERS]);
  for (let slot = 0; slot < count; slot++) {
    const layer = layerOf(slot);
    if (layer >= 0) order[starts[layer]++] = slot;
  }
  return order;
}
