import { curveOf, type Tip } from './curve.ts';
import type { NetworkGraph } from './graph.ts';

interface LegendProps {
  readonly graph: NetworkGraph;
  /** Conserved sums with their colours, where nodes are coloured by them. */
  readonly sums: readonly { readonly name: string; readonly colour: string }[] | null;
}

/** Kinds of edges, in the order in which they are listed. */
const KINDS: readonly { readonly look: string; readonly tip: Tip; readonly label: string }[] = [
  { look: 'product', tip: 'arrow', label: 'makes' },
  { look: 'influence activates', tip: 'arrow', label: 'activates' },
  { look: 'influence represses', tip: 'bar', label: 'represses' },
  { look: 'influence mixed', tip: 'both', label: 'both' },
  { look: 'influence unknown', tip: 'dot', label: 'acts on' },
];
const SAMPLE = [
  { x: 1, y: 8 },
  { x: 31, y: 8 },
];

/** What the edges mean, as far as they occur. */
export function Legend({ graph, sums }: LegendProps) {
  const looks = new Set(
    graph.edges.map(({ kind, effect }) => (kind === 'influence' ? `influence ${effect ?? 'unknown'}` : kind)),
  );
  return (
    <ul className="network-legend">
      {KINDS.filter(({ look }) => looks.has(look)).map(({ look, tip, label }) => {
        const curve = curveOf(SAMPLE, tip);
        return (
          <li key={look}>
            <svg width={34} height={16} aria-hidden="true">
              <g className={`network-edge ${look}`}>
                <path className="network-line" d={curve.line} />
                <path className={curve.filled ? 'network-tip' : 'network-bar'} d={curve.tip} />
              </g>
            </svg>
            {label}
          </li>
        );
      })}
      {sums?.map(({ name, colour }) => (
        <li key={name}>
          <svg width={14} height={14} aria-hidden="true">
            <circle cx={7} cy={7} r={5} fill={colour} />
          </svg>
          <span className="ellipsis">{name} kept</span>
        </li>
      ))}
    </ul>
  );
}
