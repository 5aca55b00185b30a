import { type layerTables, TABLE_SIZE } from '../colour/maps.ts';
import type { Rgb } from '../colour/oklab.ts';
import { contourLevels, type Range, type ScaleKind } from '../colour/scale.ts';
import type { StageTheme } from '../theme.ts';
import type { Image } from './image.ts';

/** The plane of a domain and its fields, as the app's shader draws it (renderer/stage/fieldShader.ts has the same formulas). */
export interface FieldPlane {
  /** Where the domain lies in the image: left, top, right, bottom, in pixels. */
  readonly place: readonly [number, number, number, number];
  /** Voxels along x and y. */
  readonly cells: readonly [number, number];
  /** One plane of values per layer, molecules/µm³, from the bottom row up. */
  readonly layers: readonly {
    readonly values: Float32Array;
    readonly range: Range;
    readonly scale: ScaleKind;
  }[];
  /** Colours of the layers, as of layerTables. */
  readonly tables: ReturnType<typeof layerTables>;
  readonly contours: boolean;
  readonly dark: boolean;
  /** Pixels per CSS pixel. */
  readonly ratio: number;
}

const CONTOUR_OPACITY = 0.55;

export function paintFields(image: Image, plane: FieldPlane, theme: StageTheme): void {
  const { place, layers, ratio } = plane;
  const [left, top, right, bottom] = place;
  const [x0, y0] = [Math.max(0, Math.ceil(left - 0.5)), Math.max(0, Math.ceil(top - 0.5))];
  const x1 = Math.min(image.width, Math.ceil(right - 0.5));
  const y1 = Math.min(image.height, Math.ceil(bottom - 0.5));
  const width = Math.max(0, x1 - x0);
  const rows = layers.map(layer => rowSampler(layer, plane, x0, width));
  const here = layers.map(() => new Float32Array(width));
  const below = new Float32Array(width);
  const colour: [number, number, number] = [0, 0, 0];
  const contour = plane.contours && layers.length > 0 ? contourLine(layers[0], ratio) : null;
  for (let y = y0; y < y1; y++) {
    layers.forEach((_, l) => {
      rows[l](y, here[l]);
    });
    if (contour) rows[0](y + 1, below);
    for (let i = 0; i < width; i++) {
      const x = x0 + i;
      if (layers.length > 0 && Number.isNaN(here[0][i])) set(colour, theme.noData);
      else {
        mixLayers(colour, here, i, x, image.height - 1 - y, plane, theme.empty);
        if (contour) {
          const next = here[0][i + 1 < width ? i + 1 : i - 1] ?? here[0][i];
          mix(colour, theme.contour, CONTOUR_OPACITY * contour(here[0][i], next, below[i]));
        }
      }
      const wall = Math.min(x + 0.5 - left, right - x - 0.5, y + 0.5 - top, bottom - y - 0.5);
      const edge = Math.min(1, Math.max(0, ratio + 0.5 - wall));
      if (edge > 0) mix(colour, theme.edge, edge);
      const at = 4 * (y * image.width + x);
      for (let k = 0; k < 3; k++) image.pixels[at + k] = Math.round(colour[k]);
    }
  }
}

/** Positions on the map of the pixels of a row, linear between voxel centres. */
function rowSampler(
  { values, range, scale }: FieldPlane['layers'][0],
  { place, cells }: FieldPlane,
  x0: number,
  width: number,
): (y: number, into: Float32Array) => void {
  const [left, top, right, bottom] = place;
  const [nx, ny] = cells;
  const log = scale === 'log';
  const low = log ? Math.log10(range[0]) : range[0];
  const factor = 1 / ((log ? Math.log10(range[1]) : range[1]) - low);
  const columns = Array.from({ length: width }, (_, i) =>
    between(((x0 + i + 0.5 - left) / (right - left)) * nx - 0.5, nx),
  );
  return (y, into) => {
    const [j, fy] = between(((bottom - y - 0.5) / (bottom - top)) * ny - 0.5, ny);
    const upper = Math.min(j + 1, ny - 1) * nx;
    for (let i = 0; i < width; i++) {
      const [k, fx] = columns[i];
      const next = Math.min(k + 1, nx - 1);
      const a = values[j * nx + k] + fx * (values[j * nx + next] - values[j * nx + k]);
      const b = values[upper + k] + fx * (values[upper + next] - values[upper + k]);
      const value = a + fy * (b - a);
      into[i] = ((log && !Number.isNaN(value) ? Math.log10(Math.max(value, 1e-30)) : value) - low) * factor;
    }
  };
}

function between(at: number, count: number): [index: number, share: number] {
  const clamped = Math.min(count - 1, Math.max(0, at));
  const index = Math.floor(clamped);
  return [index, clamped - index];
}

/** Layers on one another: lights on a dark ground, inks on a light one. `row` counts from the bottom. */
function mixLayers(
  colour: [number, number, number],
  positions: readonly Float32Array[],
  i: number,
  x: number,
  row: number,
  { tables, dark }: FieldPlane,
  empty: Rgb,
): void {
  const layers = positions.length;
  set(colour, empty);
  // The same fixed pattern of half an entry as in the app: no bands where a field is nearly flat.
  const fraction = 0.06711056 * (x + 0.5) + 0.00583715 * (row + 0.5);
  const noise = 52.9829189 * (fraction - Math.floor(fraction));
  for (let l = 0; l < layers; l++) {
    const placed = positions[l][i] * (TABLE_SIZE - 1) + (noise - Math.floor(noise));
    const entry = 4 * (l * TABLE_SIZE + Math.floor(Math.min(TABLE_SIZE - 1, Math.max(0, placed))));
    for (let k = 0; k < 3; k++) {
      const value = tables[entry + k];
      if (layers === 1) colour[k] = value;
      else if (dark) colour[k] = 255 - ((255 - colour[k]) * (255 - value)) / 255;
      else colour[k] *= value / 255;
    }
  }
}

/** How much of a contour line covers a pixel, from the positions there, beside it and below it. */
function contourLine(
  { range, scale }: FieldPlane['layers'][0],
  ratio: number,
): (here: number, beside: number, below: number) => number {
  const { origin, step } = contourLevels(range, scale);
  return (here, beside, below) => {
    if (here < -0.5 * step || here > 1 + 0.5 * step) return 0;
    const level = (here - origin) / step;
    const slope = (Math.abs(beside - here) + Math.abs(below - here)) / step;
    if (!(slope > 1e-6)) return 0;
    const away = Math.abs(level + 0.5 - Math.floor(level + 0.5) - 0.5) / slope;
    const line = Math.min(1, Math.max(0, 0.55 * ratio + 0.5 - away));
    return line * (1 - smoothstep(0.2, 0.45, slope));
  };
}

export function smoothstep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

function set(colour: [number, number, number], to: Rgb): void {
  for (let k = 0; k < 3; k++) colour[k] = to[k];
}

function mix(colour: [number, number, number], to: Rgb, share: number): void {
  for (let k = 0; k < 3; k++) colour[k] += share * (to[k] - colour[k]);
}
