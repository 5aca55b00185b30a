import { useEffect } from 'react';
import { Button } from '../controls/Button.tsx';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { firstPlots, plotChoices } from './choices.ts';
import { PlotCard } from './PlotCard.tsx';

const MOST_PLOTS = 6;

/** Charts of the run over time, as many as are wanted. */
export function PlotsPanel() {
  const { session, ui } = useWorkbench();
  const scenario = useStore(session, state => state.scenario);
  const plots = useStore(ui, state => state.plots);
  useEffect(() => {
    if (!scenario) return;
    const known = new Set(plotChoices(scenario).map(({ value }) => value));
    const kept = ui.get().plots.filter(plot => known.has(plot));
    const added = firstPlots(scenario).filter(plot => !kept.includes(plot));
    ui.set({ plots: [...kept, ...added.slice(0, Math.max(0, 3 - kept.length))] });
  }, [scenario, ui]);
  if (!scenario) return null;
  const choices = plotChoices(scenario);
  const set = (next: readonly string[]) => ui.set({ plots: next });
  const unused = choices.find(({ value }) => !plots.includes(value));
  return (
    <div className="plots">
      {plots.map((plot, i) => (
        <PlotCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a chart keeps its place while its content is chosen anew
          key={i}
          plot={plot}
          choices={choices}
          onChange={value => set(plots.map((other, j) => (j === i ? value : other)))}
          onClose={() => set(plots.filter((_, j) => j !== i))}
        />
      ))}
      {unused && plots.length < MOST_PLOTS && (
        <Button small kind="plain" icon="plus" onClick={() => set([...plots, unused.value])}>
          Add a plot
        </Button>
      )}
    </div>
  );
}
