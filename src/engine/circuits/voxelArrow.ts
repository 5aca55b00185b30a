import type { Linearisation } from '../ode/integrator.ts';
import { factorise, solveFactorised } from '../ode/lu.ts';
import { addGiven, type Member, scratch, type VoxelSystem } from './voxelSystem.ts';

/**
 * Linear systems σI − J of a voxel's cells and content, J_ij = δ_ij V_i N_i + B_i G_j with V = ∂v/∂x and B = ∂v/∂n, are an arrow:
 * each cell is eliminated by itself (A_i = σI − V_i N_i, of the size of its species by Woodbury's formula), and what is left has
 * the size of the fields: k_i = A_i⁻¹ r_i + A_i⁻¹ B_i φ,   (I − Σ G_i A_i⁻¹ B_i) φ = Σ G_i A_i⁻¹ r_i. Cost in proportion to the cells.
 */
export interface VoxelArrow extends Linearisation {
  /** A bound of the eigenvalues of the system at extents y: the largest row sum among amounts and contents. */
  normAt(y: Float64Array): number;
}

export function createVoxelArrow(system: VoxelSystem): VoxelArrow {
  const { fieldCount, flows, voxel, moveContent, moveMember } = system;
  const { volume } = voxel;
  const rates = scratch(flows, of => of.flow.count);
  const change = scratch(flows, of => of.flow.size);
  const schur = new Float64Array(fieldCount * fieldCount);
  const schurPivots = new Int32Array(fieldCount);
  const sums = new Float64Array(fieldCount);
  let sigma = 1;

  const linear: Linearisation = {
    evaluate(_time, y, _slope, _step, timeSlope) {
      timeSlope.fill(0);
      moveContent(y);
      for (const member of system.members) {
        const { of, partial, product, outer } = member;
        const { count, size: species, network } = of.flow;
        moveMember(member, y);
        of.flow.jacobian(0, partial);
        of.flow.fieldJacobian(0, outer);
        for (let k = 0; k < count * fieldCount; k++) outer[k] /= volume;
        product.fill(0);
        for (let i = 0; i < species; i++) {
          for (const [channel, n] of network.changers[i]) {
            for (let j = 0; j < species; j++) product[i * species + j] += n * partial[channel * species + j];
          }
        }
      }
    },
    factorise(shift) {
      sigma = shift;
      schur.fill(0);
      for (let f = 0; f < fieldCount; f++) schur[f * fieldCount + f] = 1;
      for (const member of system.members) {
        const { of, product, matrix, pivots, outer, response } = member;
        const { count, size: species } = of.flow;
        for (let i = 0; i < species * species; i++) matrix[i] = -product[i];
        for (let i = 0; i < species; i++) matrix[i * species + i] += sigma;
        if (!factorise(matrix, pivots, species)) return false;
        for (let f = 0; f < fieldCount; f++) {
          for (let c = 0; c < count; c++) rates[c] = outer[c * fieldCount + f];
          solveCell(member, rates, 0);
          for (let c = 0; c < count; c++) {
            response[c * fieldCount + f] = rates[c];
            for (const [g, n] of of.given[c]) schur[g * fieldCount + f] -= n * rates[c];
          }
        }
      }
      return factorise(schur, schurPivots, fieldCount);
    },
    solve(x) {
      sums.fill(0);
      for (const member of system.members) {
        solveCell(member, x, member.first);
        addGiven(member.of, x, member.first, sums);
      }
      solveFactorised(schur, schurPivots, fieldCount, sums);
      for (const { of, first, response } of system.members) {
        for (let c = 0; c < of.flow.count; c++) {
          let sum = x[first + c];
          for (let f = 0; f < fieldCount; f++) sum += response[c * fieldCount + f] * sums[f];
          x[first + c] = sum;
        }
      }
    },
  };

  /** A⁻¹ x of one cell, at x[first …]: (x + V u)/σ, (σI − N V) u = N x. */
  function solveCell({ of, partial, matrix, pivots, extents }: Member, x: Float64Array, first: number): void {
    const { count, size: species } = of.flow;
    for (let c = 0; c < count; c++) extents[c] = x[first + c];
    of.flow.combine(extents, change);
    solveFactorised(matrix, pivots, species, change);
    for (let c = 0; c < count; c++) {
      let sum = extents[c];
      for (let s = 0; s < species; s++) sum += partial[c * species + s] * change[s];
      x[first + c] = sum / sigma;
    }
  }

  function normAt(y: Float64Array): number {
    linear.evaluate(0, y, y, 0, new Float64Array(system.size));
    const rows = new Float64Array(fieldCount);
    const among = new Float64Array(fieldCount * fieldCount);
    let most = 0;
    for (const { of, product, partial, outer } of system.members) {
      const { size: species, network, count } = of.flow;
      for (let i = 0; i < species; i++) {
        let row = 0;
        for (let j = 0; j < species; j++) row += Math.abs(product[i * species + j]);
        for (let f = 0; f < fieldCount; f++) {
          let entry = 0;
          for (const [channel, n] of network.changers[i]) entry += n * outer[channel * fieldCount + f];
          row += Math.abs(entry);
        }
        most = Math.max(most, row);
      }
      for (let c = 0; c < count; c++) {
        for (const [g, n] of of.given[c]) {
          for (let s = 0; s < species; s++) rows[g] += Math.abs(n * partial[c * species + s]);
          for (let f = 0; f < fieldCount; f++) among[g * fieldCount + f] += n * outer[c * fieldCount + f];
        }
      }
    }
    for (let g = 0; g < fieldCount; g++) {
      for (let f = 0; f < fieldCount; f++) rows[g] += Math.abs(among[g * fieldCount + f]);
      most = Math.max(most, rows[g]);
    }
    return most;
  }

  return { ...linear, normAt };
}
