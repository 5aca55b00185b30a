import { mapOf } from './cellColours.ts';
import { cellTable, layerTables, TABLE_SIZE } from './colour/maps.ts';
import { cssColour, NEUTRAL, typeColour } from './colour/palette.ts';
import { position, type Range, type ScaleKind, ticks } from './colour/scale.ts';
import { formatValue } from './format/number.ts';
import { concentrationUnit, durationUnit } from './format/units.ts';
import { MOST_LAYERS } from './limits.ts';
import type { Subject } from './subject.ts';
import type { StageView } from './view.ts';

/** One entry of the legend. */
export type Legend =
  | {
      readonly kind: 'bar';
      readonly title: string;
      readonly unit: string;
      /** r, g, b bytes of 256 entries. */
      readonly colours: Uint8Array;
      /** Labels along the bar at 0 … 1. */
      readonly ticks: readonly { readonly at: number; readonly label: string }[];
    }
  | {
      readonly kind: 'swatches';
      readonly items: readonly { readonly name: string; readonly colour: string }[];
    };

/** What the colours on the stage mean. */
export function legendsOf(
  scenario: Subject,
  view: StageView,
  ranges: readonly Range[],
  cells: Range | null,
): Legend[] {
  const layers = view.fields.slice(0, MOST_LAYERS);
  const rows = layerTables(
    layers.map(layer => layer.map),
    view.theme,
    scenario.cellTypes.length > 0 && mapOf(view.cells) !== null,
  );
  const legends = layers.map((layer, i): Legend => {
    const range = ranges[i] ?? [0, 1];
    const unit = concentrationUnit(Math.max(Math.abs(range[0]), Math.abs(range[1])));
    return {
      kind: 'bar',
      title: scenario.fields[layer.field]?.name ?? '',
      unit: unit.name,
      colours: withoutAlpha(rows.subarray(4 * TABLE_SIZE * i, 4 * TABLE_SIZE * (i + 1))),
      ticks: labels(range, layer.scale, unit.size),
    };
  });
  const ofCells = cellLegend(scenario, view, cells);
  return ofCells ? [ofCells, ...legends] : legends;
}

function cellLegend(scenario: Subject, { cells }: StageView, range: Range | null): Legend | null {
  if (scenario.cellTypes.length === 0) return null;
  if (cells.by === 'type') {
    const items = scenario.cellTypes.map(({ name }, type) => ({ name, colour: cssColour(typeColour(type)) }));
    return { kind: 'swatches', items };
  }
  const map = mapOf(cells);
  const name = range && naming(scenario, cells, range);
  if (!map || !name) return null;
  const [title, unit, size] = name;
  return { kind: 'bar', title, unit, colours: cellTable(map), ticks: labels(range, 'linear', size) };
}

function naming(
  scenario: Subject,
  cells: StageView['cells'],
  range: Range,
): [title: string, unit: string, size: number] | null {
  switch (cells.by) {
    case 'type':
    case 'lineage':
      return null;
    case 'age': {
      const unit = durationUnit(range[1]);
      return ['age', unit.name, unit.size];
    }
    case 'growth':
      return ['growth', '1/h', 1 / 3600];
    case 'phase':
      return ['cycle', '%', 0.01];
    case 'species': {
      const type = scenario.cellTypes[cells.type];
      const name = type?.species[cells.species]?.name ?? '';
      const title = scenario.cellTypes.length > 1 ? `${type?.name ?? ''}.${name}` : name;
      const mass = cells.species === 0;
      if (cells.as === 'amount') return [title, mass ? 'fg' : 'molecules', 1];
      if (mass) return [title, 'fg/µm³', 1];
      const unit = concentrationUnit(range[1]);
      return [title, unit.name, unit.size];
    }
  }
}

/** Both ends, and the round values between them that do not crowd. */
function labels([low, high]: Range, scale: ScaleKind, unit: number): { at: number; label: string }[] {
  const range: Range = [low / unit, high / unit];
  const between = ticks(range, scale, 4).filter(value => {
    const at = position(value, range, scale);
    return at > 0.2 && at < 0.8;
  });
  const middle = between.length <= 2 ? between : [between[Math.floor(between.length / 2)]];
  // A narrow range high up, such as 50 to 50.05, needs more digits for its ends to differ.
  const digits = Math.max(3, Math.ceil(Math.log10(Math.abs(range[1]) / (range[1] - range[0]))) + 2);
  return [range[0], ...middle, range[1]].map(value => ({
    at: position(value, range, scale),
    label: formatValue(Math.abs(value) < 1e-12 * Math.abs(range[1]) ? 0 : value, digits),
  }));
}

function withoutAlpha(rgba: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: (rgba.length / 4) * 3 }, (_, i) => rgba[4 * Math.floor(i / 3) + (i % 3)]);
}

/** Colour of cells that have no value for the colouring, for panels that explain it. */
export const NO_VALUE = cssColour(NEUTRAL);
