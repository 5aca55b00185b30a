import type { BlockSystem } from '../fields/blockSolve.ts';
import { forRows } from '../fields/multigrid/level.ts';
import type { StagedField } from '../fields/stagedField.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';
import type { Touch } from './touch.ts';

/** What the listed cells answer to the m coupled fields; of cell n at [(n * m + g) * m + f] or [n * m + g]. */
export interface Answers {
  readonly cells: number;
  /** By field: the voxels by which cells see it, and by which they give to it and take from it. */
  readonly seen: readonly Touch[];
  readonly touched: readonly Touch[];
  /** K: net molecules given to field g per concentration of field f, µm³. */
  readonly response: Float64Array;
  /** Where a cell takes, from voxels in proportion to what is there: molecules per concentration there, µm³, and one over that; else 0. */
  readonly sink: Float64Array;
  readonly inverse: Float64Array;
}

/**
 * The matrix of a stage with the cells eliminated: the fields' own M, and what every cell answers to a change δ of what is there,
 *
 *     (𝓐 δ)_g = M_g δ_g − 1/V Σ_cells { d Σ_f K_gf (w·δ_f)                                        where it gives
 *                                        { d c_g/(d·c_g) (Σ_f K_gf (w·δ_f) + k d·δ_g) − d k δ_g     where it takes
 *
 * with w the weights by which a cell sees a field and d those by which it touches it: what it gives on balance is spread by d, what it takes
 * by d c where c > 0, k = (what it takes)/(d·c). Local to the voxels that a cell touches, coupling every field with every other through the cells.
 *
 * Preconditioned by one cycle of multigrid per field, of M_f + κ_f with κ_f the sinks that the cells are, lumped to their voxels; and
 * before that, where cells answer one field with another, by solving in each voxel among its fields.
 */
export interface CellResponse extends BlockSystem {
  /** Takes the cells' answers, at the fields' present iterates. */
  assemble(answers: Answers): void;
  /** Prepares the preconditioner for them. */
  prepare(): void;
  /** The largest answer of a voxel in each field, relative to its own content. */
  readonly strongest: readonly number[];
}

