import { describe, expect, it } from 'vitest';
import type { CellType } from '../../src/engine/cells/cellType.ts';
import { type CircuitOverview, overviewOf } from '../../src/engine/circuits/overview.ts';
import { liveAmounts } from '../../src/renderer/lab/liveAmounts.ts';
import { curveOf } from '../../src/renderer/lab/network/curve.ts';
import type { Drawing, Point } from '../../src/renderer/lab/network/drawing.ts';
import { networkGraph } from '../../src/renderer/lab/network/graph.ts';
import { layoutNetwork } from '../../src/renderer/lab/network/layout.ts';
import { neighbours, nextNode } from '../../src/renderer/lab/network/neighbours.ts';
import { quietCorner } from '../../src/renderer/lab/network/quietCorner.ts';
import { frame, zoomAbout } from '../../src/renderer/lab/network/viewport.ts';
import { fixture, type ReactionText } from '../circuits/fixtures.ts';
import {
  batchImmigration,
  burstingGene,
  dimerisation,
  immigrationDeath,
  schlogl,
  toggle,
  vilar,
} from '../circuits/models.ts';

/** X0 → X1 → … → X60. */
function chain(length = 60): CellType {
  const amounts = Object.fromEntries(
    Array.from({ length: length + 1 }, (_, i) => [`X${i}`, i === 0 ? 100 : 0]),
  );
  const reactions: Record<string, ReactionText> = {};
  for (let i = 0; i < length; i++) reactions[`step${i}`] = [`X${i} -> X${i + 1}`, `${i + 1} * X${i}`];
  return fixture(amounts, reactions);
}

/** 20 genes in a ring that repress the next, 60 reactions. */
function ring(genes = 20): CellType {
  const amounts: Record<string, number> = {};
  const reactions: Record<string, ReactionText> = {};
  for (let i = 0; i < genes; i++) {
    const before = (i + genes - 1) % genes;
    amounts[`protein_${i}`] = i;
    reactions[`make_${i}`] = [`-> 3 protein_${i}`, `10 / (1 + (protein_${before} / 40)^2)`];
    reactions[`lose_${i}`] = [`protein_${i} ->`, `protein_${i}`];
    reactions[`pair_${i}`] = [`2 protein_${i} ->`, `0.001 * protein_${i} * (protein_${i} - 1)`];
  }
  return fixture(amounts, reactions);
}

function withFields(): CellType {
  return fixture(
    { biomass: 300, LuxI: 0, A: 0 },
    {
      make: ['-> LuxI', '0.1 + 2 * hill(A, 50, 2)'],
      synthesis: ['LuxI -> LuxI + A', '0.1 * LuxI'],
      out: ['A -> f1', '0.3 * A'],
      in: ['f1 -> A', '0.3 * f1 * volume'],
      feed: ['6690000 f0 -> biomass', '0.001 * biomass * f0 / (f0 + 20)', 'continuous'],
    },
  );
}

const MODELS: readonly (readonly [string, () => CircuitOverview])[] = [
  ['immigration and death', () => overviewOf(immigrationDeath().circuit)],
  ['dimerisation', () => overviewOf(dimerisation().circuit)],
  ['Schlögl', () => overviewOf(schlogl().circuit)],
  ['toggle', () => overviewOf(toggle().circuit)],
  ['bursting gene', () => overviewOf(burstingGene().circuit)],
  ['batches', () => overviewOf(batchImmigration().circuit)],
  ['Vilar', () => overviewOf(vilar().circuit)],
  ['chain of 60', () => overviewOf(chain().circuit)],
  ['ring of 20 genes', () => overviewOf(ring().circuit)],
  ['fields', () => overviewOf(withFields().circuit, ['glucose', 'AHL'])],
  ['one species alone', () => overviewOf(fixture({ X: 3 }, {}).circuit)],
];

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

function overlap(a: Box, b: Box): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 - 0.01 &&
    Math.abs(a.y - b.y) < (a.height + b.height) / 2 - 0.01
  );
}

function boxes({ nodes, edges }: Drawing): Box[] {
  return [...nodes, ...edges.flatMap(({ label }) => label ?? [])];
}

