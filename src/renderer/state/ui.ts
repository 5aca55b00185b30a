import type { Point } from '../../session/contract.ts';
import type { Hover, StageView, Tool } from '../stage/view.ts';

export type LeftTab = 'controls' | 'text' | 'notebook';
export type RightTab = 'inspector' | 'plots' | 'balance' | 'scales';
/** What the middle of the window is for. */
export type Workplace = 'colony' | 'lab';
export type Overlay = 'gallery' | 'palette' | 'shortcuts' | 'tour' | 'snapshot' | 'video' | 'about';

/** A short notice in the corner. */
export interface Message {
  readonly id: number;
  readonly kind: 'info' | 'error';
  readonly text: string;
}

/** A question before something would be lost. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly action: () => void;
}

/** What the window shows, apart from the run itself. */
export interface UiState {
  readonly workplace: Workplace;
  readonly overlay: Overlay | null;
  readonly leftTab: LeftTab;
  readonly rightTab: RightTab;
  /** All panels hidden (`h`). */
  readonly bare: boolean;
  readonly messages: readonly Message[];
  readonly question: Question | null;
  readonly contextLost: boolean;
  /** How many edits were refused so far: controls that show one go back to what holds. */
  readonly refusals: number;
  /** Charts shown, as values of their menus. */
  readonly plots: readonly string[];
}

export const INITIAL_UI: UiState = {
  workplace: 'colony',
  overlay: 'gallery',
  leftTab: 'controls',
  rightTab: 'plots',
  bare: false,
  messages: [],
  question: null,
  contextLost: false,
  refusals: 0,
  plots: [],
};

/** What is picked on the stage. */
export interface SelectionState {
  readonly ids: readonly number[];
  readonly followed: number | null;
  readonly probes: readonly Point[];
}

export const NO_SELECTION: SelectionState = { ids: [], followed: null, probes: [] };

/** At most so many probes: their lines must stay tellable apart. */
export const MOST_PROBES = 4;

/** Tools with their settings, kept while another tool is used. */
export interface ToolState {
  readonly kind: Tool['kind'];
  readonly field: number;
  readonly type: number;
  /** µm */
  readonly radius: number;
  /** Molecules per dab; negative removes. */
  readonly amount: number;
  readonly count: number;
}

export const INITIAL_TOOL: ToolState = {
  kind: 'select',
  field: 0,
  type: 0,
  radius: 10,
  amount: 10_000,
  count: 1,
};

/** The tool as the stage takes it. */
export function toolOf(state: ToolState): Tool {
  const { kind, field, type, radius, amount, count } = state;
  switch (kind) {
    case 'paint':
      return { kind, field, radius, amount };
    case 'place':
      return { kind, type, radius, count };
    case 'kill':
      return { kind, radius };
    default:
      return { kind };
  }
}

/** The ranges in use on the stage, for legends in panels; molecules/µm³ and the unit of the colouring. */
export interface StageReadings {
  readonly fields: readonly (readonly [number, number])[];
  readonly cells: readonly [number, number] | null;
  readonly hover: Hover | null;
}

export const NO_READINGS: StageReadings = { fields: [], cells: null, hover: null };

export const INITIAL_VIEW: StageView = {
  fields: [],
  contours: false,
  slice: 0,
  cells: { by: 'type' },
  trails: false,
  scaleBar: true,
  legend: true,
  timeStamp: true,
  theme: 'dark',
};
