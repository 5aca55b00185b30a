import type { BlockSystem } from '../fields/blockSolve.ts';
import { forRows } from '../fields/multigrid/level.ts';
import type { StagedField } from '../fields/stagedField.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';

/**
 * The matrix of a stage with the cells eliminated: the fields' own M, and what every cell answers to a change of what it sees,
 *
 *     (𝓐 v)_g = M_g v_g − 1/V Σ_cells w Σ_f K_gf (w · v_f),
 *
 * local to the voxels that a cell touches, coupling every field with every other through the cells.
 *
 * Preconditioned by one cycle of multigrid per field, of M_f + κ_f with κ_f the sinks that the cells are, lumped to their voxels; and
 * before that, where cells answer one field with another, by solving in each voxel among its fields.
 */
export interface CellResponse extends BlockSystem {
  /** Takes the cells' answers; `slots` in the order in which to add them. */
  assemble(
    response: Float64Array,
    slots: readonly number[],
    places: Int32Array,
    weight: Float64Array,
    points: number,
  ): void;
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
  let answers: Float64Array = new Float64Array(0);
  let listed: readonly number[] = [];
  let places: Int32Array = new Int32Array(0);
  let weight: Float64Array = new Float64Array(0);
  let points = 1;
  let crosses = false;
  /** Voxels with cells: their places, and −1/V Σ w K of each, then its factors. */
  const blockOf = new Int32Array(layout.size).fill(-1);
  let touched: number[] = [];
  let lumps = new Float64Array(0);
  let factors = new Float64Array(0);
  let pivots = new Int32Array(0);
  const local = new Float64Array(m);
  const seen = new Float64Array(m);

  /** Sums the cells' answers voxel by voxel. */
  function lump(): void {
    for (const place of touched) blockOf[place] = -1;
    touched = [];
    for (const slot of listed) {
      for (let p = slot * points; p < (slot + 1) * points; p++) {
        if (weight[p] === 0 || blockOf[places[p]] >= 0) continue;
        blockOf[places[p]] = touched.length;
        touched.push(places[p]);
      }
    }
    const room = touched.length * m * m;
    if (lumps.length < room) {
      lumps = new Float64Array(room);
      factors = new Float64Array(room);
      pivots = new Int32Array(touched.length * m);
    }
    lumps.fill(0, 0, room);
    for (const slot of listed) {
      for (let p = slot * points; p < (slot + 1) * points; p++) {
        if (weight[p] === 0) continue;
        const at = blockOf[places[p]] * m * m;
        const share = -weight[p] / voxelVolume;
        for (let k = 0; k < m * m; k++) lumps[at + k] += share * answers[slot * m * m + k];
      }
    }
  }

  function applyMultigrid(r: readonly Float64Array[], out: readonly Float64Array[]): void {
    fields.forEach((field, f) => {
      field.precondition(r[f], out[f]);
    });
  }

  function multiply(v: readonly Float64Array[], out: readonly Float64Array[]): void {
    fields.forEach((field, f) => {
      field.multiply(v[f], out[f]);
    });
    for (const slot of listed) {
      const [from, to] = [slot * points, (slot + 1) * points];
      for (let f = 0; f < m; f++) {
        let sum = 0;
        for (let p = from; p < to; p++) sum += weight[p] * v[f][places[p]];
        seen[f] = sum;
      }
      for (let g = 0; g < m; g++) {
        let sum = 0;
        for (let f = 0; f < m; f++) sum += answers[(slot * m + g) * m + f] * seen[f];
        sum /= voxelVolume;
        if (sum === 0) continue;
        for (let p = from; p < to; p++) out[g][places[p]] -= weight[p] * sum;
      }
    }
  }

  /** Each voxel with cells among its fields, without its neighbours. */
  function solveVoxels(r: readonly Float64Array[], out: readonly Float64Array[]): void {
    for (const part of out) part.fill(0);
    touched.forEach((place, n) => {
      for (let f = 0; f < m; f++) local[f] = r[f][place];
      solveFactorised(
        factors.subarray(n * m * m, (n + 1) * m * m),
        pivots.subarray(n * m, (n + 1) * m),
        m,
        local,
      );
      for (let f = 0; f < m; f++) out[f][place] = local[f];
    });
  }

  return {
    sizes,
    scale,
    strongest,
    assemble(response, slots, at, weights, count) {
      [answers, listed, places, weight, points] = [response, slots, at, weights, count];
      lump();
      for (let f = 0; f < m; f++) {
        strongest[f] = 0;
        for (let n = 0; n < touched.length; n++)
          strongest[f] = Math.max(strongest[f], Math.abs(lumps[(n * m + f) * m + f]));
      }
    },
    prepare() {
      crosses = false;
      fields.forEach((field, f) => {
        const sink = sinks[f];
        let any = false;
        let voxel = 0;
        forRows(layout, (row, end) => {
          for (let v = row; v < end; v++, voxel++) {
            const block = blockOf[v];
            const own = block < 0 ? 0 : lumps[(block * m + f) * m + f];
            // What a cell gives the more the more there is, M + κ could not bear.
            sink[voxel] = own > 0 ? own / field.implicit : 0;
            if (own > 0) any = true;
          }
        });
        field.prepare(any ? sink : null);
      });
      if (m === 1) return;
      for (let n = 0; n < touched.length; n++) {
        for (let g = 0; g < m; g++) {
          for (let f = 0; f < m; f++) {
            const at = (n * m + g) * m + f;
            factors[at] = lumps[at];
            if (f === g) factors[at] += fields[f].diagonal(touched[n]);
            else if (lumps[at] !== 0) crosses = true;
          }
        }
        const factored = factorise(
          factors.subarray(n * m * m, (n + 1) * m * m),
          pivots.subarray(n * m, (n + 1) * m),
          m,
        );
        // A voxel that has no answer of its own: its neighbours are needed.
        if (!factored) {
          crosses = false;
          return;
        }
      }
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
