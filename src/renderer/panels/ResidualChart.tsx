import { useRef } from 'react';
import { useChart, useThrottled } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import { token } from '../state/theme.ts';

/** Residuals below this are drawn here: a log axis has no zero. Far below rounding of a double (1.1·10⁻¹⁶). */
const FLOOR = 1e-18;

/** The relative residual of a moiety over time on a log axis, against the tolerance. */
export function ResidualChart({ name, tolerance }: { readonly name: string; readonly tolerance: number }) {
  const { series } = useWorkbench();
  const { container, chart } = useChart({ height: 150, x: 'time', logarithmic: true }, name);
  const empty = useRef<HTMLParagraphElement>(null);
  useThrottled(
    series.subscribe,
    () => {
      const [column] = series.find({ of: 'residual', name });
      const ready = column !== undefined && series.length > 1;
      if (empty.current) empty.current.hidden = ready;
      if (!ready) return;
      const residual = series.column(column).map(value => Math.max(FLOOR, value));
      chart.current?.setData(series.column(0), [
        { label: 'residual', colour: token('--accent'), values: residual },
        { label: 'tolerance', colour: token('--bad'), values: residual.map(() => tolerance), dashed: true },
      ]);
    },
    300,
    `${name} ${tolerance}`,
  );
  return (
    <div className="chart-holder">
      <div ref={container} className="chart" />
      <p ref={empty} className="muted small chart-none">
        Waiting for the first rows.
      </p>
    </div>
  );
}
