import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../engine/scenario/problems.ts';
import { Button } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';
import { isDirty, isUnapplied } from '../state/document.ts';
import { useStore } from '../state/store.ts';
import { createEditor, type ScenarioEditor } from './editor.ts';
import { ProblemList } from './ProblemList.tsx';
import { byLine } from './problemSpan.ts';

/** After so long without a key (ms) the text is checked. */
const CHECK_AFTER = 300;

/** The scenario as text: completion, faults at their lines, apply, revert, save. */
export function TextPanel() {
  const workbench = useWorkbench();
  const { document, session, engine, view, applyDraft, saveScenario } = workbench;
  const container = useRef<HTMLDivElement>(null);
  const editor = useRef<ScenarioEditor | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const draft = useStore(document, state => state.draft);
  const { unapplied, dirty } = useStore(document, state => ({
    unapplied: isUnapplied(state),
    dirty: isDirty(state),
  }));
  const refused = useStore(session, state => state.problems);
  const theme = useStore(view, state => state.theme);

  useEffect(() => {
    if (!container.current) return;
    const made = createEditor(container.current, document.get().draft, view.get().theme, text =>
      document.set({ draft: text }),
    );
    editor.current = made;
    return () => {
      made.destroy();
      editor.current = null;
    };
  }, [document, view]);
  useEffect(() => editor.current?.setTheme(theme), [theme]);
  // Another scenario was opened, or the text reverted.
  useEffect(() => editor.current?.setText(draft), [draft]);
  useEffect(() => {
    const timer = setTimeout(() => {
      engine.check(draft, document.get().name).then(found => {
        if (found) setProblems(byLine(found));
      });
    }, CHECK_AFTER);
    return () => clearTimeout(timer);
  }, [draft, engine, document]);
  useEffect(() => setProblems(byLine(refused)), [refused]);
  useEffect(() => editor.current?.setProblems(problems), [problems]);

  return (
    <div className="text-panel">
      <div ref={container} className="editor" />
      <ProblemList problems={problems} goTo={(line, column) => editor.current?.goTo(line, column)} />
      <footer className="row text-actions">
        <Button small kind="primary" disabled={!unapplied || problems.length > 0} onClick={applyDraft}>
          Apply
        </Button>
        <Button
          small
          disabled={!unapplied}
          onClick={() => document.set(state => ({ ...state, draft: state.applied }))}
        >
          Revert
        </Button>
        <span className="grow" />
        <Button
          small
          icon="save"
          disabled={!dirty && document.get().path !== null}
          onClick={() => void saveScenario()}
        >
          Save
        </Button>
      </footer>
    </div>
  );
}
