import { useEffect } from 'react';
import { formatPower, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import { Select, Slider } from '../controls/Fields.tsx';
import type { ChartLine } from '../plots/chart.ts';
import { lineColour } from '../plots/palette.ts';
import { useChart } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { token } from '../state/theme.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { type SharedBins, sharedBins } from './spreads.ts';

/** How one species is spread over the runs at one time, with the exact law where it can be had. */
export function SpreadCard() {
  const { lab, view } = useWorkbench();
  const theme = useStore(view, state => state.theme);
  const { circuit, run, look, law, points, end } = useStore(lab.state, state => ({
    circuit: state.circuit,
    run: state.run,
    look: state.look,
    law: state.law,
    points: state.settings.points,
    end: state.settings.end,
  }));
  const { container, chart } = useChart(
    { height: 232, x: 'value', bars: true, legend: true, xLabel: 'molecules' },
    'spread',
  );
  const names = (circuit?.species ?? []).filter(({ shown }) => shown).map(({ name }) => name);
  const at = Math.min(look.time ?? points, points);
  const time = (at * end) / points;
  const counted = run.members.filter(
    // A single run among others would be one tall bar.
    member => member.done > 0 && member.spreadAt === at && (member.runs > 1 || run.members.length === 1),
  );
  const bins = sharedBins(counted, look.species, law.law);
  const several = run.members.length > 1;
  const colourIndex = Math.max(0, names.indexOf(look.species));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bins are made of run, law and look
  useEffect(() => {
    if (!bins) {
      // A new run's first figures take the place of the old ones; where it failed there will be none.
      if (run.members.some(({ failure }) => failure !== null)) chart.current?.setData([0, 1], []);
      return;
    }
    const lines = bins.shares.flatMap((shares, i): ChartLine[] => {
      if (!shares) return [];
      const colour = several ? run.members.indexOf(counted[i]) : colourIndex;
      return [
        {
          label: counted[i].method,
          colour: lineColour(colour, theme),
          wash: lineColour(colour, theme, several ? 0.25 : 0.45),
          values: [...shares, 0],
          stepped: i > 0,
        },
      ];
    });
    if (bins.law)
      lines.push({ label: 'exact law', colour: token('--text'), values: [...bins.law, 0], stepped: true });
    chart.current?.setData(bins.edges, lines);
  }, [run, law.law, look.species, at, theme, colourIndex, chart]);
  const clock = circuit?.timeUnit === 'model' ? formatValue(time) : formatDuration(time);
  return (
    <section className="lab-card" aria-label="Histogram">
      <header className="row">
        <h2>Histogram of</h2>
        <Select
          label="Species of the histogram"
          value={look.species}
          options={names.map(name => ({ value: name, label: name }))}
          onChange={species => lab.look({ species })}
        />
        <ExportMenu
          title={`histogram of ${look.species}`}
          chart={chart}
          columns={() =>
            bins
              ? spreadColumns(
                  bins,
                  counted.map(({ method }) => method),
                )
              : []
          }
        />
      </header>
      <div className="chart-holder lab-chart lab-spread">
        <div ref={container} className="chart" />
      </div>
      <div className="lab-time">
        <span className="muted">at</span>
        <Slider
          label="Time of the histogram"
          position={at / points}
          text={clock}
          onChange={position => {
            const index = Math.round(position * points);
            lab.look({ time: index === points ? null : index });
          }}
        />
        <span className="num">{clock}</span>
      </div>
      <p className="small muted lab-law">{lawText(law, look.species)}</p>
    </section>
  );
}

type LawState = ReturnType<ReturnType<typeof useWorkbench>['lab']['state']['get']>['law'];

function lawText({ law, reason, waiting }: LawState, species: string): string {
  if (waiting) return 'Computing the exact law …';
  if (!law) return reason ? `No exact law: ${reason}.` : '';
  const marginal = law.marginals.find(one => one.species === species);
  if (!marginal) return `${species} does not change.`;
  return `Exact law: ${formatValue(marginal.mean, 4)} ± ${formatValue(marginal.sd, 4)}, from ${formatValue(
    law.states,
  )} states, off by ${formatPower(law.bound, 1)} at most.`;
}

function spreadColumns(bins: SharedBins, methods: readonly string[]) {
  const columns = bins.shares.flatMap((shares, i) => (shares ? [{ name: methods[i], values: shares }] : []));
  return [
    { name: 'from', values: bins.edges.slice(0, -1) },
    { name: 'to', values: bins.edges.slice(1) },
    ...columns,
    ...(bins.law ? [{ name: 'law', values: bins.law }] : []),
  ];
}
