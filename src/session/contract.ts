import type { Mechanics, Shape } from '../engine/cells/cellType.ts';
import type { CouplingChoice } from '../engine/description/description.ts';
import type { ScenarioView } from '../engine/description/view.ts';
import type { MoietyBalance } from '../engine/diagnostics/balance.ts';
import type { Leak } from '../engine/diagnostics/leaks.ts';
import type { Edit, LoggedEdit, Point } from '../engine/edit/edit.ts';
import type { Grid } from '../engine/fields/grid.ts';
import type { FailureKind } from '../engine/model/failure.ts';
import type { Counts, Phase } from '../engine/model/profile.ts';
import type { ScaleReport } from '../engine/scales/analyse.ts';
import type { Problem } from '../engine/scenario/problems.ts';

/**
 * The message contract between a view and the engine's worker, each message typed once. Commands go to the worker, events
 * come back. State travels as frames (engine/recording/frame.ts): one ArrayBuffer, transferred, returned for reuse.
 */
/** Texts of the SBML models that a scenario may name, by those names. */
export type Models = Readonly<Record<string, string>>;

export type Command =
  /** Loads a scenario and pauses at its start. Answered by `loaded` or `problems`. */
  | {
      readonly type: 'load';
      readonly request: number;
      readonly text: string;
      readonly file: string;
      readonly set?: readonly string[];
      readonly models?: Models;
    }
  /** Checks text without loading it. Answered by `problems` (an empty list where it is valid). */
  | {
      readonly type: 'check';
      readonly request: number;
      readonly text: string;
      readonly file: string;
      readonly models?: Models;
    }
  /** Runs to the scenario's end (or `until`, s), at most so many steps per second (null: as fast as it goes). */
  | { readonly type: 'run'; readonly stepsPerSecond: number | null; readonly until?: number }
  | { readonly type: 'pause' }
  /** Advances by whole steps, then pauses. */
  | { readonly type: 'step'; readonly count: number }
  /** Goes to a simulated time (s), forwards by running, backwards from a kept checkpoint, with the same edits; then pauses. */
  | { readonly type: 'seek'; readonly time: number }
  | { readonly type: 'restart' }
  /** Changes the run now; logged with its step, and undoable. */
  | { readonly type: 'edit'; readonly edit: Edit }
  /** Goes back to just before the last edit. */
  | { readonly type: 'undo' }
  /** Cells (by id) whose traces, and points (µm) whose concentrations, are to be followed from now on. */
  | { readonly type: 'watch'; readonly cells: readonly number[]; readonly probes: readonly Point[] }
  /** The view is ready for the next frame; `buffer` is an old frame's, given back. */
  | { readonly type: 'ready'; readonly buffer: ArrayBuffer | null }
  /** Asks for the whole state as bytes. Answered by `snapshot`. */
  | { readonly type: 'snapshot'; readonly request: number }
  /** Asks for the time scales at the present state. Answered by `scales`. */
  | { readonly type: 'scales'; readonly request: number }
  /** Records the run from now on, into a folder (its handle), or where there is none into an archive, which comes at the end. */
  | { readonly type: 'record'; readonly name: string; readonly folder: unknown }
  | { readonly type: 'stopRecording' }
  /** Opens a recording and rests at its first frame. Answered by `loaded` or `problems`. */
  | { readonly type: 'open'; readonly request: number; readonly place: RecordingPlace }
  /** How an opened recording is played; `run` starts it. */
  | { readonly type: 'playback'; readonly playback: Playback }
  /** Asks for the frame nearest before a time, to be shown small. Answered by `peek`; of several only the last may be. */
  | { readonly type: 'peek'; readonly request: number; readonly time: number };

/** How the recording of a live run stands. */
export interface RecorderStatus {
  /** `writing`: it has ended, and the rest is being written. */
  readonly phase: 'recording' | 'writing' | 'ended' | 'failed';
  /** Of its folder; empty where it becomes an archive. */
  readonly name: string;
  readonly frames: number;
  readonly bytes: number;
  /** What went wrong. */
  readonly message: string | null;
}