export function createCellResponse(
  fields: readonly StagedField[],
  scale: number[],
  voxelVolume: number,
  voxels: number,
): CellResponse {
  const m = fields.length;
  const sizes = fields.map(({ size }) => size);
  const sinks = fields.map(() => new Float64Array(voxels));
  const first = m > 1 ? sizes.map(size => new Float64Array(size)) : [];
  const left = m > 1 ? sizes.map(size => new Float64Array(size)) : [];
  const strongest = fields.map(() => 0);
  const [{ layout }] = fields;
  let of: Answers;
  let crosses = false;
  /** Voxels that cells touch: their places, and what is answered there, lumped, per concentration. */
  const blockOf = new Int32Array(layout.size).fill(-1);
  const touched: number[] = [];
  let lumps = new Float64Array(0);
  /** Of their own diagonal of M and that. */
  let inverses = new Float64Array(0);
  const block = new Float64Array(m * m);
  const pivots = new Int32Array(m);
  const local = new Float64Array(m);
  const change = new Float64Array(m);

  /** Sums the cells' answers voxel by voxel. */
  function lump(): void {
    for (const place of touched) blockOf[place] = -1;
    touched.length = 0;
    for (const { starts, places } of new Set(of.touched)) {
      for (let p = 0; p < starts[of.cells]; p++) {
        if (blockOf[places[p]] >= 0) continue;
        blockOf[places[p]] = touched.length;
        touched.push(places[p]);
      }
    }
    const room = touched.length * m * m;
    if (lumps.length < room) {
      lumps = new Float64Array(room);
      inverses = new Float64Array(room);
    }
    lumps.fill(0, 0, room);
    const { response, sink, inverse } = of;
    for (let g = 0; g < m; g++) {
      const { starts, places, weight } = of.touched[g];
      const { x } = fields[g];
      for (let n = 0; n < of.cells; n++) {
        const k = sink[n * m + g];
        const over = inverse[n * m + g];
        const row = (n * m + g) * m;
        for (let p = starts[n]; p < starts[n + 1]; p++) {
          const at = (blockOf[places[p]] * m + g) * m;
          const share = weight[p] / voxelVolume;
          const here = x[places[p]];
          if (over !== 0 && !(here > 0)) continue;
          const part = over === 0 ? 1 : here * over;
          for (let f = 0; f < m; f++) lumps[at + f] -= share * part * response[row + f];
          if (over !== 0) lumps[at + g] += share * k * (1 - part);
        }
      }
    }
  }

  function applyMultigrid(r: readonly Float64Array[], out: readonly Float64Array[]): void {
    for (let f = 0; f < m; f++) fields[f].precondition(r[f], out[f]);
  }

  function multiply(v: readonly Float64Array[], out: readonly Float64Array[]): void {
    for (let f = 0; f < m; f++) fields[f].multiply(v[f], out[f]);
    const { cells, seen, response, sink, inverse } = of;
    for (let n = 0; n < cells; n++) {
      for (let f = 0; f < m; f++) change[f] = weighted(seen[f], n, v[f]);
      for (let g = 0; g < m; g++) {
        let given = 0;
        for (let f = 0; f < m; f++) given += response[(n * m + g) * m + f] * change[f];
        given /= voxelVolume;
        const touch = of.touched[g];
        const { starts, places, weight } = touch;
        const over = inverse[n * m + g];
        if (over === 0) {
          if (given === 0) continue;
          for (let p = starts[n]; p < starts[n + 1]; p++) out[g][places[p]] -= weight[p] * given;
          continue;
        }
        const k = sink[n * m + g] / voxelVolume;
        const { x } = fields[g];
        const rest = (given + k * weightedAbove(touch, n, v[g], x)) * over;
        for (let p = starts[n]; p < starts[n + 1]; p++) {
          const place = places[p];
          if (x[place] > 0) out[g][place] += weight[p] * (k * v[g][place] - rest * x[place]);
        }
      }
    }
  }

  /** Each voxel with cells among its fields, without its neighbours. */
  function solveVoxels(r: readonly Float64Array[], out: readonly Float64Array[]): void {
    for (const part of out) part.fill(0);
    for (let n = 0; n < touched.length; n++) {
      const place = touched[n];
      for (let g = 0; g < m; g++) {
        let sum = 0;
        for (let f = 0; f < m; f++) sum += inverses[(n * m + g) * m + f] * r[f][place];
        out[g][place] = sum;
      }
    }
  }

  /** Inverts the matrix of each voxel with cells; false where one is singular. */
  function invertVoxels(): boolean {
    for (let n = 0; n < touched.length; n++) {
      const at = n * m * m;
      for (let k = 0; k < m * m; k++) block[k] = lumps[at + k];
      for (let f = 0; f < m; f++) block[f * m + f] += fields[f].diagonal(touched[n]);
      if (!factorise(block, pivots, m)) return false;
      for (let f = 0; f < m; f++) {
        local.fill(0);
        local[f] = 1;
        solveFactorised(block, pivots, m, local);
        for (let g = 0; g < m; g++) inverses[at + g * m + f] = local[g];
      }
    }
    return true;
  }

  /** Whether cells answer any field with another. */
  function haveCrosses(): boolean {
    for (let k = 0; k < touched.length * m * m; k++) {
      if (lumps[k] !== 0 && Math.floor(k / m) % m !== k % m) return true;
    }
    return false;
  }

  return {
    sizes,
    scale,
    strongest,
    assemble(answers) {
      of = answers;
      lump();
      for (let f = 0; f < m; f++) {
        strongest[f] = 0;
        for (let n = 0; n < touched.length; n++)
          strongest[f] = Math.max(strongest[f], Math.abs(lumps[(n * m + f) * m + f]));
      }
    },
    prepare() {
      fields.forEach((field, f) => {
        const sink = sinks[f];
        let any = false;
        let voxel = 0;
        forRows(layout, (row, end) => {
          for (let v = row; v < end; v++, voxel++) {
            const at = blockOf[v];
            const own = at < 0 ? 0 : lumps[(at * m + f) * m + f];
            // What a cell gives the more the more there is, M + κ could not bear.
            sink[voxel] = own > 0 ? own / field.implicit : 0;
            if (own > 0) any = true;
          }
        });
        field.prepare(any ? sink : null);
      });
      // A voxel that has no answer of its own: its neighbours are needed.
      crosses = m > 1 && haveCrosses() && invertVoxels();
    },
    multiply,
    precondition(r, out) {
      if (!crosses) return applyMultigrid(r, out);
      solveVoxels(r, first);
      multiply(first, left);
      for (let f = 0; f < m; f++) {
        for (let v = 0; v < left[f].length; v++) left[f][v] = r[f][v] - left[f][v];
      }
      applyMultigrid(left, out);
      for (let f = 0; f < m; f++) {
        for (let v = 0; v < left[f].length; v++) out[f][v] += first[f][v];
      }
    },
  };
}

/** Weighted mean of a field at the n-th cell. */
export function weighted({ starts, places, weight }: Touch, n: number, values: Float64Array): number {
  let sum = 0;
  for (let p = starts[n]; p < starts[n + 1]; p++) sum += weight[p] * values[places[p]];
  return sum;
}

/** The same over the voxels in which x is above 0. */
export function weightedAbove(
  { starts, places, weight }: Touch,
  n: number,
  values: Float64Array,
  x: Float64Array,
): number {
  let sum = 0;
  for (let p = starts[n]; p < starts[n + 1]; p++) if (x[places[p]] > 0) sum += weight[p] * values[places[p]];
  return sum;
}
