import type { Grid } from './grid.ts';
import { BLOCK_ROWS } from './lineBlock.ts';

/** Scratch of a field solver, shared by all fields of a model; allocated once. */
export interface Workspace {
  /** A block of lines along x: right-hand sides, then potentials. */
  readonly block: Float64Array;
  /** Ghosts at the ends of the lines of a block, low and high in turn. */
  readonly lineGhosts: Float64Array;
  /** Explicit shares of the y-axis for a block, of the z-axis for a row of it. */
  readonly explicitY: Float64Array;
  /** Explicit shares of the z-axis for a plane. */
  readonly explicitZ: Float64Array;
  /** The y-sweep, of one plane at a time, and the z-sweep, of the whole grid. */
  readonly stacks: readonly [Stack, Stack];
  /**
   * State between the two stages. It replaces the eliminated values of the first stage's last stack, place by place, and
   * is replaced by those of the second's, which `later` keeps one row lower: by then that row has been read.
   */
  readonly middle: Float64Array;
  /** The stacks of the second stage. */
  readonly later: readonly [Stack, Stack];
  /** The first row of what the explicit shares along the last axis, if periodic, are formed from. */
  readonly first: Float64Array;
  /** Ghosts below and above the row that an explicit share is formed for. */
  readonly explicitGhosts: readonly [Float64Array, Float64Array];
  /** A row of zeros. */
  readonly zeros: Float64Array;
  /** ΣP over the axes, or ΣE, of every row of voxels. */
  readonly rowSums: Float64Array;
  /** Inflow through each face (sum of concentration changes), in parts for total(). */
  readonly inflowParts: readonly Float64Array[];
  /** [0]: the least new value so far. */
  readonly least: Float64Array;
  /** Exposure, where nobody asked for it; made on first need. */
  exposure: Float64Array;
  /** Another array. */
  make(length: number): Float64Array;
  /** No uptake at all; and scratch for parts of a window, and of its parts. Made on first need. */
  noUptake(): Float64Array;
  forParts(level: number): PartScratch;
  /**
   * Per axis, for steps with uptake, made on first need: 1 / pivot, and a periodic axis's reach and closure. Of the
   * x-axis for the lines of a block, of the y-axis for a plane, of the z-axis for the grid.
   */
  readonly factors: Float64Array[];
  readonly reaches: Float64Array[];
  readonly closures: Float64Array[];
}

/** State and exposure of one part of a window that is advanced in parts. */
export interface PartScratch {
  readonly between: Float64Array;
  readonly partExposure: Float64Array;
}

/** A sweep across rows of voxels, along y (1) or z (2): the rows of one stack are coupled, their columns are not. */
export interface Stack {
  readonly axis: 1 | 2;
  /** Distance in memory from a row to the next of the stack. */
  readonly pitch: number;
  /** Eliminated values. */
  readonly z: Float64Array;
  /** Potentials of the row that back-substitution has reached, at first what lies beyond the last one. */
  readonly potential: Float64Array;
  /** Fluxes, downwards, through the faces above that row. */
  readonly flux: Float64Array;
  /** Fluxes through the low edge; on a periodic axis through the faces that join its ends. */
  readonly joint: Float64Array;
  /** What lies beyond the first and the last row. */
  readonly lowGhost: Float64Array;
  readonly highGhost: Float64Array;
}

const NONE = new Float64Array(0);

/** `make`: where its arrays come from, if a crew is to have them in common. */
export function createWorkspace(
  grid: Grid,
  make: (length: number) => Float64Array = length => new Float64Array(length),
): Workspace {
  const [nx, ny, nz] = grid.cells;
  const plane = nx * ny;
  const deep = grid.dimensions === 3;
  const pitch = deep ? plane : nx;
  const shared = make(grid.voxels + pitch);
  const middle = shared.subarray(pitch);
  const lower = shared.subarray(0, grid.voxels);
  const rows = createStack(1, nx, deep ? make(plane) : middle);
  const planes = createStack(2, deep ? plane : 0, deep ? middle : NONE);
  let noUptake: Float64Array = NONE;
  const parts: PartScratch[] = [];
  return {
    make,
    noUptake() {
      if (noUptake.length === 0) noUptake = make(grid.voxels);
      return noUptake;
    },
    forParts(level) {
      parts[level] ??= {
        between: make(grid.voxels),
        partExposure: make(grid.voxels),
      };
      return parts[level];
    },
    block: make(BLOCK_ROWS * nx),
    lineGhosts: make(2 * BLOCK_ROWS),
    explicitY: make(BLOCK_ROWS * nx),
    explicitZ: make(deep ? plane : 0),
    stacks: [rows, planes],
    middle,
    later: deep ? [rows, { ...planes, z: lower }] : [{ ...rows, z: lower }, planes],
    first: make(pitch),
    explicitGhosts: [make(nx), make(nx)],
    zeros: make(nx),
    rowSums: make(ny * nz),
    inflowParts: [ny * nz, ny * nz, nz, nz, ny, ny].map(n => make(n)),
    least: make(1),
    exposure: NONE,
    factors: [NONE, NONE, NONE],
    reaches: [NONE, NONE, NONE],
    closures: [NONE, NONE, NONE],
  };
}

function createStack(axis: 1 | 2, pitch: number, z: Float64Array): Stack {
  return {
    axis,
    pitch,
    z,
    potential: new Float64Array(pitch),
    flux: new Float64Array(pitch),
    joint: new Float64Array(pitch),
    lowGhost: new Float64Array(pitch),
    highGhost: new Float64Array(pitch),
  };
}
