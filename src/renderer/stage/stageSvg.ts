import type { Frame } from '../../engine/recording/frame.ts';
import { type Camera, toScreen, toWorld } from '../../picture/camera.ts';
import { colourCells } from '../../picture/cellColours.ts';
import { ROD_WORDS, VertexStore, writeCells } from '../../picture/cellVertices.ts';
import { cssColour } from '../../picture/colour/palette.ts';
import { decimalsOfStep, formatClock } from '../../picture/format/time.ts';
import { legendsOf } from '../../picture/legend.ts';
import { layOutPlates } from '../../picture/plates.ts';
import { storeShapes } from '../../picture/svg/cellShapes.ts';
import { SvgContext } from '../../picture/svg/svgContext.ts';
import { type StageTheme, THEMES } from '../../picture/theme.ts';
import type { Provenance } from '../figures/provenance.ts';
import { coordinate, paint, svgMetadata } from '../figures/svgText.ts';
import { drawMarks } from './marks.ts';
import { planeHeight } from './probeField.ts';
import type { Shot } from './view.ts';

export interface StageSvgOptions {
  readonly legend: boolean;
  readonly scaleBar: boolean;
  readonly timeStamp: boolean;
  /** The fields, one pixel per voxel, as a data URL; null for none. */
  readonly fields: string | null;
  readonly provenance: Provenance;
}

/**
 * What the stage shows as a drawing: every cell in view a shape of its own, fields as a picture below, captions as text. Contour
 * lines and trails are left out. `ruler` measures text.
 */
export function stageSvg(
  shot: Shot,
  frame: Frame,
  ruler: CanvasRenderingContext2D,
  options: StageSvgOptions,
): string {
  const { window, camera, view, scenario, ranges } = shot;
  const theme = THEMES[view.theme];
  const [width, height] = [coordinate(window.width), coordinate(window.height)];
  const [left, top] = toScreen(camera, window, 0, scenario.grid.size[1]);
  const domain = `x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(scenario.grid.size[0] * camera.scale)}" height="${coordinate(scenario.grid.size[1] * camera.scale)}"`;
  const captions = new SvgContext(ruler);
  const probes = shot.probes.map(({ x, y }, i) => {
    const [sx, sy] = toScreen(camera, window, x, y);
    return { x: sx, y: sy, name: String(i + 1) };
  });
  drawMarks(captions, { probes, brush: null, lasso: null }, theme);
  const plates = layOutPlates(
    captions,
    {
      window,
      scale: options.scaleBar ? camera.scale : null,
      time: options.timeStamp ? formatClock(frame.time, decimalsOfStep(scenario.step)) : null,
      legends: options.legend ? legendsOf(scenario, view, ranges.fields, ranges.cells) : [],
    },
    theme,
  );
  for (const plate of plates) {
    captions.elements.push(`<g transform="translate(${coordinate(plate.x)} ${coordinate(plate.y)})">`);
    plate.draw(captions);
    captions.elements.push('</g>');
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    svgMetadata(options.provenance),
    `<rect width="${width}" height="${height}" ${paint('fill', cssColour(theme.background))}/>`,
    `<rect ${domain} ${paint('fill', cssColour(theme.empty))}/>`,
    ...(options.fields
      ? [`<image ${domain} preserveAspectRatio="none" xlink:href="${options.fields}"/>`]
      : []),
    '<g id="cells">',
    ...cellsOf(shot, frame, camera, theme),
    '</g>',
    `<rect ${domain} fill="none" ${paint('stroke', cssColour(theme.edge))}/>`,
    '<g id="captions">',
    ...captions.elements,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The cells in view, in the order in which the stage draws them. */
function cellsOf(shot: Shot, frame: Frame, camera: Camera, theme: StageTheme): string[] {
  const { window, view, scenario, ranges, lineage, selected } = shot;
  const is3d = scenario.grid.dimensions === 3;
  const colours = new Uint32Array(frame.count);
  colourCells(frame, view.cells, ranges.cells ?? [0, 1], lineage, colours, is3d);
  const [left, top] = toWorld(camera, window, 0, 0);
  const [right, bottom] = toWorld(camera, window, window.width, window.height);
  const slice = is3d ? planeHeight(scenario.grid, view.slice) : null;
  const cells = new VertexStore(1, ROD_WORDS);
  const rings = new VertexStore(1, ROD_WORDS);
  writeCells(cells, rings, { frame, colours, selected, hovered: -1, left, right, bottom, top, slice });
  const [originX, originY] = toScreen(camera, window, 0, 0);
  const placed = { scale: camera.scale, left: originX, top: originY };
  return [cells, rings].flatMap(store => storeShapes(store, placed, theme));
}
