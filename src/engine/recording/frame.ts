import { cycleShare, needsLife } from '../cells/life.ts';
import type { Description } from '../description/description.ts';
import type { Model } from '../model/model.ts';

/**
 * A frame: what one moment of a run looks like, in one ArrayBuffer that can be transferred, stored and drawn as it is. Live
 * view and replay consume the same frames. Single precision: frames are for eyes, snapshots for resuming.
 *
 * Layout, little-endian, every section aligned to 8 bytes:
 *
 *     header   Float64 × 10  magic, step, time (s), count, stride, deaths, fields, voxels, reservoirs, which columns there are (1: rods, 2: phases, or both)
 *     id, parent             Uint32 × count
 *     type                   Uint32 × count
 *     x, y, z, radius        Float32 × count, µm
 *     volume, birthVolume, divisionVolume   Float32 × count, µm³
 *     birthTime              Float32 × count, s
 *     halfX, halfY, halfZ    Float32 × count, µm: from the centre to a cap of a rod (0 for others); where there are rods
 *     phase                  Float32 × count: share of the cycle of phases, NaN in types without; where there are any
 *     amounts                Float32 × count × stride, molecules (species 0: fg)
 *     deaths                 Float32 × deaths × 7: x, y, z, radius, type, halfX, halfY of cells that died since the last frame
 *     fields                 Float32 × voxels, one after the other, molecules/µm³
 *     bulk                   Float32 × reservoirs, those of field after field, molecules/µm³
 */
export interface Frame {
  readonly buffer: ArrayBuffer;
  readonly step: number;
  /** s */
  readonly time: number;
  readonly count: number;
  /** Amounts per cell. */
  readonly stride: number;
  readonly id: Uint32Array;
  readonly parent: Uint32Array;
  readonly type: Uint32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly z: Float32Array;
  readonly radius: Float32Array;
  readonly volume: Float32Array;
  readonly birthVolume: Float32Array;
  readonly divisionVolume: Float32Array;
  readonly birthTime: Float32Array;
  /** From the centre of a cell to the centre of its cap, µm; left out where no type is a rod. */
  readonly half?: { readonly x: Float32Array; readonly y: Float32Array; readonly z: Float32Array };
  /** Share of its cycle that a cell has behind it, NaN for those that divide by volume or not at all; left out where all do. */
  readonly phase?: Float32Array;
  /** amounts[cell * stride + species] */
  readonly amounts: Float32Array;
  /** Seven numbers per death: x, y, z, radius, type, and from the centre to a cap, as in `half`. */
  readonly deaths: Float32Array;
  readonly fields: readonly Float32Array[];
  /** What the reservoirs of field after field hold. */
  readonly bulk: Float32Array;
}

const MAGIC = 0xce11f1e1d;
const HEADER = 10;
const RODS = 1;
const PHASES = 2;
/** Numbers per death. */
export const DEATH_NUMBERS = 7;

/** Bytes of a frame with so many cells and deaths. */
export function frameBytes(description: Description, stride: number, count: number, deaths: number): number {
  return bytesOf({
    count,
    stride,
    deaths,
    fields: description.fields.length,
    voxels: description.grid.voxels,
    reservoirs: reservoirCount(description),
    rods: description.cellTypes.some(({ shape }) => shape.kind === 'rod'),
    phases: needsLife(description.cellTypes),
  });
}

