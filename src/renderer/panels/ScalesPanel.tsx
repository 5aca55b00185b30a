import type { CircuitScales, ScaleReport } from '../../engine/scales/analyse.ts';
import { formatCount, formatValue } from '../../picture/format/number.ts';
import { formatClock } from '../../picture/format/time.ts';
import { kindColour } from '../plots/palette.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { useScales } from '../state/useScales.ts';
import { FieldGroupsTable } from './FieldGroupsTable.tsx';
import { LocalGroupsTable } from './LocalGroupsTable.tsx';
import { PairVerdicts } from './PairVerdicts.tsx';
import { ScheduleAdvice } from './ScheduleAdvice.tsx';
import { SplitVerdicts } from './SplitVerdicts.tsx';
import { TimescaleMap } from './TimescaleMap.tsx';

/** How fast everything is at present, and which coupling that calls for; kept up to date while it is open. */
export function ScalesPanel() {
  const { session } = useWorkbench();
  const { report, reason } = useScales();
  // Cell types first: each has its colour on the stage.
  const kinds = useStore(session, ({ scenario }) =>
    scenario ? [...scenario.cellTypes, ...scenario.fields].map(({ name }) => name) : [],
  );
  if (!report) {
    const why = reason === '' ? 'Looking at the time scales …' : `There are no time scales: ${reason}.`;
    return <p className="panel-empty muted">{why}</p>;
  }
  const colourOf = (of: string): string => {
    const kind = kinds.indexOf(of);
    return kind >= 0 ? kindColour(kind) : 'var(--muted)';
  };
  return (
    <div className="scales">
      <ScheduleAdvice report={report} />
      <p className="muted small">
        At {formatClock(report.time)}
        {describeColony(report)}.{reason !== '' && ` Nothing newer: ${reason}.`}
      </p>
      <h3 className="muted">Cells and fields</h3>
      <PairVerdicts pairs={report.pairs} />
      <SplitVerdicts verdicts={report.splitting} />
      {report.fields.length > 0 && (
        <>
          <h3 className="muted">Dimensionless groups</h3>
          <FieldGroupsTable fields={report.fields} />
          <LocalGroupsTable local={report.local} />
        </>
      )}
      <h3 className="muted">Time scales</h3>
      <TimescaleMap processes={report.processes} colourOf={colourOf} />
      <Circuits circuits={report.circuits} />
    </div>
  );
}

function describeColony({ colony }: ScaleReport): string {
  if (!colony) return ', no cells';
  if (colony.cells === 1) return ', one cell';
  const [radius, spacing] = [colony.radius, colony.spacing].map(length => formatValue(length, 2));
  return `, ${formatCount(colony.cells)} cells within ${radius}\u202fµm, ${spacing}\u202fµm apart`;
}

/** Stable states of the circuits whose states were looked for. */
function Circuits({ circuits }: { readonly circuits: readonly CircuitScales[] }) {
  const known = circuits.flatMap(({ type, steadyStates, unstable }) => {
    if (steadyStates === null) return [];
    const stable = steadyStates.filter(state => state.stable).length;
    return [{ type, stable, found: steadyStates.length, unstable }];
  });
  if (known.length === 0) return null;
  return (
    <>
      <h3 className="muted">Steady states of the circuits, in their present surroundings</h3>
      <ul className="small">
        {known.map(({ type, stable, found, unstable }) => (
          <li key={type}>
            {type}: {stable} stable of {found} found
            {unstable > 0 && `; the present means are unstable in ${unstable} directions`}
          </li>
        ))}
      </ul>
    </>
  );
}
