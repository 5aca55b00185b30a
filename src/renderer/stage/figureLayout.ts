import type { Frame } from '../../engine/recording/frame.ts';
import { type Camera, fitCamera, type Size } from '../../picture/camera.ts';
import type { Range } from '../../picture/colour/scale.ts';
import type { Shot, StageView } from './view.ts';

/** Least pixels per CSS pixel, so that text can be read, and the same by the size of the picture. */
const LEAST_RATIO = 0.75;
const LARGEST_SIDE = 900;

/** How a picture of a size shows what the stage does. */
export interface FigureLayout {
  /** Pixels per CSS pixel: by how much captions, rings and lines are larger than on the stage. */
  readonly ratio: number;
  /** Size in CSS pixels; the picture has `ratio` times as many. */
  readonly window: Size;
  readonly camera: Camera;
}

/**
 * Everything on the stage is in the picture, as large as it goes in; where the shapes differ, more of what surrounds it. `whole`:
 * the whole domain instead, wherever the stage looks.
 */
export function layOutFigure(
  { camera, window, scenario }: Pick<Shot, 'camera' | 'window' | 'scenario'>,
  size: Size,
  whole: boolean,
): FigureLayout {
  const fit = Math.min(size.width / window.width, size.height / window.height);
  const ratio = Math.max(fit, LEAST_RATIO, Math.min(size.width, size.height) / LARGEST_SIDE);
  const inner = { width: size.width / ratio, height: size.height / ratio };
  const [width, height] = scenario.grid.size;
  return {
    ratio,
    window: inner,
    camera: whole
      ? fitCamera(inner, { width, height })
      : { x: camera.x, y: camera.y, scale: (camera.scale * fit) / ratio },
  };
}

/** The camera for a frame: on the followed cell while there is one. */
export function cameraFor(frame: Frame, camera: Camera, followed: Shot['followed']): Camera {
  if (!followed) return camera;
  const slot = frame.id.indexOf(followed.id);
  if (slot < 0) return camera;
  return { ...camera, x: frame.x[slot] + followed.x, y: frame.y[slot] + followed.y };
}

/** A view whose automatic ranges are held where they are. Age and growth have no range to hold. */
export function heldView(view: StageView, fields: readonly Range[], cells: Range | null): StageView {
  return {
    ...view,
    fields: view.fields.map((layer, i) => ({ ...layer, range: fields[i] ?? layer.range })),
    cells: view.cells.by === 'species' && cells ? { ...view.cells, range: cells } : view.cells,
  };
}
