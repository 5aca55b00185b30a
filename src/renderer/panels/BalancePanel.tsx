import { useState } from 'react';
import { formatPower } from '../../picture/format/number.ts';
import { Select } from '../controls/Fields.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { balanceLevel, levelOf, mainMoiety } from './balanceLevel.ts';
import { CauseBars } from './CauseBars.tsx';
import { LeakCard } from './LeakCard.tsx';
import { moietyLabel, moietyUnit } from './moietyUnit.ts';
import { OperatorResiduals } from './OperatorResiduals.tsx';
import { ResidualChart } from './ResidualChart.tsx';
import { WhereBar } from './WhereBar.tsx';

const SENTENCES = {
  none: 'No step has been balanced yet.',
  good: 'The books close: what changed is what crossed, to rounding.',
  warn: 'The residual is within a factor of ten of the tolerance.',
  bad: 'The books do not close.',
} as const;

/** Every conserved moiety: how much there is and where, what came and went by cause, and what is unaccounted for. */
export function BalancePanel() {
  const { session } = useWorkbench();
  const balance = useStore(session, state => state.balance);
  const failure = useStore(session, state =>
    state.failure?.kind === 'balance' ? state.failure.message : null,
  );
  const columns = useStore(session, state => state.scenario?.seriesColumns ?? []);
  const recorded = useStore(session, state => state.scenario?.recording !== undefined);
  const [chosen, setChosen] = useState<string | null>(null);
  if (!balance) return <p className="panel-empty muted">{SENTENCES.none}</p>;
  if (recorded) return <RecordedBalance worst={balance.worstRelative} tolerance={balance.tolerance} />;
  if (balance.moieties.length === 0) {
    return <p className="panel-empty muted">This scenario conserves nothing: there is no balance to keep.</p>;
  }
  const level = failure ? 'bad' : balanceLevel(balance);
  const worst = balance.moieties.reduce((a, b) => (worstOf(b) > worstOf(a) ? b : a));
  const moiety =
    balance.moieties.find(({ name }) => name === chosen) ??
    (level === 'bad' ? worst : (mainMoiety(balance) ?? worst));
  const unit = moietyUnit(columns, moiety.name);
  return (
    <div className="balance">
      <div className={`balance-head ${level}`} role={level === 'bad' ? 'alert' : 'status'}>
        <span className={`dot ${level}`} />
        <div>
          <strong>{formatPower(Math.max(balance.worstRelative, balance.worstStep))}</strong>
          <span className="muted"> worst, tolerance {formatPower(balance.tolerance)}</span>
          <p>{failure ?? SENTENCES[level]}</p>
        </div>
      </div>
      {balance.leaks.map(leak => (
        <LeakCard key={leak.field} leak={leak} />
      ))}
      {balance.moieties.length > 1 && (
        <Select
          label="Conserved quantity"
          value={moiety.name}
          options={balance.moieties.map(({ name, relative }) => ({
            value: name,
            label:
              levelOf(relative, balance.tolerance) === 'good'
                ? moietyLabel(name)
                : `${moietyLabel(name)}  (${formatPower(relative)})`,
          }))}
          onChange={setChosen}
        />
      )}
      {balance.moieties.length === 1 && <h2>{moietyLabel(moiety.name)}</h2>}
      <WhereBar total={moiety.total} where={moiety.where} unit={unit} />
      <CauseBars moiety={moiety} unit={unit} />
      <h3 className="muted">Relative residual over time</h3>
      <ResidualChart name={moiety.name} tolerance={balance.tolerance} />
      <OperatorResiduals moiety={moiety} broken={level === 'bad' && moiety === worst} />
    </div>
  );
}

/** A recording keeps how well the books closed up to each of its rows; causes are with the run. */
function RecordedBalance({ worst, tolerance }: { readonly worst: number; readonly tolerance: number }) {
  const level = levelOf(worst, tolerance);
  return (
    <div className="balance">
      <div className={`balance-head ${level}`} role="status">
        <span className={`dot ${level}`} />
        <div>
          <strong>{formatPower(worst)}</strong>
          <span className="muted"> worst so far, tolerance {formatPower(tolerance)}</span>
          <p>{SENTENCES[level]}</p>
        </div>
      </div>
      <p className="muted">
        The totals of what is conserved are under Plots. Causes of change are not recorded: go on live from a
        frame to see them.
      </p>
    </div>
  );
}

function worstOf(moiety: { readonly relative: number; readonly worstStep: number }): number {
  return Math.max(moiety.relative, moiety.worstStep);
}
