import type { CircuitOverview } from '../../engine/circuits/overview.ts';
import type { Work } from '../../engine/circuits/window.ts';
import type { Clashes, Placing } from '../../engine/scenario/placeCircuit.ts';
import type { Problem } from '../../engine/scenario/problems.ts';
import type { Models } from '../contract.ts';

/**
 * The message contract between the circuit lab and its worker, each message typed once. Requests are numbered by the view; the
 * answers carry their number. A run streams `progress` until its phase is no longer `running`.
 */
export type LabCommand =
  /** Reads a circuit, which later commands are about. Answered by `opened` or `problems`. */
  | { readonly type: 'open'; readonly request: number; readonly source: LabSource }
  /** Runs the open circuit by each method in turn, block by block; ends the run before. Answered by `progress`. */
  | { readonly type: 'run'; readonly request: number; readonly options: LabRunOptions }
  | { readonly type: 'cancel' }
  /** Index of the output time whose histograms `progress` carries from now on. */
  | { readonly type: 'watch'; readonly time: number }
  /** The exact law of the open circuit at a time. Answered by `law`. */
  | {
      readonly type: 'law';
      readonly request: number;
      readonly time: number;
      readonly fields: readonly number[];
    }
  /** One cell type of a scenario as a scenario of its own. Answered by `text` or `problems`. */
  | { readonly type: 'excerpt'; readonly request: number; readonly text: string; readonly cellType: string }
  /** An SBML model as the text of a scenario. Answered by `text` or `problems`. */
  | { readonly type: 'convert'; readonly request: number; readonly text: string }
  /** Cell types of a scenario's text that a circuit can be sent to, and what would clash. Answered by `clashes` or `problems`. */
  | {
      readonly type: 'compare';
      readonly request: number;
      readonly source: LabSource;
      readonly target: string;
      /** Those that the target may name. */
      readonly models?: Models;
    }
  /** Writes the circuit into a cell type of a scenario's text, and checks the result. Answered by `text` or `problems`. */
  | {
      readonly type: 'place';
      readonly request: number;
      readonly source: LabSource;
      readonly target: string;
      readonly models?: Models;
      readonly placing: Omit<Placing, 'from'>;
    };

export type LabEvent =
  | { readonly type: 'opened'; readonly request: number; readonly circuit: LabCircuit }
  | { readonly type: 'problems'; readonly request: number; readonly problems: readonly Problem[] }
  | {
      readonly type: 'progress';
      readonly request: number;
      readonly phase: 'running' | 'done' | 'cancelled';
      /** Wall time since the start, ms. */
      readonly elapsed: number;
      readonly times: readonly number[];
      readonly members: readonly MemberResult[];
    }
  | { readonly type: 'law'; readonly request: number; readonly law: Law | null; readonly reason: string }
  | {
      readonly type: 'text';
      readonly request: number;
      readonly text: string;
      readonly notes: readonly string[];
    }
  | { readonly type: 'clashes'; readonly request: number; readonly clashes: Clashes }
  /** A fault of the program in the worker. */
  | { readonly type: 'fault'; readonly message: string };

/** Where a circuit comes from. */
export interface LabSource {
  readonly kind: 'scenario' | 'sbml';
  readonly text: string;
  /** For messages. */
  readonly file: string;
  /** Null: the only or first one. */
  readonly cellType: string | null;
  /** Those that a scenario's text may name. */
  readonly models?: Models;
}

export interface LabRunOptions {
  readonly runs: number;
  /** Output times are end · i / points, i = 0 … points. */
  readonly end: number;
  readonly points: number;
  readonly seed: string;
  /** Of the catalogue, or `auto`; one or several. */
  readonly methods: readonly string[];
  /** Concentrations of the model's fields, molecules/µm³, held throughout. */
  readonly fields: readonly number[];
}

/** What the view needs to know of a circuit, once. */
export interface LabCircuit {
  readonly kind: 'scenario' | 'sbml';
  readonly title: string;
  readonly cellTypes: readonly string[];
  readonly cellType: string | null;
  readonly species: readonly LabSpecies[];
  readonly fields: readonly LabField[];
  /** Simulated time that the file asks for; null where it says nothing. */
  readonly end: number | null;
  readonly seed: string;
  /** As the cell type asks for. */
  readonly method: string;
  readonly methods: readonly LabMethod[];
  /** Time of an SBML model is in its own unit. */
  readonly timeUnit: 's' | 'model';
  /** Null where the model is no plain network (events, rules): it is simulated as it stands. */
  readonly overview: CircuitOverview | null;
  readonly notes: readonly string[];
}

export interface LabSpecies {
  readonly name: string;
  /** Hidden: a biomass that nothing changes. */
  readonly shown: boolean;
}

export interface LabField {
  readonly name: string;
  /** Whether the circuit reads it or exchanges with it. */
  readonly used: boolean;
  /** Concentration in the middle of the domain at the start, molecules/µm³. */
  readonly initial: number;
}

export interface LabMethod {
  readonly name: string;
  /** When to choose it. */
  readonly use: string;
  readonly doi: string;
}

/** What one method has yielded so far. */
export interface MemberResult {
  /** As asked for, and what `auto` came to. */
  readonly method: string;
  readonly runsBy: string;
  readonly done: number;
  readonly runs: number;
  /** Wall time in this method, ms. */
  readonly elapsed: number;
  /** Mean firings per run; null where there are no firings to count. */
  readonly firings: number | null;
  readonly species: readonly string[];
  /** [time * species.length + species] */
  readonly mean: Float64Array;
  /** Sample standard deviation; 0 for a single run. */
  readonly sd: Float64Array;
  /** Fourth central moment at the last time, by species. */
  readonly fourth: Float64Array;
  /** The first few copies: [(copy * times + time) * species.length + species]. */
  readonly paths: Float64Array;
  /** By species, at output time `spreadAt`. */
  readonly spreads: readonly SpreadView[];
  readonly spreadAt: number;
  /** Of methods with an explicit and an implicit form: steps of each, and when (s) the first copy went over. */
  readonly work: Work | null;
  /** Why this method cannot go on, or could not begin. */
  readonly failure: string | null;
}

/** Runs counted in bins [(first + i) width, (first + i + 1) width). */
export interface SpreadView {
  readonly first: number;
  readonly width: number;
  readonly counts: Uint32Array;
}

/** A law by finite state projection; the true one differs from it by `bound` in all. */
export interface Law {
  readonly time: number;
  readonly states: number;
  readonly bound: number;
  /** Probabilities of 0, 1, … molecules of each species that changes. */
  readonly marginals: readonly {
    readonly species: string;
    readonly probability: Float64Array;
    readonly mean: number;
    readonly sd: number;
  }[];
}
