import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import type { LoggedEdit } from '../../session/contract.ts';
import { RecordingTimeline } from '../replay/RecordingTimeline.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { describeEdit } from './describeEdit.ts';

/** Progress and edits of the run along its length; a click or a drag goes there. */
export function Timeline() {
  const { session } = useWorkbench();
  const recorded = useStore(session, state => state.scenario?.recording !== undefined);
  return recorded ? <RecordingTimeline /> : <RunTimeline />;
}

function RunTimeline() {
  const { session, engine } = useWorkbench();
  const track = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const [drag, setDrag] = useState<number | null>(null);
  const scenario = useStore(session, state => state.scenario);
  const log = useStore(session, state => state.log);
  const time = useStore(session, state => state.status?.time ?? 0);
  const failedAt = useStore(session, state =>
    state.phase === 'failed' ? (state.failure?.time ?? null) : null,
  );
  const seeking = useStore(session, state => state.phase === 'seeking');
  if (!scenario) return <div className="timeline" aria-hidden="true" />;
  const end = scenario.step * scenario.steps;
  const clock = (seconds: number) => formatClock(seconds, decimalsOfStep(scenario.step));
  const shown = drag ?? time;

  const timeAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return 0;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return Math.round((share * end) / scenario.step) * scenario.step;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -0.01, ArrowRight: 0.01, PageDown: -0.1, PageUp: 0.1, Home: -1, End: 1 }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const target = Math.min(end, Math.max(0, time + by * end));
    engine.seek(Math.round(target / scenario.step) * scenario.step);
  };

  return (
    <div className={`timeline${seeking ? ' seeking' : ''}`}>
      <div
        ref={track}
        className="timeline-track"
        role="slider"
        tabIndex={0}
        aria-label="Time of the run"
        aria-valuemin={0}
        aria-valuemax={end}
        aria-valuenow={time}
        aria-valuetext={`${clock(time)} of ${clock(end)}`}
        onKeyDown={onKeyDown}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag(timeAt(event));
        }}
        onPointerMove={event => {
          setHover(timeAt(event));
          if (drag !== null) setDrag(timeAt(event));
        }}
        onPointerLeave={() => setHover(null)}
        onPointerUp={event => {
          if (drag !== null) engine.seek(timeAt(event));
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
      >
        <span className="timeline-rail" />
        <span className="timeline-done" style={{ width: percent(shown / end) }} />
        {log.map((entry, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the log only grows, or loses its last entries
            key={i}
            className={`timeline-mark ${entry.edit.kind}`}
            style={{ left: percent(entry.time / end) }}
            title={`${clock(entry.time)}  ${describeEdit(entry.edit, scenario)}`}
          />
        ))}
        {failedAt !== null && (
          <span className="timeline-mark failed" style={{ left: percent(failedAt / end) }} />
        )}
        <span className="timeline-knob" style={{ left: percent(shown / end) }} />
        {hover !== null && (
          <span
            className="timeline-tip"
            style={{ left: percent(Math.min(0.96, Math.max(0.04, hover / end))) }}
          >
            {clock(hover)}
          </span>
        )}
      </div>
      <EditCount log={log} />
    </div>
  );
}

function EditCount({ log }: { readonly log: readonly LoggedEdit[] }) {
  const { session, engine, ui, preferences } = useWorkbench();
  const canUndo = useStore(session, state => state.canUndo);
  if (log.length === 0) return null;
  return (
    <span className="row">
      <button
        type="button"
        className="link small"
        onClick={() => {
          preferences.set(state => ({
            ...state,
            leftOpen: true,
            folded: state.folded.filter(name => name !== 'log'),
          }));
          ui.set({ leftTab: 'controls', bare: false });
        }}
      >
        {log.length} {log.length === 1 ? 'edit' : 'edits'}
      </button>
      <button type="button" className="link small" disabled={!canUndo} onClick={engine.undo}>
        undo
      </button>
    </span>
  );
}

function percent(share: number): string {
  return `${100 * Math.min(1, Math.max(0, share))}%`;
}
