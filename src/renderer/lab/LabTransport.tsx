import { formatCount, formatValue } from '../../picture/format/number.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** Run or stop, how far the runs are, and how fast. */
export function LabTransport() {
  const { lab } = useWorkbench();
  const { run, ready } = useStore(lab.state, state => ({ run: state.run, ready: state.circuit !== null }));
  const running = run.phase === 'running';
  const done = run.members.reduce((sum, member) => sum + member.done, 0);
  const all = run.members.reduce(
    (sum, member) => sum + (member.failure === null ? member.runs : member.done),
    0,
  );
  const seconds = run.elapsed / 1000;
  const share = all > 0 ? done / all : 0;
  return (
    <fieldset className="transport lab-transport" aria-label="Runs">
      <button
        type="button"
        className="play"
        aria-label={running ? 'Stop the runs' : 'Run'}
        title={`${running ? 'Stop the runs' : 'Run'} (space)`}
        disabled={!ready}
        onClick={lab.toggle}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <path d={running ? 'M4 4h8v8H4z' : 'M4.8 2.6v10.8L13.4 8z'} fill="currentColor" />
        </svg>
      </button>
      <span className="lab-progress" role="status" aria-label="Progress of the runs">
        <span className="lab-progress-text">
          {ready ? (
            <>
              <span className="num">
                {formatCount(done)} / {formatCount(all)}
              </span>{' '}
              <span className="muted">
                runs{run.phase === 'cancelled' && ', stopped'}
                {seconds > 0 && ` · ${formatValue(seconds, 2)} s`}
                {seconds > 0 && done > 0 && (
                  <span className="wide-only">{` · ${formatValue(done / seconds, 2)} runs/s`}</span>
                )}
              </span>
            </>
          ) : (
            <span className="muted">No circuit</span>
          )}
        </span>
        <span className="lab-progress-rail">
          <span className="lab-progress-done" style={{ width: `${100 * share}%` }} />
        </span>
      </span>
    </fieldset>
  );
}
