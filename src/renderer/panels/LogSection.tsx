import { formatClock } from '../../picture/format/time.ts';
import { describeEdit } from '../app/describeEdit.ts';
import { Button } from '../controls/Button.tsx';
import { Section } from '../controls/Section.tsx';
import { fileNameOf } from '../format/fileName.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';

/** The run's event log: with the scenario and its seed it reproduces the run. */
export function LogSection() {
  const { session, engine, files } = useWorkbench();
  const log = useStore(session, state => state.log);
  const scenario = useStore(session, state => state.scenario);
  const canUndo = useStore(session, state => state.canUndo);
  if (!scenario || log.length === 0) return null;
  const save = () => {
    const record = { scenario: scenario.file, seed: scenario.seed, edits: log };
    const bytes = new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`);
    void files.saveBytes(bytes, `${fileNameOf(scenario.title)}-edits.json`, 'json');
  };
  return (
    <Section name="log" title="Edits of this run" aside={String(log.length)}>
      <ol className="log">
        {log
          .map((entry, i) => ({ entry, i }))
          .slice(-50)
          .reverse()
          .map(({ entry, i }) => (
            <li key={i}>
              <button
                type="button"
                className="link mono"
                title="Go there"
                onClick={() => engine.seek(entry.time)}
              >
                {formatClock(entry.time)}
              </button>
              <span className="ellipsis" title={describeEdit(entry.edit, scenario)}>
                {describeEdit(entry.edit, scenario)}
              </span>
            </li>
          ))}
      </ol>
      <div className="row">
        {!scenario.recording && (
          <Button small icon="undo" disabled={!canUndo} onClick={engine.undo}>
            Undo last
          </Button>
        )}
        <Button small icon="download" onClick={save}>
          Save log
        </Button>
      </div>
    </Section>
  );
}
