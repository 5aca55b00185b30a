import type { Frame } from '../engine/recording/frame.ts';
import { cyclePhase } from './cellVertices.ts';
import { CELL_MAP, cellTable, type MapName, TABLE_SIZE } from './colour/maps.ts';
import { NEUTRAL, packColour, typeColour } from './colour/palette.ts';
import type { Range } from './colour/scale.ts';
import type { CellColouring } from './view.ts';

/** Packed colours of clones by a cell's id. */
export interface CloneColours {
  colour(id: number): number;
}

const PACKED_NEUTRAL = packColour(NEUTRAL);

/** Map of a colouring by quantity; null for types and lineages. */
export function mapOf(colouring: CellColouring): MapName | null {
  switch (colouring.by) {
    case 'type':
    case 'lineage':
      return null;
    case 'species':
      return colouring.map;
    default:
      return CELL_MAP;
  }
}

/**
 * The quantity that colours a cell, NaN where it has none: molecules or molecules/µm³ of a species, age (s), share of the
 * cycle, or growth: its mean relative growth rate since birth, ln(V/V₀)/age (1/s), which needs no earlier frame.
 */
export function quantity(frame: Frame, colouring: CellColouring, slot: number): number {
  switch (colouring.by) {
    case 'species': {
      if (frame.type[slot] !== colouring.type) return Number.NaN;
      const amount = frame.amounts[slot * frame.stride + colouring.species];
      return colouring.as === 'amount' ? amount : amount / frame.volume[slot];
    }
    case 'age':
      return Math.max(0, frame.time - frame.birthTime[slot]);
    case 'growth': {
      const age = frame.time - frame.birthTime[slot];
      return age > 0 ? Math.log(frame.volume[slot] / frame.birthVolume[slot]) / age : Number.NaN;
    }
    case 'phase':
      return (frame.phase?.[slot] ?? Number.NaN) >= 0 || Number.isFinite(frame.divisionVolume[slot])
        ? cyclePhase(frame, slot)
        : Number.NaN;
    default:
      return Number.NaN;
  }
}

/** Smallest and largest value over the cells that have one; null where none has. */
export function extent(frame: Frame, colouring: CellColouring): Range | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let slot = 0; slot < frame.count; slot++) {
    const value = quantity(frame, colouring, slot);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/**
 * Opacity of cells cut by the plane shown, where their colour is no measure: spheres fill space, and solid ones would leave
 * little of the field between them.
 */
const CUT_OPACITY = 0.3;

/**
 * Writes the packed colour of every cell; `range` is of the map, ignored by types and lineages, which are see-through where
 * `cut` says that a plane of a 3-D domain is shown.
 */
export function colourCells(
  frame: Frame,
  colouring: CellColouring,
  range: Range,
  lineage: CloneColours,
  target: Uint32Array,
  cut = false,
): void {
  const { count, type, id } = frame;
  if (colouring.by === 'type' || colouring.by === 'lineage') {
    const byType = colouring.by === 'type';
    const mask = cut ? (Math.round(255 * CUT_OPACITY) << 24) | 0xffffff : 0xffffffff;
    for (let slot = 0; slot < count; slot++) {
      target[slot] = (byType ? packedType(type[slot]) : lineage.colour(id[slot])) & mask;
    }
    return;
  }
  const table = packedTable(mapOf(colouring) ?? 'viridis');
  const [low, high] = range;
  const scale = (TABLE_SIZE - 1) / (high - low);
  for (let slot = 0; slot < count; slot++) {
    const value = quantity(frame, colouring, slot);
    if (Number.isNaN(value)) {
      target[slot] = PACKED_NEUTRAL;
      continue;
    }
    const entry = Math.round((value - low) * scale);
    target[slot] = table[entry < 0 ? 0 : entry >= TABLE_SIZE ? TABLE_SIZE - 1 : entry];
  }
}

const PACKED_TYPES: number[] = [];

export function packedType(type: number): number {
  PACKED_TYPES[type] ??= packColour(typeColour(type));
  return PACKED_TYPES[type];
}

const packedTables = new Map<MapName, Uint32Array>();

function packedTable(map: MapName): Uint32Array {
  let packed = packedTables.get(map);
  if (!packed) {
    const table = cellTable(map);
    packed = Uint32Array.from({ length: TABLE_SIZE }, (_, i) =>
      packColour([table[3 * i], table[3 * i + 1], table[3 * i + 2]]),
    );
    packedTables.set(map, packed);
  }
  return packed;
}
