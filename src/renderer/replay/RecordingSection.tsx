import { formatCount } from '../../picture/format/number.ts';
import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import { Button, IconButton } from '../controls/Button.tsx';
import { Section } from '../controls/Section.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

const STATUS: Readonly<Record<string, string>> = {
  running: 'not ended (or killed)',
  done: 'complete',
  stopped: 'stopped',
  failed: 'failed',
};

/** What is known of the opened recording, and its bookmarks. */
export function RecordingSection() {
  const { session } = useWorkbench();
  const scenario = useStore(session, state => state.scenario);
  const recording = scenario?.recording;
  if (!recording) return null;
  const clock = (seconds: number) => formatClock(seconds, decimalsOfStep(scenario.step));
  const { times, parent } = recording;
  const facts: (readonly [string, string])[] = [
    ['Status', STATUS[recording.status] ?? recording.status],
    ['Frames', `${formatCount(times.length)}, ${clock(times[0])} to ${clock(times[times.length - 1])}`],
    ['Made by', `Cellfield ${recording.cellfield}, ${recording.started.slice(0, 16).replace('T', ' ')} UTC`],
    ['Seed', scenario.seed],
  ];
  if (parent) {
    const changed = parent.set.length > 0 ? `, with ${parent.set.join(', ')}` : '';
    facts.push(['Branched', `from ${parent.folder} at ${clock(parent.time)}${changed}`]);
  }
  return (
    <Section name="recording" title="Recording" aside={recording.name}>
      {recording.failure && <p className="ended small">{recording.failure}</p>}
      <dl className="facts recording-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value}>{value}</dd>
          </div>
        ))}
      </dl>
      <Bookmarks clock={clock} />
    </Section>
  );
}

function Bookmarks({ clock }: { readonly clock: (seconds: number) => string }) {
  const { replay, engine } = useWorkbench();
  const { bookmarks, home } = useStore(replay.state, ({ bookmarks, home }) => ({ bookmarks, home }));
  return (
    <>
      {bookmarks.length > 0 && (
        <ol className="bookmarks" aria-label="Bookmarks">
          {bookmarks.map(({ time, note }, i) => (
            <li key={time}>
              <button type="button" className="link mono" title="Go there" onClick={() => engine.seek(time)}>
                {clock(time)}
              </button>
              <input
                className="field grow"
                aria-label={`Note at ${clock(time)}`}
                placeholder="Note"
                defaultValue={note}
                onBlur={event => {
                  if (event.target.value !== note) replay.noteBookmark(i, event.target.value);
                }}
                onKeyDown={event => {
                  if (event.key === 'Enter') event.currentTarget.blur();
                }}
              />
              <IconButton
                icon="close"
                tiny
                label={`Remove the bookmark at ${clock(time)}`}
                onClick={() => replay.removeBookmark(i)}
              />
            </li>
          ))}
        </ol>
      )}
      <div className="row">
        <Button small icon="bookmark" title="Bookmark this moment (m)" onClick={() => replay.addBookmark()}>
          Bookmark
        </Button>
        {home !== null && bookmarks.length > 0 && (
          <span className="muted small">
            {home === 'folder' ? 'kept in the folder' : 'kept in this browser only'}
          </span>
        )}
      </div>
    </>
  );
}
