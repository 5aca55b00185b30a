import type { Clashes, Placing } from '../../engine/scenario/placeCircuit.ts';
import type { Problem } from '../../engine/scenario/problems.ts';
import type { Models } from '../../session/contract.ts';
import { type LabClient, LabError, type Progress } from '../../session/lab/client.ts';
import type { LabCircuit, LabSource, Law, MemberResult } from '../../session/lab/contract.ts';
import type { ReadFile } from './files.ts';
import { createStore, type Store } from './store.ts';

/** How an ensemble is run. */
export interface LabSettings {
  readonly runs: number;
  /** s, or the model's unit of time. */
  readonly end: number;
  readonly points: number;
  readonly seed: string;
  readonly methods: readonly string[];
  /** Concentrations of the fields, molecules/µm³. */
  readonly fields: readonly number[];
}

/** How the results are looked at. */
export interface LabLook {
  /** Species not drawn. */
  readonly hidden: readonly string[];
  /** The species of the histogram, and of the comparison. */
  readonly species: string;
  readonly paths: boolean;
  readonly band: boolean;
  /** Output time of the histogram, by index; null: the last one. */
  readonly time: number | null;
}

export interface LabRun {
  readonly phase: 'idle' | 'running' | 'done' | 'cancelled';
  /** Wall time, ms. */
  readonly elapsed: number;
  readonly times: readonly number[];
  readonly members: readonly MemberResult[];
}

export interface LabState {
  readonly source: LabSource | null;
  /** The text as it was loaded; edits beyond it would be lost. */
  readonly loaded: string;
  /** Of the last text that could be read. */
  readonly circuit: LabCircuit | null;
  /** Of the text as it is now. */
  readonly problems: readonly Problem[];
  readonly reading: boolean;
  readonly settings: LabSettings;
  readonly look: LabLook;
  readonly run: LabRun;
  readonly law: {
    readonly law: Law | null;
    readonly reason: string;
    readonly waiting: boolean;
  };
  /** The lab's worker failed. */
  readonly fault: string | null;
}

const IDLE: LabRun = { phase: 'idle', elapsed: 0, times: [], members: [] };

export const EMPTY_LAB: LabState = {
  source: null,
  loaded: '',
  circuit: null,
  problems: [],
  reading: false,
  settings: { runs: 1000, end: 100, points: 100, seed: '1', methods: ['auto'], fields: [] },
  look: { hidden: [], species: '', paths: true, band: true, time: null },
  run: IDLE,
  law: { law: null, reason: '', waiting: false },
  fault: null,
};

/** Bounds of what can be typed. */
export const LAB_LIMITS = { runs: 100_000, points: 1000 } as const;

/** What a person can do in the circuit lab. */
export interface Lab {
  readonly state: Store<LabState>;
  /** Takes a circuit in and runs it. */
  load(file: ReadFile, cellType?: string | null): void;
  /** One cell type of a scenario's text. @throws LabError where that has faults */
  loadCellType(text: string, cellType: string): Promise<void>;
  edit(text: string): void;
  chooseCellType(name: string): void;
  set(settings: Partial<LabSettings>): void;
  look(look: Partial<LabLook>): void;
  run(): void;
  cancel(): void;
  toggle(): void;
  /** Turns the SBML model into the text of a scenario. @throws LabError */
  convert(): Promise<void>;
  /** @throws LabError where one of the texts has faults */
  compare(target: string): Promise<Clashes>;
  /** @throws LabError where the result would have faults */
  place(
    target: string,
    placing: Omit<Placing, 'from'>,
  ): Promise<{ readonly text: string; readonly notes: readonly string[] }>;
  /** A fresh worker. */
  restart(): void;
}

/** Whether loading another circuit would lose edits. */
export function isEdited({ source, loaded }: LabState): boolean {
  return source !== null && source.text !== loaded;
}

/** Told by the name, or by how the text begins. */
export function isSbmlFile(name: string, text: string): boolean {
  return /\.(xml|sbml)$/i.test(name) || /^\s*<(\?xml|sbml)/i.test(text);
}

/** After so long without a key (ms) the text is read. */
const READ_AFTER = 350;
/** A law is asked for once the settings have rested so long (ms), and waited for so long. */
const LAW_AFTER = 250;
const LAW_PATIENCE = 6000;
/** With more species the states are too many in any case. */
const MOST_LAW_SPECIES = 4;