function reservoirCount({ fields }: Description): number {
  return fields.reduce((sum, { reservoirs = [] }) => sum + reservoirs.length, 0);
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** How much a frame holds. */
export interface FrameSize {
  readonly count: number;
  /** Amounts per cell. */
  readonly stride: number;
  readonly deaths: number;
  readonly fields: number;
  readonly voxels: number;
  readonly reservoirs: number;
  readonly rods: boolean;
  /** Whether there is the column `phase`. */
  readonly phases?: boolean;
}

function bytesOf({ count, stride, deaths, fields, voxels, reservoirs, rods, phases }: FrameSize): number {
  const cells = ((rods ? 14 : 11) + (phases ? 1 : 0)) * aligned(4 * count) + aligned(4 * count * stride);
  return (
    8 * HEADER +
    cells +
    aligned(4 * DEATH_NUMBERS * deaths) +
    fields * aligned(4 * voxels) +
    aligned(4 * reservoirs)
  );
}

/** A frame of this size to be filled; its sections hold anything. `reuse` is overwritten where it is large enough. */
export function startFrame(step: number, time: number, size: FrameSize, reuse?: ArrayBuffer): Frame {
  const bytes = bytesOf(size);
  // Room to grow, so that a growing colony does not need a new buffer for every frame.
  const buffer = reuse && reuse.byteLength >= bytes ? reuse : new ArrayBuffer(Math.ceil(1.25 * bytes));
  const { count, stride, deaths, fields, voxels, reservoirs, rods, phases } = size;
  const header = new Float64Array(buffer, 0, HEADER);
  const columns = (rods ? RODS : 0) + (phases ? PHASES : 0);
  header.set([MAGIC, step, time, count, stride, deaths, fields, voxels, reservoirs, columns]);
  return readFrame(buffer);
}

/**
 * Writes the model into a frame. `reuse` is a buffer that may be overwritten (of an older frame, come back from its reader);
 * a larger one is made where it does not fit. `deaths` holds DEATH_NUMBERS per death since the last frame.
 */
export function writeFrame(model: Model, deaths: readonly number[] = [], reuse?: ArrayBuffer): Frame {
  const { population, description, fields } = model;
  const { count, stride } = population;
  const size: FrameSize = {
    count,
    stride,
    deaths: deaths.length / DEATH_NUMBERS,
    fields: fields.length,
    voxels: description.grid.voxels,
    reservoirs: reservoirCount(description),
    rods: population.rods !== undefined,
    phases: population.life !== undefined,
  };
  const frame = startFrame(model.step, model.step * description.time.step, size, reuse);
  frame.id.set(population.id.subarray(0, count));
  frame.parent.set(population.parent.subarray(0, count));
  frame.type.set(population.type.subarray(0, count));
  for (const name of [
    'x',
    'y',
    'z',
    'radius',
    'volume',
    'birthVolume',
    'divisionVolume',
    'birthTime',
  ] as const) {
    frame[name].set(population[name].subarray(0, count));
  }
  const { rods } = population;
  if (rods && frame.half) {
    const { x, y, z } = frame.half;
    for (let slot = 0; slot < count; slot++) {
      const half = rods.halfLength[slot];
      x[slot] = half * rods.axisX[slot];
      y[slot] = half * rods.axisY[slot];
      z[slot] = half * rods.axisZ[slot];
    }
  }
  const { life } = population;
  if (life && frame.phase) {
    for (let slot = 0; slot < count; slot++) {
      frame.phase[slot] = cycleShare(life, slot, description.cellTypes[population.type[slot]], frame.time);
    }
  }
  frame.amounts.set(population.amounts.subarray(0, count * stride));
  frame.deaths.set(deaths);
  fields.forEach((values, f) => {
    frame.fields[f].set(values);
  });
  frame.bulk.set(model.bulk.flatMap(held => [...held]));
  return frame;
}

/** Views into a frame's buffer. @throws RangeError where the buffer is no frame or too short */
export function readFrame(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < 8 * HEADER) throw new RangeError('too short for a frame');
  const header = new Float64Array(buffer, 0, HEADER);
  const [magic, step, time, count, stride, deaths, fieldCount, voxels, reservoirs, columns] = header;
  if (magic !== MAGIC) throw new RangeError('not a frame');
  let offset = 8 * HEADER;
  const floats = (length: number) => {
    const view = new Float32Array(buffer, offset, length);
    offset += aligned(4 * length);
    return view;
  };
  const words = (length: number) => {
    const view = new Uint32Array(buffer, offset, length);
    offset += aligned(4 * length);
    return view;
  };
  return {
    buffer,
    step,
    time,
    count,
    stride,
    id: words(count),
    parent: words(count),
    type: words(count),
    x: floats(count),
    y: floats(count),
    z: floats(count),
    radius: floats(count),
    volume: floats(count),
    birthVolume: floats(count),
    divisionVolume: floats(count),
    birthTime: floats(count),
    ...((columns & RODS) !== 0 && { half: { x: floats(count), y: floats(count), z: floats(count) } }),
    ...((columns & PHASES) !== 0 && { phase: floats(count) }),
    amounts: floats(count * stride),
    deaths: floats(DEATH_NUMBERS * deaths),
    fields: Array.from({ length: fieldCount }, () => floats(voxels)),
    bulk: floats(reservoirs),
  };
}
