import type { Grid } from '../fields/grid.ts';
import { between, wrap } from './geometry.ts';
import { createCellList } from './neighbours.ts';
import { type Obstacles, obstaclesOf } from './obstacles.ts';
import type { Population } from './population.ts';
import { pushRodClear } from './rodObstacles.ts';

/**
 * The cells as rigid bodies, copied into spatial order for the length of one `advance`: centre, axis, half length h and radius
 * r, and their drag. With lengths in µm and forces as in contacts.ts (µm²), a body moves at rate · F / drag and turns at rate ·
 * T / turningDrag.
 *
 * The drag is spread evenly over the whole length 2 (r + h), isotropic: drag = r + h (a disc's or sphere's r where h = 0), and
 * turningDrag = ∫ s² ds · drag / length = drag (r + h)² / 3.
 */
export interface Bodies {
  count: number;
  slot: Int32Array;
  type: Uint16Array;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  /** Unit axes. */
  ux: Float64Array;
  uy: Float64Array;
  uz: Float64Array;
  /** Half length between the centres of the caps, µm. */
  half: Float64Array;
  radius: Float64Array;
  /** r + h: what a circle about the centre needs to hold the body, and its drag. */
  extent: Float64Array;
  capacity: number;
}

export interface BodyStore {
  readonly bodies: Bodies;
  /** Copies the population in spatial order, confined to the domain. */
  load(population: Population): void;
  /** Writes centres and axes back. */
  store(population: Population): void;
  /** Wraps centres on periodic axes. */
  wrapCentres(): void;
  /** Moves and turns body i by a displacement (µm) and a rotation vector (rad). */
  move(i: number, dx: number, dy: number, dz: number, wx: number, wy: number, wz: number): void;
  /** Puts body i between the walls and out of obstacles, by motions of least drag. */
  confine(i: number): void;
  bytes(): number;
}

/** Passes of `confine` over the walls that a body crosses; what is then left is undone by a shift. */
const WALL_PASSES = 8;

