import {
  backwardBlockMix,
  backwardBlockMixWithUptake,
  backwardBlockUpdate,
  backwardBlockUpdateSunk,
} from './backwardBlock.ts';
import { BLOCK_ROWS } from './lineBlock.ts';
import type { Mixture, Sweep, Update } from './plan.ts';
import { turnBlock, turnBlockUpdate, turnBlockUpdateExposed, turnBlockWithUptake } from './turnBlock.ts';
import type { Stack } from './workspace.ts';

/** Room for the row sums of a block. */
const sums = new Float64Array(BLOCK_ROWS);

/** Adds the sums of a block to those of its rows, the lowest in row `row` of the grid, `pitch` rows apart. */
function addSums(rowSums: Float64Array, row: number, pitch: number): void {
  for (let i = 0; i < BLOCK_ROWS; i++) rowSums[row + i * pitch] += sums[i];
}

/** Whether a sweep may end in blocks: there is no kernel for the rare wish of an exposure without uptake. */
export function goesInBlocks(sweep: Sweep, finish: Mixture | Update): boolean {
  return finish.kind === 'mixture' || sweep.uptake !== null || finish.exposure === null;
}

/** descendAndUpdate or descendAndMix for rows `index` … index + 3 of the last stack, none of them its last. */
export function finishBlock(
  sweep: Sweep,
  stack: Stack,
  finish: Mixture | Update,
  index: number,
  column: number,
  length: number,
): void {
  const { coupling: c, factor } = sweep.operators[stack.axis];
  const { start, uptake, workspace, grid } = sweep;
  const { z, potential, flux, pitch } = stack;
  const factors = workspace.factors[stack.axis];
  const o = index * pitch + column;
  if (finish.kind === 'mixture') {
    const { out, p, q } = finish;
    if (uptake === null) {
      backwardBlockMix(potential, column, z, o, pitch, factor, index, c, out, start, p, q, length);
    } else backwardBlockMixWithUptake(potential, column, z, o, pitch, factors, c, out, start, p, q, length);
    return;
  }
  const { next, exposure, window, decay } = finish;
  const { least, rowSums } = workspace;
  const cu = (c * window) / sweep.a;
  const e = window / grid.dimensions;
  const nx = grid.cells[0];
  if (uptake === null || exposure === null) {
    const s = decay * e;
    backwardBlockUpdate(
      potential,
      flux,
      column,
      z,
      o,
      pitch,
      factor,
      index,
      c,
      next,
      cu,
      s,
      least,
      sums,
      length,
    );
  } else {
    backwardBlockUpdateSunk(
      potential,
      flux,
      column,
      z,
      o,
      pitch,
      factors,
      c,
      next,
      exposure,
      uptake,
      cu,
      e,
      decay,
      least,
      sums,
      length,
    );
  }
  addSums(rowSums, (o + pitch) / nx, pitch / nx);
}

/**
 * descend or descendAndUpdate for rows j … j + 3 of plane k, none of them its last, followed at once by their elimination
 * along z.
 */
export function turn(sweep: Sweep, finish: Mixture | Update, j: number, k: number): void {
  const { uptake, workspace, grid, operators } = sweep;
  const [rows, planes] = sweep.stacks;
  const n = grid.cells[0];
  const { potential, flux, z: zy } = rows;
  const { z: zz, pitch, lowGhost } = planes;
  const { coupling: c, factor } = operators[1];
  const { coupling: cz, factor: factorZ } = operators[2];
  const { factors, explicitZ: w, rowSums } = workspace;
  const oy = j * n;
  const oz = k * pitch + oy;
  const previous = k === 0 ? lowGhost : zz;
  const op = k === 0 ? oy : oz - pitch;
  const fz = factorZ[k];
  if (finish.kind === 'mixture') {
    if (uptake === null) turnBlock(potential, zy, oy, factor, j, c, zz, oz, previous, op, w, fz, cz, n);
    else turnBlockWithUptake(potential, zy, oy, factors[1], c, zz, oz, previous, op, w, factors[2], cz, n);
    return;
  }
  const { next, exposure, window, decay } = finish;
  const cu = (c * window) / sweep.a;
  const e = window / grid.dimensions;
  if (uptake === null || exposure === null) {
    turnBlockUpdate(
      potential,
      flux,
      zy,
      oy,
      factor,
      j,
      c,
      zz,
      oz,
      previous,
      op,
      w,
      fz,
      cz,
      next,
      cu,
      decay * e,
      sums,
      n,
    );
    addSums(rowSums, oz / n + 1, 1);
  } else {
    turnBlockUpdateExposed(
      potential,
      flux,
      zy,
      oy,
      factors[1],
      c,
      zz,
      oz,
      previous,
      op,
      w,
      factors[2],
      cz,
      next,
      exposure,
      cu,
      e,
      n,
    );
  }
}
