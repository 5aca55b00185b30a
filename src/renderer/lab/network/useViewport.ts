import { type RefObject, useCallback, useEffect, useLayoutEffect, useState } from 'react';
import { frame, type Size, type View, zoomAbout } from './viewport.ts';

export interface Viewport {
  readonly view: View;
  /** Of the window onto the drawing, px; 0 before it was measured. */
  readonly size: Size;
  /** Zooms about the middle. */
  readonly zoom: (factor: number) => void;
  readonly showAll: () => void;
  /** Moves the view so that a point of the drawing is inside. */
  readonly reveal: (x: number, y: number) => void;
}

/** What a drag must exceed to be no click, px. */
const SLACK = 4;

/**
 * Pan and zoom of a drawing of some size in an element: the wheel zooms about the pointer, a drag moves, and the
 * drawing fits the element until the user moves it.
 */
export function useViewport(element: RefObject<SVGSVGElement | null>, drawing: Size): Viewport {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  // Null: whatever fits.
  const [moved, setMoved] = useState<View | null>(null);
  const fitting = frame(drawing, size);
  const view = moved ?? fitting;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another drawing is shown whole
  useEffect(() => setMoved(null), [drawing]);

  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => setSize({ width: target.clientWidth, height: target.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);

  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = target.getBoundingClientRect();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : 30 * event.deltaY;
      const factor = Math.exp(-Math.max(-120, Math.min(120, step)) / 400);
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      setMoved(zoomAbout(view, factor, at, fitting));
    };
    const onDown = (event: PointerEvent) => {
      if (event.button > 1) return;
      const start = { x: event.clientX, y: event.clientY };
      let dragging = false;
      const onMove = (next: PointerEvent) => {
        const [dx, dy] = [next.clientX - start.x, next.clientY - start.y];
        if (!dragging && Math.hypot(dx, dy) < SLACK) return;
        if (!dragging) target.setPointerCapture(event.pointerId);
        dragging = true;
        setMoved({ ...view, x: view.x + dx, y: view.y + dy });
      };
      const onUp = () => {
        target.removeEventListener('pointermove', onMove);
        target.removeEventListener('pointerup', onUp);
        target.removeEventListener('pointercancel', onUp);
      };
      target.addEventListener('pointermove', onMove);
      target.addEventListener('pointerup', onUp);
      target.addEventListener('pointercancel', onUp);
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    target.addEventListener('pointerdown', onDown);
    return () => {
      target.removeEventListener('wheel', onWheel);
      target.removeEventListener('pointerdown', onDown);
    };
  });

  const zoom = (factor: number) => {
    setMoved(zoomAbout(view, factor, { x: size.width / 2, y: size.height / 2 }, fitting));
  };
  const showAll = useCallback(() => setMoved(null), []);
  const reveal = (x: number, y: number) => {
    const [px, py] = [view.x + view.scale * x, view.y + view.scale * y];
    const border = 40;
    const dx = Math.max(border - px, 0) + Math.min(size.width - border - px, 0);
    const dy = Math.max(border - py, 0) + Math.min(size.height - border - py, 0);
    if (dx !== 0 || dy !== 0) setMoved({ ...view, x: view.x + dx, y: view.y + dy });
  };
  return { view, size, zoom, showAll, reveal };
}
