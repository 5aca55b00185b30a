import { Buffer, BufferUsage, Geometry, GlProgram, RenderContainer, type Renderer, Shader } from 'pixi.js';
import {
  type CellSelection,
  ROD_WORDS,
  VERTEX_WORDS,
  VertexStore,
  writeCells,
} from '../../picture/cellVertices.ts';
import {
  DOT_FRAGMENT,
  DOT_VERTEX,
  POINT_FRAGMENT,
  POINT_VERTEX,
  QUAD_FRAGMENT,
  QUAD_VERTEX,
  ROD_FRAGMENT,
  ROD_VERTEX,
} from './cellShader.ts';
import type { Ghost } from './ghosts.ts';
import { drawGeometry, paintState, type StageUniforms } from './surface.ts';

/**
 * Discs of more drawing-buffer pixels across are drawn as quads. Points are faster, but a graphics card may refuse large ones
 * (WebGL promises no more than one pixel; 64 is the least met in practice) and drops a point whose centre is outside the
 * window. Few discs of this size fit into a window.
 */
const LARGEST_POINT = 20;

/** Discs of at most so many CSS pixels across are drawn as dots: shading would not be seen. */
const LARGEST_DOT = 8;

/** Draws cells and the ghosts of dead ones. */
export interface CellLayer {
  readonly container: RenderContainer;
  /** `scale`: CSS pixels per µm; `ratio`: drawing-buffer pixels per CSS pixel. */
  update(
    cells: CellSelection | null,
    ghosts: readonly Ghost[],
    now: number,
    scale: number,
    ratio: number,
  ): void;
  destroy(): void;
}

export function createCellLayer(stage: StageUniforms): CellLayer {
  const dots = batch('dots', 1, stage, DOT_VERTEX, DOT_FRAGMENT);
  const points = batch('points', 1, stage, POINT_VERTEX, POINT_FRAGMENT);
  const quads = batch('quads', 4, stage, QUAD_VERTEX, QUAD_FRAGMENT);
  const rods = batch('rods', 4, stage, ROD_VERTEX, ROD_FRAGMENT, ROD_WORDS);
  const batches = [dots, points, quads, rods];
  const container = new RenderContainer(renderer => {
    for (const { draw } of batches) draw(renderer);
  });
  // The largest cell of the last picture says how the next one is tried first.
  let largest = 0;

  function update(
    cells: CellSelection | null,
    ghosts: readonly Ghost[],
    now: number,
    scale: number,
    ratio: number,
  ): void {
    for (const { store } of batches) store.count = 0;
    // Frames with rods draw all their cells as rods: one without a length is a disc.
    const rounds = cells?.frame.half ? rods : quads;
    if (cells?.frame.half) {
      largest = writeCells(rods.store, rods.store, cells);
    } else if (cells) {
      const tried = suited(2 * largest * scale, ratio);
      largest = writeCells(tried.store, quads.store, cells);
      const right = suited(2 * largest * scale, ratio);
      if (right !== tried) {
        tried.store.count = 0;
        writeCells(right.store, quads.store, cells);
      }
    }
    for (const ghost of ghosts) {
      const age = Math.min(255, Math.max(1, Math.round(255 * ghost.share(now))));
      rounds.store.push(ghost.x, ghost.y, ghost.radius, ghost.colour, age << 24, ghost.halfX, ghost.halfY);
    }
    for (const { upload } of batches) upload();
  }

  /** The way to draw discs up to so many CSS pixels across. */
  function suited(diameter: number, ratio: number): Batch {
    if (diameter <= LARGEST_DOT && diameter * ratio <= LARGEST_POINT) return dots;
    return diameter * ratio <= LARGEST_POINT ? points : quads;
  }

  function destroy(): void {
    container.destroy();
    for (const each of batches) each.destroy();
  }

  return { container, update, destroy };
}

interface Batch {
  readonly store: VertexStore;
  upload(): void;
  draw(renderer: Renderer): void;
  destroy(): void;
}

function batch(
  name: string,
  copies: 1 | 4,
  stage: StageUniforms,
  vertex: string,
  fragment: string,
  words = VERTEX_WORDS,
): Batch {
  const store = new VertexStore(copies, words);
  store.reserve(256);
  const buffer = new Buffer({
    data: store.floats,
    usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
    shrinkToFit: false,
  });
  const stride = 4 * words;
  const indices = copies === 4 ? new Buffer({ data: quadIndices(256), usage: BufferUsage.INDEX }) : null;
  const geometry = new Geometry({
    topology: copies === 1 ? 'point-list' : 'triangle-list',
    attributes: {
      aCell: { buffer, format: 'float32x3', stride, offset: 0 },
      aColour: { buffer, format: 'unorm8x4', stride, offset: 12 },
      aState: { buffer, format: 'unorm8x4', stride, offset: 16 },
      ...(words === ROD_WORDS && {
        aHalf: { buffer, format: 'float32x2' as const, stride, offset: 20 },
      }),
    },
    ...(indices && { indexBuffer: indices }),
  });
  const shader = new Shader({
    glProgram: GlProgram.from({ vertex, fragment, name: `cell-${name}` }),
    resources: { stage },
  });
  const state = paintState();
  let indexed = 256;

  function upload(): void {
    if (store.count === 0) return;
    if (buffer.data !== store.floats) buffer.data = store.floats;
    buffer.update(store.count * stride);
    const cells = store.count / copies;
    if (indices && cells > indexed) {
      indexed = Math.ceil(1.5 * cells);
      indices.data = quadIndices(indexed);
      indices.update();
    }
  }

  return {
    store,
    upload,
    draw(renderer) {
      if (store.count === 0) return;
      const size = copies === 1 ? store.count : (store.count / 4) * 6;
      drawGeometry(renderer, geometry, shader, state, size);
    },
    destroy() {
      geometry.destroy(true);
      shader.destroy();
    },
  };
}

/** Two triangles per quad: corners 0 1 2 and 2 1 3. */
function quadIndices(quads: number): Uint32Array {
  const indices = new Uint32Array(6 * quads);
  for (let q = 0; q < quads; q++) {
    indices.set([4 * q, 4 * q + 1, 4 * q + 2, 4 * q + 2, 4 * q + 1, 4 * q + 3], 6 * q);
  }
  return indices;
}
