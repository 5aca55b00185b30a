import type { Size } from '../../picture/camera.ts';
import type { Plate } from '../../picture/plates.ts';

/**
 * The canvases of a stage in their container: the renderer's at the bottom, one for marks that is there only while there
 * are marks, and a small one per plate, so that the browser does not have to blend whole windows of transparent pixels.
 */
export interface Canvases {
  /** For measuring text. */
  readonly context: CanvasRenderingContext2D;
  /** Size of the container, CSS pixels. */
  size(): Size;
  /** Drawing-buffer pixels per CSS pixel. */
  ratio(): number;
  /** Shows marks drawn in CSS pixels, or none. */
  showMarks(draw: ((context: CanvasRenderingContext2D) => void) | null, window: Size, ratio: number): void;
  /** Shows these plates; only those that changed are drawn. */
  showPlates(plates: readonly Plate[], ratio: number): void;
  destroy(): void;
}

/** Beyond two pixels per CSS pixel nobody sees a difference, but the work grows with the square. */
const MOST_PIXELS = 2;

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  key: string;
}

export function mountCanvases(container: HTMLElement, picture: HTMLCanvasElement): Canvases {
  Object.assign(picture.style, { position: 'absolute', left: '0', top: '0', display: 'block' });
  container.append(picture);
  if (getComputedStyle(container).position === 'static') container.style.position = 'relative';
  container.style.overflow = 'hidden';
  // Fingers move the picture, not the page.
  container.style.touchAction = 'none';
  const marks = sheet(container);
  const sheets: Sheet[] = [];

  function showPlates(plates: readonly Plate[], ratio: number): void {
    while (sheets.length < plates.length) sheets.push(sheet(container));
    sheets.forEach((shown, i) => {
      const plate = plates[i];
      show(shown, plate !== undefined);
      if (!plate) return;
      const { style } = shown.canvas;
      style.left = `${plate.x}px`;
      style.top = `${plate.y}px`;
      const key = `${plate.key} ${plate.width} ${plate.height} ${ratio}`;
      if (key === shown.key) return;
      shown.key = key;
      resize(shown, plate, ratio);
      plate.draw(shown.context);
    });
  }

  function showMarks(
    draw: ((context: CanvasRenderingContext2D) => void) | null,
    window: Size,
    ratio: number,
  ): void {
    show(marks, draw !== null);
    if (!draw) return;
    resize(marks, window, ratio);
    draw(marks.context);
  }

  return {
    context: marks.context,
    size: () => ({ width: container.clientWidth, height: container.clientHeight }),
    ratio: () => Math.min(MOST_PIXELS, window.devicePixelRatio || 1),
    showMarks,
    showPlates,
    destroy() {
      for (const { canvas } of [marks, ...sheets]) canvas.remove();
      picture.remove();
    },
  };
}

function sheet(container: HTMLElement): Sheet {
  const canvas = document.createElement('canvas');
  Object.assign(canvas.style, {
    position: 'absolute',
    left: '0',
    top: '0',
    display: 'none',
    pointerEvents: 'none',
  });
  canvas.setAttribute('aria-hidden', 'true');
  container.append(canvas);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2-D canvas is available');
  return { canvas, context, key: '' };
}

function show({ canvas }: Sheet, shown: boolean): void {
  canvas.style.display = shown ? 'block' : 'none';
}

/** Makes a sheet of a size empty, in CSS pixels. */
function resize({ canvas, context }: Sheet, { width, height }: Size, ratio: number): void {
  const columns = Math.round(width * ratio);
  const rows = Math.round(height * ratio);
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
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
