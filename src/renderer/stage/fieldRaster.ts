import type { Frame } from '../../engine/recording/frame.ts';
import { mapOf } from '../../picture/cellColours.ts';
import { layerTables, TABLE_SIZE } from '../../picture/colour/maps.ts';
import { position, type Range } from '../../picture/colour/scale.ts';
import { MOST_LAYERS } from '../../picture/limits.ts';
import { THEMES } from '../../picture/theme.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import type { StageView } from './view.ts';

/**
 * The fields shown as one pixel per voxel of the plane (r, g, b, a; the top row first), blended as fieldShader.ts does; null
 * where none is.
 */
export function fieldRaster(
  frame: Frame,
  view: StageView,
  ranges: readonly Range[],
  { grid, cellTypes }: Pick<ScenarioInfo, 'grid' | 'cellTypes'>,
): Uint8ClampedArray<ArrayBuffer> | null {
  const layers = view.fields.slice(0, MOST_LAYERS);
  if (layers.length === 0) return null;
  const [nx, ny] = grid.cells;
  const plane = nx * ny;
  const theme = THEMES[view.theme];
  const tables = layerTables(
    layers.map(({ map }) => map),
    view.theme,
    cellTypes.length > 0 && mapOf(view.cells) !== null,
  );
  const pixels = new Uint8ClampedArray(4 * plane);
  const slice = Math.min(Math.max(0, view.slice), grid.cells[2] - 1) * plane;
  for (let voxel = 0; voxel < plane; voxel++) {
    const at = 4 * ((ny - 1 - Math.floor(voxel / nx)) * nx + (voxel % nx));
    const entries = layers.map(({ field, scale }, layer) => {
      const value = frame.fields[field]?.[slice + voxel] ?? Number.NaN;
      if (Number.isNaN(value)) return -1;
      const t = position(value, ranges[layer] ?? [0, 1], scale);
      return 4 * (layer * TABLE_SIZE + Math.round((TABLE_SIZE - 1) * Math.min(1, Math.max(0, t))));
    });
    for (let c = 0; c < 3; c++) {
      let colour: number;
      if (entries[0] < 0) colour = theme.noData[c];
      else if (entries.length === 1) colour = tables[entries[0] + c];
      else if (view.theme === 'dark') {
        const rest = entries.reduce(
          (left, entry) => left * (1 - tables[entry + c] / 255),
          1 - theme.empty[c] / 255,
        );
        colour = 255 * (1 - rest);
      } else colour = entries.reduce((left, entry) => (left * tables[entry + c]) / 255, theme.empty[c]);
      pixels[at + c] = colour;
    }
    pixels[at + 3] = 255;
  }
  return pixels;
}
