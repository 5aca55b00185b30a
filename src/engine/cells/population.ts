import { like } from '../crew/column.ts';
import {
  type Calendar,
  type CalendarCopy,
  clearSlot,
  copyCalendar,
  fitCalendar,
  moveSlot,
  restoreCalendar,
} from './calendar.ts';
import { clearLife, fitLife, LIFE_COLUMNS, type Life, moveLife } from './life.ts';
import { clearMotion, fitMotion, type MotionState, moveMotion } from './motion.ts';
import { clearRod, fitRods, moveRod, ROD_COLUMNS, type Rods } from './rods.ts';

/**
 * The cells of a model as a structure of arrays with spare capacity: column[i] belongs to the cell in slot i,
 * 0 ≤ i < count. Ids are stable; slots are not (removal moves the last cell into the gap).
 */
export interface Population {
  count: number;
  capacity: number;
  /** Number of amounts per cell: the largest species count of all types. */
  readonly stride: number;
  /** Next id to hand out; founders have ids from 1, parent 0. */
  nextId: number;
  id: Uint32Array;
  parent: Uint32Array;
  type: Uint16Array;
  /** Centre, µm; z = thickness / 2 in 2-D. */
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  /** µm; follows volume. */
  radius: Float64Array;
  /** µm³ = biomass / dryDensity. */
  volume: Float64Array;
  /** Simulated time of birth, s. */
  birthTime: Float64Array;
  /** Volume at birth, µm³. */
  birthVolume: Float64Array;
  /** Volume at which the cell will divide, µm³ (Infinity for types that do not). */
  divisionVolume: Float64Array;
  /** amounts[i * stride + s]: molecules of species s; s = 0 is biomass in fg. */
  amounts: Float64Array;
  /** Random stream of cell i: words 4i … 4i + 3 (random/xoshiro.ts). */
  streams: Uint32Array;
  /** What is under way in the cells; only where a type has delays or events. */
  calendar?: Calendar;
  /** Axes and lengths; only where a type is a rod. */
  rods?: Rods;
  /** Phases of cycles and quiescence; only where a type has phases or rules. */
  life?: Life;
  /** Of cells that move by themselves; only where a type does. */
  motion?: MotionState;
  /** Pressure of neighbours at the start of the step (pressure.ts), a function of the rest; only where a rate reads it. */
  pressure?: Float64Array;
}

/** An empty population with room for `capacity` cells of `stride` amounts each. */
export function createPopulation(capacity: number, stride: number): Population {
  return {
    count: 0,
    capacity,
    stride,
    nextId: 1,
    id: new Uint32Array(capacity),
    parent: new Uint32Array(capacity),
    type: new Uint16Array(capacity),
    x: new Float64Array(capacity),
    y: new Float64Array(capacity),
    z: new Float64Array(capacity),
    radius: new Float64Array(capacity),
    volume: new Float64Array(capacity),
    birthTime: new Float64Array(capacity),
    birthVolume: new Float64Array(capacity),
    divisionVolume: new Float64Array(capacity),
    amounts: new Float64Array(capacity * stride),
    streams: new Uint32Array(4 * capacity),
  };
}

/**
 * Makes room for at least `capacity` cells. Replaces the columns, so references to them taken before are stale
 * afterwards (as they are after `append`).
 */
export function ensureCapacity(population: Population, capacity: number): void {
  if (capacity <= population.capacity) return;
  const { stride } = population;
  population.id = longer(population.id, capacity);
  population.parent = longer(population.parent, capacity);
  population.type = longer(population.type, capacity);
  population.x = longer(population.x, capacity);
  population.y = longer(population.y, capacity);
  population.z = longer(population.z, capacity);
  population.radius = longer(population.radius, capacity);
  population.volume = longer(population.volume, capacity);
  population.birthTime = longer(population.birthTime, capacity);
  population.birthVolume = longer(population.birthVolume, capacity);
  population.divisionVolume = longer(population.divisionVolume, capacity);
  population.amounts = longer(population.amounts, capacity * stride);
  population.streams = longer(population.streams, 4 * capacity);
  population.capacity = capacity;
  if (population.calendar) fitCalendar(population.calendar, capacity);
  if (population.rods) fitRods(population.rods, capacity);
  if (population.life) fitLife(population.life, capacity);
  if (population.motion) fitMotion(population.motion, capacity);
  if (population.pressure) population.pressure = longer(population.pressure, capacity);
}

function longer<A extends Uint16Array | Uint32Array | Float64Array>(from: A, length: number): A {
  const to = like(from, length);
  to.set(from);
  return to;
}

/**
 * Adds a cell with the next id and everything else zero (divisionVolume Infinity); returns its slot. The caller sets
 * its columns, its stream above all. Capacity doubles when full.
 */
export function append(population: Population): number {
  if (population.nextId > 0xffffffff)
    throw new RangeError('no cell ids are left: 2³² − 1 have been handed out');
  if (population.count === population.capacity)
    ensureCapacity(population, Math.max(16, 2 * population.capacity));
  const slot = population.count++;
  const { stride } = population;
  population.id[slot] = population.nextId++;
  population.parent[slot] = 0;
  population.type[slot] = 0;
  population.x[slot] = 0;
  population.y[slot] = 0;
  population.z[slot] = 0;
  population.radius[slot] = 0;
  population.volume[slot] = 0;
  population.birthTime[slot] = 0;
  population.birthVolume[slot] = 0;
  population.divisionVolume[slot] = Number.POSITIVE_INFINITY;
  population.amounts.fill(0, slot * stride, (slot + 1) * stride);
  population.streams.fill(0, 4 * slot, 4 * slot + 4);
  if (population.calendar) clearSlot(population.calendar, slot);
  if (population.rods) clearRod(population.rods, slot);
  if (population.life) clearLife(population.life, slot);
  if (population.motion) clearMotion(population.motion, slot);
  if (population.pressure) population.pressure[slot] = 0;
  return slot;
}