describe.each(MODELS)('the drawing of %s', (_, overview) => {
  const graph = networkGraph(overview());

  it('has every reaction with all its terms, and every influence', () => {
    const { reactions, species, fields } = overview();
    const written = reactions.map((_, r) => {
      const side = (kind: string): string[] =>
        graph.edges
          .filter(edge => edge.reaction === r && edge.kind === kind)
          .map(({ from, to, coefficient }) => `${coefficient || 1} ${kind === 'product' ? to : from}`)
          .sort();
      return [side('reactant'), side('product')];
    });
    const wanted = reactions.map(({ reactants, products }) => {
      // By the net sums of each side; what stays the same is a catalyst.
      const sum = (terms: typeof reactants): Map<string, number> => {
        const sums = new Map<string, number>();
        for (const term of terms) {
          const id = `${term.in === 'cell' ? 's' : 'f'}${term.index}`;
          sums.set(id, (sums.get(id) ?? 0) + term.coefficient);
        }
        return sums;
      };
      const [left, right] = [sum(reactants), sum(products)];
      const side = (mine: Map<string, number>, other: Map<string, number>): string[] =>
        [...mine]
          .filter(([id, n]) => other.get(id) !== n)
          .map(([id, n]) => `${n >= 1e5 ? n.toExponential(2).replace('e+', 'e') : n} ${id}`)
          .sort();
      return [side(left, right), side(right, left)];
    });
    expect(written).toEqual(wanted);
    graph.nodes.forEach(({ kind, index, before, after }) => {
      if (kind !== 'reaction') return;
      expect(before !== '').toBe(reactions[index].reactants.length === 0);
      expect(after !== '').toBe(reactions[index].products.length === 0);
    });
    const influences = graph.edges.filter(({ kind }) => kind === 'influence').length;
    const found = reactions.reduce((n, reaction) => n + reaction.influences.length, 0);
    expect(influences).toBeGreaterThanOrEqual(found);
    expect(graph.nodes.filter(({ kind }) => kind === 'reaction').length).toBe(reactions.length);
    expect(graph.nodes.filter(({ kind }) => kind === 'species').length).toBeGreaterThanOrEqual(
      species.length - 1,
    );
    expect(graph.nodes.filter(({ kind }) => kind === 'field').length).toBe(fields.length);
    expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
  });

  it.each([0.6, 1.6, 3])('has no two nodes or labels over one another, all of them inside, at %d', aspect => {
    const drawing = layoutNetwork(graph, aspect);
    const all = boxes(drawing);
    for (let i = 0; i < all.length; i++) {
      const { x, y, width, height } = all[i];
      expect(x - width / 2).toBeGreaterThanOrEqual(0);
      expect(y - height / 2).toBeGreaterThanOrEqual(0);
      expect(x + width / 2).toBeLessThanOrEqual(drawing.width);
      expect(y + height / 2).toBeLessThanOrEqual(drawing.height);
      for (let j = 0; j < i; j++) if (overlap(all[i], all[j])) expect([all[i], all[j]]).toBe('apart');
    }
  });

  it('joins the borders of its nodes', () => {
    const drawing = layoutNetwork(graph, 1.6);
    const nodes = new Map(drawing.nodes.map(node => [node.id, node]));
    for (const { from, to, points } of drawing.edges) {
      expect(points.length).toBeGreaterThanOrEqual(2);
      for (const [id, point] of [
        [from, points[0]],
        [to, points[points.length - 1]],
      ] as const) {
        const node = nodes.get(id)!;
        const [dx, dy] = [Math.abs(point.x - node.x), Math.abs(point.y - node.y)];
        expect(dx).toBeLessThanOrEqual(node.width / 2 + 0.01);
        expect(dy).toBeLessThanOrEqual(node.height / 2 + 0.01);
        expect(Math.max(dx - node.width / 2, dy - node.height / 2)).toBeGreaterThan(-0.01);
      }
    }
  });

  it('draws each curve through its coefficient', () => {
    const { edges } = layoutNetwork(graph, 1.6);
    for (const { points, label } of edges) {
      if (!label) continue;
      // A uniform cubic B-spline passes its knots: (p + 4 q + r)/6.
      const nearest = Math.min(
        ...points.slice(1, -1).map((q, i) => {
          const [p, r] = [points[i], points[i + 2]];
          return Math.hypot((p.x + 4 * q.x + r.x) / 6 - label.x, (p.y + 4 * q.y + r.y) / 6 - label.y);
        }),
      );
      expect(nearest).toBeLessThan(0.5);
    }
  });

  it('is the same each time', () => {
    expect(layoutNetwork(networkGraph(overview()), 1.6)).toEqual(layoutNetwork(graph, 1.6));
  });
});

describe('a long chain', () => {
  it('is folded into lanes to fill its box', () => {
    const drawing = layoutNetwork(networkGraph(overviewOf(chain().circuit)), 1.6);
    expect(drawing.width / drawing.height).toBeGreaterThan(0.8);
    expect(drawing.width / drawing.height).toBeLessThan(8);
    expect(drawing.width).toBeLessThan(3000);
  });
});