/**
 * Connects the lab's workers to its state: one runs ensembles, the other (started when first needed) computes laws. `models`
 * are those that scenarios may name.
 */
export function createLab(connect: () => LabClient, models: () => Models = () => ({})): Lab {
  const state = createStore<LabState>(EMPTY_LAB);
  let client: LabClient | null = null;
  let lawClient: LabClient | null = null;
  let lawSource: LabSource | null = null;
  let reads = 0;
  let laws = 0;
  let lawKey = '';
  let readTimer: ReturnType<typeof setTimeout> | undefined;
  let lawTimer: ReturnType<typeof setTimeout> | undefined;

  const engine = (): LabClient => {
    client ??= connect();
    return client;
  };
  const lost = (error: unknown): void => {
    const fault = error instanceof Error ? error.message : String(error);
    state.set(before => ({ ...before, reading: false, fault, run: { ...before.run, phase: 'cancelled' } }));
  };

  /** Reads the text and runs it; a fresh circuit brings its own settings. */
  const read = async (fresh: boolean): Promise<void> => {
    const { source } = state.get();
    if (!source) return;
    const read = ++reads;
    state.set({ reading: true });
    try {
      const circuit = await engine().open(source);
      if (read !== reads) return;
      state.set(before => adopt(before, circuit, fresh));
      run();
    } catch (error) {
      if (read !== reads) return;
      if (!(error instanceof LabError)) lost(error);
      else state.set({ reading: false, problems: error.problems });
    }
  };

  const run = (): void => {
    const { circuit, settings, look } = state.get();
    if (!circuit) return;
    const client = engine();
    state.set(before => ({ ...before, fault: null, run: { ...IDLE, phase: 'running' } }));
    client.watch(look.time ?? Number.MAX_SAFE_INTEGER);
    client.run(settings, { onProgress, onLost: lost });
    askLaw();
  };

  const onProgress = ({ phase, elapsed, times, members }: Progress): void => {
    state.set({ run: { phase, elapsed, times, members } });
  };

  const askLaw = (): void => {
    const { source, circuit, settings, look, law } = state.get();
    // Runs and seeds do not matter to a law.
    const key = JSON.stringify([source, lawTime(settings, look), settings.fields]);
    if (key === lawKey && (law.law !== null || law.waiting)) return;
    lawKey = key;
    clearTimeout(lawTimer);
    const ask = ++laws;
    const reason = circuit ? whyNoLaw(circuit) : '';
    state.set({ law: { law: null, reason, waiting: reason === '' } });
    if (reason !== '' || !circuit) return;
    lawTimer = setTimeout(() => void computeLaw(ask), LAW_AFTER);
  };

  const computeLaw = async (ask: number): Promise<void> => {
    const { source, settings, look } = state.get();
    if (!source) return;
    lawClient ??= connect();
    const worker = lawClient;
    const patience = setTimeout(() => {
      lawSource = null;
      worker.restart();
    }, LAW_PATIENCE);
    try {
      if (lawSource !== source) await worker.open(source);
      lawSource = source;
      const answer = await worker.law(lawTime(settings, look), settings.fields);
      if (ask === laws) state.set({ law: { law: answer.law, reason: answer.reason, waiting: false } });
    } catch {
      if (ask === laws) {
        const reason = `it takes longer than ${LAW_PATIENCE / 1000} s`;
        state.set({ law: { law: null, reason, waiting: false } });
      }
    } finally {
      clearTimeout(patience);
    }
  };

  const take = (source: LabSource): void => {
    clearTimeout(readTimer);
    state.set(before => ({ ...before, source, loaded: source.text, problems: [], fault: null }));
    void read(true);
  };

  const cancel = (): void => {
    if (state.get().run.phase !== 'running') return;
    engine().cancel(() => state.set(before => ({ ...before, run: { ...before.run, phase: 'cancelled' } })));
  };

  return {
    state,
    load: ({ name, text, models: own = {} }, cellType = null) =>
      take(
        isSbmlFile(name, text)
          ? { kind: 'sbml', text, file: name, cellType }
          : { kind: 'scenario', text, file: name, cellType, models: { ...models(), ...own } },
      ),
    async loadCellType(text, cellType) {
      const excerpt = await engine().excerpt(text, cellType);
      take({ kind: 'scenario', text: excerpt, file: `${cellType}.yaml`, cellType });
    },
    edit(text) {
      const { source } = state.get();
      if (!source || source.text === text) return;
      state.set({ source: { ...source, text } });
      clearTimeout(readTimer);
      readTimer = setTimeout(() => void read(false), READ_AFTER);
    },
    chooseCellType(cellType) {
      const { source } = state.get();
      if (!source) return;
      state.set({ source: { ...source, cellType } });
      void read(true);
    },
    set(settings) {
      state.set(before => ({ ...before, settings: { ...before.settings, ...settings } }));
      run();
    },
    look(look) {
      const before = state.get().look;
      state.set({ look: { ...before, ...look } });
      if (look.time === undefined || look.time === before.time) return;
      client?.watch(look.time ?? Number.MAX_SAFE_INTEGER);
      askLaw();
    },
    run,
    cancel,
    toggle: () => (state.get().run.phase === 'running' ? cancel() : run()),
    async convert() {
      const { source } = state.get();
      if (source?.kind !== 'sbml') return;
      const text = await engine().convert(source.text);
      const file = source.file.replace(/\.[^.]*$/, '.yaml');
      take({ kind: 'scenario', text, file, cellType: null });
    },
    async compare(target) {
      const { source } = state.get();
      if (!source) throw new Error('there is no circuit in the lab');
      return engine().compare(source, target, models());
    },
    async place(target, placing) {
      const { source } = state.get();
      if (!source) throw new Error('there is no circuit in the lab');
      return engine().place(source, target, placing, models());
    },
    restart() {
      state.set({ fault: null });
      client?.restart();
      void read(false);
    },
  };
}

