import { type PointerEvent, useRef } from 'react';
import { useWorkbench } from '../state/context.ts';
import { clampWidth, PANEL_WIDTH } from '../state/preferences.ts';

/** The edge of a panel: a drag or the arrow keys make it wider or narrower. */
export function Splitter({ side, width }: { readonly side: 'left' | 'right'; readonly width: number }) {
  const { preferences } = useWorkbench();
  const grabbed = useRef<{ x: number; width: number } | null>(null);
  const set = (next: number) =>
    preferences.set(side === 'left' ? { leftWidth: clampWidth(next) } : { rightWidth: clampWidth(next) });
  const outward = side === 'left' ? 1 : -1;
  const drag = (event: PointerEvent) => {
    if (grabbed.current) set(grabbed.current.width + outward * (event.clientX - grabbed.current.x));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is a widget, which hr is not
    <div
      className={`splitter ${side}`}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of the ${side} panel`}
      aria-valuemin={PANEL_WIDTH.least}
      aria-valuemax={PANEL_WIDTH.most}
      aria-valuenow={width}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId);
        grabbed.current = { x: event.clientX, width };
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        grabbed.current = null;
      }}
      onKeyDown={event => {
        const by = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
        if (by === 0) return;
        event.preventDefault();
        event.stopPropagation();
        set(width + outward * by);
      }}
    />
  );
}