describe('curves', () => {
  it('begin and end at their points; the line stops short of its arrowhead', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 50, y: 0 },
      { x: 100, y: 40 },
      { x: 100, y: 100 },
    ];
    const { line, tip, filled } = curveOf(points, 'arrow');
    expect(line).toMatch(/^M0 0L8\.33 0C/);
    expect(line).toMatch(/L100 92$/);
    expect(tip).toBe('M100 100L95.8 91L104.2 91z');
    expect(filled).toBe(true);
    expect(curveOf(points, 'bar')).toMatchObject({ filled: false, tip: 'M93.5 97.5L106.5 97.5' });
    expect(curveOf([points[0], points[0]], 'none').line).not.toMatch(/NaN/);
  });
});

describe('moving about', () => {
  const overview = overviewOf(vilar().circuit);
  const graph = networkGraph(overview);
  const drawing = layoutNetwork(graph, 1.6);

  it('lights up what a reaction or a species has to do with', () => {
    const bind = graph.nodes.find(({ name }) => name === 'bindA')!;
    const names = (id: string): string[] =>
      graph.nodes.filter(node => neighbours(graph, id).has(node.id)).map(({ name }) => name);
    expect(names(bind.id).sort()).toEqual(['A', 'DA', 'DAp', 'bindA']);
    const R = graph.nodes.find(({ name }) => name === 'MA')!;
    expect(names(R.id).sort()).toEqual([
      'A',
      'DA',
      'DAp',
      'MA',
      'decayMA',
      'transcribeA',
      'transcribeAp',
      'translateA',
    ]);
  });

  it('reaches every node by arrow keys from the first', () => {
    const [first] = drawing.nodes;
    const reached = new Set([first.id]);
    const open = [first];
    for (let node = open.pop(); node; node = open.pop()) {
      for (const direction of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
        const next = nextNode(drawing, node, direction);
        if (!next || reached.has(next.id)) continue;
        reached.add(next.id);
        open.push(next);
      }
    }
    expect(reached.size).toBe(drawing.nodes.length);
  });
});

describe('the window onto a drawing', () => {
  const size = { width: 800, height: 436 };

  it('shows all of it, in the middle above the legend, small ones not blown up', () => {
    expect(frame({ width: 1600, height: 400 }, size)).toEqual({ x: 0, y: 100, scale: 0.5 });
    expect(frame({ width: 100, height: 100 }, size).scale).toBe(1.6);
    expect(frame({ width: 100, height: 100 }, { width: 0, height: 0 }).scale).toBe(1);
  });

  it('zooms about a point, within bounds', () => {
    const view = frame({ width: 1600, height: 400 }, size);
    const at = { x: 200, y: 300 };
    const zoomed = zoomAbout(view, 1.5, at, view);
    expect((at.x - zoomed.x) / zoomed.scale).toBeCloseTo((at.x - view.x) / view.scale, 10);
    expect((at.y - zoomed.y) / zoomed.scale).toBeCloseTo((at.y - view.y) / view.scale, 10);
    expect(zoomAbout(view, 1e9, at, view).scale).toBe(4);
    expect(zoomAbout(view, 1e-9, at, view).scale).toBe(0.25);
  });

  it('keeps the card with details off the node that it is about', () => {
    const node = (id: string, x: number, y: number) => ({
      ...({ id, kind: 'species', index: 0, name: id, label: id, before: '', after: '' } as const),
      ...{ x, y, width: 60, height: 40 },
    });
    const view = { x: 0, y: 0, scale: 1 };
    const nodes = [node('a', 700, 40), node('b', 60, 40), node('c', 60, 380)];
    expect(quietCorner({ nodes }, new Set(['a']), 'a', view, size)).not.toBe('top-right');
    expect(quietCorner({ nodes }, new Set(['a', 'b']), 'a', view, size)).toBe('bottom-right');
    expect(quietCorner({ nodes }, new Set(['b']), 'b', view, size)).toBe('bottom-right');
  });
});

describe('live amounts', () => {
  const overview = overviewOf(toggle().circuit);
  const mean = Float64Array.of(100, 0, 60, 20, 80, 10);
  const member = { done: 3, species: ['U', 'V'], mean };

  it('are the means at the wanted time, with the largest of all times', () => {
    const last = liveAmounts(overview, member, 3, null);
    expect(last).toEqual({
      ...{ time: 2, amounts: Float64Array.of(NaN, 80, 10), most: Float64Array.of(NaN, 100, 20) },
    });
    expect(liveAmounts(overview, member, 3, 1)?.amounts).toEqual(Float64Array.of(NaN, 60, 20));
  });

  it('are none before a run is done', () => {
    expect(liveAmounts(overview, { ...member, done: 0 }, 3, null)).toBeNull();
    expect(liveAmounts(overview, { ...member, mean: new Float64Array(0) }, 3, null)).toBeNull();
  });
});
