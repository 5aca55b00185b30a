import type { Frame } from '../../engine/recording/frame.ts';
import { type Size, toScreen } from '../../picture/camera.ts';
import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import { type Legend, legendsOf } from '../../picture/legend.ts';
import { layOutPlates } from '../../picture/plates.ts';
import { THEMES } from '../../picture/theme.ts';
import { cameraFor, layOutFigure } from './figureLayout.ts';
import { drawMarks } from './marks.ts';
import { createScene } from './scene.ts';
import { createRenderer } from './surface.ts';
import type { Shot } from './view.ts';

/** Draws frames off the screen as the stage would, at any size. */
export interface Painter {
  /** The picture of the last frame drawn, with its captions. */
  readonly canvas: HTMLCanvasElement;
  draw(frame: Frame): void;
  destroy(): void;
}

export interface PainterOptions {
  readonly size: Size;
  /** The whole domain rather than what the stage looks at. */
  readonly whole: boolean;
  /** Colour ranges stay as they are now. */
  readonly held: boolean;
  readonly legend: boolean;
  readonly scaleBar: boolean;
  readonly timeStamp: boolean;
}

/** @throws Error where WebGL 2 is not available or the size is beyond it */
export async function createPainter(shot: Shot, options: PainterOptions): Promise<Painter> {
  const { size } = options;
  const { scenario } = shot;
  const view = options.held ? shot.held : shot.view;
  const renderer = await createRenderer(size, 1);
  const { drawingBufferWidth, drawingBufferHeight } = renderer.gl;
  if (drawingBufferWidth !== size.width || drawingBufferHeight !== size.height) {
    renderer.destroy();
    throw new Error(`A picture of ${size.width} × ${size.height} pixels is too large here.`);
  }
  let legends: readonly Legend[] | null = null;
  const scene = createScene(
    renderer,
    view,
    () => {
      legends = null;
    },
    shot.lineage,
  );
  scene.setScenario(scenario);
  const canvas = document.createElement('canvas');
  canvas.width = size.width;
  canvas.height = size.height;
  // GIFs read every picture back.
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (!context) throw new Error('no 2-D canvas is available');
  const layout = layOutFigure(shot, size, options.whole);
  const followed = options.whole ? null : shot.followed;
  const { ratio, window } = layout;
  const theme = THEMES[view.theme];
  const decimals = decimalsOfStep(scenario.step);
  let { camera } = layout;

  function draw(frame: Frame): void {
    if (!context) return;
    if (renderer.gl.isContextLost()) throw new Error('The graphics context was lost: try again.');
    scene.setFrame(frame, 0, false);
    camera = cameraFor(frame, camera, followed);
    scene.draw(camera, window, ratio, { selected: shot.selected, hovered: -1 }, 0);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(renderer.canvas, 0, 0);
    legends ??= legendsOf(scenario, view, scene.ranges.fields, scene.ranges.cells);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const probes = shot.probes.map(({ x, y }, i) => {
      const [sx, sy] = toScreen(camera, window, x, y);
      return { x: sx, y: sy, name: String(i + 1) };
    });
    drawMarks(context, { probes, brush: null, lasso: null }, theme);
    const plates = layOutPlates(
      context,
      {
        window,
        scale: options.scaleBar ? camera.scale : null,
        time: options.timeStamp ? formatClock(frame.time, decimals) : null,
        legends: options.legend ? legends : [],
      },
      theme,
    );
    for (const plate of plates) {
      context.setTransform(ratio, 0, 0, ratio, plate.x * ratio, plate.y * ratio);
      plate.draw(context);
    }
  }

  return {
    canvas,
    draw,
    destroy() {
      scene.destroy();
      renderer.destroy();
    },
  };
}