/** Where a recording is: the folder's handle, or its files by their paths in it, as a browser gives them. They cross to the worker. */
export interface RecordingPlace {
  readonly name: string;
  readonly handle?: unknown;
  readonly files?: ReadonlyMap<string, unknown>;
}

/** How a recording is played. */
export interface Playback {
  /** Negative: backwards. */
  readonly framesPerSecond: number;
  /** The stretch that is played again and again, s; null: once, to the end. */
  readonly loop: readonly [from: number, to: number] | null;
}

export type { Edit, LoggedEdit, Point };

export type Event =
  | { readonly type: 'loaded'; readonly request: number; readonly scenario: ScenarioInfo }
  | { readonly type: 'problems'; readonly request: number; readonly problems: readonly Problem[] }
  /** Whenever the state of the transport changes, and several times a second while running. */
  | { readonly type: 'status'; readonly status: Status }
  /** `frame` is read with readFrame; the buffer is the view's until it is sent back with `ready`. */
  | { readonly type: 'frame'; readonly buffer: ArrayBuffer }
  /** Rows of the time series since the last such event (after a load, restart, seek or undo: all kept rows, `reset` true). */
  | {
      readonly type: 'series';
      readonly reset: boolean;
      readonly rows: Float64Array;
      readonly columns: number;
    }
  | { readonly type: 'traces'; readonly traces: readonly Trace[] }
  | { readonly type: 'balance'; readonly balance: BalanceView }
  | { readonly type: 'log'; readonly entries: readonly LoggedEdit[]; readonly canUndo: boolean }
  | { readonly type: 'snapshot'; readonly request: number; readonly bytes: Uint8Array }
  | ScalesEvent
  /** The live run's recording; `archive` comes with the end of one that has no folder. */
  | {
      readonly type: 'recording';
      readonly status: RecorderStatus;
      readonly archive: Uint8Array<ArrayBuffer> | null;
    }
  /** A frame to be shown small; null where it cannot be read. */
  | {
      readonly type: 'peek';
      readonly request: number;
      readonly time: number;
      readonly buffer: ArrayBuffer | null;
    }
  /** The run cannot go on; the last good state stays visible. */
  | {
      readonly type: 'failed';
      readonly kind: FailureKind;
      readonly message: string;
      readonly time: number;
      readonly step: number;
    }
  /** An edit could not be made; the run is as it was. */
  | { readonly type: 'refused'; readonly message: string }
  /** A fault of the program in the worker. */
  | { readonly type: 'fault'; readonly message: string };

/** The time scales at the moment of asking. */
export interface ScalesEvent {
  readonly type: 'scales';
  readonly request: number;
  /** Null where they cannot be had: `reason` says why. */
  readonly report: ScaleReport | null;
  readonly reason: string;
  /** Milliseconds that they took, for a view that asks again and again. */
  readonly took: number;
}

/** What a view needs to know of a scenario, once. */
export interface ScenarioInfo {
  readonly file: string;
  readonly title: string;
  readonly description: string;
  readonly seed: string;
  /** The scenario as loaded (resolved). */
  readonly text: string;
  readonly warnings: readonly Problem[];
  /** How the scenario asks to be looked at first. */
  readonly view: ScenarioView;
  readonly grid: Grid;
  readonly step: number;
  readonly steps: number;
  /** Steps other than `step`, s, and what takes them. */
  readonly ownSteps: readonly { readonly of: string; readonly step: number }[];
  readonly fields: readonly FieldInfo[];
  readonly cellTypes: readonly CellTypeInfo[];
  readonly parameters: readonly ParameterInfo[];
  readonly mechanics: Mechanics | null;
  readonly coupling: CouplingChoice;
  readonly balanceTolerance: number;
  readonly moieties: readonly string[];
  /** Names of the columns of `series`, in order; see SERIES_COLUMNS in session/series.ts. */
  readonly seriesColumns: readonly SeriesColumn[];
  /** Of an opened recording: there is nothing to run or change here, only to look at. */
  readonly recording?: RecordingInfo;
}

