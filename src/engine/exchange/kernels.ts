import type { Population } from '../cells/population.ts';
import type { FieldDescription, KernelShape } from '../fields/field.ts';
import type { Grid } from '../fields/grid.ts';
import { type Blocks, createBlocks } from './blocks.ts';
import { createKernel, type Kernel, locate } from './kernel.ts';

/** By field, how cells see it and how they give to it; the same object where those are the same. */
export interface Kernels {
  readonly sample: readonly Kernel[];
  readonly deposit: readonly Kernel[];
  /** Each kernel once. */
  readonly all: readonly Kernel[];
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
  return { sample, deposit, all: [...made.values()] };
}

/** Recomputes all kernels after cells moved, grew, came or went. */
export function locateAll({ all }: Kernels, population: Population, grid: Grid): void {
  for (const kernel of all) locate(kernel, population, grid);
}
