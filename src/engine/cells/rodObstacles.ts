import type { Balls, Obstacles } from './obstacles.ts';

/** Balls along the axis of a rod that are held off obstacles: at most so many radii apart. */
const APART = 0.5;
/** Turns and shifts of a rod; what is then left is undone by shifts alone, */
const TURNS = 12;
/** so often. */
const SHIFTS = 12;

const ball = {
  count: 1,
  x: new Float64Array(1),
  y: new Float64Array(1),
  z: new Float64Array(1),
  radius: new Float64Array(1),
} satisfies Balls;

/** How deep a rod from `centre` ± `half` (µm) reaches into obstacles, as the deepest of balls along its axis; 0 where it is clear. */
export function depthOfRod(
  obstacles: Obstacles,
  centre: ArrayLike<number>,
  half: ArrayLike<number>,
  radius: number,
): number {
  const balls = ballsOf(half, radius);
  let deepest = 0;
  for (let n = -balls; n <= balls; n++) {
    const t = balls > 0 ? n / balls : 0;
    deepest = Math.max(
      deepest,
      obstacles.depth(centre[0] + t * half[0], centre[1] + t * half[1], centre[2] + t * half[2], radius),
    );
  }
  return deepest;
}

function ballsOf(half: ArrayLike<number>, radius: number): number {
  const length = Math.sqrt(half[0] * half[0] + half[1] * half[1] + half[2] * half[2]);
  return radius > 0 ? Math.ceil(length / (APART * radius)) : 0;
}

/**
 * Moves a rod out of obstacles: its deepest ball to the nearest place that is clear for it, by the shift and turn of least drag
 * (bodies.ts), and so on. `pose` is the centre and the unit axis, which change; `h` its half length. True where it was moved.
 */
export function pushRodClear(obstacles: Obstacles, pose: Float64Array, h: number, radius: number): boolean {
  const drag = radius + h;
  const turning = (drag * drag * drag) / 3;
  const half = new Float64Array(3);
  let moved = false;
  for (let pass = 0; pass < TURNS + SHIFTS; pass++) {
    for (let k = 0; k < 3; k++) half[k] = h * pose[3 + k];
    const balls = ballsOf(half, radius);
    let deepest = 0;
    let at = 0;
    for (let n = -balls; n <= balls; n++) {
      const t = balls > 0 ? n / balls : 0;
      const depth = obstacles.depth(
        pose[0] + t * half[0],
        pose[1] + t * half[1],
        pose[2] + t * half[2],
        radius,
      );
      if (depth <= deepest) continue;
      deepest = depth;
      at = t;
    }
    if (deepest === 0) return moved;
    moved = true;
    const [px, py, pz] = [at * half[0], at * half[1], at * half[2]];
    ball.x[0] = pose[0] + px;
    ball.y[0] = pose[1] + py;
    ball.z[0] = pose[2] + pz;
    ball.radius[0] = radius;
    obstacles.clear(ball);
    const dx = ball.x[0] - pose[0] - px;
    const dy = ball.y[0] - pose[1] - py;
    const dz = ball.z[0] - pose[2] - pz;
    const way = Math.sqrt(dx * dx + dy * dy + dz * dz);
    if (way === 0) return moved;
    if (pass >= TURNS) {
      pose[0] += dx;
      pose[1] += dy;
      pose[2] += dz;
      continue;
    }
    // Torque of a unit force along the way.
    const tx = (py * dz - pz * dy) / way;
    const ty = (pz * dx - px * dz) / way;
    const tz = (px * dy - py * dx) / way;
    const push = way / (1 / drag + (tx * tx + ty * ty + tz * tz) / turning);
    pose[0] += (push / drag) * (dx / way);
    pose[1] += (push / drag) * (dy / way);
    pose[2] += (push / drag) * (dz / way);
    const [ux, uy, uz] = [pose[3], pose[4], pose[5]];
    const turn = push / turning;
    pose[3] = ux + turn * (ty * uz - tz * uy);
    pose[4] = uy + turn * (tz * ux - tx * uz);
    pose[5] = uz + turn * (tx * uy - ty * ux);
    const norm = Math.sqrt(pose[3] ** 2 + pose[4] ** 2 + pose[5] ** 2);
    for (let k = 3; k < 6; k++) pose[k] /= norm;
  }
  return moved;
}
