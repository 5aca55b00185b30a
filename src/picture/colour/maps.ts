import { mixColours, type Rgb } from './oklab.ts';

export type MapName = 'viridis' | 'magma' | 'cividis' | 'diverging';

export const MAP_NAMES: readonly MapName[] = ['viridis', 'magma', 'cividis', 'diverging'];

/** Maps taken where nobody chose: one for fields, another for cells, so that neither is read on the scale of the other. */
export const FIELD_MAP: MapName = 'viridis';
export const CELL_MAP: MapName = 'magma';

/** Entries of a table. */
export const TABLE_SIZE = 256;

/**
 * Every 33rd part of the published 256-entry tables (van der Walt & Smith 2015, CC0, https://bids.github.io/colormap), as
 * hexadecimal colours at the indices round(255 k / 32). Linear interpolation between them is within 2/255 of the tables.
 */
const ANCHORS: Readonly<Record<'viridis' | 'magma', string>> = {
  viridis:
    '440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c' +
    '1f978b1f9f8821a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32c0df25d5e21aeae51afde725',
  magma:
    '0000040303120a0822130d341d114729115a36106b440f7651127c5d177f6a1c81762181832681902a819c2e7faa337db73779' +
    'c23b75cf4070db476ae55064ee5b5ef4695cf9785dfb8761fd9668fea571feb47bfec287fed194fde0a1fceeb0fcfdbf',
};

/**
 * Cividis (Nuñez, Anderton & Renslow 2018, doi:10.1371/journal.pone.0199239) as polynomials of the position, red, green and
 * blue from 0 to 255, constant term first: the fit of Jamie Nuñez published with d3-scale-chromatic.
 */
const CIVIDIS: readonly (readonly number[])[] = [
  [-4.54, -35.34, 2381.73, -6402.7, 7024.72, -2710.57],
  [32.49, 170.73, 52.82, -131.46, 176.58, -67.37],
  [81.24, 442.36, -2482.43, 6167.24, -6614.94, 2475.67],
];

/** Ends and middle of the diverging map: blue and red of equal lightness in OKLab about a neutral grey. */
const DIVERGING: readonly [Rgb, Rgb, Rgb] = [
  [22, 92, 196],
  [232, 230, 227],
  [176, 48, 38],
];

const tables = new Map<MapName, Uint8Array>();

/** 256 colours of a map as r, g, b bytes; made once. */
export function colourTable(map: MapName): Uint8Array {
  let table = tables.get(map);
  if (!table) {
    table = new Uint8Array(3 * TABLE_SIZE);
    for (let i = 0; i < TABLE_SIZE; i++) table.set(compute(map, i), 3 * i);
    tables.set(map, table);
  }
  return table;
}

const cellTables = new Map<MapName, Uint8Array>();

/** Share of a sequential map's dark end that cells leave out: a black disc on a dark field reads as a hole. */
const DARK_END = 0.25;

/** The map for cells: the same, without its darkest part. */
export function cellTable(map: MapName): Uint8Array {
  let table = cellTables.get(map);
  if (!table) {
    const whole = colourTable(map);
    const skipped = map === 'diverging' ? 0 : DARK_END;
    table = new Uint8Array(3 * TABLE_SIZE);
    for (let i = 0; i < TABLE_SIZE; i++) {
      const t = skipped + (1 - skipped) * (i / (TABLE_SIZE - 1));
      const entry = 3 * Math.round((TABLE_SIZE - 1) * t);
      table.set(whole.subarray(entry, entry + 3), 3 * i);
    }
    cellTables.set(map, table);
  }
  return table;
}

function compute(map: MapName, index: number): Rgb {
  const t = index / (TABLE_SIZE - 1);
  if (map === 'cividis') {
    const [red, green, blue] = CIVIDIS.map(c => clampByte(c.reduceRight((sum, term) => sum * t + term, 0)));
    return [red, green, blue];
  }
  if (map === 'diverging') {
    const [from, middle, to] = DIVERGING;
    return t < 0.5 ? mixColours(from, middle, 2 * t) : mixColours(middle, to, 2 * t - 1);
  }
  const anchors = ANCHORS[map];
  const at = (k: number): number[] =>
    [0, 2, 4].map(c => Number.parseInt(anchors.slice(6 * k + c, 6 * k + c + 2), 16));
  const index0 = (k: number) => Math.round((255 * k) / 32);
  let k = Math.min(31, Math.floor(t * 32));
  if (k < 31 && index >= index0(k + 1)) k++;
  if (k > 0 && index < index0(k)) k--;
  const f = (index - index0(k)) / (index0(k + 1) - index0(k));
  const low = at(k);
  const [red, green, blue] = at(k + 1).map((high, c) => clampByte(low[c] + f * (high - low[c])));
  return [red, green, blue];
}

function clampByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/**
 * Colours of layers that are blended. A map of many hues loses its order when added to another, so each of several layers
 * takes one hue instead, as in multi-channel fluorescence: green, magenta and blue-grey, pairs of which stay apart for
 * colour-blind eyes. On a dark stage they are lights on black (blended by screen: 1 − Π (1 − c)), on a light one inks on
 * white (blended by multiplication), so that more of either layer always moves away from the background.
 */
const LIGHTS: readonly Rgb[] = [
  [40, 235, 140],
  [240, 60, 220],
  [60, 130, 255],
];
const INKS: readonly Rgb[] = [
  [0, 150, 90],
  [196, 30, 150],
  [40, 90, 220],
];

export type Theme = 'dark' | 'light';

/**
 * How far a subdued map is drawn towards the ground of its theme, in OKLab: its lightness keeps its order, at a lower contrast
 * than that of the cells above it.
 */
const SUBDUED: Readonly<Record<Theme, { readonly share: number; readonly ground: Rgb }>> = {
  dark: { share: 0.38, ground: [13, 16, 21] },
  light: { share: 0.5, ground: [252, 251, 248] },
};

/**
 * The tables of the layers shown, r, g, b, a bytes, one row of 256 entries per layer. One layer keeps its own map. `subdued`
 * where cells above are coloured by a map of their own, so that they stand out and neither map is taken for the other.
 */
export function layerTables(maps: readonly MapName[], theme: Theme, subdued = false): Uint8Array {
  const rows = new Uint8Array(4 * TABLE_SIZE * Math.max(1, maps.length));
  const { share, ground } = SUBDUED[theme];
  maps.forEach((map, layer) => {
    const table = maps.length === 1 ? colourTable(map) : ramp(layer, theme);
    for (let i = 0; i < TABLE_SIZE; i++) {
      const colour: Rgb = [table[3 * i], table[3 * i + 1], table[3 * i + 2]];
      rows.set(subdued ? mixColours(colour, ground, share) : colour, 4 * (layer * TABLE_SIZE + i));
      rows[4 * (layer * TABLE_SIZE + i) + 3] = 255;
    }
  });
  return rows;
}

function ramp(layer: number, theme: Theme): Uint8Array {
  const from: Rgb = theme === 'dark' ? [0, 0, 0] : [255, 255, 255];
  const to = (theme === 'dark' ? LIGHTS : INKS)[layer];
  const table = new Uint8Array(3 * TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i++) table.set(mixColours(from, to, i / (TABLE_SIZE - 1)), 3 * i);
  return table;
}