/** Cell divisions, one per row. */
export interface Ancestry {
  readonly time: Float64Array;
  readonly mother: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** What a view needs to know of an opened recording. */
export interface RecordingInfo {
  /** Of its folder. */
  readonly name: string;
  /** Version that made it. */
  readonly cellfield: string;
  readonly status: string;
  readonly failure: string | null;
  readonly started: string;
  readonly scenarioHash: string;
  readonly parent: {
    readonly folder: string;
    readonly time: number;
    readonly set: readonly string[];
  } | null;
  /** Times of its frames, s, rising. */
  readonly times: Float64Array;
  /** How many divisions and deaths there were in equal parts of the time from 0 to the last frame. */
  readonly divisions: Uint32Array;
  readonly deaths: Uint32Array;
  /** Times of the states to go on from, s. */
  readonly states: readonly number[];
  /** All divisions in the order in which they were, ids and times (s): who descends from whom. */
  readonly ancestry: Ancestry;
}

export interface FieldInfo {
  readonly name: string;
  readonly diffusivity: number;
  readonly decay: number;
  /** Names of its reservoirs, as in a frame's `bulk`. */
  readonly reservoirs?: readonly string[];
}

export interface CellTypeInfo {
  readonly name: string;
  readonly shape: Shape;
  /** Species 0 is biomass (fg). */
  readonly species: readonly { readonly name: string; readonly continuous: boolean }[];
  readonly reactions: readonly { readonly name: string; readonly equation: string }[];
  readonly divides: boolean;
}

export interface ParameterInfo {
  readonly name: string;
  /** As the scenario writes it now: `490 um^2/s`, or an expression of others. */
  readonly text: string;
  /** The number and the unit text where it is a plain quantity; null for an expression (shown, not slid). */
  readonly number: number | null;
  readonly unit: string;
  /** The comment on its line of the scenario, if any. */
  readonly comment: string;
}

/** A column of the time series: what it is of, and what it measures. */
export interface SeriesColumn {
  readonly of: 'time' | 'cells' | 'field' | 'bulk' | 'species' | 'moiety' | 'residual' | 'probe';
  /** `sender`, `AHL`, `reactor.AHL`, `sender.LuxI`, moiety name, `probe 1 AHL`. */
  readonly name: string;
  readonly statistic: 'value' | 'count' | 'total' | 'mean' | 'sd' | 'min' | 'max' | 'relative';
  readonly unit: string;
}

export interface Status {
  readonly phase: 'empty' | 'paused' | 'running' | 'seeking' | 'finished' | 'failed';
  readonly step: number;
  readonly time: number;
  readonly steps: number;
  readonly cells: number;
  /** Measured over the last second of running; 0 while paused. */
  readonly stepsPerSecond: number;
  /** Share of the wall time of the last second, by phase of the step. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  readonly counts: Counts;
  /** Most passes over a window of the last step, and the worst factor by which a pass shrank its error; 0 where not iterated. */
  readonly iteration: { readonly passes: number; readonly contraction: number };
}

/** History of one watched cell since it was watched (or born). Rows of `columns`: time (s), volume (µm³), then the amounts of its species, then net molecules given to each field since the last row. */
export interface Trace {
  readonly id: number;
  /** False once the cell has divided or died. */
  readonly alive: boolean;
  readonly daughters: readonly number[];
  readonly columns: number;
  /** New rows since the last event. */
  readonly rows: Float64Array;
}

export interface BalanceView {
  readonly moieties: readonly (MoietyBalance & {
    /** Where the total is: cells, and each field by name, weighted as in the moiety. */
    readonly where: Readonly<Record<string, number>>;
  })[];
  readonly worstRelative: number;
  readonly worstStep: number;
  readonly tolerance: number;
  readonly breaches: number;
  /** Where the exchange lost or made more than the tolerance, and by which channel. */
  readonly leaks: readonly Leak[];
}
