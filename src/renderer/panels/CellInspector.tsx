import { useState } from 'react';
import { formatCount, formatShare, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import { Button } from '../controls/Button.tsx';
import { kindColour } from '../plots/palette.ts';
import { useThrottled } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import { shallowEqual, useStore } from '../state/store.ts';
import { CellTraces } from './CellTraces.tsx';
import { type CellReading, readCell } from './cellReading.ts';

/** One cell: its state, its species over time, what it gives and takes, its parent and daughters. */
export function CellInspector({ id }: { readonly id: number }) {
  const workbench = useWorkbench();
  const { session, frames, traces, selection, engine } = workbench;
  const scenario = useStore(session, state => state.scenario);
  const followed = useStore(selection, state => state.followed === id);
  const [cell, setCell] = useState<CellReading | null>(null);
  const [fate, setFate] = useState<{ alive: boolean; daughters: readonly number[] }>({
    alive: true,
    daughters: [],
  });
  useThrottled(
    frames.subscribe,
    () => {
      const frame = frames.current;
      if (!frame || !scenario) return;
      const reading = readCell(frame, id, type => scenario.cellTypes[type]?.species.length ?? 0);
      if (reading) setCell(reading);
      const history = traces.get(id);
      const next = history
        ? { alive: reading !== null || history.alive, daughters: history.daughters }
        : { alive: reading !== null, daughters: [] };
      setFate(before =>
        before.alive === next.alive && shallowEqual(before.daughters, next.daughters) ? before : next,
      );
    },
    200,
    `${scenario?.file} ${id}`,
  );
  if (!scenario || !cell) {
    return <p className="panel-empty muted">Cell {formatCount(id)} is not in view at this time.</p>;
  }
  const type = scenario.cellTypes[cell.type];
  const facts: (readonly [string, string])[] = [
    ['Age', formatDuration(cell.age)],
    ['Volume', `${formatValue(cell.volume)}\u202fµm³`],
    ['Radius', `${formatValue(cell.radius)}\u202fµm`],
    ...directionFacts(cell, scenario.grid.dimensions),
    [
      'Place',
      `${[cell.x, cell.y, cell.z]
        .slice(0, scenario.grid.dimensions)
        .map(v => v.toFixed(1))
        .join(', ')}\u202fµm`,
    ],
  ];
  if (type.divides && Number.isFinite(cell.cycle)) {
    facts.push(['Cycle', formatShare(Math.min(1, Math.max(0, cell.cycle)))]);
  }
  return (
    <div className="inspector">
      <header className="row">
        <span className="swatch" style={{ background: kindColour(cell.type) }} />
        <h2 className="grow">
          Cell <span className="mono">{formatCount(id)}</span> <span className="muted">{type.name}</span>
        </h2>
        {fate.alive && (
          <Button
            small
            icon="follow"
            onClick={() => workbench.follow(followed ? null : id)}
            title="Keep it in the middle (f)"
          >
            {followed ? 'Let go' : 'Follow'}
          </Button>
        )}
      </header>
      {!fate.alive && (
        <p className="ended small">
          {fate.daughters.length > 0 ? 'It has divided.' : 'It is no longer there.'} These are its last
          values.
        </p>
      )}
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
        <div>
          <dt>Parent</dt>
          <dd>
            {cell.parent > 0 ? <CellLink id={cell.parent} /> : <span className="muted">a founder</span>}
          </dd>
        </div>
        {fate.daughters.length > 0 && (
          <div>
            <dt>Daughters</dt>
            <dd>
              {fate.daughters.map(daughter => (
                <CellLink key={daughter} id={daughter} />
              ))}
            </dd>
          </div>
        )}
      </dl>
      <CellTraces id={id} cell={cell} scenario={scenario} />
      {fate.alive && !scenario.recording && (
        <Button small icon="kill" onClick={() => engine.edit({ kind: 'killCells', ids: [id] })}>
          Remove this cell
        </Button>
      )}
    </div>
  );
}

function directionFacts({ length, angle, tilt }: CellReading, dimensions: 2 | 3): [string, string][] {
  if (length === undefined || angle === undefined || tilt === undefined) return [];
  const facts: [string, string][] = [
    ['Length', `${formatValue(length)}\u202fµm`],
    ['Angle', `${angle.toFixed(0)}°`],
  ];
  if (dimensions === 3) facts.push(['Tilt', `${tilt.toFixed(0)}°`]);
  return facts;
}

function CellLink({ id }: { readonly id: number }) {
  const { select } = useWorkbench();
  return (
    <button type="button" className="link mono" onClick={() => select([id])}>
      {formatCount(id)}
    </button>
  );
}
