import { memo } from 'react';
import { curveOf, type Tip } from './curve.ts';
import type { PlacedEdge } from './drawing.ts';
import { COEFFICIENT_SIZE } from './layout.ts';

interface EdgeShapeProps {
  readonly edge: PlacedEdge;
  readonly faded: boolean;
  readonly lit: boolean;
}

/** An edge with its tip and its coefficient: solid for matter, dashed for influence. */
export const EdgeShape = memo(function EdgeShape({ edge, faded, lit }: EdgeShapeProps) {
  const { kind, effect, label, coefficient, points } = edge;
  const { line, tip, filled } = curveOf(points, tipOf(edge));
  const look = kind === 'influence' ? `influence ${effect ?? 'needed'}` : kind;
  return (
    <g className={`network-edge ${look}${faded ? ' faded' : ''}${lit ? ' lit' : ''}`}>
      <path className="network-line" d={line} />
      {tip && <path className={filled ? 'network-tip' : 'network-bar'} d={tip} />}
      {label && (
        <>
          <rect
            className="network-plate"
            x={label.x - label.width / 2}
            y={label.y - label.height / 2}
            width={label.width}
            height={label.height}
            rx={3}
          />
          <text
            className="network-coefficient"
            x={label.x}
            y={label.y}
            textAnchor="middle"
            dominantBaseline="central"
            fontSize={COEFFICIENT_SIZE}
          >
            {coefficient}
          </text>
        </>
      )}
    </g>
  );
});

/** Matter arrives with an arrow at what is made; it leaves what is taken with none. */
function tipOf({ kind, effect }: PlacedEdge): Tip {
  if (kind === 'product') return 'arrow';
  if (kind === 'reactant') return 'none';
  switch (effect) {
    case 'activates':
      return 'arrow';
    case 'represses':
      return 'bar';
    case 'mixed':
      return 'both';
    default:
      return 'dot';
  }
}
