import { acceptCompletion, autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import schema from '../../../scenarios/schema.json';
import type { Problem } from '../../engine/scenario/problems.ts';
import { completeScenario } from './completion.ts';
import { problemSpan } from './problemSpan.ts';
import { editorTheme } from './theme.ts';

/** The text editor of scenarios, outside React. */
export interface ScenarioEditor {
  /** Replaces the text where it differs. */
  setText(text: string): void;
  setProblems(problems: readonly Problem[]): void;
  setTheme(theme: 'dark' | 'light'): void;
  /** Puts the cursor at a line and column, both counted from 1. */
  goTo(line: number, column: number): void;
  destroy(): void;
}

export interface EditorOptions {
  /** For screen readers; default `Scenario text`. */
  readonly label?: string;
  /** Colours and completion of a scenario; default true. */
  readonly scenario?: boolean;
}

/**
 * Makes an editor. It lives in a shadow root: there CodeMirror adopts constructed style sheets, which a strict
 * `style-src` allows, where in the page it would add style elements.
 */
export function createEditor(
  container: HTMLElement,
  text: string,
  theme: 'dark' | 'light',
  changed: (text: string) => void,
  { label = 'Scenario text', scenario = true }: EditorOptions = {},
): ScenarioEditor {
  const root = container.shadowRoot ?? container.attachShadow({ mode: 'open' });
  const colours = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of('  '),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        ...(scenario
          ? [
              yaml(),
              autocompletion({ icons: false, override: [context => completeScenario(context, schema)] }),
            ]
          : []),
        // Tab takes a completion or indents; Escape and then Tab leaves the editor.
        keymap.of([
          { key: 'Tab', run: acceptCompletion },
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.updateListener.of(update => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
        colours.of(editorTheme(theme)),
      ],
    }),
  });
  return {
    setText(next) {
      if (next === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    setProblems(problems) {
      const source = view.state.doc.toString();
      const diagnostics = problems.map((problem): Diagnostic => {
        const [from, to] = problemSpan(source, problem.line, problem.column);
        const allowed = problem.allowed === null ? '' : `\nAllowed: ${problem.allowed}`;
        return { from, to, severity: 'error', message: problem.message + allowed };
      });
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    setTheme: next => view.dispatch({ effects: colours.reconfigure(editorTheme(next)) }),
    goTo(line, column) {
      const at = view.state.doc.line(Math.min(view.state.doc.lines, Math.max(1, line)));
      const anchor = Math.min(at.to, at.from + column - 1);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
