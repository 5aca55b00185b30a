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
}
