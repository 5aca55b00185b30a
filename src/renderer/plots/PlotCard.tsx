import { useRef } from 'react';
import { IconButton } from '../controls/Button.tsx';
import { Select } from '../controls/Fields.tsx';
import { Icon } from '../controls/Icon.tsx';
import { Menu } from '../controls/Menu.tsx';
import { markedPng, provenanceNow } from '../figures/saveStage.ts';
import { fileNameOf } from '../format/fileName.ts';
import { addPlot } from '../notebook/notebook.ts';
import { amountsOf } from '../panels/cellReading.ts';
import { useWorkbench } from '../state/context.ts';
import type { Chart } from './chart.ts';
import type { PlotChoice } from './choices.ts';
import { plotLines } from './choices.ts';
import { toCsv } from './csv.ts';
import { HistogramChart } from './HistogramChart.tsx';
import { TimeChart } from './TimeChart.tsx';

interface PlotCardProps {
  readonly plot: string;
  readonly choices: readonly PlotChoice[];
  readonly onChange: (plot: string) => void;
  readonly onClose: () => void;
}

/** One chart with the choice of what it shows, and its exports. */
export function PlotCard({ plot, choices, onChange, onClose }: PlotCardProps) {
  const workbench = useWorkbench();
  const { files, series, frames, session, say } = workbench;
  const chart = useRef<Chart | null>(null);
  const label = choices.find(({ value }) => value === plot)?.label ?? plot;
  const of = histogramOf(plot);
  const name = () => `${fileNameOf(session.get().scenario?.title ?? 'run')}-${fileNameOf(label)}`;
  const saveCsv = () => {
    const frame = frames.current;
    let text: string;
    if (of && frame) {
      text = toCsv([{ name: label, values: amountsOf(frame, null, of.type, of.species) }]);
    } else {
      const lines = plotLines(plot, series.columns);
      text = toCsv([
        { name: 'time_s', values: series.column(0) },
        ...lines.flatMap(line => {
          const unit = line.unit ? ` (${line.unit})` : '';
          const columns = [{ name: line.label + unit, values: series.column(line.column) }];
          if (line.deviation !== null)
            columns.push({ name: `${line.label} sd${unit}`, values: series.column(line.deviation) });
          return columns;
        }),
      ]);
    }
    void files.saveBytes(new TextEncoder().encode(text), `${name()}.csv`, 'csv');
  };
  const savePng = async () => {
    const blob = await chart.current?.toBlob(label);
    if (!blob) return say('There is nothing to save in this plot yet', 'error');
    await files.saveBytes(await markedPng(blob, provenanceNow(workbench)), `${name()}.png`, 'png');
  };
  const saveSvg = () => {
    const svg = chart.current?.toSvg(label, provenanceNow(workbench));
    if (!svg) say('There is nothing to save in this plot yet', 'error');
    else void files.saveBytes(new TextEncoder().encode(svg), `${name()}.svg`, 'svg');
  };
  const note = () => {
    const svg = chart.current?.toSvg(label, provenanceNow(workbench));
    if (!svg) return say('There is nothing to note in this plot yet', 'error');
    addPlot(workbench, label, svg);
    say('Added to the notes');
  };
  return (
    <section className="plot" aria-label={`Plot of ${label}`}>
      <div className="row">
        <Select label="What this plot shows" value={plot} options={choices} onChange={onChange} />
        <Menu
          label="Export this plot"
          className="tiny-menu"
          button={<Icon name="download" size={14} />}
          items={[
            { label: 'Data as CSV', onSelect: saveCsv },
            { label: 'Picture as PNG', onSelect: () => void savePng() },
            { label: 'Drawing as SVG', onSelect: saveSvg },
            { label: 'Into the notes', onSelect: note },
          ]}
        />
        <IconButton icon="close" tiny label="Close this plot" onClick={onClose} />
      </div>
      {of ? (
        <HistogramChart type={of.type} species={of.species} ids={null} height={168} exported={chart} />
      ) : (
        <TimeChart plot={plot} exported={chart} />
      )}
    </section>
  );
}

function histogramOf(plot: string): { type: number; species: number } | null {
  const match = /^histogram (\d+) (\d+)$/.exec(plot);
  return match ? { type: Number(match[1]), species: Number(match[2]) } : null;
}
