import uPlot from 'uplot';
import type { Provenance } from '../figures/provenance.ts';
import type { ChartLine } from './chartLine.ts';
import { chartSvg } from './chartSvg.ts';
import 'uplot/dist/uPlot.min.css';
import { formatPower, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import { token } from '../state/theme.ts';
import { chartPicture } from './picture.ts';
import { decades, linearRange, logRange, TIME_STEPS } from './ranges.ts';
import { wheelZoom } from './wheelZoom.ts';

export type { ChartLine };

export interface ChartOptions {
  readonly height: number;
  readonly x: 'time' | 'value';
  readonly logarithmic?: boolean;
  readonly bars?: boolean;
  /** Without axes and legend: a trace in a row of others. */
  readonly plain?: boolean;
  /** Named at the y-axis. */
  readonly unit?: string;
  /** Names and values of the lines below; default: unless plain or bars. */
  readonly legend?: boolean;
  /** What the x-axis measures; default `time` or `from`. */
  readonly xLabel?: string;
}

/** A chart that lives outside React: data go in as typed arrays, at any rate; it draws at most once a display refresh. */
export interface Chart {
  setData(x: ArrayLike<number>, lines: readonly ChartLine[], unit?: string): void;
  /** Draws it anew in the colours of the theme. */
  retheme(): void;
  /** The chart as a PNG under a title; null where it shows nothing yet. */
  toBlob(title: string): Promise<Blob | null>;
  /** The same as SVG, of the stretch in view. */
  toSvg(title: string, provenance: Provenance | null): string | null;
  destroy(): void;
}

export function createChart(container: HTMLElement, options: ChartOptions): Chart {
  let plot: uPlot | null = null;
  let shape = '';
  let latest: { x: ArrayLike<number>; lines: readonly ChartLine[] } | null = null;
  let zoomed = false;
  let pending = 0;
  let unit = options.unit ?? '';
  const resize = new ResizeObserver(() => {
    const width = container.clientWidth;
    if (plot && width > 0 && width !== plot.width) plot.setSize({ width, height: options.height });
  });
  resize.observe(container);

  const build = (x: ArrayLike<number>, lines: readonly ChartLine[]): void => {
    plot?.destroy();
    zoomed = false;
    const config = configuration(options, lines, container.clientWidth || 280, unit, value => {
      zoomed = value;
    });
    plot = new uPlot(config, aligned(x, lines), container);
  };
  /** With no pointer over the chart its legend shows the newest values. */
  const showNewest = (): void => {
    if (!plot || options.plain || options.bars || (plot.cursor.left ?? -1) >= 0) return;
    plot.setLegend({ idx: plot.data[0].length - 1 });
  };
  const draw = (): void => {
    pending = 0;
    if (!latest) return;
    const { x, lines } = latest;
    const next =
      lines.map(line => `${line.label} ${line.colour} ${line.low ? 1 : 0}${line.stepped ? 1 : 0}`).join('|') +
      unit;
    if (!plot || next !== shape) {
      shape = next;
      build(x, lines);
    } else {
      plot.setData(aligned(x, lines), !zoomed);
      if (zoomed) plot.redraw();
    }
    queueMicrotask(showNewest);
  };

  return {
    setData(x, lines, shownUnit) {
      latest = { x, lines };
      unit = shownUnit ?? unit;
      if (pending === 0) pending = requestAnimationFrame(draw);
    },
    retheme() {
      shape = '';
      if (latest && pending === 0) pending = requestAnimationFrame(draw);
    },
    toBlob: title =>
      plot && latest
        ? chartPicture(plot.ctx.canvas, title, unit, named(latest.lines))
        : Promise.resolve(null),
    toSvg(title, provenance) {
      const { x, y } = plot?.scales ?? {};
      if (!latest || x?.min == null || x.max == null || y?.min == null || y.max == null) return null;
      return chartSvg({
        title,
        unit,
        ...latest,
        time: options.x === 'time',
        logarithmic: options.logarithmic ?? false,
        bars: options.bars ?? false,
        xRange: [x.min, x.max],
        yRange: [y.min, y.max],
        ink: {
          ground: token('--surface'),
          text: token('--text'),
          muted: token('--muted'),
          line: token('--line'),
          font: token('--font'),
        },
        provenance,
      });
    },
    destroy() {
      cancelAnimationFrame(pending);
      resize.disconnect();
      plot?.destroy();
      plot = null;
    },
  };
}

function named(lines: readonly ChartLine[]): ChartLine[] {
  return lines.filter(line => !line.quiet);
}

/** Columns as uPlot wants them: x, then the lines, then the two edges of every band. */
function aligned(x: ArrayLike<number>, lines: readonly ChartLine[]): uPlot.AlignedData {
  const columns: ArrayLike<number>[] = [x, ...lines.map(line => line.values)];
  for (const { low, high } of lines) if (low && high) columns.push(high, low);
  return [columns[0], ...columns.slice(1).map(withGaps)] as uPlot.AlignedData;
}

/** What is no number is a gap, which uPlot wants as null. */
function withGaps(column: ArrayLike<number>): ArrayLike<number | null> {
  for (let i = 0; i < column.length; i++) {
    if (!Number.isFinite(column[i]))
      return Array.from(column, value => (Number.isFinite(value) ? value : null));
  }
  return column;
}

function configuration(
  options: ChartOptions,
  lines: readonly ChartLine[],
  width: number,
  unit: string,
  setZoomed: (zoomed: boolean) => void,
): uPlot.Options {
  const { plain = false, bars = false, logarithmic = false } = options;
  const muted = token('--muted');
  const grid = { stroke: token('--line'), width: 1 };
  const font = `11px ${token('--font')}`;
  const number = (value: number | null) => {
    if (value === null || !Number.isFinite(value)) return '–';
    return logarithmic ? formatPower(value, 2) : formatValue(value);
  };
  const series: uPlot.Series[] = [
    {
      label: options.xLabel ?? (options.x === 'time' ? 'time' : 'from'),
      value: (_, v) => (options.x === 'time' && v !== null ? formatDuration(v) : number(v)),
    },
    ...lines.map(
      (line): uPlot.Series => ({
        label: line.label,
        stroke: line.colour,
        width: line.quiet ? 1 : 1.5,
        points: { show: false },
        value: (_, value) =>
          value === null ? '–' : number(value) + (unit && !logarithmic ? `\u202f${unit}` : ''),
        ...(line.dashed ? { dash: [4, 4], width: 1 } : {}),
        ...(line.quiet ? { class: 'edge' } : {}),
        ...(line.stepped && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
        ...(bars && !line.stepped && uPlot.paths.bars
          ? { paths: uPlot.paths.bars({ size: [0.92, 60], align: 1 }), fill: line.wash ?? line.colour }
          : {}),
      }),
    ),
  ];
  const bands: uPlot.Band[] = [];
  for (const line of lines) {
    if (!line.low || !line.high) continue;
    const at = series.length;
    for (const label of ['+ sd', '− sd']) {
      series.push({ label, stroke: 'transparent', width: 0, points: { show: false }, class: 'edge' });
    }
    bands.push({ series: [at, at + 1], fill: line.wash ?? line.colour });
  }
  const timeTick = (values: readonly number[]) =>
    values.map(value => (value === 0 ? '0' : formatDuration(value)));
  return {
    width,
    height: options.height,
    series,
    bands,
    legend: { show: options.legend ?? (!plain && !bars) },
    cursor: plain
      ? { show: false }
      : { drag: { x: true, y: false, setScale: true }, points: { size: 6 }, y: false },
    scales: {
      x: { time: false },
      y: logarithmic
        ? { distr: 3, range: (_, low, high) => logRange(low, high) }
        : { range: (_, low, high) => linearRange(low, high) },
    },
    padding: plain ? [2, 0, 2, 0] : [8, 16, 0, 0],
    axes: plain
      ? [{ show: false }, { show: false }]
      : [
          {
            stroke: muted,
            font,
            grid,
            ticks: { ...grid, size: 4 },
            size: 28,
            space: 64,
            values: (_, values) => (options.x === 'time' ? timeTick(values) : values.map(number)),
            ...(options.x === 'time' ? { incrs: TIME_STEPS } : {}),
          },
          {
            stroke: muted,
            font,
            grid,
            ticks: { ...grid, size: 4 },
            size: 52,
            space: 32,
            ...(logarithmic
              ? {
                  splits: (_: uPlot, _axis: number, low: number, high: number) => decades(low, high),
                  filter: (_: uPlot, splits: number[]) => splits,
                }
              : {}),
            values: (_, values) => values.map(value => (value === null ? '' : number(value))),
          },
        ],
    hooks: {
      setScale: [
        (plot, key) => {
          if (key !== 'x') return;
          const { min, max } = plot.scales.x;
          const x = plot.data[0];
          if (min === undefined || max === undefined || x.length < 2) return;
          setZoomed(min > x[0] || max < x[x.length - 1]);
        },
      ],
    },
    plugins: plain ? [] : [wheelZoom()],
  };
}
