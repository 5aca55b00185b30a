import { type RefObject, useRef } from 'react';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import type { Chart, ChartLine } from './chart.ts';
import { displayUnit, plotLines } from './choices.ts';
import { lineColour } from './palette.ts';
import { useChart, useThrottled } from './useChart.ts';

interface TimeChartProps {
  readonly plot: string;
  readonly exported: RefObject<Chart | null>;
}

/** Columns of the time series, drawn as they grow. */
export function TimeChart({ plot, exported }: TimeChartProps) {
  const { series, selection, view } = useWorkbench();
  const theme = useStore(view, state => state.theme);
  const { container, chart } = useChart({ height: 168, x: 'time' }, plot);
  const empty = useRef<HTMLParagraphElement>(null);
  useThrottled(
    series.subscribe,
    () => {
      exported.current = chart.current;
      const probes = selection.get().probes.length;
      const lines = plotLines(plot, series.columns).filter(
        ({ label }) => !plot.startsWith('probes ') || Number(/^probe (\d+)/.exec(label)?.[1] ?? 0) <= probes,
      );
      if (empty.current) empty.current.hidden = lines.length > 0 && series.length > 1;
      if (lines.length === 0 || series.length < 2) return;
      const columns = lines.map(line => series.column(line.column));
      const unit = displayUnit(lines[0].unit, largestOf(columns));
      const scaled = (values: Float64Array) =>
        unit.size === 1 ? values : values.map(value => value / unit.size);
      const drawn = lines.map((line, i): ChartLine => {
        const values = scaled(columns[i]);
        const colour = lineColour(line.kind, theme);
        if (line.deviation === null) {
          const extreme = line.label === 'min' || line.label === 'max';
          return { label: line.label, colour, values, dashed: extreme };
        }
        const deviation = scaled(series.column(line.deviation));
        const spread = (sign: 1 | -1) => values.map((value, j) => value + sign * (deviation[j] || 0));
        return {
          label: line.label,
          colour,
          values,
          low: spread(-1),
          high: spread(1),
          wash: lineColour(line.kind, theme, 0.18),
        };
      });
      chart.current?.setData(series.column(0), drawn, unit.name);
    },
    250,
    `${plot} ${theme}`,
  );
  return (
    <div className="chart-holder">
      <div ref={container} className="chart" />
      <p ref={empty} className="muted small chart-none">
        {plot.startsWith('probes ')
          ? 'Place a probe on the stage to follow its concentrations.'
          : 'Waiting for the first rows.'}
      </p>
    </div>
  );
}

function largestOf(columns: readonly Float64Array[]): number {
  let largest = 0;
  for (const column of columns)
    for (let i = 0; i < column.length; i++) if (column[i] > largest) largest = column[i];
  return largest;
}
