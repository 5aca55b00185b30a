import { average } from '../exchange/blocks.ts';
import type { Kernel } from '../exchange/kernel.ts';
import type { Model } from '../model/model.ts';
import type { Workspace } from '../model/workspace.ts';

/**
 * A voxel is asked for at most so many times what its own concentration would give: where less is left, a cell takes less than
 * what it sees elsewhere says.
 */
const MOST = 100;

const scratches = new WeakMap<Workspace, Kernel[]>();

/**
 * The kernel by which cells take up field f. Where they see it as they touch it, that kernel. Else a cell that sees c_s = Σ s_u c_u and takes
 * k c_s, the shares d_v of it from voxels v, would make the field's operator reach from u to v. Instead what it takes from v is
 * written as k d′_v c_v with d′_v = d_v c_s/c_v at the concentrations `values` that `work.sampled` was taken from: the operator stays
 * diagonal (so nothing is overdrawn), the cell gets k Σ d′_v E_v, what the field lost, and the difference to k c_s is of the order
 * of the window's own error (Patankar's linearisation of a sink).
 */
export function uptakeKernel(model: Model, f: number, values: Float64Array): Kernel {
  const { kernels, work, population } = model;
  const touched = kernels.deposit[f];
  if (touched === kernels.sample[f]) return touched;
  const { points, voxel, weight, blocks } = touched;
  const there = blocks ? average(blocks, values) : values;
  const made = scratchOf(model, f, touched);
  for (let slot = 0; slot < population.count; slot++) {
    const seen = work.sampled[slot * work.fieldCount + f];
    for (let p = slot * points; p < (slot + 1) * points; p++) {
      const here = there[voxel[p]];
      made.weight[p] = weight[p] * (seen === here ? 1 : seen < MOST * here ? seen / here : MOST);
    }
  }
  return made;
}

/** Like `touched`, with weights of its own. */
function scratchOf(model: Model, f: number, touched: Kernel): Kernel {
  const all = scratches.get(model.work) ?? [];
  scratches.set(model.work, all);
  const known = all[f]?.weight;
  const fits = known?.length === touched.weight.length;
  all[f] = { ...touched, weight: fits ? known : new Float64Array(touched.weight.length) };
  return all[f];
}
