import { goToLab, openInLab, saveFromLab } from '../lab/load.ts';
import { addMoment } from '../notebook/notebook.ts';
import { isDirty } from '../state/document.ts';
import { firstView, plainLayer } from '../state/fit.ts';
import { isEdited } from '../state/lab.ts';
import { canRun } from '../state/machine.ts';
import type { Workplace } from '../state/ui.ts';
import type { Workbench } from '../state/workbench.ts';
import { colouringKey, colourings } from './colourings.ts';

/** Something that a person can do, by key, by palette or by menu. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: 'Run' | 'View' | 'Tools' | 'Scenario' | 'Circuit lab' | 'Help';
  /** As `event.key`, with `Mod+` for Ctrl or ⌘ and `Shift+`. */
  readonly keys?: string;
  readonly enabled: (workbench: Workbench) => boolean;
  readonly run: (workbench: Workbench) => void;
}

const always = () => true;
const isInLab = ({ ui }: Workbench) => ui.get().workplace === 'lab';
const recorded = ({ session }: Workbench) => session.get().scenario?.recording !== undefined;
const loaded = ({ session }: Workbench) => session.get().scenario !== null;

/** What lies open is saved; where that is safe already and the desktop app asks before it closes, the lab's circuit. */
function save(workbench: Workbench): void {
  const { document, lab, saveScenario } = workbench;
  const onlyLab = window.cellfield && !isDirty(document.get()) && isEdited(lab.state.get());
  if (isInLab(workbench) || onlyLab) void saveFromLab(workbench);
  else void saveScenario();
}

function nextColouring(workbench: Workbench): void {
  const all = colourings(workbench.session.get().scenario?.cellTypes ?? []);
  const at = all.findIndex(other => colouringKey(other) === colouringKey(workbench.view.get().cells));
  workbench.view.set({ cells: all[(at + 1) % all.length] });
}

function toggleField({ view, session }: Workbench, field: number): void {
  if (field >= (session.get().scenario?.fields.length ?? 0)) return;
  const { fields } = view.get();
  const alone = fields.length === 1 && fields[0].field === field;
  const layer = fields.find(other => other.field === field);
  view.set({ fields: alone ? [] : [layer ?? plainLayer(field)] });
}

const FIELD_ACTIONS = Array.from(
  { length: 9 },
  (_, f): Action => ({
    id: `field${f + 1}`,
    title: `Show field ${f + 1}`,
    group: 'View',
    keys: String(f + 1),
    enabled: ({ session }) => f < (session.get().scenario?.fields.length ?? 0),
    run: workbench => toggleField(workbench, f),
  }),
);

