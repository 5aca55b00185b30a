import type { RefObject } from 'react';
import { Icon } from '../controls/Icon.tsx';
import { Menu } from '../controls/Menu.tsx';
import { fileNameOf } from '../format/fileName.ts';
import type { Chart } from '../plots/chart.ts';
import { type CsvColumn, toCsv } from '../plots/csv.ts';
import { useWorkbench } from '../state/context.ts';

interface ExportMenuProps {
  /** Of the picture and in the names of files. */
  readonly title: string;
  readonly chart: RefObject<Chart | null>;
  readonly columns: () => readonly CsvColumn[];
}

/** A plot's data and its picture, to be saved. */
export function ExportMenu({ title, chart, columns }: ExportMenuProps) {
  const { files, lab, say } = useWorkbench();
  const name = () => `${fileNameOf(lab.state.get().circuit?.title ?? 'circuit')}-${fileNameOf(title)}`;
  const saveCsv = () => {
    void files.saveBytes(new TextEncoder().encode(toCsv(columns())), `${name()}.csv`, 'csv');
  };
  const savePng = async () => {
    const blob = await chart.current?.toBlob(title);
    if (!blob) return say('There is nothing to save in this plot yet', 'error');
    await files.saveBytes(new Uint8Array(await blob.arrayBuffer()), `${name()}.png`, 'png');
  };
  const saveSvg = () => {
    const svg = chart.current?.toSvg(title, null);
    if (!svg) say('There is nothing to save in this plot yet', 'error');
    else void files.saveBytes(new TextEncoder().encode(svg), `${name()}.svg`, 'svg');
  };
  return (
    <Menu
      label={`Export ${title}`}
      className="tiny-menu"
      button={<Icon name="download" size={14} />}
      items={[
        { label: 'Data as CSV', onSelect: saveCsv },
        { label: 'Picture as PNG', onSelect: () => void savePng() },
        { label: 'Drawing as SVG', onSelect: saveSvg },
      ]}
    />
  );
}
