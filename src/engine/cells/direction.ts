import { normal } from '../random/normal.ts';
import { mix, uniform } from '../random/xoshiro.ts';

/**
 * Writes a unit vector, uniform over directions, into `into`: in the x–y plane for two dimensions. A point uniform in
 * the disc or ball is normalised (rejection from the square or cube), with no function but a square root.
 */
export function randomDirection(
  state: Uint32Array,
  offset: number,
  dimensions: 2 | 3,
  into: Float64Array,
): void {
  for (;;) {
    const x = 2 * uniform(state, offset) - 1;
    const y = 2 * uniform(state, offset) - 1;
    const z = dimensions === 3 ? 2 * uniform(state, offset) - 1 : 0;
    const square = x * x + y * y + z * z;
    if (square > 1 || square < 1e-6) continue;
    const length = Math.sqrt(square);
    into[0] = x / length;
    into[1] = y / length;
    into[2] = z / length;
    return;
  }
}

/**
 * Turns a unit vector by a random angle, in the plane (2-D) or about both axes across it (3-D): a normal displacement of
 * standard deviation `noise` across the vector, which is then made a unit vector again. For small angles that is the angle in
 * rad; no function but a square root is needed.
 */
export function tiltDirection(
  state: Uint32Array,
  offset: number,
  dimensions: 2 | 3,
  noise: number,
  axis: Float64Array,
): void {
  if (noise === 0) return;
  const [x, y, z] = axis;
  const first = noise * normal(state, offset);
  if (dimensions === 2) {
    axis[0] = x - first * y;
    axis[1] = y + first * x;
  } else {
    const second = noise * normal(state, offset);
    // Across it: its product with the coordinate axis from which it is furthest, then with that.
    const ax = Math.abs(x);
    const ay = Math.abs(y);
    const az = Math.abs(z);
    let [ex, ey, ez] = ax <= ay && ax <= az ? [0, z, -y] : ay <= az ? [-z, 0, x] : [y, -x, 0];
    const norm = Math.sqrt(ex * ex + ey * ey + ez * ez);
    ex /= norm;
    ey /= norm;
    ez /= norm;
    axis[0] = x + first * ex + second * (y * ez - z * ey);
    axis[1] = y + first * ey + second * (z * ex - x * ez);
    axis[2] = z + first * ez + second * (x * ey - y * ex);
  }
  const length = Math.sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
  axis[0] /= length;
  axis[1] /= length;
  axis[2] /= length;
}

/**
 * A direction for two cells whose centres coincide, fixed by their ids: from the cell with the smaller id towards the
 * other. Any rule does that both cells agree on; hashing spreads several cells in one place over all directions.
 */
export function directionOfPair(id1: number, id2: number, dimensions: 2 | 3, into: Float64Array): void {
  const low = Math.min(id1, id2);
  const high = Math.max(id1, id2);
  let word = mix(low ^ Math.imul(high, 0x9e3779b9));
  for (let axis = 0; axis < 3; axis++) {
    word = mix(word + 0x9e3779b9);
    // Odd multiples of 2⁻³² lie in (−1, 1) and are never zero.
    into[axis] = axis < dimensions ? (2 * word + 1 - 0x100000000) / 0x100000000 : 0;
  }
  const length = Math.sqrt(into[0] * into[0] + into[1] * into[1] + into[2] * into[2]);
  for (let axis = 0; axis < 3; axis++) into[axis] /= length;
}
