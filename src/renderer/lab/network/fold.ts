import { type Drawing, type Label, type PlacedEdge, type Point, scaleIn, trimmed } from './drawing.ts';

/** Space between lanes, and that an edge takes to turn from one into the next, px. */
const LANE_GAP = 28;
const TURN = 40;
const MOST_LANES = 12;
/** A fold must make the drawing larger by this to be worth its turns. */
const WORTH = 1.8;

/** A drawing with its size in the box, less where it is folded. */
export interface Folded {
  readonly drawing: Drawing;
  readonly score: number;
}

/** Edges over a cut, and what one more counts against lanes of unequal length, in lanes. */
const MOST_TURNS = 4;
const COST_OF_TURN = 0.1;

/**
 * A drawing far longer than its box is wide, folded into lanes that run to and fro like the furrows of a field: every second
 * lane is turned by half a turn, so that the edges from one to the next nest and do not cross. Cuts lie between nodes.
 */
export function bestFold(drawing: Drawing, direction: 'LR' | 'TB', aspect: number): Folded {
  const along = direction === 'LR' ? drawing : transpose(drawing);
  const ratio = direction === 'LR' ? aspect : 1 / aspect;
  // Relative to the box: in the transposed one lengths are counted in its width.
  const unit = direction === 'LR' ? 1 : aspect;
  let best = { drawing: along, score: unit * scaleIn(along, ratio) };
  for (let lanes = 2; lanes <= MOST_LANES; lanes++) {
    const cuts = cutsFor(along, lanes);
    if (!cuts) continue;
    const folded = fold(along, cuts);
    const score = (unit * scaleIn(folded, ratio)) / WORTH;
    if (score > best.score) best = { drawing: folded, score };
  }
  return direction === 'LR' ? best : { ...best, drawing: transpose(best.drawing) };
}

/** Where to cut for so many lanes, as even as the gaps between nodes allow; null where they do not. */
function cutsFor({ nodes, edges, width }: Drawing, lanes: number): number[] | null {
  const boxes = [
    ...nodes.map(({ x, width: w }) => [x - w / 2, x + w / 2]),
    ...edges.flatMap(({ label }) => (label ? [[label.x - label.width / 2, label.x + label.width / 2]] : [])),
  ].sort((a, b) => a[0] - b[0]);
  const gaps: number[] = [];
  let reach = Number.POSITIVE_INFINITY;
  for (const [from, to] of boxes) {
    if (from > reach) gaps.push((reach + from) / 2);
    reach = reach === Number.POSITIVE_INFINITY ? to : Math.max(reach, to);
  }
  const cuts: number[] = [];
  for (let k = 1; k < lanes; k++) {
    const wanted = (k * width) / lanes;
    let best = Infinity;
    let least = Infinity;
    for (const gap of gaps) {
      if (gap <= (cuts.at(-1) ?? 0)) continue;
      const turns = turnsAt(edges, gap);
      const cost = (Math.abs(gap - wanted) * lanes) / width + COST_OF_TURN * turns;
      if (turns <= MOST_TURNS && cost < least) [best, least] = [gap, cost];
    }
    if (!Number.isFinite(best)) return null;
    cuts.push(best);
  }
  return cuts;
}

/** Edges that go over a cut, each as often as it does. */
function turnsAt(edges: readonly PlacedEdge[], cut: number): number {
  let turns = 0;
  for (const { points } of edges) {
    for (let i = 1; i < points.length; i++) if (points[i - 1].x < cut !== points[i].x < cut) turns++;
  }
  return turns;
}

function fold(drawing: Drawing, cuts: readonly number[]): Drawing {
  const ends = [...cuts, drawing.width];
  const starts = [0, ...cuts];
  const longest = Math.max(...ends.map((end, lane) => end - starts[lane]));
  const laneOf = (x: number): number => ends.findIndex((end, lane) => x < end || lane === ends.length - 1);
  const spans = spansOf(drawing, ends.length, laneOf);
  const tops: number[] = [];
  spans.reduce((top, { low, high }, lane) => {
    tops[lane] = top;
    return top + high - low + LANE_GAP;
  }, 0);
  const place = ({ x, y }: Point, lane: number): Point => {
    const forward = lane % 2 === 0;
    const offset = x - starts[lane];
    return {
      x: TURN + (forward ? offset : longest - offset),
      y: tops[lane] + (forward ? y - spans[lane].low : spans[lane].high - y),
    };
  };
  const put = <T extends Point>(shape: T): T => ({ ...shape, ...place(shape, laneOf(shape.x)) });

  /** The point where the line from a to b crosses x = cut, and how it turns from its lane into the next one or back. */
  const turn = (a: Point, b: Point, cut: number, from: number, to: number): Point[] => {
    const share = b.x === a.x ? 0.5 : (cut - a.x) / (b.x - a.x);
    const point = { x: cut, y: a.y + share * (b.y - a.y) };
    const [out, back] = [place(point, from), place(point, to)];
    const reach = TURN * (0.25 + 0.7 * Math.min(1, Math.abs(out.y - back.y) / drawing.height / 2));
    const right = Math.min(from, to) % 2 === 0;
    const side = right ? TURN + longest + reach : TURN - reach;
    return [out, { x: side, y: out.y }, { x: side, y: back.y }, back];
  };
  const route = ({ points }: PlacedEdge): Point[] => {
    const routed = [place(points[0], laneOf(points[0].x))];
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]];
      const [from, to] = [laneOf(a.x), laneOf(b.x)];
      const way = Math.sign(to - from);
      for (let lane = from; lane !== to; lane += way) {
        routed.push(...turn(a, b, way > 0 ? ends[lane] : starts[lane], lane, lane + way));
      }
      routed.push(place(b, to));
    }
    return routed;
  };
  return trimmed({
    nodes: drawing.nodes.map(put),
    edges: drawing.edges.map(edge => ({
      ...edge,
      points: route(edge),
      label: edge.label && put<Label>(edge.label),
    })),
  });
}

/** From where to where the shapes of each lane reach. */
function spansOf(
  { nodes, edges }: Drawing,
  lanes: number,
  laneOf: (x: number) => number,
): { low: number; high: number }[] {
  const spans = Array.from({ length: lanes }, () => ({ low: Infinity, high: -Infinity }));
  const take = (x: number, low: number, high: number): void => {
    const span = spans[laneOf(x)];
    span.low = Math.min(span.low, low);
    span.high = Math.max(span.high, high);
  };
  for (const { x, y, height } of [...nodes, ...edges.flatMap(({ label }) => label ?? [])]) {
    take(x, y - height / 2, y + height / 2);
  }
  for (const { points } of edges) for (const { x, y } of points) take(x, y, y);
  return spans;
}

/** x and y exchanged: boxes keep their own width and height, so the drawing is only for measuring and folding. */
function transpose(drawing: Drawing): Drawing {
  const swap = ({ x, y }: Point): Point => ({ x: y, y: x });
  const box = <T extends Label>(shape: T): T => ({
    ...shape,
    ...swap(shape),
    width: shape.height,
    height: shape.width,
  });
  return {
    width: drawing.height,
    height: drawing.width,
    nodes: drawing.nodes.map(box),
    edges: drawing.edges.map(edge => ({
      ...edge,
      points: edge.points.map(swap),
      label: edge.label && box(edge.label),
    })),
  };
}
