import { type Kernel, visitVoxels } from '../exchange/kernel.ts';
import { placeOf } from '../fields/fieldOperator.ts';
import type { Grid } from '../fields/grid.ts';
import type { Layout } from '../fields/multigrid/level.ts';

/** The voxels that listed cells touch, as places of a layout: those of the n-th cell are starts[n] … starts[n + 1). */
export interface Touch {
  starts: Int32Array;
  places: Int32Array;
  weight: Float64Array;
}

export function createTouch(): Touch {
  return { starts: new Int32Array(1), places: new Int32Array(0), weight: new Float64Array(0) };
}

/** Sets what the cells in `slots` touch by a kernel; blocks are taken apart into their voxels. */
export function setTouch(
  touch: Touch,
  kernel: Kernel,
  slots: readonly number[],
  grid: Grid,
  layout: Layout,
): void {
  const { points, voxel, weight, blocks } = kernel;
  if (touch.starts.length <= slots.length) touch.starts = new Int32Array(2 * slots.length + 1);
  let size = 0;
  const add = (at: number, share: number) => {
    if (size === touch.places.length) {
      const room = Math.max(64, 2 * size);
      touch.places = grown(touch.places, new Int32Array(room));
      touch.weight = grown(touch.weight, new Float64Array(room));
    }
    touch.places[size] = placeOf(grid, layout, at);
    touch.weight[size++] = share;
  };
  slots.forEach((slot, n) => {
    touch.starts[n] = size;
    if (blocks) visitVoxels(kernel, slot, add);
    else {
      for (let p = slot * points; p < (slot + 1) * points; p++) if (weight[p] !== 0) add(voxel[p], weight[p]);
    }
    touch.starts[n + 1] = size;
  });
}

function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
