import { EVENT_HEADER } from '../../engine/recording/eventRows.ts';
import type { Ancestry } from '../contract.ts';

/** Cells that died. `type` is the index of a cell type. */
export interface Deaths {
  /** s */
  readonly time: Float64Array;
  readonly cell: Float64Array;
  readonly type: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/** What `events.csv` tells, edits aside, which `edits.json` has whole. */
export interface Events {
  readonly divisions: Ancestry;
  readonly deaths: Deaths;
}

const NONE: Events = {
  divisions: columns([], ['time', 'mother', 'first', 'second']),
  deaths: columns([], ['time', 'cell', 'type', 'x', 'y', 'z']),
};

/** The events of a recording; a last row that was cut off does not count. */
export function parseEvents(text: string, cellTypes: readonly string[]): Events {
  if (!text.startsWith(EVENT_HEADER)) return NONE;
  const types = new Map(cellTypes.map((name, index) => [name, index]));
  const divisions: number[][] = [];
  const deaths: number[][] = [];
  const end = text.lastIndexOf('\n');
  for (let at = EVENT_HEADER.length; at < end; ) {
    const next = text.indexOf('\n', at);
    const row = text.slice(at, next);
    at = next + 1;
    const cells = row.split(',', 10);
    const time = Number(cells[1]);
    if (!Number.isFinite(time)) break;
    if (cells[2] === 'division') divisions.push([time, Number(cells[3]), Number(cells[4]), Number(cells[5])]);
    else if (cells[2] === 'death') {
      const [x, y, z] = cells.slice(7, 10).map(Number);
      deaths.push([time, Number(cells[3]), types.get(cells[6]) ?? 0, x, y, z]);
    }
  }
  return {
    divisions: columns(divisions, ['time', 'mother', 'first', 'second']),
    deaths: columns(deaths, ['time', 'cell', 'type', 'x', 'y', 'z']),
  };
}

function columns<Name extends string>(
  rows: readonly (readonly number[])[],
  names: readonly Name[],
): Record<Name, Float64Array> {
  const entries = names.map((name, c) => [name, Float64Array.from(rows, row => row[c])]);
  return Object.fromEntries(entries) as Record<Name, Float64Array>;
}

/** How many of these times fall into each of `bins` equal parts of the stretch from `begin` to `end`. */
export function density(times: Float64Array, begin: number, end: number, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const width = (end - begin) / bins;
  if (!(width > 0)) return counts;
  for (const time of times) {
    const bin = Math.floor((time - begin) / width);
    if (bin >= 0) counts[Math.min(bin, bins - 1)]++;
  }
  return counts;
}

/** The first index whose time is after `time`, the times rising. */
export function firstAfter(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
