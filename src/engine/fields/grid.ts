/**
 * A Cartesian grid of nx × ny × nz voxels, one code for 2-D and 3-D: a 2-D domain has nz = 1 and its slab
 * thickness as dz. Voxel (i, j, k) has index i + nx (j + ny k). Lengths in µm.
 */
export interface Grid {
  readonly dimensions: 2 | 3;
  readonly cells: readonly [nx: number, ny: number, nz: number];
  /** Extent of the domain, µm; size[2] is the thickness in 2-D. */
  readonly size: readonly [number, number, number];
  /** Voxel edge lengths, µm. */
  readonly spacing: readonly [dx: number, dy: number, dz: number];
  /** Whether the domain wraps around along each axis (for fields, cells and kernels alike). */
  readonly periodic: readonly [boolean, boolean, boolean];
  readonly voxels: number;
  /** Volume of one voxel, µm³. */
  readonly voxelVolume: number;
  /** 1 where an obstacle fills the voxel: fields are 0 there and nothing passes. Left out where there are none. */
  readonly solid?: Uint8Array;
}

export function createGrid(
  dimensions: 2 | 3,
  cells: readonly [number, number, number],
  size: readonly [number, number, number],
  periodic: readonly [boolean, boolean, boolean] = [false, false, false],
): Grid {
  const spacing = [size[0] / cells[0], size[1] / cells[1], size[2] / cells[2]] as const;
  return {
    dimensions,
    cells,
    size,
    spacing,
    periodic,
    voxels: cells[0] * cells[1] * cells[2],
    voxelVolume: spacing[0] * spacing[1] * spacing[2],
  };
}