/** The time of the histogram, whose law is shown. */
function lawTime({ points, end }: LabSettings, { time }: LabLook): number {
  return (Math.min(time ?? points, points) * end) / points;
}

/** The state with a circuit that was read; what is set and looked at stays where the circuit still has it. */
export function adopt(before: LabState, circuit: LabCircuit, fresh: boolean): LabState {
  const names = circuit.species.filter(({ shown }) => shown).map(({ name }) => name);
  const known = new Set(circuit.methods.map(({ name }) => name));
  const kept = before.settings.methods.filter(name => known.has(name));
  const initial = circuit.fields.map(field => (field.used ? field.initial : 0));
  const sameFields =
    !fresh &&
    before.circuit?.fields.map(({ name }) => name).join() === circuit.fields.map(({ name }) => name).join();
  const settings: LabSettings = fresh
    ? {
        ...before.settings,
        end: circuit.end ?? 100,
        seed: circuit.seed,
        methods: [circuit.method === 'direct' ? 'auto' : circuit.method],
        fields: initial,
      }
    : {
        ...before.settings,
        methods: kept.length > 0 ? kept : ['auto'],
        fields: sameFields ? before.settings.fields : initial,
      };
  const { look } = before;
  // The last species of a circuit is mostly what it makes in the end.
  const species = names.includes(look.species) ? look.species : (names.at(-1) ?? '');
  return {
    ...before,
    circuit,
    problems: [],
    reading: false,
    settings,
    look: fresh
      ? // Biomass is no number of molecules, and mostly much larger than any.
        { ...look, hidden: names.length > 1 ? ['biomass'] : [], species, time: null }
      : { ...look, species, hidden: look.hidden.filter(name => names.includes(name)) },
  };
}

/** Why a law is not even tried; '' where it is. */
export function whyNoLaw({ overview }: LabCircuit): string {
  if (!overview) return 'the model is no plain network of reactions';
  if (overview.reactions.some(({ continuous }) => continuous)) return 'some reactions are continuous';
  const changed = new Set(
    overview.reactions.flatMap(({ reactants, products }) =>
      [...reactants, ...products].flatMap(term => (term.in === 'cell' ? [term.index] : [])),
    ),
  );
  if (changed.size > MOST_LAW_SPECIES) return `it has more than ${MOST_LAW_SPECIES} species that change`;
  return '';
}
