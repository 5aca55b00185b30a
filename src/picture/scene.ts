import type { Frame } from '../engine/recording/frame.ts';
import { type Camera, fitCamera, type Size } from './camera.ts';
import { type CloneColours, colourCells, mapOf } from './cellColours.ts';
import { ROD_WORDS, VERTEX_WORDS, VertexStore, writeCells } from './cellVertices.ts';
import { layerTables } from './colour/maps.ts';
import type { Range } from './colour/scale.ts';
import { decimalsOfStep, formatClock } from './format/time.ts';
import { type Legend, legendsOf } from './legend.ts';
import { MOST_LAYERS } from './limits.ts';
import type { Captions } from './plates.ts';
import type { ShownRanges } from './ranges.ts';
import type { Subject } from './subject.ts';
import type { StageView } from './view.ts';

/** What is seen at one moment: everything that a picture of it, of whatever kind, is drawn from. */
export interface Scene {
  readonly camera: Camera;
  /** CSS pixels. */
  readonly window: Size;
  /** Domain in the window: left, top, right, bottom, CSS pixels. */
  readonly place: readonly [number, number, number, number];
  readonly planes: readonly {
    readonly values: Float32Array;
    readonly range: Range;
    readonly scale: 'linear' | 'log';
  }[];
  readonly tables: Uint8Array;
  /** In the order in which they are drawn. */
  readonly cells: VertexStore;
  readonly captions: Captions;
}

/** @param ranges those of the colours, molecules/µm³ for fields: of this frame, or of all pictures of a film */
export function sceneOf(
  subject: Subject,
  frame: Frame,
  view: StageView,
  ranges: ShownRanges,
  clones: CloneColours,
  window: Size,
): Scene {
  const { grid } = subject;
  const [width, height] = grid.size;
  const camera = fitCamera(window, { width, height });
  const layers = view.fields.slice(0, MOST_LAYERS);
  const [nx, ny, nz] = grid.cells;
  const k = Math.min(Math.max(0, Math.round(view.slice)), nz - 1);
  const colours = new Uint32Array(frame.count);
  const isSection = grid.dimensions === 3;
  colourCells(frame, view.cells, ranges.cells ?? [0, 1], clones, colours, isSection);
  const cells = new VertexStore(1, frame.half ? ROD_WORDS : VERTEX_WORDS);
  writeCells(cells, new VertexStore(1, cells.stride), {
    frame,
    colours,
    selected: new Set(),
    hovered: -1,
    left: 0,
    right: width,
    bottom: 0,
    top: height,
    slice: isSection ? (k + 0.5) * grid.spacing[2] : null,
  });
  const left = window.width / 2 - camera.x * camera.scale;
  const bottom = window.height / 2 + camera.y * camera.scale;
  const legends: readonly Legend[] = view.legend ? legendsOf(subject, view, ranges.fields, ranges.cells) : [];
  return {
    camera,
    window,
    place: [left, bottom - height * camera.scale, left + width * camera.scale, bottom],
    planes: layers.map(({ field, scale }, l) => ({
      values: frame.fields[field].subarray(k * nx * ny, (k + 1) * nx * ny),
      range: ranges.fields[l],
      scale,
    })),
    tables: layerTables(
      layers.map(({ map }) => map),
      view.theme,
      subject.cellTypes.length > 0 && mapOf(view.cells) !== null,
    ),
    cells,
    captions: {
      window,
      scale: view.scaleBar ? camera.scale : null,
      time: view.timeStamp ? formatClock(frame.time, decimalsOfStep(subject.step)) : null,
      legends,
    },
  };
}
