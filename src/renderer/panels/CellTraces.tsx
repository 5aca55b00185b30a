import { useState } from 'react';
import { formatValue } from '../../picture/format/number.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import { useChart, useThrottled } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import { token } from '../state/theme.ts';
import type { CellReading } from './cellReading.ts';

interface CellTracesProps {
  readonly id: number;
  readonly cell: CellReading;
  readonly scenario: ScenarioInfo;
}

/**
 * A trace of every species, and what the cell gave to and took from each field while it was watched. A recording does not keep
 * the latter.
 */
export function CellTraces({ id, cell, scenario }: CellTracesProps) {
  const species = scenario.cellTypes[cell.type].species;
  return (
    <>
      <h3 className="muted">Inside</h3>
      <ul className="traces">
        {species.map(({ name }, s) => (
          <TraceRow
            key={name}
            id={id}
            column={2 + s}
            label={name}
            value={`${formatValue(cell.amounts[s])}${s === 0 ? '\u202ffg' : ''}`}
          />
        ))}
      </ul>
      {scenario.fields.length > 0 && !scenario.recording && (
        <>
          <h3 className="muted">Given to and taken from fields, molecules</h3>
          <ul className="traces">
            {scenario.fields.map(({ name }, f) => (
              <ExchangeRow key={name} id={id} column={2 + species.length + f} name={name} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface TraceRowProps {
  readonly id: number;
  readonly column: number;
  readonly label: string;
  readonly value: string;
}

function TraceRow({ id, column, label, value }: TraceRowProps) {
  const { traces } = useWorkbench();
  const { container, chart } = useChart({ height: 28, x: 'time', plain: true }, `${id} ${column}`);
  useThrottled(
    traces.subscribe,
    () => {
      const history = traces.get(id);
      if (history && history.length > 1 && column < history.columns) {
        chart.current?.setData(history.data[0], [
          { label, colour: token('--accent'), values: history.data[column] },
        ]);
      }
    },
    200,
    `${id} ${column}`,
  );
  return (
    <li>
      <span className="ellipsis" title={label}>
        {label}
      </span>
      <div ref={container} className="trace" aria-hidden="true" />
      <span className="num value">{value}</span>
    </li>
  );
}

interface ExchangeRowProps {
  readonly id: number;
  readonly column: number;
  readonly name: string;
}

/** Net molecules given to a field (up) or taken from it (down), summed since the cell was watched. */
function ExchangeRow({ id, column, name }: ExchangeRowProps) {
  const { traces } = useWorkbench();
  const [net, setNet] = useState(0);
  const { container, chart } = useChart({ height: 28, x: 'time', plain: true }, `exchange ${id} ${column}`);
  useThrottled(
    traces.subscribe,
    () => {
      const history = traces.get(id);
      if (!history || history.length < 2 || column >= history.columns) return;
      const sums = cumulative(history.data[column]);
      setNet(sums[sums.length - 1]);
      chart.current?.setData(history.data[0], [{ label: name, colour: token('--accent'), values: sums }]);
    },
    200,
    `${id} ${column}`,
  );
  return (
    <li>
      <span className="ellipsis" title={name}>
        {name}
      </span>
      <div ref={container} className="trace" aria-hidden="true" />
      <span className="num value">
        {net === 0 ? '0' : `${net < 0 ? 'took' : 'gave'} ${formatValue(Math.abs(net))}`}
      </span>
    </li>
  );
}

/** Running sums; what is no number counts as nothing. */
function cumulative(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) sum += values[i];
    sums[i] = sum;
  }
  return sums;
}
