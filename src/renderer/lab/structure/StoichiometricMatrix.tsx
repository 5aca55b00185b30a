import type { CircuitOverview } from '../../../engine/circuits/overview.ts';
import { formatValue } from '../../../picture/format/number.ts';

/** Net change of every substance by every reaction; names stay in sight while the table scrolls. */
export function StoichiometricMatrix({ overview }: { readonly overview: CircuitOverview }) {
  const { structure, reactions } = overview;
  const { substances, stoichiometry } = structure;
  if (substances.length === 0 || reactions.length === 0) {
    return <p className="structure-note">It has no {reactions.length === 0 ? 'reactions' : 'substances'}.</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section className="structure-matrix" tabIndex={0} aria-label="Stoichiometric matrix">
      <table>
        <thead>
          <tr>
            <td />
            {reactions.map(({ name, equation }, r) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its reaction's place
              <th key={r} scope="col" title={equation}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {substances.map((name, row) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {stoichiometry[row].map((change, r) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its reaction's place
                <td key={r} className={change > 0 ? 'made' : change < 0 ? 'taken' : ''}>
                  {change === 0 ? '·' : `${change > 0 ? '+' : ''}${formatValue(change)}`}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
