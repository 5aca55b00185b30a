import { useState } from 'react';
import { decimalsOfStep, formatClock, parseClock } from '../../picture/format/time.ts';
import { IconButton } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';
import { canRun } from '../state/machine.ts';
import { useStore } from '../state/store.ts';

const SPEEDS: readonly (readonly [stepsPerSecond: number | null, label: string])[] = [
  [null, 'no limit'],
  [1, '1 step/s'],
  [10, '10 steps/s'],
  [30, '30 steps/s'],
  [60, '60 steps/s'],
  [120, '120 steps/s'],
  [300, '300 steps/s'],
];

/** Play, step, restart, the clock, and the speed limiter. */
export function Transport() {
  const { session, engine } = useWorkbench();
  const phase = useStore(session, state => state.phase);
  const running = phase === 'running';
  return (
    <fieldset className="transport" aria-label="Transport">
      <IconButton
        icon="restart"
        label="Restart"
        keys="r"
        disabled={!canSeekTo(phase)}
        onClick={engine.restart}
      />
      <button
        type="button"
        className="play"
        aria-label={running ? 'Pause' : 'Play'}
        title={`${running ? 'Pause' : 'Play'} (space)`}
        disabled={!running && !canRun(phase)}
        onClick={engine.toggle}
      >
        {running ? <PauseShape /> : <PlayShape />}
      </button>
      <IconButton
        icon="step"
        label="One step"
        keys="→"
        disabled={!canRun(phase)}
        onClick={() => engine.step(1)}
      />
      <RecordButton />
      <Clock />
      <Speed />
    </fieldset>
  );
}

/** Records the run from now on into a folder that a person picks; pressed again, ends that. */
function RecordButton() {
  const { session, recorder, say } = useWorkbench();
  const on = useStore(recorder.state, ({ status }) => status?.phase === 'recording');
  const ready = useStore(session, ({ phase }) => phase === 'running' || canRun(phase));
  return (
    <span className={on ? 'record-button on' : 'record-button'}>
      <IconButton
        icon="record"
        label={on ? 'End the recording' : 'Record this run'}
        pressed={on}
        disabled={!on && !ready}
        onClick={() => {
          recorder
            .toggle()
            .catch((error: Error) => say(`Nothing can be recorded there: ${error.message}`, 'error'));
        }}
      />
    </span>
  );
}

function canSeekTo(phase: string): boolean {
  return phase !== 'empty' && phase !== 'loading' && phase !== 'lost';
}

export function PlayShape() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M4.8 2.6v10.8L13.4 8z" fill="currentColor" />
    </svg>
  );
}

export function PauseShape() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M4 3h2.8v10H4zM9.2 3H12v10H9.2z" fill="currentColor" />
    </svg>
  );
}

/** Time of the end; a click on the time lets one type where to go. */
export function Clock() {
  const { session, engine, say } = useWorkbench();
  const [draft, setDraft] = useState<string | null>(null);
  const shown = useStore(session, state => {
    const { scenario, status } = state;
    if (!scenario) return null;
    const decimals = decimalsOfStep(scenario.step);
    return {
      now: formatClock(status?.time ?? 0, decimals),
      end: formatClock(scenario.steps * scenario.step, decimals),
      last: scenario.steps * scenario.step,
    };
  });
  if (!shown) return <span className="clock muted">–:––:––</span>;
  const go = () => {
    if (draft === null) return;
    const time = parseClock(draft);
    setDraft(null);
    if (time === null) say(`“${draft}” is no time: write 1:30:00, 90 min or 5400`, 'error');
    else engine.seek(Math.min(time, shown.last));
  };
  return (
    <span className="clock">
      {draft === null ? (
        <button
          type="button"
          className="clock-now"
          title="Go to a time"
          aria-label={`Time ${shown.now}; go to a time`}
          onClick={() => setDraft(shown.now)}
        >
          {shown.now}
        </button>
      ) : (
        <input
          className="field mono clock-input"
          aria-label="Go to time"
          // biome-ignore lint/a11y/noAutofocus: the field appears because it was asked for
          autoFocus
          value={draft}
          onFocus={event => event.target.select()}
          onChange={event => setDraft(event.target.value)}
          onBlur={() => setDraft(null)}
          onKeyDown={event => {
            if (event.key === 'Enter') go();
            if (event.key === 'Escape') setDraft(null);
            event.stopPropagation();
          }}
        />
      )}
      <span className="muted"> / {shown.end}</span>
    </span>
  );
}

/** At most so many steps a second: to watch what is fast. */
function Speed() {
  const { preferences, engine, session } = useWorkbench();
  const limit = useStore(preferences, state => state.stepsPerSecond);
  return (
    <select
      className="field speed"
      aria-label="Speed limit"
      title="Speed limit"
      value={String(limit)}
      onChange={event => {
        const value = event.target.value === 'null' ? null : Number(event.target.value);
        preferences.set({ stepsPerSecond: value });
        if (session.get().phase === 'running') engine.setSpeed();
      }}
    >
      {SPEEDS.map(([value, label]) => (
        <option key={label} value={String(value)}>
          {label}
        </option>
      ))}
    </select>
  );
}
