import { insideRates } from './advection.ts';
import type { FieldDescription } from './field.ts';
import { createFieldOperator, type FieldOperator, returning, sumLosses } from './fieldOperator.ts';
import type { Grid } from './grid.ts';
import { wrap } from './multigrid/level.ts';
import { faceIndex, speedsAtFaces } from './velocity.ts';

/**
 * The operator of a field that a flow carries, diffusion and flow as one flux: through a face with diffusive exchange g and flow
 * rate w (1/s) from c₁ to c₂
 *
 *     g [ B(−w/g) c₁ − B(w/g) c₂ ],      B(x) = x/(eˣ − 1),
 *
 * the steady flux on the line between two centres (exponential fitting: Scharfetter & Gummel 1969). Of second order; where w
 * exceeds g it nears the upwind flux, which adds a diffusivity of half the flow times the spacing. The matrix is an M-matrix at
 * any ratio: nothing oscillates or becomes negative.
 */
export interface FlowOperator extends FieldOperator {
  readonly ahead: readonly Float64Array[];
  /** Flow to the next voxel along each axis, 1/s. */
  readonly rates: readonly Float64Array[];
}

export function createFlowOperator(grid: Grid, field: FieldDescription): FlowOperator {
  const speeds = (field.velocity ?? [])
    .slice(0, grid.dimensions)
    .map((one, axis) => speedsAtFaces(grid, one, axis));
  const inflow = (face: number, voxel: number) => {
    const [axis, side] = [face >> 1, face & 1 ? 1 : 0] as const;
    const speed = speeds[axis][faceIndex(grid, axis, voxel, side)];
    return (side === 1 ? -speed : speed) / grid.spacing[axis];
  };
  const still = createFieldOperator(grid, field, inflow);
  const operator = {
    ...still,
    ahead: still.links.map(() => new Float64Array(still.layout.size)),
    rates: still.links.map((_, axis) => insideRates(grid, still.layout, axis, speeds[axis])),
  };
  addFlow(operator);
  return operator;
}

/** Makes of an operator whose links are those of diffusion alone that with the flow. */
export function addFlow(operator: FlowOperator): void {
  const { layout, links, ahead, rates } = operator;
  links.forEach((link, axis) => {
    const rate = rates[axis];
    for (let v = 0; v < rate.length; v++) {
      if (rate[v] !== 0) link[v] = returning(link[v], rate[v]);
      // They differ by the flow, so that what is the same everywhere stays so where as much comes in as goes out.
      ahead[axis][v] = link[v] + rate[v];
    }
    wrap(layout, link);
    wrap(layout, ahead[axis]);
  });
  sumLosses(operator);
}

export function isFlowOperator(operator: FieldOperator): operator is FlowOperator {
  return 'rates' in operator;
}
