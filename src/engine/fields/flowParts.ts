import type { FieldOperator } from './fieldOperator.ts';
import { createFlowRoom } from './multigrid/biconjugateGradients.ts';
import type { FlowHierarchy } from './multigrid/flowHierarchy.ts';
import { createFlowMatrix } from './multigrid/flowMatrix.ts';

/** What is needed where a flow makes M unsymmetric: M itself; means and half differences of what goes ahead and comes back. */
export function createFlow({ layout, links }: FieldOperator, ahead: readonly Float64Array[]) {
  const flow = {
    matrix: createFlowMatrix(layout),
    room: createFlowRoom(layout.size),
    hierarchy: null as FlowHierarchy | null,
    means: links.map(() => new Float64Array(layout.size)),
    /** Of M, so times a. */
    drifts: links.map(() => new Float64Array(layout.size)),
    split() {
      links.forEach((back, axis) => {
        for (let v = 0; v < back.length; v++) flow.means[axis][v] = (ahead[axis][v] + back[v]) / 2;
      });
    },
    set(a: number, diagonal: Float64Array) {
      const { matrix, drifts } = flow;
      matrix.diagonal.set(diagonal);
      links.forEach((back, axis) => {
        for (let v = 0; v < back.length; v++) {
          matrix.back[axis][v] = a * back[v];
          matrix.ahead[axis][v] = a * ahead[axis][v];
          drifts[axis][v] = (a * (ahead[axis][v] - back[v])) / 2;
        }
      });
    },
  };
  flow.split();
  return flow;
}
