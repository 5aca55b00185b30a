import type { MoietyBalance } from '../../engine/diagnostics/balance.ts';
import { formatValue } from '../../picture/format/number.ts';
import { sortedFlows } from './balanceLevel.ts';

const MOST = 8;

/** What came in and went out since the start, by cause, largest first. */
export function CauseBars({ moiety, unit }: { readonly moiety: MoietyBalance; readonly unit: string }) {
  const flows = sortedFlows(moiety.byCause);
  const largest = flows.length > 0 ? Math.abs(flows[0].amount) : 0;
  const rest = flows.slice(MOST);
  return (
    <>
      <h3 className="muted">Came and went, by cause</h3>
      {flows.length === 0 && <p className="muted small">Nothing has crossed yet.</p>}
      <ul className="causes">
        {flows.slice(0, MOST).map(({ cause, amount }) => (
          <li key={cause}>
            <span className="row spread">
              <span className="ellipsis" title={cause}>
                {cause}
              </span>
              <span className="num">
                {amount > 0 ? '+' : ''}
                {formatValue(amount)}
                {unit}
              </span>
            </span>
            <span className="cause-bar" aria-hidden="true">
              <span
                className={amount > 0 ? 'in' : 'out'}
                style={{ width: `${largest > 0 ? Math.max(0.5, (100 * Math.abs(amount)) / largest) : 0}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
      {rest.length > 0 && (
        <p className="muted small">
          and {rest.length} smaller, together {formatValue(rest.reduce((sum, { amount }) => sum + amount, 0))}
        </p>
      )}
      <p className="equation small">
        {formatValue(moiety.initial, 4)} at start → {formatValue(moiety.total, 4)} now, unaccounted{' '}
        {formatValue(moiety.residual, 2)}
      </p>
    </>
  );
}
