import { useEffect, useState } from 'react';
import { PHASES } from '../../engine/model/profile.ts';
import { formatCount, formatPower, formatShare, formatValue } from '../../picture/format/number.ts';
import type { BalanceView } from '../../session/contract.ts';
import { balanceLevel, mainMoiety, sortedFlows } from '../panels/balanceLevel.ts';
import { moietyLabel, moietyUnit } from '../panels/moietyUnit.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** The balance at a glance, what moves, cells, steps per second and where the time goes. */
export function StatusBar() {
  const { session } = useWorkbench();
  const loaded = useStore(session, state => state.scenario !== null);
  return (
    <footer className="status-bar">
      {loaded ? (
        <>
          <BalanceSummary />
          <RecordingItem />
          <Counters />
          <PhaseBar />
        </>
      ) : (
        <span className="muted">No scenario</span>
      )}
      <FrameRate />
    </footer>
  );
}

const LEVELS = {
  good: 'balance closed',
  warn: 'balance near its tolerance',
  bad: 'balance broken',
  none: 'no balance yet',
};

function BalanceSummary() {
  const { session, ui, preferences } = useWorkbench();
  const balance = useStore(session, state => state.balance);
  const failed = useStore(session, state => state.failure?.kind === 'balance');
  const level = failed ? 'bad' : balanceLevel(balance);
  return (
    <>
      <button
        type="button"
        className="status-item balance-item"
        title={`${LEVELS[level]}: worst relative residual of all conserved quantities. Open the balance panel.`}
        onClick={() => {
          preferences.set({ rightOpen: true });
          ui.set({ rightTab: 'balance', bare: false });
        }}
      >
        <span className={`dot ${level}`} />
        <span className="visually-hidden">{LEVELS[level]}</span>
        balance{' '}
        <span className="residual">
          {balance ? formatPower(Math.max(balance.worstRelative, balance.worstStep)) : '–'}
        </span>
      </button>
      {balance && <Flows balance={balance} />}
    </>
  );
}

function Flows({ balance }: { readonly balance: BalanceView }) {
  const { session } = useWorkbench();
  const columns = useStore(session, state => state.scenario?.seriesColumns ?? []);
  const main = mainMoiety(balance);
  const flows = main ? sortedFlows(main.byCause).slice(0, 3) : [];
  if (!main || flows.length === 0) return null;
  return (
    <span className="status-item flows ellipsis" title="Largest causes of change since the start">
      <span className="muted">
        {moietyLabel(main.name)}
        {moietyUnit(columns, main.name) && `, ${moietyUnit(columns, main.name).trim()}`}
      </span>
      {flows.map(flow => (
        <span key={flow.cause} className="flow">
          <span className="muted">{flow.cause}</span>{' '}
          <span className="num">
            {flow.amount > 0 ? '+' : ''}
            {formatValue(flow.amount, 2)}
          </span>
        </span>
      ))}
    </span>
  );
}

/** How far the recording of the live run is. */
function RecordingItem() {
  const { recorder } = useWorkbench();
  const status = useStore(recorder.state, state => state.status);
  if (status?.phase !== 'recording' && status?.phase !== 'writing') return null;
  return (
    <span className="status-item recording-item" role="status">
      <span className="dot bad" /> {status.phase === 'recording' ? 'recording' : 'writing'}{' '}
      <span className="num">{formatCount(status.frames)}</span> <span className="muted">frames,</span>{' '}
      <span className="num">{formatValue(status.bytes / 1e6, 2)}</span> <span className="muted">MB</span>
    </span>
  );
}

function Counters() {
  const { session } = useWorkbench();
  const { cells, rate, guarded } = useStore(session, ({ status }) => ({
    cells: status?.cells ?? 0,
    rate: status?.stepsPerSecond ?? 0,
    guarded: status ? status.counts.halvedWindows + status.counts.guardedWindows : 0,
  }));
  const recorded = useStore(session, state => state.scenario?.recording !== undefined);
  return (
    <>
      <span className="spacer" />
      {guarded > 0 && (
        <span
          className="status-item muted"
          title="Windows that were taken again in smaller or guarded parts to stay positive"
        >
          {formatCount(guarded)} retried
        </span>
      )}
      <span className="status-item cells">
        <span className="num">{formatCount(cells)}</span> <span className="muted">cells</span>
      </span>
      {recorded ? (
        <span className="status-item muted">recording</span>
      ) : (
        <span className="status-item rate">
          <span className="num">{formatValue(rate, rate < 100 ? 2 : 3)}</span>{' '}
          <span className="muted">steps/s</span>
        </span>
      )}
    </>
  );
}

/** Share of the wall time by phase of the step. */
function PhaseBar() {
  const { session } = useWorkbench();
  const phases = useStore(session, state => state.status?.phases ?? {});
  const shares = PHASES.map((phase, i) => ({ phase, i, share: phases[phase] ?? 0 })).filter(
    ({ share }) => share > 0,
  );
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  const text = shares
    .toSorted((a, b) => b.share - a.share)
    .map(({ phase, share }) => `${phase} ${formatShare(share / total)}`)
    .join(', ');
  return (
    <span
      className="phase-bar"
      role="img"
      aria-label={`Time by phase: ${text || 'nothing yet'}`}
      title={text}
    >
      {shares.map(({ phase, i, share }) => (
        <span key={phase} className={`phase-${i}`} style={{ flexGrow: share / total }} />
      ))}
    </span>
  );
}

function FrameRate() {
  const { stage } = useWorkbench();
  const [rate, setRate] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setRate(Math.round(stage.current?.framesPerSecond ?? 0)), 1000);
    return () => clearInterval(timer);
  }, [stage]);
  return (
    <span className="status-item frame-rate muted" title="Frames drawn per second">
      <span className="num">{rate}</span> fps
    </span>
  );
}
