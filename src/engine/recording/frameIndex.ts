/**
 * The index of a recording's frames, `frames.csv`: one row per frame, written after everything that belongs to it. A frame is
 * there when its row is: what a killed run wrote beyond the last whole row does not count.
 */
export interface FrameEntry {
  readonly step: number;
  /** s */
  readonly time: number;
  /** Cells in it; null where the frame is of fields only. */
  readonly cells: number | null;
  /** Place of their record batch in `cells.arrows`, bytes; 0 where there is none. */
  readonly offset: number;
  readonly bytes: number;
  /** Index of the frame in `fields.zarr`; null where it is of cells only. */
  readonly field: number | null;
}

export const FRAME_HEADER = 'step,time_s,cells,offset,bytes,field\n';

export function frameRow({ step, time, cells, offset, bytes, field }: FrameEntry): string {
  return `${step},${time},${cells ?? ''},${offset},${bytes},${field ?? ''}\n`;
}

/** The frames of an index, up to the first row that is not whole or does not follow from those before it. */
export function parseFrames(text: string): FrameEntry[] {
  const entries: FrameEntry[] = [];
  if (!text.startsWith(FRAME_HEADER)) return entries;
  let end = -1;
  let fields = 0;
  let step = -1;
  for (const line of text.slice(FRAME_HEADER.length, text.lastIndexOf('\n') + 1).split('\n')) {
    const entry = parseRow(line);
    if (!entry || entry.step <= step) break;
    if (entry.cells !== null && end >= 0 && entry.offset !== end) break;
    if (entry.field !== null && entry.field !== fields) break;
    entries.push(entry);
    step = entry.step;
    if (entry.cells !== null) end = entry.offset + entry.bytes;
    if (entry.field !== null) fields++;
  }
  return entries;
}

function parseRow(line: string): FrameEntry | null {
  const match = /^(\d+),([\d.e+-]+),(\d*),(\d+),(\d+),(\d*)$/.exec(line);
  if (!match) return null;
  const [step, time, cells, offset, bytes, field] = match.slice(1);
  const optional = (text: string) => (text === '' ? null : Number(text));
  const entry = {
    step: Number(step),
    time: Number(time),
    cells: optional(cells),
    offset: Number(offset),
    bytes: Number(bytes),
    field: optional(field),
  };
  const isSafe = Number.isSafeInteger(entry.step) && Number.isSafeInteger(entry.offset + entry.bytes);
  return isSafe && Number.isFinite(entry.time) ? entry : null;
}
