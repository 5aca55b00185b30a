import type { Size } from './camera.ts';

/** The canvases of a stage in their container: the renderer's below, one for text and marks above. */
export interface Canvases {
  readonly overlay: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** Size of the container, CSS pixels. */
  size(): Size;
  /** Drawing-buffer pixels per CSS pixel. */
  ratio(): number;
  destroy(): void;
}

/** Beyond two pixels per CSS pixel nobody sees a difference, but the work grows with the square. */
const MOST_PIXELS = 2;

export function mountCanvases(container: HTMLElement, picture: HTMLCanvasElement): Canvases {
  const overlay = document.createElement('canvas');
  for (const canvas of [picture, overlay]) {
    Object.assign(canvas.style, { position: 'absolute', inset: '0', display: 'block' });
    canvas.setAttribute('aria-hidden', 'true');
    container.append(canvas);
  }
  overlay.style.pointerEvents = 'none';
  if (getComputedStyle(container).position === 'static') container.style.position = 'relative';
  container.style.overflow = 'hidden';
  // Fingers move the picture, not the page.
  container.style.touchAction = 'none';
  const context = overlay.getContext('2d');
  if (!context) throw new Error('no 2-D canvas is available');
  return {
    overlay,
    context,
    size: () => ({ width: container.clientWidth, height: container.clientHeight }),
    ratio: () => Math.min(MOST_PIXELS, window.devicePixelRatio || 1),
    destroy() {
      picture.remove();
      overlay.remove();
    },
  };
}

/** Calls back whenever the container's size or the pixel ratio changes; the function returned stops it. */
export function watchSize(container: HTMLElement, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  observer.observe(container);
  let query: MediaQueryList | null = null;
  function moved(): void {
    watch();
    changed();
  }
  function watch(): void {
    query?.removeEventListener('change', moved);
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', moved);
  }
  watch();
  return () => {
    observer.disconnect();
    query?.removeEventListener('change', moved);
  };
}
