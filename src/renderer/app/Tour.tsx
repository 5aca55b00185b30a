import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';

interface Stop {
  /** What it points at. */
  readonly target: string;
  readonly side: 'below' | 'above' | 'left' | 'right';
  readonly title: string;
  readonly text: string;
}

const STOPS: readonly Stop[] = [
  {
    target: '.transport',
    side: 'below',
    title: 'Run it',
    text: 'Space plays and pauses, → takes one step, r starts over. Click the clock to go to a time.',
  },
  {
    target: '.stage-area',
    side: 'above',
    title: 'Look around',
    text: 'Drag moves, the wheel zooms at the pointer, a click selects a cell. 1 to 9 show fields, c changes the colouring.',
  },
  {
    target: '.panel.left',
    side: 'right',
    title: 'Change it while it runs',
    text: 'Sliders take effect at once. Every edit is marked on the timeline and can be undone.',
  },
  {
    target: '.panel.right',
    side: 'left',
    title: 'Measure',
    text: 'Selected cells, plots over time, the balance of everything conserved and the time scales. All plots can be exported.',
  },
  {
    target: '.balance-item',
    side: 'above',
    title: 'Trust the numbers',
    text: 'Whatever crosses between cells and fields is accounted for. The dot is green while the books close.',
  },
];

/** Five things to know, on first use. */
export function Tour() {
  const { ui, preferences } = useWorkbench();
  const [at, setAt] = useState(0);
  const card = useRef<HTMLDivElement>(null);
  const stop = STOPS[at];
  useEffect(() => {
    ui.set({ bare: false });
    preferences.set({ leftOpen: true, rightOpen: true, tourSeen: true });
  }, [ui, preferences]);
  useLayoutEffect(() => {
    const place = () => {
      const target = document.querySelector(stop.target);
      const element = card.current;
      if (!target || !element) return;
      const { x, y } = position(target.getBoundingClientRect(), element, stop.side);
      element.style.transform = `translate(${x}px, ${y}px)`;
    };
    place();
    const timer = setTimeout(place, 60);
    window.addEventListener('resize', place);
    document.querySelector(stop.target)?.classList.add('tour-target');
    card.current?.querySelector<HTMLButtonElement>('.primary')?.focus();
    return () => {
      clearTimeout(timer);
      window.removeEventListener('resize', place);
      document.querySelector(stop.target)?.classList.remove('tour-target');
    };
  }, [stop]);
  const end = () => ui.set({ overlay: null });
  const last = at === STOPS.length - 1;
  return (
    <div
      ref={card}
      className="tour"
      role="dialog"
      aria-label="Tour"
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'Escape') end();
        if (event.key === 'ArrowRight' && !last) setAt(at + 1);
        if (event.key === 'ArrowLeft' && at > 0) setAt(at - 1);
      }}
    >
      <h2>{stop.title}</h2>
      <p className="muted">{stop.text}</p>
      <div className="row spread">
        <span className="tour-dots" role="img" aria-label={`Step ${at + 1} of ${STOPS.length}`}>
          {STOPS.map(({ title }, i) => (
            <span key={title} className={i === at ? 'on' : ''} />
          ))}
        </span>
        <span className="row">
          {!last && (
            <Button small kind="plain" onClick={end}>
              Skip
            </Button>
          )}
          <Button small kind="primary" onClick={() => (last ? end() : setAt(at + 1))}>
            {last ? 'Done' : 'Next'}
          </Button>
        </span>
      </div>
    </div>
  );
}

function position(target: DOMRect, card: HTMLElement, side: Stop['side']): { x: number; y: number } {
  const [width, height, gap] = [card.offsetWidth, card.offsetHeight, 12];
  const middle = target.left + target.width / 2 - width / 2;
  const at = {
    below: { x: middle, y: target.bottom + gap },
    above: {
      x: middle,
      y: Math.max(target.top - height - gap, target.bottom - target.height / 2 - height / 2),
    },
    right: { x: target.right + gap, y: target.top + 80 },
    left: { x: target.left - width - gap, y: target.top + 80 },
  }[side];
  if (side === 'above' && target.height < 60) at.y = target.top - height - gap;
  return {
    x: Math.min(window.innerWidth - width - gap, Math.max(gap, at.x)),
    y: Math.min(window.innerHeight - height - gap, Math.max(gap, at.y)),
  };
}
