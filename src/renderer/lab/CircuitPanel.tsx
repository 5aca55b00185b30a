import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { Select } from '../controls/Fields.tsx';
import { createEditor, type ScenarioEditor } from '../editor/editor.ts';
import { ProblemList } from '../editor/ProblemList.tsx';
import { byLine } from '../editor/problemSpan.ts';
import { useWorkbench } from '../state/context.ts';
import { isEdited } from '../state/lab.ts';
import { useStore } from '../state/store.ts';
import { LoadMenu } from './LoadMenu.tsx';
import { saveFromLab } from './load.ts';
import { SendDialog } from './SendDialog.tsx';

/** The circuit as text: load, edit, save, send to a cell type. */
export function CircuitPanel() {
  const workbench = useWorkbench();
  const { lab, say } = workbench;
  const [sending, setSending] = useState(false);
  const { source, circuit, problems, edited } = useStore(lab.state, state => ({
    source: state.source,
    circuit: state.circuit,
    problems: state.problems,
    edited: isEdited(state),
  }));
  const editor = useRef<ScenarioEditor | null>(null);
  const convert = () => {
    lab.convert().catch((error: Error) => say(error.message, 'error'));
  };
  return (
    <div className="panel-content">
      <div className="panel-head lab-head">
        <LoadMenu />
        <span className="grow ellipsis lab-title" title={circuit?.title}>
          {circuit?.title ?? 'No circuit'}
        </span>
        {edited && <span className="dirty" role="img" aria-label="unsaved edits" title="Unsaved edits" />}
      </div>
      {circuit && circuit.cellTypes.length > 1 && (
        <div className="labelled lab-types">
          <span>Cell type</span>
          <Select
            label="Cell type in the lab"
            value={circuit.cellType ?? ''}
            options={circuit.cellTypes.map(name => ({ value: name, label: name }))}
            onChange={lab.chooseCellType}
          />
        </div>
      )}
      {source && (
        <div className="text-panel">
          <CircuitEditor key={source.kind} scenario={source.kind === 'scenario'} editor={editor} />
          <ProblemList
            problems={byLine(problems)}
            goTo={(line, column) => editor.current?.goTo(line, column)}
          />
          <footer className="row text-actions">
            <Button
              small
              kind="primary"
              disabled={!circuit?.overview || problems.length > 0}
              onClick={() => setSending(true)}
            >
              Send to a cell type
            </Button>
            {source.kind === 'sbml' && circuit?.overview && (
              <Button small onClick={convert} title="Write the model in the language of scenarios">
                As scenario
              </Button>
            )}
            <span className="grow" />
            <Button small icon="save" onClick={() => void saveFromLab(workbench)}>
              Save
            </Button>
          </footer>
        </div>
      )}
      {!source && <p className="panel-empty muted">The text of a circuit is edited here.</p>}
      {sending && <SendDialog onClose={() => setSending(false)} />}
    </div>
  );
}

interface CircuitEditorProps {
  readonly scenario: boolean;
  readonly editor: { current: ScenarioEditor | null };
}

function CircuitEditor({ scenario, editor }: CircuitEditorProps) {
  const { lab, view } = useWorkbench();
  const container = useRef<HTMLDivElement>(null);
  const text = useStore(lab.state, state => state.source?.text ?? '');
  const problems = useStore(lab.state, state => state.problems);
  const theme = useStore(view, state => state.theme);
  useEffect(() => {
    if (!container.current) return;
    const made = createEditor(
      container.current,
      lab.state.get().source?.text ?? '',
      view.get().theme,
      lab.edit,
      { label: 'Circuit text', scenario },
    );
    editor.current = made;
    return () => {
      made.destroy();
      editor.current = null;
    };
  }, [lab, view, scenario, editor]);
  useEffect(() => editor.current?.setTheme(theme), [theme, editor]);
  useEffect(() => editor.current?.setText(text), [text, editor]);
  useEffect(() => editor.current?.setProblems(problems), [problems, editor]);
  return <div ref={container} className="editor" />;
}
