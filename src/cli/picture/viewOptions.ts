import type { Description } from '../../engine/index.ts';
import { CELL_MAP } from '../../picture/colour/maps.ts';
import { firstView, plainLayer } from '../../picture/firstView.ts';
import { MOST_LAYERS } from '../../picture/limits.ts';
import type { Subject } from '../../picture/subject.ts';
import type { CellColouring, StageView } from '../../picture/view.ts';
import { UsageError } from '../exit.ts';

/** How a picture is wanted. */
export interface ViewOptions {
  readonly fields?: string;
  readonly colour?: string;
  readonly slice?: string;
  readonly contours?: boolean;
  readonly theme?: string;
  readonly size?: string;
  readonly scale?: string;
  /** False with --no-legend and so on. */
  readonly legend?: boolean;
  readonly time?: boolean;
  readonly scaleBar?: boolean;
}

const PLAIN: StageView = {
  fields: [],
  contours: false,
  slice: 0,
  cells: { by: 'type' },
  trails: false,
  scaleBar: true,
  legend: true,
  timeStamp: true,
  theme: 'dark',
};

/** What the scenario asks to be shown first, as in the app, with the options in its place. @throws UsageError */
export function viewOf(subject: Subject, options: ViewOptions): StageView {
  const { theme = 'dark', fields, colour, slice } = options;
  if (theme !== 'dark' && theme !== 'light')
    throw new UsageError(`--theme ${theme}: allowed are dark and light`);
  const first = firstView(PLAIN, subject);
  return {
    ...first,
    theme,
    contours: options.contours ?? false,
    legend: options.legend ?? true,
    timeStamp: options.time ?? true,
    scaleBar: options.scaleBar ?? true,
    ...(fields !== undefined && { fields: layersOf(subject, fields) }),
    ...(colour !== undefined && { cells: colouringOf(subject, colour) }),
    ...(slice !== undefined && { slice: planeOf(subject, slice) }),
  };
}

function layersOf({ fields }: Subject, text: string): StageView['fields'] {
  if (text === 'none') return [];
  const known = fields.map(({ name }) => name);
  const layers = text.split(',').map(part => {
    const [name, scale = 'linear'] = part.trim().split(':');
    const field = known.indexOf(name);
    if (field < 0) {
      const allowed = known.length > 0 ? `there are ${known.join(', ')}, or none` : 'there is none';
      throw new UsageError(`--fields: there is no field '${name}'; ${allowed}`);
    }
    if (scale !== 'linear' && scale !== 'log') {
      throw new UsageError(`--fields ${part}: the scale of a field is linear or log`);
    }
    return { ...plainLayer(field), scale } as const;
  });
  if (layers.length > MOST_LAYERS)
    throw new UsageError(`--fields: at most ${MOST_LAYERS} fields are blended`);
  return layers;
}

const BY = ['type', 'lineage', 'age', 'growth', 'phase'] as const;

function colouringOf({ cellTypes }: Subject, text: string): CellColouring {
  const by = BY.find(one => one === text);
  if (by) return { by };
  const dot = text.indexOf('.');
  const names = dot < 0 ? [null, text] : [text.slice(0, dot), text.slice(dot + 1)];
  const found = cellTypes.flatMap(({ name, species }, type) => {
    const index = species.findIndex(one => one.name === names[1]);
    return index >= 0 && (names[0] === null || names[0] === name) ? [{ type, index }] : [];
  });
  if (found.length !== 1) {
    const all = cellTypes.flatMap(({ name, species }) =>
      species.map(one => (cellTypes.length > 1 ? `${name}.${one.name}` : one.name)),
    );
    throw new UsageError(`--colour ${text}: allowed are ${[...BY, ...all].join(', ')}`);
  }
  const [{ type, index }] = found;
  return { by: 'species', type, species: index, as: 'amount', map: CELL_MAP, range: 'auto' };
}

function planeOf({ grid }: Subject, text: string): number {
  const plane = Number(text);
  const last = grid.cells[2] - 1;
  if (grid.dimensions === 2)
    throw new UsageError('--slice is for domains in three dimensions; this one has two');
  if (!Number.isInteger(plane) || plane < 0 || plane > last) {
    throw new UsageError(`--slice ${text}: expected the index of a plane along z, 0 to ${last}`);
  }
  return plane;
}

/** Pixels along a side, at most. */
const LARGEST = 8192;

/**
 * Size of the picture in CSS pixels and pixels per CSS pixel. Without --size the domain fills most of a window as wide as
 * given here. @throws UsageError
 */
export function sizeOf(
  { grid }: Subject,
  { size, scale = '1' }: ViewOptions,
  width: number,
): { readonly width: number; readonly height: number; readonly ratio: number } {
  const ratio = Number(scale);
  if (!(ratio >= 0.25 && ratio <= 8))
    throw new UsageError(`--scale ${scale}: expected 0.25 to 8 pixels to a unit of --size`);
  let [w, h] = [width, 0];
  if (size === undefined) {
    const share = Math.min(1.5, Math.max(0.4, grid.size[1] / grid.size[0]));
    h = 2 * Math.round((width * share) / 2);
  } else {
    const match = /^(\d+)x(\d+)$/.exec(size);
    if (!match) throw new UsageError(`--size ${size}: expected WIDTHxHEIGHT, as in 1280x720`);
    [w, h] = [Number(match[1]), Number(match[2])];
  }
  if (Math.min(w, h) * ratio < 64 || Math.max(w, h) * ratio > LARGEST) {
    throw new UsageError(
      `a picture of ${w}x${h} at --scale ${scale} is not possible; sides have 64 to ${LARGEST} pixels`,
    );
  }
  return { width: w, height: h, ratio };
}

export function subjectOf({ grid, time, fields, cellTypes }: Description, view: Subject['view']): Subject {
  return {
    view,
    grid,
    step: time.step,
    fields,
    cellTypes: cellTypes.map(({ name, circuit, division }) => ({
      name,
      species: circuit.species,
      divides: division !== null,
    })),
  };
}
