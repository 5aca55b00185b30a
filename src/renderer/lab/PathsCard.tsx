import { useEffect } from 'react';
import { lineColour } from '../plots/palette.ts';
import { useChart } from '../plots/useChart.ts';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { labColumns, labLines } from './lines.ts';

const HEIGHT = 264;

/** Mean ± standard deviation over sample paths: all species of one method, or one species by several. */
export function PathsCard() {
  const { lab, view } = useWorkbench();
  const theme = useStore(view, state => state.theme);
  const { circuit, run, look } = useStore(lab.state, ({ circuit, run, look }) => ({ circuit, run, look }));
  const inModelTime = circuit?.timeUnit === 'model';
  const { container, chart } = useChart(
    { height: HEIGHT, x: inModelTime ? 'value' : 'time', xLabel: 'time' },
    inModelTime ? 'model' : 's',
  );
  const names = (circuit?.species ?? []).filter(({ shown }) => shown).map(({ name }) => name);
  const several = run.members.length > 1;
  const drawn = several ? [look.species] : names.filter(name => !look.hidden.includes(name));
  const key = drawn.join();
  const order = names.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: key and order stand for the names
  useEffect(() => {
    if (run.members.length === 0) return;
    const lines = labLines(run.members, {
      species: drawn,
      paths: look.paths,
      band: look.band,
      colour: (index, opacity) => lineColour(index, theme, opacity),
      indexOf: species => names.indexOf(species),
    });
    chart.current?.setData(run.times, lines);
  }, [run, look.paths, look.band, theme, key, order, chart]);
  const toggle = (name: string) => {
    if (several) lab.look({ species: name });
    else
      lab.look({
        hidden: look.hidden.includes(name)
          ? look.hidden.filter(other => other !== name)
          : [...look.hidden, name],
      });
  };
  return (
    <section className="lab-card" aria-label="Mean and spread over time">
      <header className="row">
        <h2>{several ? `Mean ± sd of ${look.species}, molecules` : 'Mean ± sd, molecules'}</h2>
        <span className="grow" />
        <ExportMenu
          title="mean and sd"
          chart={chart}
          columns={() => labColumns(run.times, run.members, names)}
        />
      </header>
      <fieldset className="lab-chips" aria-label="Species drawn">
        {names.map((name, i) => (
          <button
            key={name}
            type="button"
            className="lab-chip"
            aria-pressed={several ? name === look.species : !look.hidden.includes(name)}
            onClick={() => toggle(name)}
          >
            {!several && <span className="swatch" style={{ background: lineColour(i, theme) }} />}
            {name}
          </button>
        ))}
      </fieldset>
      <div className="chart-holder lab-chart">
        <div ref={container} className="chart" />
        {drawn.length === 0 && <p className="muted small chart-none">No species is chosen.</p>}
      </div>
    </section>
  );
}