export function createBodyStore(grid: Grid): BodyStore {
  const bodies: Bodies = {
    count: 0,
    slot: new Int32Array(0),
    type: new Uint16Array(0),
    x: new Float64Array(0),
    y: new Float64Array(0),
    z: new Float64Array(0),
    ux: new Float64Array(0),
    uy: new Float64Array(0),
    uz: new Float64Array(0),
    half: new Float64Array(0),
    radius: new Float64Array(0),
    extent: new Float64Array(0),
    capacity: 0,
  };
  const order = createCellList(grid);
  const obstacles = obstaclesOf(grid);
  const pose = new Float64Array(6);
  const walled = [0, 1, 2].filter(axis => axis < grid.dimensions && !grid.periodic[axis]);

  function makeRoom(capacity: number): void {
    if (bodies.capacity >= capacity) return;
    bodies.capacity = capacity;
    bodies.slot = new Int32Array(capacity);
    bodies.type = new Uint16Array(capacity);
    for (const name of ['x', 'y', 'z', 'ux', 'uy', 'uz', 'half', 'radius', 'extent'] as const) {
      bodies[name] = new Float64Array(capacity);
    }
  }

  function move(i: number, dx: number, dy: number, dz: number, wx: number, wy: number, wz: number): void {
    bodies.x[i] += dx;
    bodies.y[i] += dy;
    bodies.z[i] += dz;
    if (wx === 0 && wy === 0 && wz === 0) return;
    const { ux, uy, uz } = bodies;
    const x = ux[i];
    const y = uy[i];
    const z = uz[i];
    // u + ω × u, made a unit vector: the rotation by atan |ω|, of second order in ω like any other.
    const tx = x + wy * z - wz * y;
    const ty = y + wz * x - wx * z;
    const tz = z + wx * y - wy * x;
    const norm = Math.sqrt(tx * tx + ty * ty + tz * tz);
    ux[i] = tx / norm;
    uy[i] = ty / norm;
    uz[i] = tz / norm;
  }

  function confine(i: number): void {
    betweenWalls(i);
    if (obstacles) clearOf(obstacles, i);
  }

  function betweenWalls(i: number): void {
    const { half, radius, extent, ux, uy, uz } = bodies;
    const h = half[i];
    const r = radius[i];
    for (let pass = 0; h > 0 && pass < WALL_PASSES; pass++) {
      // The end that is deepest in a wall.
      let deepest = 1e-12 * r;
      let at = -1;
      let inward = 0;
      let end = 0;
      for (const axis of walled) {
        const centre = axis === 0 ? bodies.x[i] : axis === 1 ? bodies.y[i] : bodies.z[i];
        const along = h * (axis === 0 ? ux[i] : axis === 1 ? uy[i] : uz[i]);
        if (2 * r >= grid.size[axis]) continue;
        for (let side = -1; side <= 1; side += 2) {
          const cap = centre + side * along;
          const below = r - cap;
          const above = cap + r - grid.size[axis];
          if (Math.max(below, above) <= deepest) continue;
          deepest = Math.max(below, above);
          at = axis;
          end = side;
          inward = below >= above ? 1 : -1;
        }
      }
      if (at < 0) break;
      const ax = end * h * ux[i];
      const ay = end * h * uy[i];
      const az = end * h * uz[i];
      // Torque of a unit force inward at that end.
      const tx = at === 2 ? ay * inward : at === 1 ? -az * inward : 0;
      const ty = at === 0 ? az * inward : at === 2 ? -ax * inward : 0;
      const tz = at === 1 ? ax * inward : at === 0 ? -ay * inward : 0;
      const drag = extent[i];
      const turning = (drag * drag * drag) / 3;
      const push = deepest / (1 / drag + (tx * tx + ty * ty + tz * tz) / turning);
      const shift = (push / drag) * inward;
      move(
        i,
        at === 0 ? shift : 0,
        at === 1 ? shift : 0,
        at === 2 ? shift : 0,
        (push * tx) / turning,
        (push * ty) / turning,
        (push * tz) / turning,
      );
    }
    for (const axis of walled) {
      const column = axis === 0 ? bodies.x : axis === 1 ? bodies.y : bodies.z;
      const along = axis === 0 ? ux[i] : axis === 1 ? uy[i] : uz[i];
      column[i] = between(column[i], r + h * Math.abs(along), grid.size[axis]);
    }
  }

  /** Out of obstacles, which may take it across a periodic boundary. */
  function clearOf(obstacles: Obstacles, i: number): void {
    const { x, y, z, ux, uy, uz, half, radius } = bodies;
    pose[0] = x[i];
    pose[1] = y[i];
    pose[2] = z[i];
    pose[3] = ux[i];
    pose[4] = uy[i];
    pose[5] = uz[i];
    if (!pushRodClear(obstacles, pose, half[i], radius[i])) return;
    x[i] = pose[0];
    y[i] = pose[1];
    if (grid.dimensions === 3) z[i] = pose[2];
    ux[i] = pose[3];
    uy[i] = pose[4];
    uz[i] = pose[5];
  }

  function wrapCentres(): void {
    for (let axis = 0; axis < grid.dimensions; axis++) {
      if (!grid.periodic[axis]) continue;
      const column = axis === 0 ? bodies.x : axis === 1 ? bodies.y : bodies.z;
      for (let i = 0; i < bodies.count; i++) column[i] = wrap(column[i], grid.size[axis]);
    }
  }

  return {
    bodies,
    move,
    confine,
    wrapCentres,
    load(population) {
      const { count, rods, radius } = population;
      makeRoom(population.capacity);
      bodies.count = count;
      let largest = 0;
      for (let i = 0; i < count; i++)
        largest = Math.max(largest, radius[i] + (rods ? rods.halfLength[i] : 0));
      order.build(population, 2 * largest);
      const { slot } = order.list;
      for (let i = 0; i < count; i++) {
        const s = slot[i];
        bodies.slot[i] = s;
        bodies.type[i] = population.type[s];
        bodies.x[i] = population.x[s];
        bodies.y[i] = population.y[s];
        bodies.z[i] = population.z[s];
        bodies.ux[i] = rods ? rods.axisX[s] : 1;
        bodies.uy[i] = rods ? rods.axisY[s] : 0;
        bodies.uz[i] = rods ? rods.axisZ[s] : 0;
        bodies.half[i] = rods ? rods.halfLength[s] : 0;
        bodies.radius[i] = radius[s];
        bodies.extent[i] = bodies.radius[i] + bodies.half[i];
      }
      for (let i = 0; i < count; i++) confine(i);
      wrapCentres();
    },
    store(population) {
      const { rods } = population;
      wrapCentres();
      for (let i = 0; i < bodies.count; i++) {
        const s = bodies.slot[i];
        population.x[s] = bodies.x[i];
        population.y[s] = bodies.y[i];
        population.z[s] = bodies.z[i];
        if (!rods) continue;
        rods.axisX[s] = bodies.ux[i];
        rods.axisY[s] = bodies.uy[i];
        rods.axisZ[s] = bodies.uz[i];
      }
    },
    bytes: () => order.bytes() + bodies.capacity * (4 + 2 + 9 * 8),
  };
}
