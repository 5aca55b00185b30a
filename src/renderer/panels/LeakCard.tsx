import { isNamed, type Leak, rivalFits } from '../../engine/diagnostics/leaks.ts';
import { formatPower, formatShare, formatValue } from '../../picture/format/number.ts';

/** An exchange that lost or made something: the channel at fault, by how much, and how sure that is. */
export function LeakCard({ leak }: { readonly leak: Leak }) {
  const { field, operator, channel, relative, uncertainty, amount, unexplained, rival } = leak;
  const named = isNamed(leak);
  const error = uncertainty === null ? '' : ` ± ${formatPower(uncertainty)}`;
  const facts: (readonly [string, string])[] = [['Operator', operator]];
  if (named) {
    facts.push(['Channel', channel], ['Off by, of what it moves', formatPower(relative, 4) + error]);
    if (unexplained > 0.01) facts.push(['Explains of it', formatShare(1 - unexplained)]);
    if (rival && rivalFits(leak)) facts.push(['Explains it as well', rival.channel]);
  }
  const side = amount < 0 ? 'Missing' : 'Too many';
  facts.push([side, `${formatValue(Math.abs(amount), 4)}\u202fmolecules`]);
  return (
    <section className="leak small">
      <h3>The exchange with {field} leaks</h3>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {!named && (
        <p>
          One step cannot tell by which channel; <code>balance.onBreach: warn</code> goes on and finds out.
        </p>
      )}
    </section>
  );
}