/** Removes the cell in `slot`; the last cell moves into the gap. */
export function removeSlot(population: Population, slot: number): void {
  if (!(slot >= 0 && slot < population.count)) {
    throw new RangeError(`slot ${slot} holds no cell: slots run from 0 to ${population.count - 1}`);
  }
  const last = --population.count;
  if (population.calendar && slot === last) clearSlot(population.calendar, slot);
  if (slot === last) return;
  const { stride } = population;
  population.id[slot] = population.id[last];
  population.parent[slot] = population.parent[last];
  population.type[slot] = population.type[last];
  population.x[slot] = population.x[last];
  population.y[slot] = population.y[last];
  population.z[slot] = population.z[last];
  population.radius[slot] = population.radius[last];
  population.volume[slot] = population.volume[last];
  population.birthTime[slot] = population.birthTime[last];
  population.birthVolume[slot] = population.birthVolume[last];
  population.divisionVolume[slot] = population.divisionVolume[last];
  population.amounts.copyWithin(slot * stride, last * stride, (last + 1) * stride);
  population.streams.copyWithin(4 * slot, 4 * last, 4 * last + 4);
  if (population.calendar) moveSlot(population.calendar, last, slot);
  if (population.rods) moveRod(population.rods, last, slot);
  if (population.life) moveLife(population.life, last, slot);
  if (population.motion) moveMotion(population.motion, last, slot);
  if (population.pressure) population.pressure[slot] = population.pressure[last];
}

/**
 * Writes the slots of all cells of a type into `into`, ascending, and returns how many there are. `into` must have
 * room for the whole population.
 */
export function slotsOfType(population: Population, type: number, into: Int32Array): number {
  const { count, type: types } = population;
  if (into.length < count)
    throw new RangeError(`room for ${into.length} slots, but there are ${count} cells`);
  let found = 0;
  for (let slot = 0; slot < count; slot++) if (types[slot] === type) into[found++] = slot;
  return found;
}

/** Bytes per slot of capacity: what the columns above take, without the calendar. */
export function bytesPerCell(population: Population): number {
  const columns = [
    population.id,
    population.parent,
    population.type,
    population.x,
    population.y,
    population.z,
    population.radius,
    population.volume,
    population.birthTime,
    population.birthVolume,
    population.divisionVolume,
    population.amounts,
    population.streams,
    ...ROD_COLUMNS.flatMap(name => population.rods?.[name] ?? []),
    ...LIFE_COLUMNS.flatMap(name => population.life?.[name] ?? []),
    ...(population.pressure ? [population.pressure] : []),
  ];
  let bytes = 0;
  for (const column of columns) bytes += column.BYTES_PER_ELEMENT * (column.length / population.capacity);
  return bytes;
}

/**
 * What a rejected window must put back: amounts and random streams. Volume, radius and length follow from biomass
 * (refreshGeometry); nothing else changes before a window is accepted.
 */
export interface Backup {
  count: number;
  amounts: Float64Array;
  streams: Uint32Array;
  calendar?: CalendarCopy;
}

export function createBackup(): Backup {
  return { count: 0, amounts: new Float64Array(0), streams: new Uint32Array(0) };
}

/** Copies the state into the backup, which grows with the population's capacity and is otherwise reused. */
export function backUp(backup: Backup, population: Population): void {
  fitBackup(backup, population);
  backUpSlots(backup, population, 0, population.count);
}

/** Begins a copy: makes room, and copies what is under way. */
export function fitBackup(backup: Backup, population: Population): void {
  if (backup.amounts.length !== population.amounts.length) {
    backup.amounts = like(backup.amounts, population.amounts.length);
    backup.streams = like(backup.streams, population.streams.length);
  }
  backup.count = population.count;
  if (population.calendar) backup.calendar = copyCalendar(population.calendar, population.count);
}

/** Copies amounts and streams of the cells in slots from … to. */
export function backUpSlots(
  { amounts, streams }: Backup,
  population: Population,
  from: number,
  to: number,
): void {
  const { stride } = population;
  amounts.set(population.amounts.subarray(from * stride, to * stride), from * stride);
  streams.set(population.streams.subarray(4 * from, 4 * to), 4 * from);
}

/** Puts the state back. No cell may have been added, removed or moved between slots since backUp. */
export function restore(backup: Backup, population: Population): void {
  if (backup.count !== population.count || backup.amounts.length !== population.amounts.length) {
    throw new RangeError(
      `a backup of ${backup.count} cells does not fit a population of ${population.count}`,
    );
  }
  const { count, stride } = population;
  population.amounts.set(backup.amounts.subarray(0, count * stride));
  population.streams.set(backup.streams.subarray(0, 4 * count));
  if (population.calendar && backup.calendar) restoreCalendar(population.calendar, backup.calendar);
}
