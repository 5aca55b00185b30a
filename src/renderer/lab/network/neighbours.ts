import type { Drawing, PlacedNode } from './drawing.ts';
import type { NetworkGraph } from './graph.ts';

/** Nodes and edges that belong to a node: its edges, and the far ends; through each of its reactions, all that takes part. */
export function neighbours({ nodes, edges }: NetworkGraph, id: string): ReadonlySet<string> {
  const node = nodes.find(other => other.id === id);
  const found = new Set<string>([id]);
  if (!node) return found;
  const reactions = new Set<number>();
  if (node.kind === 'reaction') reactions.add(node.index);
  else for (const { from, to, reaction } of edges) if (from === id || to === id) reactions.add(reaction);
  for (const edge of edges) {
    if (!reactions.has(edge.reaction)) continue;
    for (const name of [edge.id, edge.from, edge.to]) found.add(name);
  }
  return found;
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The node nearest in a direction, sideways counting double; null where there is none. */
export function nextNode({ nodes }: Drawing, from: PlacedNode, direction: Direction): PlacedNode | null {
  const horizontal = direction === 'ArrowLeft' || direction === 'ArrowRight';
  const sign = direction === 'ArrowLeft' || direction === 'ArrowUp' ? -1 : 1;
  let best: PlacedNode | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    if (node.id === from.id) continue;
    const along = sign * (horizontal ? node.x - from.x : node.y - from.y);
    const aside = Math.abs(horizontal ? node.y - from.y : node.x - from.x);
    // Within a half plane of 63° to either side.
    if (along <= 0 || aside > 2 * along) continue;
    const cost = along + 2 * aside;
    if (cost < least) [best, least] = [node, cost];
  }
  return best;
}
