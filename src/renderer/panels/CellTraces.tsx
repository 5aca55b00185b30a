import { useState } from 'react';
import type { ScenarioInfo } from '../../session/contract.ts';
import { formatValue } from '../format/number.ts';
import { kindColour } from '../plots/palette.ts';
import { useChart, useThrottled } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import type { CellReading } from './cellReading.ts';

interface CellTracesProps {
  readonly id: number;
  readonly cell: CellReading;
  readonly scenario: ScenarioInfo;
}

/** A trace of every species, and what the cell gave to and took from each field while it was watched. */
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
            colour={kindColour(s)}
          />
        ))}
      </ul>
      {scenario.fields.length > 0 && (
        <>
          <h3 className="muted">Exchange since watched</h3>
          <Exchange id={id} species={species.length} scenario={scenario} />
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
  readonly colour: string;
}

function TraceRow({ id, column, label, value, colour }: TraceRowProps) {
  const { traces } = useWorkbench();
  const { container, chart } = useChart({ height: 28, x: 'time', plain: true }, `${id} ${column}`);
  useThrottled(
    traces.subscribe,
    () => {
      const history = traces.get(id);
      if (history && history.length > 1 && column < history.columns) {
        chart.current?.setData(history.data[0], [{ label, colour, values: history.data[column] }]);
      }
    },
    200,
    [traces, id, column],
  );
  return (
    <li>
      <span className="ellipsis" title={label}>
        {label}
      </span>
      <div ref={container} className="trace" aria-hidden="true" />
      <span className="mono value">{value}</span>
    </li>
  );
}

interface ExchangeProps {
  readonly id: number;
  readonly species: number;
  readonly scenario: ScenarioInfo;
}

/** Net molecules given to (+) or taken from (−) each field, summed over the rows seen. */
function Exchange({ id, species, scenario }: ExchangeProps) {
  const { traces } = useWorkbench();
  const [net, setNet] = useState<readonly number[]>([]);
  useThrottled(
    traces.subscribe,
    () => {
      const history = traces.get(id);
      if (!history) return;
      const first = 2 + species;
      setNet(
        scenario.fields.map((_, f) => {
          const column = history.data[first + f];
          let sum = 0;
          if (column)
            for (let i = 0; i < column.length; i++) if (Number.isFinite(column[i])) sum += column[i];
          return sum;
        }),
      );
    },
    300,
    [traces, id, species, scenario],
  );
  const largest = Math.max(...net.map(Math.abs), 0);
  return (
    <ul className="exchange">
      {scenario.fields.map(({ name }, f) => {
        const amount = net[f] ?? 0;
        const width = largest > 0 ? (50 * Math.abs(amount)) / largest : 0;
        return (
          <li key={name}>
            <span className="ellipsis">{name}</span>
            <span className="exchange-bar" aria-hidden="true">
              <span
                className={amount < 0 ? 'in' : 'out'}
                style={{ width: `${width}%`, left: amount < 0 ? `${50 - width}%` : '50%' }}
              />
            </span>
            <span className="mono value">
              {amount === 0 ? '0' : `${amount < 0 ? 'took' : 'gave'} ${formatValue(Math.abs(amount))}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
