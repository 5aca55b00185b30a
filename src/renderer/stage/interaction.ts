import type { Frame } from '../../engine/recording/frame.ts';
import { heightNearest, sliceDistance } from '../../picture/cellVertices.ts';
import type { Edit, Point, ScenarioInfo } from '../../session/contract.ts';
import type { CellIndex } from './cellIndex.ts';
import { type Gestures, listen } from './pointer.ts';
import { concentrationsAt, planeHeight, voxelAt } from './probeField.ts';
import { Stroke } from './stroke.ts';
import type { StageEvents, Tool } from './view.ts';

/** What pointing at the stage needs to know of it, and may do to it. */
export interface Surroundings {
  readonly index: CellIndex;
  frame(): Frame | null;
  scenario(): ScenarioInfo | null;
  slice(): number;
  selected(): ReadonlySet<number>;
  toWorld(x: number, y: number): [x: number, y: number];
  /** CSS pixels per µm. */
  pixels(): number;
  select(ids: readonly number[]): void;
  panBy(dx: number, dy: number): void;
  zoomBy(factor: number, x: number, y: number): void;
  invalidate(): void;
}

type Path = readonly (readonly [x: number, y: number])[];

/** The pointer on the stage: hover, selection, lasso, brushes, probes. */
export interface Interaction {
  /** Slot of the cell under the pointer, −1 for none. */
  readonly hovered: number;
  readonly lasso: Path | null;
  brush(scale: number): { x: number; y: number; radius: number } | null;
  setTool(tool: Tool): void;
  /** What lies under a still pointer may have changed. */
  frameChanged(): void;
  /** Brings `hovered` up to date before drawing; tells listeners, at most some times a second for a still pointer. */
  refresh(now: number): void;
  destroy(): void;
}

/** Cells smaller than this can still be hit, CSS pixels. */
const SLACK = 4;
/** ms between reports of what a still pointer sees while frames go by. */
const STILL_INTERVAL = 100;
/** Distance of dabs in radii of the brush. */
const SPACING: Readonly<Record<'paint' | 'place' | 'kill', number>> = { paint: 0.5, place: 2, kill: 0.5 };

