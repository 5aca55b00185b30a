import { Container, type WebGLRenderer } from 'pixi.js';
import type { Frame } from '../../engine/recording/frame.ts';
import { type Camera, type Size, toWorld } from '../../picture/camera.ts';
import { colourCells, packedType } from '../../picture/cellColours.ts';
import type { CellSelection } from '../../picture/cellVertices.ts';
import { Ranges } from '../../picture/ranges.ts';
import { THEMES } from '../../picture/theme.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import { createCellLayer } from './cellLayer.ts';
import { createFieldLayer } from './fieldLayer.ts';
import { type Ghost, ghostsOf } from './ghosts.ts';
import { Lineage } from './lineage.ts';
import { planeHeight } from './probeField.ts';
import { createUniforms, setTheme, setView } from './surface.ts';
import { createTrailLayer } from './trails.ts';
import type { StageView } from './view.ts';

/** What is marked on the cells. */
export interface Marks {
  readonly selected: ReadonlySet<number>;
  /** Slot of the cell under the pointer, or −1. */
  readonly hovered: number;
}

/** The picture of a frame on the GPU: fields, trails, cells, ghosts. Knows nothing of pointers or clocks. */
export interface Scene {
  readonly ranges: Ranges;
  readonly lineage: Lineage;
  setScenario(scenario: ScenarioInfo): void;
  setView(view: StageView): void;
  /** `ghosts`: whether deaths of this frame are shown fading, from `now` on (ms). */
  setFrame(frame: Frame, now: number, ghosts: boolean): void;
  /** Draws; returns whether something still fades. */
  draw(camera: Camera, window: Size, ratio: number, marks: Marks, now: number): boolean;
  /** After a lost context everything has to be uploaded again. */
  refresh(): void;
  destroy(): void;
}

/** `known`: the clones that another scene has seen, so that both give them the same colours. */
export function createScene(
  renderer: WebGLRenderer,
  initial: StageView,
  rangesChanged: (ranges: Ranges) => void,
  known?: Lineage,
): Scene {
  const uniforms = createUniforms();
  const fields = createFieldLayer(uniforms);
  const trails = createTrailLayer(uniforms);
  const cells = createCellLayer(uniforms);
  const root = new Container();
  root.addChild(fields.container, trails.container, cells.container);
  const ranges = new Ranges();
  const lineage = known ?? new Lineage();

  let scenario: ScenarioInfo | null = null;
  let view = initial;
  let frame: Frame | null = null;
  let colours = new Uint32Array(0);
  let ghosts: Ghost[] = [];
  // What has changed since the last drawing.
  let themed = false;
  let uploaded = false;
  let styled = false;
  let coloured = false;

  function setScenario(next: ScenarioInfo): void {
    scenario = next;
    frame = null;
    ghosts = [];
    ranges.clear();
    if (!known) lineage.clear();
    if (!known && next.recording) lineage.learn(next.recording.ancestry);
    trails.history.clear();
    fields.setScenario(next);
    styled = false;
  }

  function setNextView(next: StageView): void {
    themed &&= next.theme === view.theme;
    if (next.trails && !view.trails) trails.history.clear();
    view = next;
    uploaded = false;
    styled = false;
    coloured = false;
  }

  function setFrame(next: Frame, now: number, fading: boolean): void {
    // Going back in time: what was followed so far is of another past.
    if (frame && next.time < frame.time) trails.history.clear();
    frame = next;
    lineage.observe(next);
    if (view.trails) trails.history.observe(next);
    ghosts = ghosts.filter(ghost => ghost.share(now) < 1);
    if (fading) ghosts.push(...ghostsOf(next, now, packedType));
    uploaded = false;
    coloured = false;
  }

  function prepare(frame: Frame): void {
    if (!uploaded || !coloured) {
      if (ranges.update(frame, view)) {
        styled = false;
        rangesChanged(ranges);
      }
    }
    if (!uploaded) fields.upload(frame, view);
    if (!coloured) {
      if (colours.length < frame.count) colours = new Uint32Array(Math.ceil(1.25 * frame.count));
      colourCells(
        frame,
        view.cells,
        ranges.cells ?? [0, 1],
        lineage,
        colours,
        scenario?.grid.dimensions === 3,
      );
      trails.update(view.trails ? frame : null, colours);
    }
    uploaded = true;
    coloured = true;
  }

  function draw(camera: Camera, window: Size, ratio: number, marks: Marks, now: number): boolean {
    if (!themed) {
      setTheme(uniforms, THEMES[view.theme]);
      renderer.background.color = THEMES[view.theme].background.map(c => c / 255);
      themed = true;
    }
    if (frame) prepare(frame);
    if (!styled) {
      fields.style(frame ? view : { ...view, fields: [] }, ranges.fields);
      styled = true;
    }
    setView(uniforms, camera, window, ratio);
    ghosts = ghosts.filter(ghost => ghost.share(now) < 1);
    cells.update(frame && select(frame, camera, window, marks), ghosts, now, camera.scale, ratio);
    renderer.render({ container: root });
    return ghosts.length > 0;
  }

  function select(frame: Frame, camera: Camera, window: Size, marks: Marks): CellSelection {
    const [left, top] = toWorld(camera, window, 0, 0);
    const [right, bottom] = toWorld(camera, window, window.width, window.height);
    const slice = scenario?.grid.dimensions === 3 ? planeHeight(scenario.grid, view.slice) : null;
    return { frame, colours, ...marks, left, right, bottom, top, slice };
  }

  function refresh(): void {
    uploaded = false;
    styled = false;
    coloured = false;
    fields.refresh();
  }

  function destroy(): void {
    for (const layer of [fields, trails, cells]) layer.destroy();
    root.destroy();
  }

  return { ranges, lineage, setScenario, setView: setNextView, setFrame, draw, refresh, destroy };
}
