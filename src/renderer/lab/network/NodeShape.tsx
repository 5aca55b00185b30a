import { formatValue } from '../../../picture/format/number.ts';
import type { PlacedNode } from './drawing.ts';
import { NAME_SIZE, REACTION_SIZE } from './graph.ts';

export interface NodeLook {
  readonly continuous: boolean;
  /** A reaction that a delay or an event fires; a species that counts firings under way. */
  readonly scheduled: boolean;
  /** A reaction that cannot happen, a species that cannot be present. */
  readonly dead: boolean;
  /** Amount to show, and whether it is the initial one. */
  readonly amount: number | null;
  readonly live: boolean;
  /** Height of the fill, 0 … 1. */
  readonly level: number;
  /** Colours of the conserved sums it is in. */
  readonly sums: readonly string[];
}

interface NodeShapeProps {
  readonly node: PlacedNode;
  readonly look: NodeLook;
  /** For clip paths: unique in the page. */
  readonly id: string;
}

/** One node about (0, 0): a species or field with name and amount, or a reaction with its name. */
export function NodeShape({ node, look, id }: NodeShapeProps) {
  const { kind, label, before, after, width, height } = node;
  const [x, y] = [-width / 2, -height / 2];
  if (kind === 'reaction') {
    return (
      <>
        <rect className="network-box" {...{ x, y, width, height }} rx={3} />
        {look.continuous && (
          <rect
            className="network-inner"
            x={x + 2.5}
            y={y + 2.5}
            width={width - 5}
            height={height - 5}
            rx={2}
          />
        )}
        <text textAnchor="middle" dominantBaseline="central" fontSize={REACTION_SIZE}>
          {before && <tspan className="network-nothing">{`${before} `}</tspan>}
          {label}
          {after && <tspan className="network-nothing">{` ${after}`}</tspan>}
        </text>
      </>
    );
  }
  // What moves in whole molecules has corners, what flows is round.
  const rx = kind === 'field' ? 2 : look.continuous ? height / 2 : 9;
  const filled = look.level * height;
  return (
    <>
      <rect className="network-box" {...{ x, y, width, height, rx }} />
      {look.level > 0 && (
        <>
          <clipPath id={id}>
            <rect {...{ x, y, width, height, rx }} />
          </clipPath>
          <rect
            className="network-level"
            {...{ x, width }}
            y={height / 2 - filled}
            height={filled}
            clipPath={`url(#${id})`}
          />
        </>
      )}
      {kind === 'field' && (
        <path
          className="network-waves"
          d={`M${x + 8} ${height / 2 - 6}${'q3 -3 6 0t6 0'.repeat(Math.max(1, Math.floor((width - 16) / 12)))}`}
        />
      )}
      <rect
        className="network-rim"
        {...{ x, y, width, height, rx }}
        {...(look.sums.length > 0 && { stroke: look.sums[0], strokeWidth: 2.5 })}
      />
      {look.sums.slice(1, 4).map((colour, i) => (
        <circle key={colour} className="network-sum" cx={-x - 9 - 9 * i} cy={y} r={4} fill={colour} />
      ))}
      <text
        className="network-name"
        textAnchor="middle"
        dominantBaseline="central"
        y={kind === 'field' || look.amount === null ? -2 : -7}
        fontSize={NAME_SIZE}
      >
        {label}
      </text>
      {look.amount !== null && (
        <text className="network-amount" textAnchor="middle" dominantBaseline="central" y={10} fontSize={11}>
          {formatValue(look.amount)}
        </text>
      )}
    </>
  );
}
