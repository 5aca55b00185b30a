import type { Frame } from '../../engine/recording/frame.ts';
import { colourCells, extent } from '../../picture/cellColours.ts';
import { colourTable, TABLE_SIZE } from '../../picture/colour/maps.ts';
import { position, type Range } from '../../picture/colour/scale.ts';
import { surveyField } from '../../picture/ranges.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import type { Lineage } from '../stage/lineage.ts';
import type { StageView } from '../stage/view.ts';

/** The size of a domain's picture within a box, px. */
export function thumbnailSize(scenario: ScenarioInfo, width: number, height: number): [number, number] {
  const [sizeX, sizeY] = scenario.grid.size;
  const scale = Math.min(width / sizeX, height / sizeY);
  return [Math.max(24, Math.round(sizeX * scale)), Math.max(16, Math.round(sizeY * scale))];
}

/**
 * Draws a frame small: the first field shown on the stage and the cells, in the stage's colours. Automatic ranges are the
 * frame's own: it may lie far from the one on the stage.
 */
export function drawThumbnail(
  canvas: HTMLCanvasElement,
  frame: Frame,
  scenario: ScenarioInfo,
  view: StageView,
  lineage: Lineage,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  drawField(context, frame, scenario, view);
  drawCells(context, frame, scenario, view, lineage);
}

function drawField(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { grid }: ScenarioInfo,
  { fields, slice }: StageView,
): void {
  const [layer] = fields;
  const values = layer && frame.fields[layer.field];
  if (!values) return;
  const { min, max, minPositive } = surveyField(values);
  const low = layer.scale === 'log' ? minPositive : min;
  const range: Range = layer.range === 'auto' ? [low, max > low ? max : low + 1] : layer.range;
  const table = colourTable(layer.map);
  const { width, height } = context.canvas;
  const [nx, ny] = grid.cells;
  const plane = nx * ny * Math.min(slice, grid.cells[2] - 1);
  const image = context.createImageData(width, height);
  for (let row = 0; row < height; row++) {
    // Rows of a picture go down, y goes up.
    const j = Math.min(ny - 1, Math.floor(((height - 1 - row + 0.5) / height) * ny));
    for (let column = 0; column < width; column++) {
      const i = Math.min(nx - 1, Math.floor(((column + 0.5) / width) * nx));
      const t = position(values[plane + j * nx + i], range, layer.scale);
      const entry = Math.round(Math.min(1, Math.max(0, Number.isNaN(t) ? 0 : t)) * (TABLE_SIZE - 1));
      const at = 4 * (row * width + column);
      image.data.set(table.subarray(3 * entry, 3 * entry + 3), at);
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

function drawCells(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { grid }: ScenarioInfo,
  view: StageView,
  lineage: Lineage,
): void {
  const { width, height } = context.canvas;
  const scale = width / grid.size[0];
  const colours = new Uint32Array(frame.count);
  const { cells } = view;
  const chosen = cells.by === 'species' && cells.range !== 'auto' ? cells.range : null;
  const [low, high] = chosen ?? extent(frame, cells) ?? [0, 1];
  colourCells(frame, cells, [low, high > low ? high : low + 1], lineage, colours);
  context.lineCap = 'round';
  for (let slot = 0; slot < frame.count; slot++) {
    const colour = colours[slot];
    const style = `rgb(${colour & 255} ${(colour >> 8) & 255} ${(colour >> 16) & 255})`;
    const x = frame.x[slot] * scale;
    const y = height - frame.y[slot] * scale;
    const radius = Math.max(0.8, frame.radius[slot] * scale);
    const halfX = (frame.half?.x[slot] ?? 0) * scale;
    const halfY = (frame.half?.y[slot] ?? 0) * scale;
    context.beginPath();
    if (halfX === 0 && halfY === 0) {
      context.fillStyle = style;
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    } else {
      context.strokeStyle = style;
      context.lineWidth = 2 * radius;
      context.moveTo(x - halfX, y + halfY);
      context.lineTo(x + halfX, y - halfY);
      context.stroke();
    }
  }
}
