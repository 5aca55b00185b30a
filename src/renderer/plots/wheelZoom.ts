import type uPlot from 'uplot';

/** Wheel zooms in time about the pointer, shift-drag or the middle button pans, a double click shows everything. */
export function wheelZoom(factor = 0.8): uPlot.Plugin {
  return {
    hooks: {
      ready: [
        plot => {
          const { over } = plot;
          over.addEventListener(
            'wheel',
            event => {
              event.preventDefault();
              const { min, max } = plot.scales.x;
              if (min === undefined || max === undefined) return;
              const x = plot.data[0];
              const at =
                min + ((max - min) * (event.clientX - over.getBoundingClientRect().left)) / over.clientWidth;
              const scale = event.deltaY < 0 ? factor : 1 / factor;
              const low = Math.max(x[0], at - (at - min) * scale);
              const high = Math.min(x[x.length - 1], at + (max - at) * scale);
              if (high > low) plot.setScale('x', { min: low, max: high });
            },
            { passive: false },
          );
          // Before uPlot's own listener, which would begin a selection.
          over.parentElement?.addEventListener('mousedown', event => beginPan(plot, event), {
            capture: true,
          });
        },
      ],
    },
  };
}

function beginPan(plot: uPlot, event: MouseEvent): void {
  if (!event.shiftKey && event.button !== 1) return;
  const { min, max } = plot.scales.x;
  if (min === undefined || max === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const from = event.clientX;
  const perPixel = (max - min) / plot.over.clientWidth;
  const move = (next: MouseEvent) => {
    const by = (from - next.clientX) * perPixel;
    plot.setScale('x', { min: min + by, max: max + by });
  };
  const end = () => {
    document.removeEventListener('mousemove', move);
    document.removeEventListener('mouseup', end);
  };
  document.addEventListener('mousemove', move);
  document.addEventListener('mouseup', end);
}
