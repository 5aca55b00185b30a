import type { Frame } from '../../engine/recording/frame.ts';
import {
  type Camera,
  clampCamera,
  fitCamera,
  pan,
  type Size,
  toScreen,
  toWorld,
  zoomAt,
} from '../../picture/camera.ts';
import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import { type Legend, legendsOf } from '../../picture/legend.ts';
import { type Captions, layOutPlates } from '../../picture/plates.ts';
import { THEMES } from '../../picture/theme.ts';
import type { Point, ScenarioInfo } from '../../session/contract.ts';
import { CameraMotion } from './cameraMotion.ts';
import { mountCanvases, watchSize } from './canvases.ts';
import { CellIndex } from './cellIndex.ts';
import { heldView } from './figureLayout.ts';
import { FrameRate } from './frameRate.ts';
import { createInteraction } from './interaction.ts';
import { drawMarks, type Marks } from './marks.ts';
import { createScene } from './scene.ts';
import { createRenderer } from './surface.ts';
import type { CreateStage, Stage, StageEvents, StageView, Tool } from './view.ts';

const NO_DOMAIN: Size = { width: 1, height: 1 };

/**
 * Makes a stage that fills an element. The stage draws when something has changed and sleeps otherwise.
 * @throws where WebGL 2 is not available
 */
