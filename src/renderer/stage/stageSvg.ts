import type { Frame } from '../../engine/recording/frame.ts';
import type { Rgb } from '../colour/oklab.ts';
import { cssColour } from '../colour/palette.ts';
import type { Provenance } from '../figures/provenance.ts';
import { coordinate, paint, svgMetadata } from '../figures/svgText.ts';
import { decimalsOfStep, formatClock } from '../format/time.ts';
import { type Camera, toScreen, toWorld } from './camera.ts';
import { colourCells } from './cellColours.ts';
import { RING_SELECTED, ROD_WORDS, VertexStore, writeCells } from './cellVertices.ts';
import { legendsOf } from './legend.ts';
import { drawMarks } from './marks.ts';
import { layOutPlates } from './plates.ts';
import { planeHeight } from './probeField.ts';
import { SvgContext } from './svgContext.ts';
import { type StageTheme, THEMES } from './theme.ts';
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
  const shapes: string[] = [];
  for (const store of [cells, rings]) {
    for (let i = 0; i < store.count; i++) {
      const at = i * ROD_WORDS;
      const [wx, wy, radius] = store.floats.subarray(at, at + 3);
      const [hx, hy] = store.floats.subarray(at + 5, at + 7);
      const [x, y] = toScreen(camera, window, wx, wy);
      const reach = { x: hx * camera.scale, y: -hy * camera.scale };
      const r = Math.max(radius * camera.scale, 0.7);
      shapes.push(...cellShapes({ x, y, r, reach }, store.words[at + 3], store.words[at + 4], theme));
    }
  }
  return shapes;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  /** From the centre to a cap. */
  readonly reach: { readonly x: number; readonly y: number };
}

/** A cell with its rims and ring, after cellShader.ts, without its light. */
function cellShapes(place: Place, colour: number, state: number, theme: StageTheme): string[] {
  const rgb: Rgb = [colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255];
  const fog = ((state >>> 16) & 255) / 255;
  const dividing = ((state >>> 8) & 255) / 255;
  const ring = state & 255;
  const alpha = colour >>> 24 < 255 ? ((colour >>> 24) / 255) * Math.max(0, 1 - 2 * fog) : 1;
  const shown = fog === 0 ? rgb : linear(rgb, theme.background, fog);
  const dark = linear(shown, [0, 0, 0], 0.6);
  const { r } = place;
  const rim = Math.min(2.2, Math.max(0.8, 0.085 * r));
  const rimmed = r > 2;
  const shapes = [
    shape(
      { ...place, r: rimmed ? r - rim / 2 : r },
      `${paint('fill', cssColour(shown, round(alpha)))}${
        rimmed
          ? ` ${paint('stroke', cssColour(dark, round(Math.max(alpha, 0.75 * (1 - fog)))))} stroke-width="${coordinate(rim)}"`
          : ''
      }`,
    ),
  ];
  if (dividing > 0 && rimmed) {
    const inner = paint('stroke', cssColour(dark, round(0.75 * dividing)));
    shapes.push(shape({ ...place, r: 0.66 * r }, `fill="none" ${inner} stroke-width="${coordinate(rim)}"`));
  }
  if (ring >= RING_SELECTED) {
    const outer = { ...place, r: r + 2.2 };
    shapes.push(
      shape(outer, `fill="none" ${paint('stroke', cssColour(theme.halo, 0.9))} stroke-width="4.5"`),
      shape(outer, `fill="none" ${paint('stroke', cssColour(theme.ring))} stroke-width="2.5"`),
    );
  }
  return shapes;
}

/** A disc, or a rod about its axis. */
function shape({ x, y, r, reach }: Place, style: string): string {
  const length = Math.hypot(reach.x, reach.y);
  if (length < 0.01)
    return `<circle cx="${coordinate(x)}" cy="${coordinate(y)}" r="${coordinate(r)}" ${style}/>`;
  const side = { x: (-reach.y / length) * r, y: (reach.x / length) * r };
  const at = (along: 1 | -1, across: 1 | -1) =>
    `${coordinate(x + along * reach.x + across * side.x)} ${coordinate(y + along * reach.y + across * side.y)}`;
  const cap = `A${coordinate(r)} ${coordinate(r)} 0 0 0`;
  return `<path d="M${at(-1, 1)}L${at(1, 1)}${cap} ${at(1, -1)}L${at(-1, -1)}${cap} ${at(-1, 1)}Z" ${style}/>`;
}

function linear(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map(c => Math.round(from[c] + share * (to[c] - from[c]))) as unknown as Rgb;
}

function round(opacity: number): number {
  return Math.round(opacity * 1000) / 1000;
}
