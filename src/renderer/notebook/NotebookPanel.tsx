import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { createEditor, type ScenarioEditor } from '../editor/editor.ts';
import { useWorkbench } from '../state/context.ts';
import { canSeek } from '../state/machine.ts';
import { useStore } from '../state/store.ts';
import {
  addEdits,
  addMoment,
  beginPage,
  exportNotebook,
  isUnsaved,
  openNotebook,
  saveNotebook,
} from './notebook.ts';
import { bookmarkTime, renderPage } from './page.ts';

/** Notes about the run: written as Markdown, read with their pictures, saved and exported. */
export function NotebookPanel() {
  const workbench = useWorkbench();
  const { notebook, session, guard, say, ui } = workbench;
  const [mode, setMode] = useState<'write' | 'read'>('write');
  const scenario = useStore(session, state => state.scenario);
  const loaded = scenario !== null;
  const unsaved = useStore(notebook, isUnsaved);
  const empty = useStore(notebook, state => state.text.trim() === '');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scenario has another heading
  useEffect(() => beginPage(workbench), [workbench, scenario]);
  const attempt = (work: Promise<void>) =>
    void work.catch((error: unknown) => say(error instanceof Error ? error.message : String(error), 'error'));
  const open = () => {
    if (!isUnsaved(notebook.get())) return guard(() => openNotebook(workbench));
    ui.set({
      question: {
        title: 'Discard these notes?',
        text: 'They have changes that are not saved. They would be lost.',
        confirm: 'Discard notes',
        action: () => openNotebook(workbench),
      },
    });
  };
  return (
    <div className="text-panel notebook">
      <div className="row notebook-head">
        <Segmented<'write' | 'read'>
          label="Notebook"
          value={mode}
          onChange={setMode}
          options={[
            { value: 'write', label: 'Write' },
            { value: 'read', label: 'Read' },
          ]}
        />
        <span className="grow" />
        <Button small icon="camera" disabled={!loaded} onClick={() => attempt(addMoment(workbench))}>
          Add this moment
        </Button>
        <Button small disabled={!loaded} onClick={() => addEdits(workbench)}>
          Add edits
        </Button>
      </div>
      {mode === 'write' ? <Writing /> : <Reading />}
      <footer className="row text-actions">
        <Button small icon="open" onClick={open}>
          Open
        </Button>
        <span className="grow" />
        <Button small icon="download" disabled={empty} onClick={() => attempt(exportNotebook(workbench))}>
          Export HTML
        </Button>
        <Button small icon="save" disabled={!unsaved} onClick={() => attempt(saveNotebook(workbench))}>
          Save
        </Button>
      </footer>
    </div>
  );
}

function Writing() {
  const { notebook, view } = useWorkbench();
  const container = useRef<HTMLDivElement>(null);
  const editor = useRef<ScenarioEditor | null>(null);
  const text = useStore(notebook, state => state.text);
  const theme = useStore(view, state => state.theme);
  useEffect(() => {
    if (!container.current) return;
    const made = createEditor(
      container.current,
      notebook.get().text,
      view.get().theme,
      next => notebook.set({ text: next }),
      { label: 'Notes', scenario: false },
    );
    editor.current = made;
    return () => {
      made.destroy();
      editor.current = null;
    };
  }, [notebook, view]);
  useEffect(() => editor.current?.setTheme(theme), [theme]);
  useEffect(() => editor.current?.setText(text), [text]);
  return <div ref={container} className="editor" />;
}

function Reading() {
  const { notebook, session, engine } = useWorkbench();
  const page = useRef<HTMLElement>(null);
  const shown = useStore(notebook, ({ text, figures }) => ({ text, figures }));
  useEffect(() => {
    const element = page.current;
    if (!element) return;
    // Parsed apart, where nothing is loaded, and holding only what renderPage lets through.
    const parsed = new DOMParser().parseFromString(renderPage(shown, true), 'text/html');
    element.replaceChildren(...parsed.body.childNodes);
    const go = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a.bookmark') : null;
      const time = link ? bookmarkTime(link.getAttribute('href') ?? '') : null;
      if (time === null) return;
      event.preventDefault();
      if (canSeek(session.get().phase)) engine.seek(time);
    };
    element.addEventListener('click', go);
    return () => element.removeEventListener('click', go);
  }, [shown, session, engine]);
  return <article ref={page} className="notebook-page" aria-label="Notes" />;
}