export function createInteraction(
  container: HTMLElement,
  events: StageEvents,
  around: Surroundings,
): Interaction {
  let tool: Tool = { kind: 'select' };
  let pointer: readonly [x: number, y: number] | null = null;
  let hovered = -1;
  let moved = false;
  let stale = false;
  let reported = Number.NEGATIVE_INFINITY;
  let lasso: Path | null = null;
  let stroke: Stroke | null = null;

  function pointAt(x: number, y: number): Point | null {
    const scenario = around.scenario();
    if (!scenario) return null;
    const [worldX, worldY] = around.toWorld(x, y);
    const point = { x: worldX, y: worldY, z: planeHeight(scenario.grid, around.slice()) };
    return voxelAt(scenario.grid, point) < 0 ? null : point;
  }

  /** Which cells are drawn, and which of two lies in front. */
  function depths(): [visible: (slot: number) => boolean, depth: (slot: number) => number] {
    const frame = around.frame();
    const scenario = around.scenario();
    if (!frame || scenario?.grid.dimensions !== 3) return [() => true, () => 0];
    const height = planeHeight(scenario.grid, around.slice());
    return [
      slot => sliceDistance(heightNearest(frame, slot, height), frame.radius[slot], height) < 1,
      slot => Math.abs(frame.z[slot] - height),
    ];
  }

  function cellAt(x: number, y: number): number {
    const frame = around.frame();
    if (!frame) return -1;
    const [worldX, worldY] = around.toWorld(x, y);
    const [visible, depth] = depths();
    const exact = around.index.at(worldX, worldY, 0, visible, depth);
    return exact >= 0 ? exact : around.index.at(worldX, worldY, SLACK / around.pixels(), visible, depth);
  }

  const gestures: Gestures = {
    pan: around.panBy,
    zoom: around.zoomBy,
    brushing: () => tool.kind === 'paint' || tool.kind === 'place' || tool.kind === 'kill',
    click(x, y, shift) {
      if (tool.kind === 'probe') {
        const at = pointAt(x, y);
        if (at) events.probe(at);
        return;
      }
      const frame = around.frame();
      const slot = cellAt(x, y);
      if (!frame) return;
      if (slot < 0) {
        if (!shift) around.select([]);
      } else if (shift) {
        const ids = new Set(around.selected());
        const id = frame.id[slot];
        if (!ids.delete(id)) ids.add(id);
        around.select([...ids]);
      } else {
        around.select([frame.id[slot]]);
      }
      around.invalidate();
    },
    hover(place) {
      pointer = place;
      moved = true;
      around.invalidate();
    },
    strokeStart(x, y) {
      if (tool.kind === 'select' || tool.kind === 'probe') return;
      const [worldX, worldY] = around.toWorld(x, y);
      stroke = new Stroke(worldX, worldY, Math.max(1e-3, tool.radius * SPACING[tool.kind]));
      dab(worldX, worldY);
    },
    strokeMove(x, y) {
      if (!stroke) return;
      for (const [worldX, worldY] of stroke.moveTo(...around.toWorld(x, y))) dab(worldX, worldY);
    },
    strokeEnd() {
      stroke = null;
    },
    lasso(path, finished) {
      if (!finished) {
        lasso = path;
      } else {
        lasso = null;
        if (path) selectWithin(path);
      }
      around.invalidate();
    },
  };

  /** Adds the cells inside a path to the selection. */
  function selectWithin(path: Path): void {
    const frame = around.frame();
    if (!frame) return;
    const corners = path.map(([x, y]) => around.toWorld(x, y));
    const polygon = { xs: corners.map(([x]) => x), ys: corners.map(([, y]) => y) };
    const ids = new Set(around.selected());
    for (const slot of around.index.within(polygon, depths()[0])) ids.add(frame.id[slot]);
    around.select([...ids]);
  }

  function dab(x: number, y: number): void {
    const scenario = around.scenario();
    if (!scenario || tool.kind === 'select' || tool.kind === 'probe') return;
    const at: Point = { x, y, z: planeHeight(scenario.grid, around.slice()) };
    if (voxelAt(scenario.grid, at) < 0) return;
    events.edit(editOf(tool, at));
  }

  function refresh(now: number): void {
    if (!moved && !stale) return;
    stale = false;
    hovered = pointer && tool.kind === 'select' && lasso === null ? cellAt(...pointer) : -1;
    if (!moved && now - reported < STILL_INTERVAL) return;
    const gone = pointer === null;
    if (gone && !moved) return;
    moved = false;
    reported = now;
    const at = pointer && pointAt(...pointer);
    const frame = around.frame();
    const scenario = around.scenario();
    if (!pointer || !at || !frame || !scenario) {
      events.hover(null);
      return;
    }
    const cell = tool.kind === 'select' ? hovered : cellAt(...pointer);
    events.hover({
      at,
      concentrations: concentrationsAt(scenario.grid, frame, at),
      cell: cell < 0 ? null : cell,
    });
  }

  const stop = listen(container, gestures);

  return {
    get hovered() {
      return hovered;
    },
    get lasso() {
      return lasso;
    },
    brush(scale) {
      if (!pointer || !('radius' in tool)) return null;
      return { x: pointer[0], y: pointer[1], radius: tool.radius * scale };
    },
    setTool(next) {
      tool = next;
      stale = true;
      container.dataset.tool = next.kind;
    },
    frameChanged() {
      stale = true;
      // Slots may have moved: an old one must not ring another cell.
      hovered = -1;
    },
    refresh,
    destroy() {
      stop();
      delete container.dataset.tool;
    },
  };
}

function editOf(tool: Extract<Tool, { radius: number }>, at: Point): Edit {
  switch (tool.kind) {
    case 'paint':
      return { kind: 'paint', field: tool.field, at, radius: tool.radius, amount: tool.amount };
    case 'place':
      return { kind: 'place', type: tool.type, at, radius: tool.radius, count: tool.count };
    case 'kill':
      return { kind: 'kill', at, radius: tool.radius };
  }
}
