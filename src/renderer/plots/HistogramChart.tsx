import { type RefObject, useRef } from 'react';
import { amountsOf } from '../panels/cellReading.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import type { Chart } from './chart.ts';
import { histogram } from './histogram.ts';
import { lineColour } from './palette.ts';
import { useChart, useThrottled } from './useChart.ts';

interface HistogramChartProps {
  readonly type: number;
  readonly species: number;
  /** Cells counted; null for all. */
  readonly ids: ReadonlySet<number> | null;
  readonly height: number;
  /** Gets the chart, for exports. */
  readonly exported?: RefObject<Chart | null>;
}

/** How an amount is spread over cells, from the newest frame. */
export function HistogramChart({ type, species, ids, height, exported }: HistogramChartProps) {
  const { frames, view } = useWorkbench();
  const theme = useStore(view, state => state.theme);
  const { container, chart } = useChart({ height, x: 'value', bars: true }, `${type} ${species}`);
  const empty = useRef<HTMLParagraphElement>(null);
  useThrottled(
    frames.subscribe,
    () => {
      if (exported) exported.current = chart.current;
      const frame = frames.current;
      if (!frame) return;
      const { edges, counts } = histogram(amountsOf(frame, ids, type, species));
      if (empty.current) empty.current.hidden = counts.length > 0;
      if (counts.length === 0) return;
      // One empty bin at the end, so that the last bar has its width.
      chart.current?.setData(edges, [
        {
          label: 'cells',
          colour: lineColour(type, theme),
          wash: lineColour(type, theme, 0.5),
          values: [...counts, 0],
        },
      ]);
    },
    300,
    `${type} ${species} ${theme} ${ids ? [...ids].join() : ''}`,
  );
  return (
    <div className="chart-holder">
      <div ref={container} className="chart" />
      <p ref={empty} className="muted small chart-none" hidden>
        No such cells now.
      </p>
    </div>
  );
}
