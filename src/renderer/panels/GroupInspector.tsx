import { useMemo, useState } from 'react';
import { formatCount, formatValue } from '../../picture/format/number.ts';
import { Button } from '../controls/Button.tsx';
import { Select } from '../controls/Fields.tsx';
import { HistogramChart } from '../plots/HistogramChart.tsx';
import { momentsOf } from '../plots/histogram.ts';
import { useThrottled } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { amountsOf } from './cellReading.ts';

interface Row {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly unit: string;
}

/** Several cells: how many, means and spread of what they hold, and how one species is spread over them. */
export function GroupInspector({ ids }: { readonly ids: readonly number[] }) {
  const { session, frames, engine, select } = useWorkbench();
  const scenario = useStore(session, state => state.scenario);
  const [counts, setCounts] = useState<readonly number[]>([]);
  const [type, setType] = useState(0);
  const [species, setSpecies] = useState(0);
  const [rows, setRows] = useState<readonly Row[]>([]);
  const chosen = useMemo(() => new Set(ids), [ids]);
  useThrottled(
    frames.subscribe,
    () => {
      const frame = frames.current;
      if (!frame || !scenario) return;
      const perType = scenario.cellTypes.map(() => 0);
      for (let i = 0; i < frame.count; i++) if (chosen.has(frame.id[i])) perType[frame.type[i]]++;
      setCounts(perType);
      const shown =
        perType[type] > 0
          ? type
          : Math.max(
              0,
              perType.findIndex(count => count > 0),
            );
      if (shown !== type) setType(shown);
      setRows(
        scenario.cellTypes[shown].species.map(({ name }, s) => {
          const { mean, sd } = momentsOf(amountsOf(frame, chosen, shown, s));
          return { name, mean, sd, unit: s === 0 ? 'fg' : '' };
        }),
      );
    },
    300,
    `${type} ${ids.join()}`,
  );
  if (!scenario) return null;
  const alive = counts.reduce((sum, count) => sum + count, 0);
  const present = scenario.cellTypes
    .map(({ name }, t) => ({ name, t }))
    .filter(({ t }) => (counts[t] ?? 0) > 0);
  const named = scenario.cellTypes[type].species.map(({ name }, s) => ({ value: String(s), label: name }));
  return (
    <div className="inspector">
      <header className="row">
        <h2 className="grow">
          <span className="num">{formatCount(alive)}</span> cells
          {alive < ids.length && <span className="muted"> of {formatCount(ids.length)} selected</span>}
        </h2>
        <Button small onClick={() => select([])}>
          Let go
        </Button>
      </header>
      {present.length > 1 && (
        <Select
          label="Type"
          value={String(type)}
          options={present.map(({ name, t }) => ({
            value: String(t),
            label: `${formatCount(counts[t])} ${name}`,
          }))}
          onChange={value => setType(Number(value))}
        />
      )}
      <table className="means">
        <thead>
          <tr>
            <th scope="col">per {scenario.cellTypes[type].name}</th>
            <th scope="col">mean</th>
            <th scope="col">sd</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, mean, sd, unit }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="num">
                {formatValue(mean)}
                {unit && `\u202f${unit}`}
              </td>
              <td className="num">{Number.isNaN(sd) ? '–' : formatValue(sd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row">
        <span className="muted">Histogram of</span>
        <Select
          label="Histogram of"
          value={String(Math.min(species, named.length - 1))}
          options={named}
          onChange={value => setSpecies(Number(value))}
        />
      </div>
      <HistogramChart type={type} species={Math.min(species, named.length - 1)} ids={chosen} height={150} />
      <Button small icon="kill" onClick={() => engine.edit({ kind: 'killCells', ids })}>
        Remove these cells
      </Button>
    </div>
  );
}
