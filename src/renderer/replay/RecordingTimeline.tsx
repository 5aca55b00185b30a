import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import { describeEdit } from '../app/describeEdit.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { Peek } from './Peek.tsx';
import { barHeights, barPath, nearest } from './timelineMarks.ts';

/** Bars of the histograms of events. */
const BARS = 256;

/**
 * The length of a recording with what happened in it: divisions as bars upwards, deaths downwards, edits and bookmarks as
 * marks. A drag goes through the frames, a drag with shift chooses the stretch to loop, and a frame shows small under the pointer.
 */
export function RecordingTimeline() {
  const { session, engine, replay } = useWorkbench();
  const track = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const [drag, setDrag] = useState<'seek' | 'loop' | null>(null);
  const loopStart = useRef(0);
  const scenario = useStore(session, state => state.scenario);
  const log = useStore(session, state => state.log);
  const time = useStore(session, state => state.status?.time ?? 0);
  const { loop, bookmarks } = useStore(replay.state, ({ loop, bookmarks }) => ({ loop, bookmarks }));
  const recording = scenario?.recording;
  const bars = useMemo(
    () =>
      recording && {
        divisions: barPath(barHeights(recording.divisions, BARS), 1, 0, 1),
        deaths: barPath(barHeights(recording.deaths, BARS), 1, 0, -1),
      },
    [recording],
  );
  if (!scenario || !recording) return null;
  const { times } = recording;
  const end = times[times.length - 1] || 1;
  const clock = (seconds: number) => formatClock(seconds, decimalsOfStep(scenario.step));

  const timeAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return 0;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return times[nearest(times, share * end)];
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -times.length / 10, PageUp: times.length / 10 }[
      event.key
    ];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? times.length - 1 : null;
    if (by === undefined && to === null) return;
    event.preventDefault();
    event.stopPropagation();
    const index = to ?? Math.min(times.length - 1, Math.max(0, nearest(times, time) + Math.round(by ?? 0)));
    engine.seek(times[index]);
  };

  return (
    <div className="timeline recorded">
      <div
        ref={track}
        className="timeline-track"
        role="slider"
        tabIndex={0}
        aria-label="Time of the recording"
        aria-valuemin={0}
        aria-valuemax={end}
        aria-valuenow={time}
        aria-valuetext={`${clock(time)} of ${clock(end)}`}
        onKeyDown={onKeyDown}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = timeAt(event);
          setDrag(event.shiftKey ? 'loop' : 'seek');
          loopStart.current = at;
          if (!event.shiftKey) engine.seek(at);
        }}
        onPointerMove={event => {
          const at = timeAt(event);
          setHover(at);
          if (drag === 'seek') engine.seek(at);
          if (drag === 'loop')
            replay.setLoop([Math.min(loopStart.current, at), Math.max(loopStart.current, at)]);
        }}
        onPointerLeave={() => setHover(null)}
        onPointerUp={() => setDrag(null)}
        onPointerCancel={() => setDrag(null)}
      >
        <svg
          className="timeline-events"
          viewBox={`0 -1 ${BARS} 2`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path className="divisions" d={bars?.divisions} />
          <path className="deaths" d={bars?.deaths} />
        </svg>
        <span className="timeline-rail" />
        <span className="timeline-done" style={{ width: percent(time / end) }} />
        {loop && (
          <span
            className="timeline-loop"
            style={{ left: percent(loop[0] / end), width: percent((loop[1] - loop[0]) / end) }}
          />
        )}
        {log.map((entry, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the log of a recording does not change
            key={i}
            className={`timeline-mark ${entry.edit.kind}`}
            style={{ left: percent(entry.time / end) }}
            title={`${clock(entry.time)}  ${describeEdit(entry.edit, scenario)}`}
          />
        ))}
        {bookmarks.map(({ time: at, note }) => (
          <span
            key={at}
            className="timeline-bookmark"
            style={{ left: percent(at / end) }}
            title={`${clock(at)}  ${note}`}
          />
        ))}
        <span className="timeline-knob" style={{ left: percent(time / end) }} />
        {hover !== null && (
          <span
            className="timeline-tip with-peek"
            style={{ left: `clamp(96px, ${percent(hover / end)}, calc(100% - 96px))` }}
          >
            <Peek time={hover} scenario={scenario} />
            {clock(hover)}
          </span>
        )}
      </div>
    </div>
  );
}

function percent(share: number): string {
  return `${100 * Math.min(1, Math.max(0, share))}%`;
}
