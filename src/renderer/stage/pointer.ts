/**
 * Turns pointer and wheel events into what they mean on the stage. Places in CSS pixels from the top left of the element.
 *
 * The main button drags the picture with the select and probe tools and paints with brushes; with shift it draws a lasso. The
 * middle and right buttons drag the picture with every tool, two fingers drag and pinch it, the wheel (or a trackpad's
 * pinch) zooms at the pointer.
 */
export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, x: number, y: number): void;
  /** A press and release on one place. */
  click(x: number, y: number, shift: boolean): void;
  /** The pointer is over the stage, or has left it (null). */
  hover(place: readonly [x: number, y: number] | null): void;
  /** A brush goes down, moves, goes up. */
  strokeStart(x: number, y: number): void;
  strokeMove(x: number, y: number): void;
  strokeEnd(): void;
  /** The path so far, and whether it is finished; null where it was given up. */
  lasso(path: readonly (readonly [x: number, y: number])[] | null, finished: boolean): void;
  /** Whether the main button paints. */
  brushing(): boolean;
}

/** A pointer that moves less than this between press and release has clicked, CSS pixels. */
const CLICK_SLACK = 4;
/** Zoom per unit of wheel travel; a notch of a mouse wheel is about 100 units. */
const WHEEL_ZOOM = 0.0016;
/** A pinch on a trackpad comes as small wheel steps with the control key. */
const PINCH_ZOOM = 0.01;
const LINE = 33;
const LASSO_STEP = 3;

type Mode = 'none' | 'press' | 'pan' | 'stroke' | 'lasso' | 'pinch';

/** Listens on an element; the function returned stops it. */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, [x: number, y: number]>();
  let mode: Mode = 'none';
  let start: [number, number] = [0, 0];
  let path: [number, number][] = [];

  const place = (event: MouseEvent): [number, number] => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function setMode(next: Mode): void {
    if (mode === 'stroke' && next !== 'stroke') gestures.strokeEnd();
    if (mode === 'lasso' && next === 'pinch') gestures.lasso(null, true);
    mode = next;
    element.style.cursor = mode === 'pan' ? 'grabbing' : '';
  }

  function down(event: PointerEvent): void {
    const [x, y] = place(event);
    try {
      element.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is already gone; what follows works without capture.
    }
    pointers.set(event.pointerId, [x, y]);
    start = [x, y];
    if (pointers.size === 2) setMode('pinch');
    else if (pointers.size > 2) setMode('none');
    else if (event.button === 1 || event.button === 2) setMode('pan');
    else if (event.button !== 0) setMode('none');
    else if (gestures.brushing()) {
      setMode('stroke');
      gestures.strokeStart(x, y);
    } else if (event.shiftKey) {
      setMode('press');
      path = [[x, y]];
    } else {
      setMode('press');
      path = [];
    }
    if (event.button === 1) event.preventDefault();
  }

  function move(event: PointerEvent): void {
    const [x, y] = place(event);
    const last = pointers.get(event.pointerId);
    if (mode === 'press' && Math.hypot(x - start[0], y - start[1]) > CLICK_SLACK) {
      setMode(path.length > 0 ? 'lasso' : 'pan');
    }
    if (last) {
      if (mode === 'pan') gestures.pan(x - last[0], y - last[1]);
      else if (mode === 'pinch') pinch(event.pointerId, last, x, y);
      else if (mode === 'stroke') {
        for (const part of event.getCoalescedEvents?.() ?? []) gestures.strokeMove(...place(part));
        gestures.strokeMove(x, y);
      } else if (mode === 'lasso') extendLasso(x, y);
      pointers.set(event.pointerId, [x, y]);
    }
    gestures.hover([x, y]);
  }

  /** Two fingers: their middle drags, their distance zooms about it. */
  function pinch(id: number, last: readonly [number, number], x: number, y: number): void {
    for (const [other, [ox, oy]] of pointers) {
      if (other === id) continue;
      gestures.pan((x - last[0]) / 2, (y - last[1]) / 2);
      const before = Math.hypot(last[0] - ox, last[1] - oy);
      const after = Math.hypot(x - ox, y - oy);
      if (before > 1 && after > 1) gestures.zoom(after / before, (x + ox) / 2, (y + oy) / 2);
      return;
    }
  }

  function extendLasso(x: number, y: number): void {
    const [lastX, lastY] = path[path.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < LASSO_STEP) return;
    path.push([x, y]);
    gestures.lasso(path, false);
  }

  function up(event: PointerEvent): void {
    if (!pointers.delete(event.pointerId)) return;
    const [x, y] = place(event);
    if (mode === 'press' && event.type === 'pointerup') gestures.click(x, y, event.shiftKey);
    else if (mode === 'lasso') gestures.lasso(event.type === 'pointerup' ? path : null, true);
    // A finger that stays after a pinch neither drags nor clicks.
    setMode('none');
    path = [];
  }

  function leave(): void {
    if (pointers.size === 0) gestures.hover(null);
  }

  function wheel(event: WheelEvent): void {
    event.preventDefault();
    const [x, y] = place(event);
    const travel = event.deltaY * (event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? 400 : 1);
    const rate = event.ctrlKey ? PINCH_ZOOM : WHEEL_ZOOM;
    gestures.zoom(Math.exp(-Math.max(-400, Math.min(400, travel)) * rate), x, y);
  }

  function stay(event: Event): void {
    event.preventDefault();
  }

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('contextmenu', stay);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('contextmenu', stay);
  };
}
