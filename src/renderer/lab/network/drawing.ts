import type { NetworkEdge, NetworkNode } from './graph.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedNode extends NetworkNode {
  /** Of its middle. */
  readonly x: number;
  readonly y: number;
}

/** A box around (x, y). */
export interface Label extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge extends NetworkEdge {
  /** From border to border, at least two. */
  readonly points: readonly Point[];
  readonly label: Label | null;
}

/** A network in the plane, from (0, 0) to (width, height). */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

export const MARGIN = 16;

/** Moved so that all of it lies within a margin, with the size that this takes. */
export function trimmed({ nodes, edges }: Pick<Drawing, 'nodes' | 'edges'>): Drawing {
  const boxes: readonly Label[] = [
    ...nodes,
    ...edges.flatMap(({ label, points }) => [
      ...(label ? [label] : []),
      ...points.map(point => ({ ...point, width: 0, height: 0 })),
    ]),
  ];
  const left = Math.min(...boxes.map(({ x, width }) => x - width / 2)) - MARGIN;
  const top = Math.min(...boxes.map(({ y, height }) => y - height / 2)) - MARGIN;
  const move = <T extends Point>(shape: T): T => ({ ...shape, x: shape.x - left, y: shape.y - top });
  return {
    width: Math.max(...boxes.map(({ x, width }) => x + width / 2)) + MARGIN - left,
    height: Math.max(...boxes.map(({ y, height }) => y + height / 2)) + MARGIN - top,
    nodes: nodes.map(move),
    edges: edges.map(edge => ({
      ...edge,
      points: edge.points.map(move),
      label: edge.label && move(edge.label),
    })),
  };
}

/** By how much a drawing can be scaled to fit a box of that width/height and height 1. */
export function scaleIn({ width, height }: Pick<Drawing, 'width' | 'height'>, aspect: number): number {
  return Math.min(aspect / width, 1 / height);
}
