import type { Face } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { reachOf } from './geometry.ts';
import { obstaclesOf } from './obstacles.ts';
import type { Population } from './population.ts';
import { depthOfRod } from './rodObstacles.ts';
import { halfAxis } from './rods.ts';

/** Surfaces that cells can be beside: faces of the domain, and obstacles. */
export interface Surfaces {
  readonly faces: readonly Face[];
  readonly obstacles: boolean;
  /** Largest gap at which a cell is beside one, µm. */
  readonly range: number;
}

const AXIS_OF = { left: 0, right: 0, bottom: 1, top: 1, back: 2, front: 2 } as const;
const UPPER: ReadonlySet<Face> = new Set<Face>(['right', 'top', 'front']);

/** Whether the surface of the cell in a slot is within the range of one of the surfaces. */
export function isBesideSurface(
  grid: Grid,
  population: Population,
  slot: number,
  { faces, obstacles, range }: Surfaces,
): boolean {
  const { x, y, z, radius, rods } = population;
  for (const face of faces) {
    const axis = AXIS_OF[face];
    const at = axis === 0 ? x[slot] : axis === 1 ? y[slot] : z[slot];
    const gap = (UPPER.has(face) ? grid.size[axis] - at : at) - reachOf(population, slot, axis);
    if (gap <= range) return true;
  }
  const solid = obstacles ? obstaclesOf(grid) : null;
  if (!solid) return false;
  const half = rods ? halfAxis(rods, slot) : new Float64Array(3);
  return depthOfRod(solid, Float64Array.of(x[slot], y[slot], z[slot]), half, radius[slot] + range) > 0;
}

/** The direction into the domain from the nearest of the faces; null without faces. */
export function normalOf(
  grid: Grid,
  faces: readonly Face[],
  x: number,
  y: number,
  z: number,
): readonly [number, number, number] | null {
  let least = Number.POSITIVE_INFINITY;
  let normal: [number, number, number] | null = null;
  for (const face of faces) {
    const axis = AXIS_OF[face];
    const at = [x, y, z][axis];
    const distance = UPPER.has(face) ? grid.size[axis] - at : at;
    if (distance >= least) continue;
    least = distance;
    normal = [0, 0, 0];
    normal[axis] = UPPER.has(face) ? -1 : 1;
  }
  return normal;
}
