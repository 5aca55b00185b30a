import type { RecordingPlace, ScenarioInfo } from '../../session/contract.ts';
import type { LabClient } from '../../session/lab/client.ts';
import { fileNameOf } from '../format/fileName.ts';
import { CATALOGUE, SHIPPED_MODELS } from '../gallery/catalogue.ts';
import { loadFile } from '../lab/load.ts';
import { createNotebook, isUnsaved, type Notebook } from '../notebook/notebook.ts';
import type { Stage, StageView } from '../stage/view.ts';
import { type DocumentState, isDirty, NO_DOCUMENT, openDocument } from './document.ts';
import { type Connect, createEngine, type Engine } from './engine.ts';
import { createFiles, type Files, type ReadFile } from './files.ts';
import { firstView, fitTool, viewsFit } from './fit.ts';
import { chooseFolder } from './folders.ts';
import { createFrameFeed, type FrameFeed } from './frames.ts';
import { createLab, isEdited, isSbmlFile, type Lab } from './lab.ts';
import { EMPTY_SESSION, type SessionState } from './machine.ts';
import type { Preferences } from './preferences.ts';
import { createPreferences } from './preferencesStore.ts';
import { createRecorder, type RunRecorder } from './recorder.ts';
import { createReplay, type Replay } from './replay.ts';
import { createSeries, type Series } from './series.ts';
import { createStore, type Store } from './store.ts';
import { type Theme, watchTheme } from './theme.ts';
import { createTraces, type Traces } from './traces.ts';
import {
  INITIAL_TOOL,
  INITIAL_UI,
  INITIAL_VIEW,
  MOST_PROBES,
  NO_READINGS,
  NO_SELECTION,
  type SelectionState,
  type StageReadings,
  type ToolState,
  type UiState,
} from './ui.ts';

/** Everything behind the window: stores that components watch, and what a person can do. */
export interface Workbench {
  readonly session: Store<SessionState>;
  readonly frames: FrameFeed;
  readonly series: Series;
  readonly traces: Traces;
  readonly view: Store<StageView>;
  readonly tool: Store<ToolState>;
  readonly selection: Store<SelectionState>;
  readonly readings: Store<StageReadings>;
  readonly document: Store<DocumentState>;
  readonly notebook: Notebook;
  readonly ui: Store<UiState>;
  readonly preferences: Store<Preferences>;
  readonly replay: Replay;
  readonly recorder: RunRecorder;
  readonly engine: Engine;
  readonly lab: Lab;
  readonly files: Files;
  /** The drawing, once it is there. */
  readonly stage: { current: Stage | null };
  /** Shows a short notice. */
  say(text: string, kind?: 'info' | 'error'): void;
  /** Carries out an action, after asking where edits of the scenario would be lost. */
  guard(action: () => void): void;
  openText(file: ReadFile, play?: boolean): void;
  openGallery(name: string): void;
  openFile(): Promise<void>;
  /** Lets a person choose the folder of a recording, or opens this one. */
  openRecording(place?: RecordingPlace): void;
  /** Opens a file of the desktop app's list again. */
  openRecent(path: string): Promise<void>;
  saveScenario(saveAs?: boolean): Promise<void>;
  /** Whether the text in hand names a model of this file name. */
  namesModel(name: string): boolean;
  /** Gives a scenario a model that it names, and loads the text in hand again. */
  provideModel(name: string, text: string): void;
  /** Loads the edited text. */
  applyDraft(): void;
  select(ids: readonly number[]): void;
  follow(id: number | null): void;
  addProbe(at: SelectionState['probes'][number]): void;
  clearProbes(): void;
}

