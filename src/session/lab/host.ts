import type { CellType } from '../../engine/cells/cellType.ts';
import { projectLaw } from '../../engine/circuits/stateProjection.ts';
import { ProjectionError } from '../../engine/circuits/stateSpace.ts';
import { readSbml } from '../../engine/sbml/read.ts';
import { toCircuit } from '../../engine/sbml/toCircuit.ts';
import { excerptCircuit } from '../../engine/scenario/excerptCircuit.ts';
import { loadScenario } from '../../engine/scenario/load.ts';
import { findClashes, placeCircuit } from '../../engine/scenario/placeCircuit.ts';
import { circuitToScenario } from '../../engine/scenario/writeCircuit.ts';
import { readerOf } from '../models.ts';
import type { LabCommand, LabEvent, LabSource, Law } from './contract.ts';
import { KEPT_PATHS, Member } from './member.ts';
import { type LabModel, problemsIn, readLabModel } from './model.ts';

export interface LabHostOptions {
  readonly post: (event: LabEvent) => void;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  /** Calls back once waiting messages have been let in. */
  readonly schedule: (callback: () => void) => void;
}

type CommandOf<Type extends LabCommand['type']> = Extract<LabCommand, { type: Type }>;

/** Milliseconds of running before messages are let in. */
const SLICE = 30;
/** Milliseconds between two reports of progress. */
const REPORT = 200;
/** Few, so that a cancellation is heard soon even where a copy takes long. */
const COPIES_PER_BLOCK = 8;
/** Of a law: beyond, drawing it would take longer than anybody waits. */
const MOST_STATES = 40_000;
const LAW_TOLERANCE = 1e-6;

interface Run {
  readonly request: number;
  readonly members: readonly Member[];
  readonly times: readonly number[];
  readonly started: number;
  reported: number;
  next: number;
}

/**
 * The worker's side of the circuit lab: reads circuits, runs ensembles of the open one in short slices and posts what they
 * come to. It knows nothing of workers: what it needs of its surroundings is passed in.
 */
export class LabHost {
  readonly #options: LabHostOptions;
  #model: LabModel | null = null;
  #run: Run | null = null;
  /** The run last ended, whose histograms can still be asked for. */
  #ended: { readonly run: Run; readonly phase: 'done' | 'cancelled'; readonly elapsed: number } | null = null;
  #spreadAt = Number.MAX_SAFE_INTEGER;
  #scheduled = false;

  constructor(options: LabHostOptions) {
    this.#options = options;
  }

  /** Carries out a command. Never throws: a fault of the program is posted as such. */
  receive(command: LabCommand): void {
    try {
      this.#carryOut(command);
    } catch (error) {
      this.#fault(error);
    }
    this.#wake();
  }

