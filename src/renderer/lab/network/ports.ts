import type { Label, PlacedEdge, PlacedNode, Point } from './drawing.ts';

/** How far an edge runs straight out of a node, px. */
const STEM = 11;
/** How far it runs straight before and behind its label, px. */
const RUN = 10;

/**
 * Ends of edges set to the sides of their nodes that face the neighbouring layers, spread over the side in the order in which
 * the edges come, and left at right angles: so no edge cuts across a neighbour in its node's own layer. Layers lie
 * across x where `direction` is LR.
 */
export function spreadPorts(
  nodes: readonly PlacedNode[],
  edges: readonly PlacedEdge[],
  direction: 'LR' | 'TB',
): PlacedEdge[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const across = ({ x, y }: Point): number => (direction === 'LR' ? y : x);
  const along = ({ x, y }: Point): number => (direction === 'LR' ? x : y);
  interface End {
    readonly edge: number;
    readonly last: boolean;
    readonly next: Point;
  }
  const sides = new Map<string, End[]>();
  // From one layer to the next nothing is in the way: the way point between would only bend it.
  const isStep = ({ points, label }: PlacedEdge): boolean => points.length === 3 && label === null;
  edges.forEach((edge, e) => {
    const { from, to, points } = edge;
    const [source, target] = [byId.get(from), byId.get(to)];
    if (!source || !target) return;
    const ends = [
      [from, isStep(edge) ? target : points[1], false],
      [to, isStep(edge) ? source : points[points.length - 2], true],
    ] as const;
    for (const [id, next, last] of ends) {
      const node = byId.get(id);
      if (!node) continue;
      const key = `${id} ${along(next) > along(node) ? 'after' : 'before'}`;
      sides.set(key, [...(sides.get(key) ?? []), { edge: e, last, next }]);
    }
  });
  const routes = edges.map(edge => {
    const { points, label } = edge;
    if (isStep(edge)) return [];
    const between = points.slice(1, -1);
    return label
      ? throughLabel(between, label, along(points[points.length - 1]) > along(points[0]), direction)
      : between;
  });
  for (const [key, ends] of sides) {
    const [id, side] = key.split(' ');
    const node = byId.get(id);
    if (!node) continue;
    const sign = side === 'after' ? 1 : -1;
    const [breadth, depth] = direction === 'LR' ? [node.height, node.width] : [node.width, node.height];
    const sorted = ends.toSorted((a, b) => across(a.next) - across(b.next) || a.edge - b.edge);
    sorted.forEach(({ edge, last, next }, i) => {
      const margin = Math.min(10, breadth / 3) - breadth / 2;
      const wanted = across(next) - across(node);
      const offset =
        sorted.length === 1
          ? Math.min(-margin, Math.max(margin, wanted))
          : ((i + 1) / (sorted.length + 1) - 0.5) * breadth;
      const point = (out: number): Point => {
        const [a, b] = [along(node) + sign * (depth / 2 + out), across(node) + offset];
        return direction === 'LR' ? { x: a, y: b } : { x: b, y: a };
      };
      const stem = [point(0), point(STEM)];
      if (last) routes[edge].push(...stem.reverse());
      else routes[edge].unshift(...stem);
    });
  }
  return edges.map((edge, i) => ({ ...edge, points: routes[i] }));
}

/** Three points in a row at the label: the spline goes through the middle one. */
function throughLabel(
  points: readonly Point[],
  label: Label,
  forward: boolean,
  direction: 'LR' | 'TB',
): Point[] {
  const distance = ({ x, y }: Point): number => Math.hypot(x - label.x, y - label.y);
  const nearest = points.reduce((best, point, i) => (distance(point) < distance(points[best]) ? i : best), 0);
  const by = forward ? RUN : -RUN;
  const shifted = (share: number): Point =>
    direction === 'LR' ? { x: label.x + share * by, y: label.y } : { x: label.x, y: label.y + share * by };
  return [...points.slice(0, nearest), shifted(-1), shifted(0), shifted(1), ...points.slice(nearest + 1)];
}
