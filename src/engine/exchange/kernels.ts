import type { Population } from '../cells/population.ts';
import type { Crew } from '../crew/crew.ts';
import type { FieldDescription, KernelShape } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { type Blocks, createBlocks } from './blocks.ts';
import { createKernel, type Kernel, type LocateCentres, locate, locateCentres } from './kernel.ts';

/** By field, how cells see it and how they give to it; the same object where those are the same. */
export interface Kernels {
  readonly sample: readonly Kernel[];
  readonly deposit: readonly Kernel[];
  /** Each kernel once. */
  readonly all: readonly Kernel[];
  /** How each of them finds the voxels of cells, where a crew does. */
  locateBy: readonly LocateCentres[] | null;
}

/** Cells that a thread finds the voxels of at a time. */
const BLOCK = 1024;

/** Lets a crew find the voxels of cells. */
export function shareKernels(kernels: Kernels, population: Population, grid: Grid, crew: Crew): void {
  if (crew.threads === 1) return;
  kernels.locateBy = kernels.all.map(kernel => {
    crew.share(kernel, ['points', 'voxel', 'weight']);
    const run = crew.task(block => {
      const from = block * BLOCK;
      const to = Math.min(from + BLOCK, population.count);
      locateCentres(kernel, population, kernel.blocks?.grid ?? grid, from, to);
      return null;
    });
    return (_, { count }) => run(Math.ceil(count / BLOCK));
  });
}

/** `common` is the kernel of fields that have no other. */
export function createKernels(common: Kernel, grid: Grid, fields: readonly FieldDescription[]): Kernels {
  const made = new Map<string, Kernel>([[`${common.shape} 1`, common]]);
  const blocks = new Map<number, Blocks>();
  const kernelOf = (shape: KernelShape, coarsen: number): Kernel => {
    const key = `${shape} ${coarsen}`;
    let kernel = made.get(key);
    if (kernel === undefined) {
      if (coarsen > 1 && !blocks.has(coarsen)) blocks.set(coarsen, createBlocks(grid, coarsen));
      kernel = createKernel(shape, grid, fields.length, blocks.get(coarsen) ?? null);
      made.set(key, kernel);
    }
    return kernel;
  };
  const sample = fields.map(({ touch }) => (touch ? kernelOf(touch.sample, touch.coarsen) : common));
  const deposit = fields.map(({ touch }) => (touch ? kernelOf(touch.deposit, touch.coarsen) : common));
  return { sample, deposit, all: [...made.values()], locateBy: null };
}

/** Recomputes all kernels after cells moved, grew, came or went. */
export function locateAll({ all, locateBy }: Kernels, population: Population, grid: Grid): void {
  all.forEach((kernel, i) => {
    locate(kernel, population, grid, locateBy?.[i]);
  });
}
