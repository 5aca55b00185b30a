import type { Frame } from '../../engine/recording/frame.ts';
import type { Camera, Size } from '../../picture/camera.ts';
import type { Range } from '../../picture/colour/scale.ts';
import type { StageView } from '../../picture/view.ts';
import type { Edit, Point, ScenarioInfo } from '../../session/contract.ts';
import type { Lineage } from './lineage.ts';

export type { CellColouring, ColourMap, FieldLayer, StageView } from '../../picture/view.ts';

/** What the pointer does on the stage. */
export type Tool =
  | { readonly kind: 'select' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'paint'; readonly field: number; readonly radius: number; readonly amount: number }
  | { readonly kind: 'place'; readonly type: number; readonly radius: number; readonly count: number }
  | { readonly kind: 'kill'; readonly radius: number };

/** What lies under the pointer. */
export interface Hover {
  readonly at: Point;
  /** Concentration of each field there, molecules/µm³. */
  readonly concentrations: readonly number[];
  /** Slot in the current frame, or null. */
  readonly cell: number | null;
}

export interface StageEvents {
  readonly hover: (hover: Hover | null) => void;
  /** Ids now selected (click, shift-click, lasso). */
  readonly select: (ids: readonly number[]) => void;
  /** A stroke of a tool, dab by dab. */
  readonly edit: (edit: Edit) => void;
  readonly probe: (at: Point) => void;
  /** The GL context was lost (true) or is back (false). */
  readonly contextLost: (lost: boolean) => void;
  /** The ranges now in use, for legends in panels. */
  readonly ranges: (
    fields: readonly (readonly [number, number])[],
    cells: readonly [number, number] | null,
  ) => void;
}

/** What the stage shows at a moment, for a picture of it drawn elsewhere. */
export interface Shot {
  readonly scenario: ScenarioInfo;
  /** With the ranges that now hold in place of automatic ones, where a view can say them. */
  readonly held: StageView;
  readonly view: StageView;
  readonly ranges: { readonly fields: readonly Range[]; readonly cells: Range | null };
  readonly lineage: Lineage;
  readonly camera: Camera;
  /** Size of the stage, CSS pixels. */
  readonly window: Size;
  readonly selected: ReadonlySet<number>;
  readonly probes: readonly Point[];
  /** The cell kept where it is on the screen, and where that is from the middle, µm. */
  readonly followed: { readonly id: number; readonly x: number; readonly y: number } | null;
  readonly frame: Frame | null;
}

/** The drawing of a run: a canvas that lives outside the framework's render cycle. */
export interface Stage {
  setScenario(scenario: ScenarioInfo): void;
  /** The frame to show from the next display refresh on. The stage reads it until the next call; it never keeps older ones. */
  setFrame(frame: Frame): void;
  setView(view: StageView): void;
  setTool(tool: Tool): void;
  setSelection(ids: readonly number[]): void;
  setProbes(probes: readonly Point[]): void;
  /** Keeps the cell in the middle while it lives; null stops. */
  follow(id: number | null): void;
  fit(): void;
  /** Zooms by a factor about the middle. */
  zoom(factor: number): void;
  /** The stage as a PNG at 1, 2 or 4 times its size, with legend and scale bar. */
  snapshot(scale: 1 | 2 | 4): Promise<Blob>;
  /** What is shown now; null before there is a scenario. */
  shot(): Shot | null;
  /** Frames drawn in the last second. */
  readonly framesPerSecond: number;
  destroy(): void;
}

/** Makes a stage that fills an element. */
export type CreateStage = (container: HTMLElement, events: StageEvents, view: StageView) => Promise<Stage>;