export function createWorkbench(connect: Connect, connectLab: () => LabClient): Workbench {
  const session = createStore<SessionState>(EMPTY_SESSION);
  const frames = createFrameFeed();
  const series = createSeries();
  const traces = createTraces();
  const view = createStore<StageView>(INITIAL_VIEW);
  const tool = createStore<ToolState>(INITIAL_TOOL);
  const selection = createStore<SelectionState>(NO_SELECTION);
  const readings = createStore<StageReadings>(NO_READINGS);
  const document = createStore<DocumentState>(NO_DOCUMENT);
  const notebook = createNotebook();
  const ui = createStore<UiState>(INITIAL_UI);
  const preferences = createPreferences();
  const api = window.cellfield;
  const files = createFiles(api);
  const stage: { current: Stage | null } = { current: null };
  const lab = createLab(connectLab, () => engine.models());
  let messages = 0;
  /** A document was opened since the last load: it is seen in its own view, not in that of the one before. */
  let opened = true;
  let shown: ScenarioInfo | null = null;

  const say = (text: string, kind: 'info' | 'error' = 'info'): void => {
    const id = ++messages;
    ui.set(state => ({ ...state, messages: [...state.messages.slice(-2), { id, kind, text }] }));
    setTimeout(
      () => ui.set(state => ({ ...state, messages: state.messages.filter(message => message.id !== id) })),
      kind === 'error' ? 8000 : 3500,
    );
  };

  const engine = createEngine(
    connect,
    { session, frames, series, traces },
    {
      refused: message => {
        say(message, 'error');
        ui.set(state => ({ ...state, refusals: state.refusals + 1 }));
      },
      loaded: () => {
        const { scenario } = session.get();
        if (!scenario) return;
        if (scenario.recording) document.set(() => openDocument(scenario.text, 'scenario.yaml', null));
        else document.set(state => ({ ...state, applied: state.draft }));
        replay.loaded(scenario.recording ?? null);
        selection.set(NO_SELECTION);
        if (opened || !shown || !viewsFit(shown, scenario)) view.set(state => firstView(state, scenario));
        opened = false;
        shown = scenario;
        tool.set(state => fitTool(state, scenario));
        stage.current?.setScenario(scenario);
        stage.current?.follow(null);
        if (!preferences.get().tourSeen) ui.set({ overlay: 'tour' });
      },
      breached: () => {
        ui.set({ rightTab: 'balance', bare: false });
        preferences.set({ rightOpen: true });
      },
      recording: (status, archive) => recorder.told(status, archive),
      stepsPerSecond: () => preferences.get().stepsPerSecond,
    },
  );

  const recorder = createRecorder({ engine: () => engine, session, files, say });
  const replay = createReplay({ engine, session, say });
  const guard = (action: () => void): void => {
    const state = document.get();
    if (!isDirty(state)) {
      action();
      return;
    }
    ui.set({
      question: {
        title: 'Discard the edited scenario?',
        text: `${state.name} has edits that are not saved. They would be lost.`,
        confirm: 'Discard edits',
        action,
      },
    });
  };
  const openText = (file: ReadFile, play = false): void => {
    document.set(() => openDocument(file.text, file.name, file.path));
    ui.set({ overlay: null, workplace: 'colony' });
    opened = true;
    engine.provide(file.models ?? {});
    engine.load(file.text, file.name, play);
  };
  const openPlace = (place: RecordingPlace): void => {
    ui.set({ overlay: null, workplace: 'colony' });
    opened = true;
    replay.begin(place);
    engine.open(place);
  };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), 'error');
    }
  };
  /** A scenario for the colony, an SBML model for the lab. */
  const take = (file: ReadFile): void => {
    if (isSbmlFile(file.name, file.text)) loadFile(workbench, file);
    else guard(() => openText(file));
  };
  const watch = (): void => engine.watch(selection.get().ids.slice(0, 8), selection.get().probes);

  const workbench: Workbench = {
    session,
    frames,
    series,
    traces,
    view,
    tool,
    selection,
    readings,
    document,
    notebook,
    ui,
    preferences,
    replay,
    recorder,
    engine,
    lab,
    files,
    stage,
    say,
    guard,
    openText,
    openGallery(name) {
      const entry = CATALOGUE.find(scenario => scenario.name === name);
      if (entry)
        guard(() =>
          openText({ path: null, name: `${name}.yaml`, text: entry.text, models: SHIPPED_MODELS }, true),
        );
    },
    openFile: () =>
      attempt(async () => {
        const file = await files.open();
        if (file) take(file);
      }),
    openRecording: place =>
      void attempt(async () => {
        const chosen = place ?? (await chooseFolder());
        if (chosen) guard(() => openPlace(chosen));
      }),
    openRecent: path =>
      attempt(async () => {
        const file = await files.openRecent(path);
        take(file);
      }),
    saveScenario: (saveAs = false) =>
      attempt(async () => {
        const { draft, path, name } = document.get();
        if (draft === '') return;
        const suggested = name || `${fileNameOf(session.get().scenario?.title ?? 'scenario')}.yaml`;
        const saved = await files.save(draft, saveAs ? null : path, suggested);
        if (!saved) return;
        document.set(state => ({ ...state, path: saved.path, name: saved.name, saved: draft }));
        say(`Saved ${saved.name}`);
      }),
    namesModel: name => document.get().draft.includes(name),
    provideModel(name, text) {
      engine.provide({ [name]: text });
      const { draft, name: file } = document.get();
      say(`${name} can be named by scenarios now`);
      if (draft !== '') engine.load(draft, file);
    },
    applyDraft() {
      const { draft, name } = document.get();
      engine.load(draft, name);
    },
    select(ids) {
      const before = selection.get();
      const followed = before.followed !== null && ids.includes(before.followed) ? before.followed : null;
      selection.set({ ids, followed });
      traces.keep(ids);
      stage.current?.setSelection(ids);
      if (followed === null) stage.current?.follow(null);
      watch();
      if (ids.length > 0 && before.ids.length === 0) ui.set({ rightTab: 'inspector' });
    },
    follow(id) {
      selection.set({ followed: id });
      stage.current?.follow(id);
    },
    addProbe(at) {
      const probes = [...selection.get().probes, at].slice(-MOST_PROBES);
      selection.set({ probes });
      stage.current?.setProbes(probes);
      watch();
    },
    clearProbes() {
      selection.set({ probes: [] });
      stage.current?.setProbes([]);
      watch();
    },
  };

  watchTheme(preferences, (theme: Theme) => view.set({ theme }));
  view.subscribe(() => stage.current?.setView(view.get()));
  const hasEdits = () => isDirty(document.get()) || isEdited(lab.state.get()) || isUnsaved(notebook.get());
  let dirty = false;
  const tellDirty = (): void => {
    const now = hasEdits();
    if (now !== dirty) void api?.setDirty(now);
    dirty = now;
  };
  document.subscribe(tellDirty);
  lab.state.subscribe(tellDirty);
  notebook.subscribe(tellDirty);
  api?.onOpenFile(file => {
    const isModel = isSbmlFile(file.name, file.text);
    if (ui.get().workplace === 'lab') loadFile(workbench, file);
    else if (isModel && workbench.namesModel(file.name)) workbench.provideModel(file.name, file.text);
    else take(file);
  });
  api?.onProblem(message => say(message, 'error'));
  window.addEventListener('beforeunload', event => {
    if (!api && hasEdits()) event.preventDefault();
  });
  return workbench;
}
