import { Buffer, BufferUsage, Geometry, GlProgram, RenderContainer, Shader } from 'pixi.js';
import type { Frame } from '../../engine/recording/frame.ts';
import { drawGeometry, paintState, type StageUniforms } from './surface.ts';
import { TrailHistory } from './trailHistory.ts';

const VERTEX = `#version 300 es
in vec2 aPlace;
in vec4 aColour;
uniform vec4 uView;
uniform vec4 uWindow;
out vec4 vColour;
void main() {
  vColour = aColour;
  gl_Position = vec4(2.0 * (aPlace - uView.xy) * uView.z / uWindow.xy, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 vColour;
out vec4 colour;
void main() {
  colour = vec4(vColour.rgb * vColour.a, vColour.a);
}`;

/** Lines along which cells came, fading backwards. */
export interface TrailLayer {
  readonly container: RenderContainer;
  readonly history: TrailHistory;
  /** Draws the trails of the cells of a frame in their colours; null draws none. */
  update(frame: Frame | null, colours: Uint32Array): void;
  destroy(): void;
}

export function createTrailLayer(stage: StageUniforms): TrailLayer {
  const history = new TrailHistory();
  const buffer = new Buffer({
    data: new Float32Array(3 * 512),
    usage: BufferUsage.VERTEX | BufferUsage.COPY_DST,
    shrinkToFit: false,
  });
  const geometry = new Geometry({
    topology: 'line-list',
    attributes: {
      aPlace: { buffer, format: 'float32x2', stride: 12, offset: 0 },
      aColour: { buffer, format: 'unorm8x4', stride: 12, offset: 8 },
    },
  });
  const shader = new Shader({
    glProgram: GlProgram.from({ vertex: VERTEX, fragment: FRAGMENT, name: 'trails' }),
    resources: { stage },
  });
  const state = paintState();
  let vertices = 0;
  const container = new RenderContainer(renderer => {
    if (vertices > 0) {
      drawGeometry(renderer, geometry, shader, state, vertices);
    }
  });

  function update(frame: Frame | null, colours: Uint32Array): void {
    vertices = 0;
    if (!frame) return;
    const floats = history.write(frame, colours);
    vertices = history.vertices;
    if (vertices === 0) return;
    if (buffer.data !== floats) buffer.data = floats;
    buffer.update(12 * vertices);
  }

  function destroy(): void {
    container.destroy();
    geometry.destroy(true);
    shader.destroy();
  }

  return { container, history, update, destroy };
}
