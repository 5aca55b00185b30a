import type { Point } from './drawing.ts';

/** What an edge ends in. */
export type Tip = 'arrow' | 'bar' | 'both' | 'dot' | 'none';

/** An edge as SVG paths: its line, and its tip where it has one. `filled` tips are areas, the others strokes. */
export interface Curve {
  readonly line: string;
  readonly tip: string;
  readonly filled: boolean;
}

/** Length and half width of an arrowhead; how far a bar stays from the node, px. */
const ARROW = 9;
const HALF = 4.2;
const BAR = 6.5;
const BAR_GAP = 2.5;
const DOT = 3.4;

/**
 * A uniform cubic B-spline, clamped at both ends, along the points of the layout: it stays within their hull and so clear of
 * what they go round.
 */
export function curveOf(points: readonly Point[], tip: Tip): Curve {
  const distinct = points.filter((p, i) => i === 0 || distance(p, points[i - 1]) > 0.5);
  const at = distinct.length > 1 ? distinct : [points[0], points[points.length - 1]];
  const end = at[at.length - 1];
  const before = at[at.length - 2];
  const length = distance(before, end) || 1;
  const [dx, dy] = [(end.x - before.x) / length, (end.y - before.y) / length];
  const back = (by: number): Point => ({ x: end.x - by * dx, y: end.y - by * dy });
  const beside = (from: Point, by: number): Point => ({ x: from.x - by * dy, y: from.y + by * dx });
  const stop = back({ arrow: ARROW - 1, both: ARROW - 1, bar: BAR_GAP, dot: 2 * DOT, none: 0 }[tip]);
  const line = spline([...at.slice(0, -1), stop]);
  switch (tip) {
    case 'none':
      return { line, tip: '', filled: false };
    case 'bar': {
      const middle = back(BAR_GAP);
      return { line, tip: `M${text(beside(middle, BAR))}L${text(beside(middle, -BAR))}`, filled: false };
    }
    case 'dot': {
      const middle = back(DOT);
      const [x, y] = [number(middle.x - DOT), number(middle.y)];
      const half = `a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0 ${-2 * DOT} 0`;
      return { line, tip: `M${x} ${y}${half}z`, filled: true };
    }
    default: {
      const base = back(ARROW);
      const head = `M${text(end)}L${text(beside(base, HALF))}L${text(beside(base, -HALF))}z`;
      // Both: a bar behind the arrowhead.
      const bar = `M${text(beside(back(ARROW + 2), BAR))}L${text(beside(back(ARROW + 2), -BAR))}`;
      const wide = `L${text(beside(back(ARROW + 3.5), -BAR))}L${text(beside(back(ARROW + 3.5), BAR))}z`;
      return { line, tip: tip === 'both' ? head + bar + wide : head, filled: true };
    }
  }
}

function spline(points: readonly Point[]): string {
  const [first] = points;
  const last = points[points.length - 1];
  if (points.length === 2) return `M${text(first)}L${text(last)}`;
  const mix = (...parts: readonly (readonly [number, Point])[]): Point => ({
    x: parts.reduce((sum, [w, p]) => sum + w * p.x, 0),
    y: parts.reduce((sum, [w, p]) => sum + w * p.y, 0),
  });
  // Straight from the end to a third of the way, then one cubic per control point.
  let path = `M${text(first)}L${text(mix([5 / 6, first], [1 / 6, points[1]]))}`;
  const all = [...points, last];
  for (let i = 1; i < points.length; i++) {
    const [p, q, r] = [all[i - 1], all[i], all[i + 1]];
    const knot = mix([1 / 6, p], [4 / 6, q], [1 / 6, r]);
    path += `C${text(mix([2 / 3, p], [1 / 3, q]))} ${text(mix([1 / 3, p], [2 / 3, q]))} ${text(knot)}`;
  }
  return `${path}L${text(last)}`;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function text({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}

function number(value: number): string {
  return String(Math.round(100 * value) / 100);
}
