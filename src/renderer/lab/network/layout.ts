import { Graph, type GraphLabel, layout as runDagre } from '@dagrejs/dagre';
import { type Drawing, MARGIN, type Point, trimmed } from './drawing.ts';
import { bestFold } from './fold.ts';
import type { NetworkGraph } from './graph.ts';
import { spreadPorts } from './ports.ts';
import { textWidth } from './textWidth.ts';

export const COEFFICIENT_SIZE = 11;

/**
 * The network laid out in layers (Sugiyama's method, by the library), across or down, long chains folded into lanes: whatever
 * is largest in a box of this width/height. The same graph gives the same drawing.
 */
export function layoutNetwork(graph: NetworkGraph, aspect = 1.6): Drawing {
  const [across, down] = (['LR', 'TB'] as const).map(direction =>
    bestFold(inLayers(graph, direction), direction, aspect),
  );
  return down.score > 1.05 * across.score ? down.drawing : across.drawing;
}

function inLayers({ nodes, edges }: NetworkGraph, direction: 'LR' | 'TB'): Drawing {
  if (nodes.length === 0) return { width: 2 * MARGIN, height: 2 * MARGIN, nodes: [], edges: [] };
  const g = new Graph<GraphLabel>({ multigraph: true });
  g.setGraph({
    rankdir: direction,
    // A cycle is broken where that turns the least weight round: at an influence rather than at matter.
    acyclicer: 'greedy',
    ...{ nodesep: 16, edgesep: 12, ranksep: 32 },
  });
  for (const { id, width, height } of nodes) g.setNode(id, { width, height });
  for (const { id, from, to, kind, coefficient } of edges) {
    const label = coefficient
      ? { width: textWidth(coefficient, COEFFICIENT_SIZE) + 6, height: COEFFICIENT_SIZE + 5, labelpos: 'c' }
      : {};
    g.setEdge(from, to, { weight: kind === 'influence' ? 1 : 3, minlen: 1, ...label }, id);
  }
  runDagre(g);
  const placed = nodes.map(node => {
    const { x, y } = g.node(node.id);
    return { ...node, x, y };
  });
  const routed = edges.map(edge => {
    const { points, x, y, width, height } = g.edge(edge.from, edge.to, edge.id);
    const label = edge.coefficient ? { x, y, width, height } : null;
    return { ...edge, points: points.map(({ x, y }: Point) => ({ x, y })), label };
  });
  return trimmed({ nodes: placed, edges: spreadPorts(placed, routed, direction) });
}
