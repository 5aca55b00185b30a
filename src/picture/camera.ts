/** A view onto the xy plane. World: µm, y upwards; screen: CSS pixels, y downwards, origin at the top left. */
export interface Camera {
  /** World point in the middle of the screen, µm. */
  readonly x: number;
  readonly y: number;
  /** CSS pixels per µm, the same in both directions. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels per µm that no zoom exceeds: a bacterium then fills the window. */
const LARGEST_SCALE = 600;

/** Share of the window that the domain fills after a fit. */
const FIT = 0.94;

export function toScreen(camera: Camera, window: Size, x: number, y: number): [x: number, y: number] {
  return [
    (x - camera.x) * camera.scale + window.width / 2,
    window.height / 2 - (y - camera.y) * camera.scale,
  ];
}

export function toWorld(camera: Camera, window: Size, x: number, y: number): [x: number, y: number] {
  return [
    camera.x + (x - window.width / 2) / camera.scale,
    camera.y + (window.height / 2 - y) / camera.scale,
  ];
}

/** The whole domain in the middle of the window with a margin. */
export function fitCamera(window: Size, domain: Size): Camera {
  const scale = FIT * Math.min(window.width / domain.width, window.height / domain.height);
  return { x: domain.width / 2, y: domain.height / 2, scale: scale > 0 ? scale : 1 };
}

/** Keeps the scale between a quarter of the fit and the largest, and the middle of the window inside the domain. */
export function clampCamera(camera: Camera, window: Size, domain: Size): Camera {
  const fit = fitCamera(window, domain).scale;
  const scale = Math.min(Math.max(camera.scale, fit / 4), Math.max(LARGEST_SCALE, fit));
  return {
    x: Math.min(Math.max(camera.x, 0), domain.width),
    y: Math.min(Math.max(camera.y, 0), domain.height),
    scale,
  };
}

/** Moves the picture by so many CSS pixels. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
}

/** Zooms by a factor, keeping the world point under the given screen point where it is. */
export function zoomAt(camera: Camera, window: Size, factor: number, x: number, y: number): Camera {
  const [worldX, worldY] = toWorld(camera, window, x, y);
  const scale = camera.scale * factor;
  return {
    x: worldX - (x - window.width / 2) / scale,
    y: worldY - (window.height / 2 - y) / scale,
    scale,
  };
}

/**
 * The camera a share t (0 … 1) of the way between two. The scale moves geometrically and the middle in proportion to
 * 1/scale, because a zoom at a fixed point p has middle = p + (middle₀ − p) scale₀/scale: that point then stays where it
 * is all the way.
 */
export function between(from: Camera, to: Camera, t: number): Camera {
  if (t >= 1) return to;
  const scale = from.scale * (to.scale / from.scale) ** t;
  const span = 1 / to.scale - 1 / from.scale;
  const share = Math.abs(to.scale / from.scale - 1) < 1e-6 ? t : (1 / scale - 1 / from.scale) / span;
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y), scale };
}

/** Fast at first, then settling; 0 ↦ 0, 1 ↦ 1. */
export function easeOut(t: number): number {
  return t >= 1 ? 1 : 1 - (1 - t) ** 3;
}
