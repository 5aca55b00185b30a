import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import type { CircuitOverview } from '../../../engine/circuits/overview.ts';
import { IconButton } from '../../controls/Button.tsx';
import { kindColour } from '../../plots/palette.ts';
import { substanceName } from '../words.ts';
import { Details } from './Details.tsx';
import type { PlacedNode } from './drawing.ts';
import { EdgeShape } from './EdgeShape.tsx';
import { exportSvg } from './exportSvg.ts';
import { networkGraph } from './graph.ts';
import { Legend } from './Legend.tsx';
import { type NodeLook, NodeShape } from './NodeShape.tsx';
import { type Direction, neighbours, nextNode } from './neighbours.ts';
import { quietCorner } from './quietCorner.ts';
import { useDrawing } from './useDrawing.ts';
import { useViewport } from './useViewport.ts';
import './network.css';

interface NetworkViewProps {
  readonly overview: CircuitOverview;
  /** Names the drawing for screen readers and in the file. */
  readonly title: string;
  /** Amounts now by species, for instance means over an ensemble; NaN where there is none. */
  readonly amounts?: ArrayLike<number> | null;
  /** Amounts that fill a species' node to the brim; without them the largest of initial and live amounts. */
  readonly most?: ArrayLike<number> | null;
  /** Index of the selected species. */
  readonly selected?: number | null;
  readonly onSelect?: (species: number) => void;
  /** Gets the drawing as the text of an SVG file; without it there is no button for that. */
  readonly onSave?: (svg: string) => void;
}

