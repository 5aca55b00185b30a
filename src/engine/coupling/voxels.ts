import type { Population } from '../cells/population.ts';

/** Cells in groups, one per voxel: slots[starts[g] … starts[g + 1]) lie in voxels[g]; voxels ascend, in each the ids. */
export interface VoxelGroups {
  slots: Int32Array;
  voxels: Int32Array;
  starts: Int32Array;
  count: number;
}

export function createVoxelGroups(): VoxelGroups {
  return { slots: new Int32Array(0), voxels: new Int32Array(0), starts: new Int32Array(1), count: 0 };
}

/** Groups the cells of the types that take part by the voxel that holds each (voxel[slot]). Does not depend on slots' order. */
export function groupByVoxel(
  groups: VoxelGroups,
  { count, capacity, id, type }: Population,
  voxel: Int32Array,
  takesPart: readonly boolean[],
): void {
  if (groups.slots.length < capacity) {
    groups.slots = new Int32Array(capacity);
    groups.voxels = new Int32Array(capacity);
    groups.starts = new Int32Array(capacity + 1);
  }
  const { slots, voxels, starts } = groups;
  let cells = 0;
  for (let slot = 0; slot < count; slot++) if (takesPart[type[slot]]) slots[cells++] = slot;
  slots.subarray(0, cells).sort((a, b) => voxel[a] - voxel[b] || id[a] - id[b]);
  groups.count = 0;
  for (let n = 0; n < cells; n++) {
    if (n > 0 && voxel[slots[n]] === voxel[slots[n - 1]]) continue;
    voxels[groups.count] = voxel[slots[n]];
    starts[groups.count++] = n;
  }
  starts[groups.count] = cells;
}
