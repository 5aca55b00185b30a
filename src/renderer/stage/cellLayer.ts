import { Buffer, BufferUsage, Geometry, GlProgram, RenderContainer, type Renderer, Shader } from 'pixi.js';
import { POINT_FRAGMENT, POINT_VERTEX, QUAD_FRAGMENT, QUAD_VERTEX } from './cellShader.ts';
import { type CellSelection, VERTEX_WORDS, VertexStore, writeCells } from './cellVertices.ts';
import type { Ghost } from './ghosts.ts';
import { drawGeometry, paintState, type StageUniforms } from './surface.ts';

/**
 * Discs of more drawing-buffer pixels across are drawn as quads. Points are faster, but a graphics card may refuse large ones
 * (WebGL promises no more than one pixel; 64 is the least met in practice) and drops a point whose centre is outside the
 * window. Few discs of this size fit into a window.
 */
const LARGEST_POINT = 20;

/** Draws cells and the ghosts of dead ones, each in one call. */
export interface CellLayer {
  readonly container: RenderContainer;
  /** `pixels`: drawing-buffer pixels per µm. */
  update(cells: CellSelection | null, ghosts: readonly Ghost[], now: number, pixels: number): void;
  destroy(): void;
}

export function createCellLayer(stage: StageUniforms): CellLayer {
  const points = batch(1, stage, POINT_VERTEX, POINT_FRAGMENT);
  const quads = batch(4, stage, QUAD_VERTEX, QUAD_FRAGMENT);
  const container = new RenderContainer(renderer => {
    points.draw(renderer);
    quads.draw(renderer);
  });

  function update(cells: CellSelection | null, ghosts: readonly Ghost[], now: number, pixels: number): void {
    points.store.count = 0;
    quads.store.count = 0;
    if (cells) {
      // The largest radius is known only after looking: try points, and write quads where they turn out too large.
      const largest = writeCells(points.store, cells);
      if (2 * largest * pixels > LARGEST_POINT) {
        points.store.count = 0;
        writeCells(quads.store, cells);
      }
    }
    quads.store.reserve(quads.store.count / 4 + ghosts.length);
    for (const ghost of ghosts) {
      const age = Math.min(255, Math.max(1, Math.round(255 * ghost.share(now))));
      quads.store.push(ghost.x, ghost.y, ghost.radius, ghost.colour, age << 24);
    }
    points.upload();
    quads.upload();
  }

  function destroy(): void {
    container.destroy();
    points.destroy();
    quads.destroy();
  }

  return { container, update, destroy };
}

interface Batch {
  readonly store: VertexStore;
  upload(): void;
  draw(renderer: Renderer): void;
  destroy(): void;
}

function batch(copies: 1 | 4, stage: StageUniforms, vertex: string, fragment: string): Batch {
  const store = new VertexStore(copies);
  store.reserve(256);
  const buffer = new Buffer({
    data: store.floats,
    usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
    shrinkToFit: false,
  });
  const stride = 4 * VERTEX_WORDS;
  const indices = copies === 4 ? new Buffer({ data: quadIndices(256), usage: BufferUsage.INDEX }) : null;
  const geometry = new Geometry({
    topology: copies === 1 ? 'point-list' : 'triangle-list',
    attributes: {
      aCell: { buffer, format: 'float32x3', stride, offset: 0 },
      aColour: { buffer, format: 'unorm8x4', stride, offset: 12 },
      aState: { buffer, format: 'unorm8x4', stride, offset: 16 },
    },
    ...(indices && { indexBuffer: indices }),
  });
  const shader = new Shader({
    glProgram: GlProgram.from({ vertex, fragment, name: copies === 1 ? 'cell-points' : 'cell-quads' }),
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
