import { formatPower, formatShare, formatValue } from '../../picture/format/number.ts';
import type { MemberResult } from '../../session/lab/contract.ts';
import { lineColour } from '../plots/palette.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { compareMembers, MOST_STANDARD_ERRORS } from './compare.ts';

/** The chosen methods side by side: what they are for, what they cost and how far their results are apart. */
export function CompareTable() {
  const { lab, view } = useWorkbench();
  const theme = useStore(view, state => state.theme);
  const { circuit, run, look } = useStore(lab.state, ({ circuit, run, look }) => ({ circuit, run, look }));
  if (!circuit || run.members.length === 0) return null;
  const rows = compareMembers(run.members, look.species);
  const several = rows.length > 1;
  return (
    <section className="lab-card" aria-label="Methods">
      <header className="row">
        <h2>{several ? `Methods compared, ${look.species} at the end` : `${look.species} at the end`}</h2>
      </header>
      <div className="lab-table">
        <table className="means">
          <thead>
            <tr>
              <th>Method</th>
              <th>ms/run</th>
              <th>firings/run</th>
              <th>mean</th>
              {several && <th title="Difference from the first, in standard errors">z</th>}
              <th>sd</th>
              {several && <th title="Difference of variances from the first, in standard errors">z</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ member, mean, sd, meanScore, sdScore }, i) => (
              <tr key={member.method}>
                <th>
                  <span className="row">
                    {several && <span className="swatch" style={{ background: lineColour(i, theme) }} />}
                    {member.method}
                    {member.runsBy !== member.method && <span className="muted">({member.runsBy})</span>}
                  </span>
                  <span className="small muted lab-use">
                    {member.failure === null ? (
                      `${circuit.methods.find(({ name }) => name === member.method)?.use ?? ''}${formOf(member)}`
                    ) : (
                      <span className="lab-fault">{member.failure}</span>
                    )}
                  </span>
                </th>
                <td>{figure(member.done > 0 ? member.elapsed / member.done : Number.NaN)}</td>
                <td>{figure(member.firings ?? Number.NaN)}</td>
                <td>{figure(mean, 4)}</td>
                {several && <Score value={meanScore} />}
                <td>{figure(sd, 4)}</td>
                {several && <Score value={sdScore} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A difference in standard errors, marked where chance does not explain it. */
function Score({ value }: { readonly value: number | null }) {
  if (value === null) return <td className="muted">–</td>;
  const far = Math.abs(value) > MOST_STANDARD_ERRORS;
  const text = Math.abs(value) >= 1000 ? formatPower(value, 1) : formatValue(Number(value.toFixed(1)), 2);
  return (
    <td
      className={far ? 'lab-far' : ''}
      title={far ? `More than ${MOST_STANDARD_ERRORS} standard errors apart` : undefined}
    >
      {text}
    </td>
  );
}

/** How far a method went over to its implicit form. */
function formOf({ work }: MemberResult): string {
  if (!work || work.implicit === 0) return '';
  return ` Here ${formatShare(work.implicit / (work.implicit + work.explicit))} of the steps were implicit.`;
}

function figure(value: number, digits = 3): string {
  return Number.isNaN(value) ? '–' : formatValue(value, digits);
}
