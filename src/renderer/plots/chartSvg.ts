import { ticks } from '../../picture/colour/scale.ts';
import { formatPower, formatValue } from '../../picture/format/number.ts';
import { formatDuration } from '../../picture/format/time.ts';
import type { Provenance } from '../figures/provenance.ts';
import { coordinate, escapeXml, paint, svgMetadata } from '../figures/svgText.ts';
import type { ChartLine } from './chartLine.ts';
import { decades, TIME_STEPS } from './ranges.ts';

/** Colours and font of a drawn chart. */
export interface ChartInk {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly font: string;
}

export interface ChartDrawing {
  readonly title: string;
  readonly unit: string;
  readonly x: ArrayLike<number>;
  readonly lines: readonly ChartLine[];
  readonly time: boolean;
  readonly logarithmic: boolean;
  readonly bars: boolean;
  /** What is in view. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly ink: ChartInk;
  readonly provenance: Provenance | null;
}

const SIZE = { width: 640, height: 360 };
const BOX = { left: 64, top: 56, right: 24, bottom: 36 };

/** A chart as SVG: axes, lines, bands and bars as shapes, all text as text. */
export function chartSvg(chart: ChartDrawing): string {
  const { ink, xRange, yRange, logarithmic } = chart;
  const [width, height] = [SIZE.width - BOX.left - BOX.right, SIZE.height - BOX.top - BOX.bottom];
  const place = (value: number) => (logarithmic ? Math.log10(value) : value);
  const [bottom, top] = yRange.map(place);
  const atX = (value: number) => BOX.left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * width;
  const atY = (value: number) => BOX.top + height - ((place(value) - bottom) / (top - bottom)) * height;
  const text = (
    content: string,
    x: number,
    y: number,
    anchor: 'start' | 'middle' | 'end',
    colour = ink.muted,
    more = 'font-size="11"',
  ) =>
    `<text x="${coordinate(x)}" y="${coordinate(y)}" text-anchor="${anchor}" ${paint('fill', colour)} ${more}>${escapeXml(content)}</text>`;
  const rule = (x1: number, y1: number, x2: number, y2: number) =>
    `<path d="M${coordinate(x1)} ${coordinate(y1)}L${coordinate(x2)} ${coordinate(y2)}" ${paint('stroke', ink.line)}/>`;

  const xTicks = chart.time ? timeTicks(xRange, 8) : ticks(xRange, 'linear', 6);
  const yTicks = logarithmic ? decades(yRange[0], yRange[1]) : ticks(yRange, 'linear', 5);
  const number = (value: number) => (logarithmic ? formatPower(value, 2) : formatValue(value));
  const right = BOX.left + width;
  const floor = BOX.top + height;
  const named = chart.lines.filter(line => !line.quiet);
  const names: string[] = [];
  let at = 16;
  for (const { label, colour, dashed } of named) {
    names.push(
      dashed
        ? `<path d="M${at} 36h9" ${paint('stroke', colour)} stroke-width="1.5" stroke-dasharray="4 1"/>`
        : `<rect x="${at}" y="32" width="8" height="8" ${paint('fill', colour)}/>`,
    );
    names.push(text(label, at + 12, 40, 'start'));
    // Names are short: seven pixels a letter is wide enough for all of them.
    at += 28 + 7 * label.length;
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="${escapeXml(ink.font).replaceAll('&quot;', "'")}">`,
    ...(chart.provenance ? [svgMetadata(chart.provenance)] : []),
    `<clipPath id="plot"><rect x="${BOX.left}" y="${BOX.top}" width="${width}" height="${height}"/></clipPath>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" ${paint('fill', ink.ground)}/>`,
    text(
      chart.unit ? `${chart.title} (${chart.unit})` : chart.title,
      16,
      22,
      'start',
      ink.text,
      'font-size="13" font-weight="600"',
    ),
    ...(chart.bars ? [] : names),
    ...xTicks.map(value => rule(atX(value), BOX.top, atX(value), floor + 4)),
    ...yTicks.map(value => rule(BOX.left - 4, atY(value), right, atY(value))),
    ...xTicks.map(value =>
      text(
        chart.time ? (value === 0 ? '0' : formatDuration(value)) : formatValue(value),
        atX(value),
        floor + 20,
        'middle',
      ),
    ),
    ...yTicks.map(value => text(number(value), BOX.left - 8, atY(value) + 4, 'end')),
    '<g clip-path="url(#plot)">',
    ...chart.lines.flatMap(line =>
      chart.bars && !line.stepped ? barsOf(chart.x, line, atX, atY, floor) : lineOf(chart.x, line, atX, atY),
    ),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

type Scale = (value: number) => number;

function lineOf(x: ArrayLike<number>, line: ChartLine, atX: Scale, atY: Scale): string[] {
  const { values, low, high, colour } = line;
  const shapes: string[] = [];
  if (low && high) {
    for (const run of runsOf(high, low)) {
      const upper = run.map(i => `${coordinate(atX(x[i]))} ${coordinate(atY(high[i]))}`);
      const lower = run.map(i => `${coordinate(atX(x[i]))} ${coordinate(atY(low[i]))}`).reverse();
      shapes.push(`<path d="M${[...upper, ...lower].join('L')}Z" ${paint('fill', line.wash ?? colour)}/>`);
    }
  }
  let path = '';
  for (const run of runsOf(values)) {
    run.forEach((i, k) => {
      const [px, py] = [coordinate(atX(x[i])), coordinate(atY(values[i]))];
      if (k === 0) path += `M${px} ${py}`;
      else path += line.stepped ? `H${px}V${py}` : `L${px} ${py}`;
    });
  }
  const dash = line.dashed ? ' stroke-dasharray="4 4"' : '';
  const width = line.quiet || line.dashed ? 1 : 1.5;
  if (path !== '')
    shapes.push(
      `<path d="${path}" fill="none" ${paint('stroke', colour)} stroke-width="${width}" stroke-linejoin="round"${dash}/>`,
    );
  return shapes;
}

/** A bar from each place to the next; the last has no next. */
function barsOf(
  x: ArrayLike<number>,
  { values, colour, wash }: ChartLine,
  atX: Scale,
  atY: Scale,
  floor: number,
): string[] {
  const bars: string[] = [];
  for (let i = 0; i + 1 < x.length; i++) {
    if (!(values[i] > 0)) continue;
    const [left, right, top] = [atX(x[i]), atX(x[i + 1]), atY(values[i])];
    const gap = 0.04 * (right - left);
    bars.push(
      `<rect x="${coordinate(left + gap)}" y="${coordinate(top)}" width="${coordinate(right - left - 2 * gap)}" height="${coordinate(floor - top)}" ${paint('fill', wash ?? colour)} ${paint('stroke', colour)}/>`,
    );
  }
  return bars;
}

/** Indices of stretches without gaps. */
function runsOf(...columns: readonly ArrayLike<number>[]): number[][] {
  const runs: number[][] = [];
  let run: number[] = [];
  for (let i = 0; i < columns[0].length; i++) {
    if (columns.every(column => Number.isFinite(column[i]))) {
      if (run.length === 0) runs.push(run);
      run.push(i);
    } else run = [];
  }
  return runs;
}

function timeTicks([low, high]: readonly [number, number], most: number): number[] {
  const step = TIME_STEPS.find(length => (high - low) / length <= most) ?? (high - low) / most;
  const found: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9); k++) found.push(k * step);
  return found;
}