/** The network of a circuit: species, reactions, who regulates whom. Pan, zoom, focus; a click selects a species. */
export function NetworkView({
  overview,
  title,
  amounts,
  most,
  selected,
  onSelect,
  onSave,
}: NetworkViewProps) {
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const [shape, setShape] = useState(1.6);
  const graph = useMemo(() => networkGraph(overview), [overview]);
  const { drawing, state } = useDrawing(graph, shape);
  const { view, size, zoom, showAll, reveal } = useViewport(svg, drawing);
  // Laid out anew only where the window is of quite another shape.
  const wanted =
    size.height > 0 ? 1.6 ** Math.round(Math.log(size.width / size.height) / Math.log(1.6)) : shape;
  if (wanted !== shape) setShape(wanted);

  const [pointed, setPointed] = useState<string | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [colouring, setColouring] = useState(false);
  const shown = drawing.nodes.find(node => node.id === (pointed ?? focused)) ?? null;
  const near = useMemo(() => (shown ? neighbours(graph, shown.id) : null), [graph, shown]);
  const corner = shown && near && quietCorner(drawing, near, shown.id, view, size);
  const stop = drawing.nodes.find(node => node.id === current) ?? drawing.nodes[0];
  const colours = useMemo(() => sumColours(overview), [overview]);

  const amountOf = ({ kind, index }: PlacedNode): number | null => {
    if (kind !== 'species') return null;
    const live = amounts?.[index];
    return live !== undefined && Number.isFinite(live) ? live : null;
  };
  const lookOf = (node: PlacedNode): NodeLook =>
    lookOfNode(node, overview, amountOf(node), most, colouring ? colours : null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = ACTIONS[event.key];
    if (act) act({ zoom, showAll });
    else if (event.key.startsWith('Arrow') && stop) {
      const next = nextNode(drawing, stop, event.key as Direction);
      if (next) {
        setCurrent(next.id);
        reveal(next.x, next.y);
        content.current?.querySelector<SVGGElement>(`[data-node="${next.id}"]`)?.focus();
      }
    } else if ((event.key === 'Enter' || event.key === ' ') && stop?.kind === 'species')
      onSelect?.(stop.index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const save = () => {
    if (svg.current && content.current) onSave?.(exportSvg(svg.current, content.current, drawing, title));
  };

  return (
    <div className="network">
      <svg ref={svg} className="network-drawing" aria-label={`Network of ${title}`} onKeyDown={onKeyDown}>
        <title>{`Network of ${title}`}</title>
        <g ref={content} transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          {drawing.edges.map(edge => (
            <EdgeShape
              key={edge.id}
              edge={edge}
              faded={near !== null && !near.has(edge.id)}
              lit={near?.has(edge.id) ?? false}
            />
          ))}
          {drawing.nodes.map(node => {
            const look = lookOf(node);
            const classes = [
              'network-node',
              node.kind,
              look.dead && 'dead',
              look.scheduled && 'scheduled',
              near && !near.has(node.id) && 'faded',
              shown?.id === node.id && 'shown',
              node.kind === 'species' && node.index === selected && 'selected',
            ];
            return (
              // biome-ignore lint/a11y/useSemanticElements: a shape of a drawing; one tab stop, arrow keys move
              <g
                key={node.id}
                className={classes.filter(Boolean).join(' ')}
                transform={`translate(${node.x} ${node.y})`}
                data-node={node.id}
                role="button"
                tabIndex={node.id === stop?.id ? 0 : -1}
                aria-label={labelOf(node, look, overview)}
                aria-pressed={node.kind === 'species' ? node.index === selected : undefined}
                onPointerEnter={() => setPointed(node.id)}
                onPointerLeave={() => setPointed(null)}
                onFocus={() => {
                  // A pointer that rests somewhere does not hide where the keys lead.
                  setPointed(null);
                  setFocused(node.id);
                  setCurrent(node.id);
                }}
                onBlur={() => setFocused(null)}
                onClick={() => node.kind === 'species' && onSelect?.(node.index)}
              >
                <NodeShape node={node} look={look} id={`${id}${node.id}`} />
              </g>
            );
          })}
        </g>
      </svg>
      {drawing.nodes.length === 0 && state !== 'ready' && (
        <p className="network-note" role="status">
          {NOTES[state]}
        </p>
      )}
      <div className="network-buttons">
        <IconButton icon="plus" tiny label="Larger" keys="+" onClick={() => zoom(1.25)} />
        <IconButton icon="minus" tiny label="Smaller" keys="-" onClick={() => zoom(0.8)} />
        <IconButton icon="fit" tiny label="Show all of it" keys="0" onClick={showAll} />
        {overview.structure.conserved.length > 0 && (
          <IconButton
            icon="brush"
            tiny
            label="Colour by conserved sums"
            pressed={colouring}
            onClick={() => setColouring(!colouring)}
          />
        )}
        {onSave && <IconButton icon="download" tiny label="Save the drawing as SVG" onClick={save} />}
      </div>
      <Legend
        graph={graph}
        sums={
          colouring
            ? overview.structure.conserved.map(({ name }, i) => ({ name, colour: kindColour(i) }))
            : null
        }
      />
      {shown && (
        <div className={`network-details ${corner}`} aria-live="polite">
          <Details overview={overview} node={shown} amount={amountOf(shown)} />
        </div>
      )}
    </div>
  );
}

const NOTES = {
  waiting: 'Laying the network out …',
  tooLarge: 'The network is too large to draw. Its structure is in the panel.',
  failed: 'The network could not be laid out.',
} as const;

const ACTIONS: Readonly<
  Record<string, (viewport: { zoom: (factor: number) => void; showAll: () => void }) => void>
> = {
  '+': ({ zoom }) => zoom(1.25),
  '=': ({ zoom }) => zoom(1.25),
  '-': ({ zoom }) => zoom(0.8),
  '0': ({ showAll }) => showAll(),
};

/** Colours of the conserved sums that a substance is in, by its node. */
function sumColours(overview: CircuitOverview): ReadonlyMap<string, readonly string[]> {
  const { species, fields, structure } = overview;
  const found = new Map<string, readonly string[]>();
  const add = (node: string, name: string): void => {
    const row = structure.substances.indexOf(name);
    if (row < 0) return;
    const sums = structure.conserved.flatMap(({ weights }, i) => (weights[row] === 0 ? [] : [kindColour(i)]));
    found.set(node, [...new Set(sums)]);
  };
  species.forEach((_, s) => {
    add(`s${s}`, substanceName(overview, 'cell', s));
  });
  fields.forEach((_, f) => {
    add(`f${f}`, substanceName(overview, 'field', f));
  });
  return found;
}

function lookOfNode(
  { id, kind, index }: PlacedNode,
  { species, reactions, structure }: CircuitOverview,
  live: number | null,
  most: ArrayLike<number> | null | undefined,
  colours: ReadonlyMap<string, readonly string[]> | null,
): NodeLook {
  const sums = colours?.get(id) ?? [];
  const blank = {
    continuous: false,
    scheduled: false,
    dead: false,
    amount: null,
    live: false,
    level: 0,
    sums,
  };
  if (kind === 'reaction') {
    const { continuous, dead, cause } = reactions[index];
    return { ...blank, continuous, dead, scheduled: cause !== null };
  }
  if (kind === 'field') return blank;
  const { name, initial, continuous, hidden = false } = species[index];
  const brim = most?.[index] ?? Math.max(initial, live ?? 0);
  return {
    continuous,
    scheduled: hidden,
    dead: structure.absentSpecies.includes(name),
    amount: live ?? initial,
    live: live !== null,
    level: live !== null && brim > 0 ? Math.min(1, Math.max(0, live / brim)) : 0,
    sums,
  };
}

function labelOf(
  { kind, name, index }: PlacedNode,
  { amount }: NodeLook,
  { reactions }: CircuitOverview,
): string {
  if (kind === 'reaction') return `Reaction ${name}: ${reactions[index].equation}`;
  if (kind === 'field') return `Field ${name}`;
  return `Species ${name}${amount === null ? '' : `, ${amount}`}`;
}
