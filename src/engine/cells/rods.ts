/**
 * What a population keeps of rods (spherocylinders; in 2-D stadia through the slab) beside the columns of all cells: the
 * segment between the centres of the two caps is centre ± halfLength · axis. Only where a type is a rod; other cells then have
 * halfLength 0 and an axis that nobody reads.
 */
export interface Rods {
  /** Unit vector from the older to the younger end, as far as ends are told apart; z = 0 in 2-D. */
  axisX: Float64Array;
  axisY: Float64Array;
  axisZ: Float64Array;
  /** Half the distance between the centres of the caps, µm; follows volume. */
  halfLength: Float64Array;
}

/** The columns, in the order of snapshots and of the state hash. */
export const ROD_COLUMNS = ['axisX', 'axisY', 'axisZ', 'halfLength'] as const;

export function createRods(capacity: number): Rods {
  return {
    axisX: new Float64Array(capacity).fill(1),
    axisY: new Float64Array(capacity),
    axisZ: new Float64Array(capacity),
    halfLength: new Float64Array(capacity),
  };
}

export function fitRods(rods: Rods, capacity: number): void {
  for (const name of ROD_COLUMNS) {
    const longer = new Float64Array(capacity);
    if (name === 'axisX') longer.fill(1);
    longer.set(rods[name]);
    rods[name] = longer;
  }
}

/** A cell with no length. */
export function clearRod(rods: Rods, slot: number): void {
  rods.axisX[slot] = 1;
  rods.axisY[slot] = 0;
  rods.axisZ[slot] = 0;
  rods.halfLength[slot] = 0;
}

export function moveRod(rods: Rods, from: number, to: number): void {
  for (const name of ROD_COLUMNS) rods[name][to] = rods[name][from];
}

/** From the centre of the cell in `slot` to that of its younger cap, µm. */
export function halfAxis(rods: Rods, slot: number): Float64Array {
  const half = rods.halfLength[slot];
  return Float64Array.of(half * rods.axisX[slot], half * rods.axisY[slot], half * rods.axisZ[slot]);
}
