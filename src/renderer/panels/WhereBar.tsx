import { formatShare, formatValue } from '../../picture/format/number.ts';
import { kindColour } from '../plots/palette.ts';

interface WhereBarProps {
  readonly total: number;
  /** With the space before it. */
  readonly unit: string;
  readonly where: Readonly<Record<string, number>>;
}

/** A total, and where it is, as one stacked bar. */
export function WhereBar({ total, where, unit }: WhereBarProps) {
  const parts = Object.entries(where).map(([name, amount], i) => ({ name, amount, colour: kindColour(i) }));
  const sum = parts.reduce((all, { amount }) => all + Math.max(0, amount), 0);
  const share = (amount: number) => (sum > 0 ? Math.max(0, amount) / sum : 0);
  return (
    <div className="where">
      <div className="row spread">
        <span className="muted">Total</span>
        <span className="num">
          {formatValue(total, 5)}
          {unit}
        </span>
      </div>
      <div
        className="where-bar"
        role="img"
        aria-label={parts.map(part => `${part.name} ${formatShare(share(part.amount))}`).join(', ')}
      >
        {parts.map(({ name, amount, colour }) => (
          <span key={name} style={{ flexGrow: share(amount), background: colour }} />
        ))}
      </div>
      <ul className="where-parts small">
        {parts.map(({ name, amount, colour }) => (
          <li key={name}>
            <span className="swatch" style={{ background: colour }} />
            {name} <span className="num">{formatShare(share(amount))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