export const createStage: CreateStage = async (
  container: HTMLElement,
  events: StageEvents,
  initial: StageView,
): Promise<Stage> => {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  const size = { width: container.clientWidth, height: container.clientHeight };
  const renderer = await createRenderer(size, Math.min(2, window.devicePixelRatio || 1));
  const canvases = mountCanvases(container, renderer.canvas);
  const scene = createScene(renderer, initial, ranges => {
    legends = null;
    events.ranges(ranges.fields, ranges.cells);
  });
  const index = new CellIndex();
  const rate = new FrameRate();
  const motion = new CameraMotion({ x: 0.5, y: 0.5, scale: 1 });

  let scenario: ScenarioInfo | null = null;
  /** Of a second, in the time stamp. */
  let decimals = 0;
  let view = initial;
  let frame: Frame | null = null;
  let selected: ReadonlySet<number> = new Set();
  let probes: readonly Point[] = [];
  let followed: number | null = null;
  /** Where the followed cell is kept, from the middle of the window, µm: dragging moves it. */
  let offset = { x: 0, y: 0 };
  /** The whole domain is in view and stays so when the window changes. */
  let fitted = true;
  let window_: Size = size;
  let ratio = canvases.ratio();
  let lost = false;
  let legends: readonly Legend[] | null = null;
  let request = 0;

  const glide = () => !reducedMotion.matches;
  const domain = (): Size =>
    scenario ? { width: scenario.grid.size[0], height: scenario.grid.size[1] } : NO_DOMAIN;

  function invalidate(): void {
    if (request === 0 && !lost) request = requestAnimationFrame(refresh);
  }

  function refresh(): void {
    request = 0;
    const now = performance.now();
    if (lost || window_.width === 0 || window_.height === 0) return;
    const fading = draw(now);
    rate.tick(now);
    if (fading || motion.moving(now)) invalidate();
  }

  /** Draws the picture and, where it has changed, the overlay; returns whether something still fades. */
  function draw(now: number): boolean {
    const camera = motion.at(now);
    interaction.refresh(now);
    const fading = scene.draw(camera, window_, ratio, { selected, hovered: interaction.hovered }, now);
    const theme = THEMES[view.theme];
    canvases.showPlates(layOutPlates(canvases.context, captions(camera), theme), ratio);
    const shown = marks(camera);
    const marked = shown.probes.length > 0 || shown.brush !== null || shown.lasso !== null;
    canvases.showMarks(marked ? context => drawMarks(context, shown, theme) : null, window_, ratio);
    return fading;
  }

  function captions(camera: Camera): Captions {
    if (scenario) legends ??= legendsOf(scenario, view, scene.ranges.fields, scene.ranges.cells);
    return {
      window: window_,
      scale: view.scaleBar && scenario ? camera.scale : null,
      time: view.timeStamp && frame ? formatClock(frame.time, decimals) : null,
      legends: view.legend && frame ? (legends ?? []) : [],
    };
  }

  function marks(camera: Camera): Marks {
    return {
      probes: probes.map(({ x, y }, i) => {
        const [sx, sy] = toScreen(camera, window_, x, y);
        return { x: sx, y: sy, name: String(i + 1) };
      }),
      brush: interaction.brush(camera.scale),
      lasso: interaction.lasso,
    };
  }

  function resize(): void {
    const next = canvases.size();
    const nextRatio = canvases.ratio();
    if (next.width === window_.width && next.height === window_.height && nextRatio === ratio) return;
    window_ = next;
    ratio = nextRatio;
    layOut();
    if (fitted) motion.send(fitCamera(window_, domain()), 0, false);
    // A resized canvas is empty until drawn: draw before it is shown.
    if (request !== 0) cancelAnimationFrame(request);
    refresh();
  }

  function layOut(): void {
    if (window_.width === 0 || window_.height === 0) return;
    renderer.resize(window_.width, window_.height, ratio);
  }

  function zoomBy(factor: number, x: number, y: number): void {
    const target = zoomAt(motion.target, window_, factor, x, y);
    const camera = clampCamera(target, window_, domain());
    // At the end of the scale the middle must not creep.
    motion.send(
      camera.scale === target.scale ? camera : { ...motion.target, scale: camera.scale },
      performance.now(),
      glide(),
    );
    fitted = false;
    follow_();
    invalidate();
  }

  function panBy(dx: number, dy: number): void {
    const before = motion.target;
    const after = clampCamera(pan(before, dx, dy), window_, domain());
    motion.shift(after.x - before.x, after.y - before.y);
    offset = { x: offset.x + after.x - before.x, y: offset.y + after.y - before.y };
    fitted = false;
    invalidate();
  }

  /** Keeps the followed cell where it is on the screen. */
  function follow_(): void {
    if (followed === null || !frame) return;
    const slot = frame.id.indexOf(followed);
    if (slot < 0) {
      followed = null;
      return;
    }
    const { target } = motion;
    const dx = frame.x[slot] + offset.x - target.x;
    const dy = frame.y[slot] + offset.y - target.y;
    if (dx !== 0 || dy !== 0)
      motion.send({ ...target, x: target.x + dx, y: target.y + dy }, performance.now(), glide());
    fitted = false;
  }

  const interaction = createInteraction(container, events, {
    index,
    frame: () => frame,
    scenario: () => scenario,
    slice: () => view.slice,
    selected: () => selected,
    toWorld: (x, y) => toWorld(motion.at(performance.now()), window_, x, y),
    pixels: () => motion.target.scale,
    select(ids) {
      selected = new Set(ids);
      events.select(ids);
    },
    panBy,
    zoomBy,
    invalidate,
  });

  function contextLost(): void {
    lost = true;
    if (request !== 0) cancelAnimationFrame(request);
    request = 0;
    events.contextLost(true);
  }

  function contextRestored(): void {
    lost = false;
    scene.refresh();
    invalidate();
    events.contextLost(false);
  }

  renderer.canvas.addEventListener('webglcontextlost', contextLost);
  renderer.canvas.addEventListener('webglcontextrestored', contextRestored);
  const unwatch = watchSize(container, resize);
  layOut();
  invalidate();

  /** The plates and probes once more, into a picture. */
  function drawCaptions(context: CanvasRenderingContext2D, camera: Camera, scale: number): void {
    const theme = THEMES[view.theme];
    context.setTransform(scale, 0, 0, scale, 0, 0);
    drawMarks(context, { ...marks(camera), brush: null, lasso: null }, theme);
    for (const plate of layOutPlates(context, captions(camera), theme)) {
      context.setTransform(scale, 0, 0, scale, plate.x * scale, plate.y * scale);
      plate.draw(context);
    }
  }

  async function snapshot(scale: 1 | 2 | 4): Promise<Blob> {
    if (lost) throw new Error('The graphics context is lost: wait until the picture is back.');
    const { width, height } = window_;
    const picture = document.createElement('canvas');
    picture.width = width * scale;
    picture.height = height * scale;
    const context = picture.getContext('2d');
    if (!context) throw new Error('no 2-D canvas is available');
    const now = performance.now();
    try {
      renderer.resize(width, height, scale);
      const { drawingBufferWidth, drawingBufferHeight } = renderer.gl;
      if (drawingBufferWidth !== picture.width || drawingBufferHeight !== picture.height) {
        throw new Error(`A picture of ${picture.width} × ${picture.height} pixels is too large here.`);
      }
      scene.draw(motion.at(now), window_, scale, { selected, hovered: -1 }, now);
      context.drawImage(renderer.canvas, 0, 0);
    } finally {
      // The same task draws the picture back at its own size, so that nothing of this is seen.
      renderer.resize(width, height, ratio);
      draw(now);
    }
    drawCaptions(context, motion.at(now), scale);
    return new Promise((resolve, reject) => {
      picture.toBlob(blob => (blob ? resolve(blob) : reject(new Error('The picture could not be encoded.'))));
    });
  }

  return {
    setScenario(next) {
      scenario = next;
      decimals = decimalsOfStep(next.step);
      frame = null;
      followed = null;
      selected = new Set();
      legends = null;
      scene.setScenario(next);
      fitted = true;
      motion.send(fitCamera(window_, domain()), 0, false);
      invalidate();
    },
    setFrame(next) {
      frame = next;
      index.setFrame(next);
      scene.setFrame(next, performance.now(), !reducedMotion.matches);
      interaction.frameChanged();
      follow_();
      invalidate();
    },
    setView(next) {
      view = next;
      legends = null;
      scene.setView(next);
      interaction.frameChanged();
      invalidate();
    },
    setTool(tool: Tool) {
      interaction.setTool(tool);
      invalidate();
    },
    setSelection(ids) {
      selected = new Set(ids);
      invalidate();
    },
    setProbes(next) {
      probes = next;
      invalidate();
    },
    follow(id) {
      followed = id;
      offset = { x: 0, y: 0 };
      follow_();
      invalidate();
    },
    fit() {
      followed = null;
      fitted = true;
      motion.send(fitCamera(window_, domain()), performance.now(), glide());
      invalidate();
    },
    zoom(factor) {
      zoomBy(factor, window_.width / 2, window_.height / 2);
    },
    snapshot,
    shot: () =>
      scenario && {
        scenario,
        view,
        held: heldView(view, scene.ranges.fields, scene.ranges.cells),
        ranges: { fields: scene.ranges.fields, cells: scene.ranges.cells },
        lineage: scene.lineage,
        camera: motion.target,
        window: window_,
        selected,
        probes,
        followed: followed === null ? null : { id: followed, ...offset },
        frame,
      },
    get framesPerSecond() {
      return rate.at(performance.now());
    },
    destroy() {
      if (request !== 0) cancelAnimationFrame(request);
      lost = true;
      unwatch();
      interaction.destroy();
      renderer.canvas.removeEventListener('webglcontextlost', contextLost);
      renderer.canvas.removeEventListener('webglcontextrestored', contextRestored);
      scene.destroy();
      canvases.destroy();
      renderer.destroy();
    },
  };
};