export const ACTIONS: readonly Action[] = [
  {
    id: 'playPause',
    title: 'Play or pause',
    group: 'Run',
    keys: 'Space',
    enabled: ({ session }) => canRun(session.get().phase) || session.get().phase === 'running',
    run: workbench => (recorded(workbench) ? workbench.replay.toggle() : workbench.engine.toggle()),
  },
  {
    id: 'step',
    title: 'Advance by one step',
    group: 'Run',
    keys: 'ArrowRight',
    enabled: ({ session }) => canRun(session.get().phase) || session.get().phase === 'running',
    run: ({ engine }) => engine.step(1),
  },
  {
    id: 'record',
    title: 'Record this run, or end that',
    group: 'Run',
    enabled: workbench => loaded(workbench) && !recorded(workbench),
    run: ({ recorder, say }) => {
      recorder
        .toggle()
        .catch((error: Error) => say(`Nothing can be recorded there: ${error.message}`, 'error'));
    },
  },
  {
    id: 'stepBack',
    title: 'Back by one frame of the recording',
    group: 'Run',
    keys: 'ArrowLeft',
    enabled: recorded,
    run: ({ engine }) => engine.step(-1),
  },
  {
    id: 'playBackwards',
    title: 'Play the recording backwards',
    group: 'Run',
    keys: 'Shift+Space',
    enabled: recorded,
    run: ({ replay }) => replay.play(true),
  },
  {
    id: 'loopFrom',
    title: 'Loop: begin here',
    group: 'Run',
    keys: '[',
    enabled: recorded,
    run: ({ replay }) => replay.loopFrom(),
  },
  {
    id: 'loopTo',
    title: 'Loop: end here',
    group: 'Run',
    keys: ']',
    enabled: recorded,
    run: ({ replay }) => replay.loopTo(),
  },
  {
    id: 'loopOff',
    title: 'Loop: none',
    group: 'Run',
    enabled: workbench => workbench.replay.state.get().loop !== null,
    run: ({ replay }) => replay.setLoop(null),
  },
  {
    id: 'bookmark',
    title: 'Bookmark this moment of the recording',
    group: 'Run',
    keys: 'm',
    enabled: recorded,
    run: ({ replay, preferences, ui }) => {
      preferences.set({ leftOpen: true });
      ui.set({ leftTab: 'controls', bare: false });
      replay.addBookmark();
    },
  },
  {
    id: 'restart',
    title: 'Restart from the beginning',
    group: 'Run',
    keys: 'r',
    enabled: loaded,
    run: ({ engine }) => engine.restart(),
  },
  {
    id: 'undo',
    title: 'Undo the last edit of the run',
    group: 'Run',
    keys: 'Mod+z',
    enabled: ({ session }) => session.get().canUndo,
    run: ({ engine }) => engine.undo(),
  },
  ...FIELD_ACTIONS,
  {
    id: 'colour',
    title: 'Next colouring of cells',
    group: 'View',
    keys: 'c',
    enabled: loaded,
    run: nextColouring,
  },
  {
    id: 'contours',
    title: 'Contour lines on or off',
    group: 'View',
    enabled: loaded,
    run: ({ view }) => view.set({ contours: !view.get().contours }),
  },
  {
    id: 'fit',
    title: 'Fit the domain to the window',
    group: 'View',
    keys: '0',
    enabled: loaded,
    run: ({ stage }) => stage.current?.fit(),
  },
  {
    id: 'resetView',
    title: "Back to the scenario's own view",
    group: 'View',
    keys: 'v',
    enabled: loaded,
    run: ({ session, stage, view }) => {
      const { scenario } = session.get();
      if (scenario) view.set(state => firstView(state, scenario));
      stage.current?.fit();
    },
  },
  {
    id: 'zoomIn',
    title: 'Zoom in',
    group: 'View',
    keys: '+',
    enabled: loaded,
    run: ({ stage }) => stage.current?.zoom(1.25),
  },
  {
    id: 'zoomOut',
    title: 'Zoom out',
    group: 'View',
    keys: '-',
    enabled: loaded,
    run: ({ stage }) => stage.current?.zoom(0.8),
  },
  {
    id: 'follow',
    title: 'Follow the selected cell',
    group: 'View',
    keys: 'f',
    enabled: ({ selection }) => selection.get().ids.length > 0,
    run: ({ selection, follow }) => follow(selection.get().followed === null ? selection.get().ids[0] : null),
  },
  {
    id: 'scales',
    title: 'Time scales, and the coupling they call for',
    group: 'View',
    enabled: loaded,
    run: ({ ui, preferences }) => {
      preferences.set({ rightOpen: true });
      ui.set({ rightTab: 'scales', bare: false });
    },
  },
  {
    id: 'togglePanels',
    title: 'Hide or show all panels',
    group: 'View',
    keys: 'h',
    enabled: always,
    run: ({ ui }) => ui.set({ bare: !ui.get().bare }),
  },
  {
    id: 'toggleTheme',
    title: 'Dark or light',
    group: 'View',
    enabled: always,
    run: ({ preferences, view }) =>
      preferences.set({ theme: view.get().theme === 'dark' ? 'light' : 'dark' }),
  },
  {
    id: 'saveImage',
    title: 'Save a picture of the stage',
    group: 'View',
    keys: 's',
    enabled: loaded,
    run: ({ ui }) => ui.set({ overlay: 'snapshot' }),
  },
  {
    id: 'saveVideo',
    title: 'Save a video of the run',
    group: 'View',
    keys: 'x',
    enabled: loaded,
    run: ({ ui }) => ui.set({ overlay: 'video' }),
  },
  {
    id: 'brush',
    title: 'Brush on or off',
    group: 'Tools',
    keys: 'b',
    enabled: workbench => loaded(workbench) && !recorded(workbench),
    run: ({ tool, session }) => {
      const { kind } = tool.get();
      const painted = session.get().scenario?.fields.length ? 'paint' : 'place';
      tool.set({ kind: kind === painted ? 'select' : painted });
    },
  },
  {
    id: 'clearSelection',
    title: 'Let go of selection and tool',
    group: 'Tools',
    keys: 'Escape',
    enabled: loaded,
    run: ({ tool, select }) => {
      if (tool.get().kind !== 'select') tool.set({ kind: 'select' });
      else select([]);
    },
  },
  {
    id: 'gallery',
    title: 'Choose a scenario',
    group: 'Scenario',
    keys: 'g',
    enabled: always,
    run: ({ ui }) => ui.set({ overlay: 'gallery' }),
  },
  {
    id: 'open',
    title: 'Open a scenario file',
    group: 'Scenario',
    keys: 'Mod+o',
    enabled: always,
    run: workbench => void (isInLab(workbench) ? openInLab(workbench) : workbench.openFile()),
  },
  {
    id: 'openRecording',
    title: 'Open a recording',
    group: 'Scenario',
    keys: 'Mod+Shift+o',
    enabled: always,
    run: workbench => workbench.openRecording(),
  },
  {
    id: 'save',
    title: 'Save the scenario',
    group: 'Scenario',
    keys: 'Mod+s',
    enabled: workbench => isInLab(workbench) || workbench.document.get().draft !== '',
    run: save,
  },
  {
    id: 'saveAs',
    title: 'Save the scenario as another file',
    group: 'Scenario',
    keys: 'Mod+Shift+s',
    enabled: ({ document }) => document.get().draft !== '',
    run: ({ saveScenario }) => void saveScenario(true),
  },
  {
    id: 'text',
    title: 'Edit the scenario as text',
    group: 'Scenario',
    keys: 'e',
    enabled: ({ document }) => document.get().draft !== '',
    run: ({ ui, preferences }) => {
      preferences.set({ leftOpen: true });
      ui.set({ leftTab: ui.get().leftTab === 'text' ? 'controls' : 'text', bare: false });
    },
  },
  {
    id: 'notebook',
    title: 'Notes about the run',
    group: 'Scenario',
    keys: 'n',
    enabled: always,
    run: ({ ui, preferences }) => {
      preferences.set({ leftOpen: true });
      ui.set({ leftTab: ui.get().leftTab === 'notebook' ? 'controls' : 'notebook', bare: false });
    },
  },
  {
    id: 'addMoment',
    title: 'Add this moment to the notes',
    group: 'Scenario',
    enabled: loaded,
    run: workbench => {
      addMoment(workbench).then(
        () => workbench.say('Added to the notes'),
        (error: Error) => workbench.say(error.message, 'error'),
      );
    },
  },
  {
    id: 'lab',
    title: 'Circuit lab, or back to the colony',
    group: 'Circuit lab',
    keys: 'l',
    enabled: always,
    run: workbench => {
      if (isInLab(workbench)) workbench.ui.set({ workplace: 'colony' });
      else goToLab(workbench);
    },
  },
  {
    id: 'labRun',
    title: 'Run the circuit, or stop',
    group: 'Circuit lab',
    keys: 'Space',
    enabled: ({ lab }) => lab.state.get().circuit !== null,
    run: ({ lab }) => lab.toggle(),
  },
  {
    id: 'labPaths',
    title: 'Sample paths on or off',
    group: 'Circuit lab',
    keys: 'p',
    enabled: ({ lab }) => lab.state.get().circuit !== null,
    run: ({ lab }) => lab.look({ paths: !lab.state.get().look.paths }),
  },
  {
    id: 'palette',
    title: 'Command palette',
    group: 'Help',
    keys: 'Mod+k',
    enabled: always,
    run: ({ ui }) => ui.set({ overlay: ui.get().overlay === 'palette' ? null : 'palette' }),
  },
  {
    id: 'shortcuts',
    title: 'All keys',
    group: 'Help',
    keys: '?',
    enabled: always,
    run: ({ ui }) => ui.set({ overlay: 'shortcuts' }),
  },
  {
    id: 'tour',
    title: 'Tour of the window',
    group: 'Help',
    enabled: always,
    run: ({ ui }) => ui.set({ overlay: 'tour' }),
  },
  {
    id: 'about',
    title: 'About Cellfield',
    group: 'Help',
    enabled: always,
    run: ({ ui }) => ui.set({ overlay: 'about' }),
  },
];

/** Actions of the colony that the lab has, too. */
const EVERYWHERE = new Set(['toggleTheme', 'gallery', 'open', 'openRecording', 'save', 'lab']);

/** Whether an action's key and entry mean something in a workplace. */
export function isHere({ id, group }: Action, workplace: Workplace): boolean {
  if (group === 'Help' || EVERYWHERE.has(id)) return true;
  return (group === 'Circuit lab') === (workplace === 'lab');
}

/** The action of a name, as the application menu sends it. */
export function actionOf(id: string): Action | undefined {
  return ACTIONS.find(action => action.id === id);
}
