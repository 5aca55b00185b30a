import 'pixi.js/unsafe-eval';
import { type Geometry, type Renderer, type Shader, State, UniformGroup, WebGLRenderer } from 'pixi.js';
import type { Camera, Size } from '../../picture/camera.ts';
import type { Rgb } from '../../picture/colour/oklab.ts';
import type { StageTheme } from '../../picture/theme.ts';

/** What every shader of the stage reads: where the camera is, how large the window, colours without data. */
export type StageUniforms = ReturnType<typeof createUniforms>;

export function createUniforms() {
  const vector = () => ({ value: new Float32Array(4), type: 'vec4<f32>' as const });
  return new UniformGroup({
    uView: vector(),
    uWindow: vector(),
    uRing: vector(),
    uHalo: vector(),
    uFog: vector(),
    uEmpty: vector(),
    uNoData: vector(),
    uEdge: vector(),
    uContourColour: vector(),
  });
}

/** `ratio`: drawing-buffer pixels per CSS pixel. */
export function setView(group: StageUniforms, camera: Camera, window: Size, ratio: number): void {
  const { uniforms } = group;
  uniforms.uView.set([camera.x, camera.y, camera.scale * ratio, 0]);
  uniforms.uWindow.set([Math.round(window.width * ratio), Math.round(window.height * ratio), ratio, 0]);
  group.update();
}

export function setTheme(group: StageUniforms, theme: StageTheme): void {
  const { uniforms } = group;
  uniforms.uRing.set(unit(theme.ring));
  uniforms.uHalo.set(unit(theme.halo));
  uniforms.uFog.set(unit(theme.background));
  uniforms.uEmpty.set(unit(theme.empty));
  uniforms.uNoData.set(unit(theme.noData));
  uniforms.uEdge.set(unit(theme.edge));
  uniforms.uContourColour.set(unit(theme.contour));
  group.update();
}

function unit([red, green, blue]: Rgb): [number, number, number, number] {
  return [red / 255, green / 255, blue / 255, 1];
}

/** Premultiplied alpha over what is there, in painter's order; opaque things need not read what is below them. */
export function paintState(opaque = false): State {
  const state = new State();
  state.blendMode = 'normal';
  state.blend = !opaque;
  state.culling = false;
  state.depthTest = false;
  return state;
}

/** Draws so many vertices (or indices) of a geometry in one call. */
export function drawGeometry(
  renderer: Renderer,
  geometry: Geometry,
  shader: Shader,
  state: State,
  size: number,
): void {
  if ('encoder' in renderer)
    renderer.encoder.draw({ geometry, shader, state, topology: geometry.topology, size });
}

/** A WebGL2 renderer on its own canvas. @throws where the browser has no WebGL2 */
export async function createRenderer(size: Size, ratio: number): Promise<WebGLRenderer> {
  const renderer = new WebGLRenderer();
  await renderer.init({
    width: Math.max(1, size.width),
    height: Math.max(1, size.height),
    resolution: ratio,
    autoDensity: true,
    antialias: false,
    backgroundAlpha: 1,
    powerPreference: 'high-performance',
    preferWebGLVersion: 2,
  });
  if (renderer.context.webGLVersion !== 2) throw new Error('WebGL 2 is not available');
  return renderer;
}