  #carryOut(command: LabCommand): void {
    switch (command.type) {
      case 'open':
        this.#answer(command.request, () => this.#open(command));
        break;
      case 'run':
        this.#start(command);
        break;
      case 'cancel':
        this.#end('cancelled');
        break;
      case 'watch':
        this.#spreadAt = command.time;
        this.#report();
        break;
      case 'law':
        this.#law(command);
        break;
      case 'excerpt':
        this.#answer(command.request, () => excerpt(command));
        break;
      case 'convert':
        this.#answer(command.request, () => convert(command));
        break;
      case 'compare':
        this.#answer(command.request, () => compare(command));
        break;
      case 'place':
        this.#answer(command.request, () => place(command));
        break;
    }
  }

  /** Posts what a request comes to, or what is wrong with its text. */
  #answer(request: number, work: () => LabEvent): void {
    let event: LabEvent;
    try {
      event = work();
    } catch (error) {
      event = { type: 'problems', request, problems: problemsIn(error) };
    }
    this.#options.post(event);
  }

  #open({ request, source }: CommandOf<'open'>): LabEvent {
    const model = readLabModel(source);
    this.#end('cancelled');
    this.#model = model;
    this.#ended = null;
    return { type: 'opened', request, circuit: model.view };
  }

  #start({ request, options }: CommandOf<'run'>): void {
    const model = this.#model;
    if (!model) return;
    this.#end('cancelled');
    const { runs, end, points, seed, fields } = options;
    const times = Array.from({ length: points + 1 }, (_, i) => (i * end) / points);
    const members = options.methods.map(method => {
      // All copies of the deterministic limit are the same one.
      const copies = method === 'deterministic' ? 1 : runs;
      return new Member(
        method,
        copies,
        times.length,
        () =>
          model.ensemble({
            runs: copies,
            times,
            seed,
            method,
            fields,
            trajectories: copies,
            copiesPerBlock: Math.min(COPIES_PER_BLOCK, KEPT_PATHS),
          }),
        model.real,
      );
    });
    const now = this.#options.now();
    this.#ended = null;
    this.#run = { request, members, times, started: now, reported: now, next: 0 };
  }

  /** One slice: blocks of all methods by turns. */
  #slice(run: Run): void {
    const { now } = this.#options;
    const started = now();
    do {
      const open = run.members.filter(member => !member.finished);
      if (open.length === 0) {
        this.#end('done');
        return;
      }
      open[run.next++ % open.length].advance(now);
    } while (now() - started < SLICE);
    if (now() - run.reported >= REPORT) this.#report();
  }

  #end(phase: 'done' | 'cancelled'): void {
    const run = this.#run;
    if (!run) return;
    this.#run = null;
    this.#ended = { run, phase, elapsed: this.#options.now() - run.started };
    this.#report();
  }

  #report(): void {
    const run = this.#run ?? this.#ended?.run;
    if (!run) return;
    const now = this.#options.now();
    run.reported = now;
    this.#options.post({
      type: 'progress',
      request: run.request,
      phase: this.#run ? 'running' : (this.#ended?.phase ?? 'done'),
      elapsed: this.#run ? now - run.started : (this.#ended?.elapsed ?? 0),
      times: run.times,
      members: run.members.map(member => member.result(this.#spreadAt)),
    });
  }

  #law({ request, time, fields }: CommandOf<'law'>): void {
    const type = this.#model?.type ?? null;
    let law: Law | null = null;
    let reason = '';
    try {
      if (type) law = lawOf(type, time, fields);
      else reason = 'the model is no plain network of reactions';
    } catch (error) {
      if (!(error instanceof ProjectionError) && !(error instanceof RangeError)) throw error;
      reason = error.message;
    }
    this.#options.post({ type: 'law', request, law, reason });
  }

  #wake(): void {
    if (this.#scheduled || !this.#run) return;
    this.#scheduled = true;
    this.#options.schedule(() => {
      this.#scheduled = false;
      try {
        if (this.#run) this.#slice(this.#run);
      } catch (error) {
        this.#run = null;
        this.#fault(error);
      }
      this.#wake();
    });
  }

  #fault(error: unknown): void {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#options.post({ type: 'fault', message });
  }
}

/** @throws ProjectionError where it would take too many states */
function lawOf(type: CellType, time: number, fields: readonly number[]): Law {
  const law = projectLaw(type, [time], { fields, maxStates: MOST_STATES, tolerance: LAW_TOLERANCE });
  const marginals = law.species.map(species => {
    const { mean, variance } = law.moments(0, species);
    return { species, probability: law.marginal(0, species), mean, sd: Math.sqrt(variance) };
  });
  return { time, states: law.states, bound: law.bound[0], marginals };
}

function excerpt({ request, text, cellType }: CommandOf<'excerpt'>): LabEvent {
  return { type: 'text', request, text: excerptCircuit(loadScenario(text).text, cellType), notes: [] };
}

function convert({ request, text }: CommandOf<'convert'>): LabEvent {
  const made = sbmlAsScenario(text);
  return { type: 'text', request, ...made };
}

/** As `cellfield import` writes it. @throws SbmlError */
function sbmlAsScenario(text: string): { text: string; notes: readonly string[] } {
  const model = readSbml(text);
  const { circuit, warnings } = toCircuit(model, { inSeconds: true });
  const title = model.name || model.id || 'An imported circuit';
  return { text: circuitToScenario(circuit, title, ['Imported from SBML', ...warnings]), notes: warnings };
}

/** The circuit as the text of a scenario, and its cell type in it. @throws ScenarioError, SbmlError */
function asScenario(source: LabSource): { text: string; from: string } {
  // With the models that it names written into it: the scenario it goes to has no such files.
  const text =
    source.kind === 'sbml'
      ? sbmlAsScenario(source.text).text
      : loadScenario(source.text, { file: source.file, files: readerOf(source.models) }).text;
  const { cellType } = readLabModel({ ...source, kind: 'scenario', text }).view;
  return { text, from: cellType ?? '' };
}

function compare({ request, source, target, models }: CommandOf<'compare'>): LabEvent {
  const { text, from } = asScenario(source);
  loadScenario(target, { files: readerOf(models) });
  return { type: 'clashes', request, clashes: findClashes(target, text, from) };
}

function place({ request, source, target, models, placing }: CommandOf<'place'>): LabEvent {
  const { text, from } = asScenario(source);
  const files = readerOf(models);
  loadScenario(target, { files });
  const placed = placeCircuit(target, text, { ...placing, from });
  // What does not load is not handed out.
  loadScenario(placed.text, { files });
  return { type: 'text', request, ...placed };
}
