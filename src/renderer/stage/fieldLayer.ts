import { BufferImageSource, Geometry, GlProgram, RenderContainer, Shader, UniformGroup } from 'pixi.js';
import type { Frame } from '../../engine/recording/frame.ts';
import { mapOf } from '../../picture/cellColours.ts';
import { layerTables, type MapName, TABLE_SIZE, type Theme } from '../../picture/colour/maps.ts';
import { contourLevels, type Range, type ScaleKind } from '../../picture/colour/scale.ts';
import { MOST_LAYERS } from '../../picture/limits.ts';
import type { ScenarioInfo } from '../../session/contract.ts';
import { FIELD_VERTEX, type FieldVariant, fieldFragment } from './fieldShader.ts';
import { drawGeometry, paintState, type StageUniforms } from './surface.ts';
import type { StageView } from './view.ts';

const CONTOUR_OPACITY = 0.55;

/** Draws the domain with its fields. */
export interface FieldLayer {
  readonly container: RenderContainer;
  setScenario(scenario: ScenarioInfo): void;
  /** Uploads the layers shown, of the plane shown. */
  upload(frame: Frame, view: StageView): void;
  /** Applies maps, ranges and contours; costs no upload of fields. */
  style(view: StageView, ranges: readonly Range[]): void;
  /** Uploads the colour tables again, after a lost context. */
  refresh(): void;
  destroy(): void;
}

export function createFieldLayer(stage: StageUniforms): FieldLayer {
  const vector = () => ({ value: new Float32Array(4), type: 'vec4<f32>' as const });
  const uniforms = new UniformGroup({
    uDomain: vector(),
    uLayer0: vector(),
    uLayer1: vector(),
    uLayer2: vector(),
    uContours: vector(),
  });
  const table = texture(new Uint8Array(4 * TABLE_SIZE), TABLE_SIZE, 1, 'rgba8unorm');
  const sources = Array.from({ length: MOST_LAYERS }, () => texture(new Float32Array(1), 1, 1, 'r32float'));
  const resources = {
    stage,
    field: uniforms,
    uTable: table,
    uField0: sources[0],
    uField1: sources[1],
    uField2: sources[2],
  };
  const shaders = new Map<string, Shader>();
  function shaderOf(variant: FieldVariant): Shader {
    const key = JSON.stringify(variant);
    let made = shaders.get(key);
    if (!made) {
      const fragment = fieldFragment(variant);
      made = new Shader({
        glProgram: GlProgram.from({ vertex: FIELD_VERTEX, fragment, name: 'field' }),
        resources,
      });
      shaders.set(key, made);
    }
    return made;
  }
  let shader = shaderOf({ logarithmic: [], contours: false, theme: 'dark' });
  const geometry = new Geometry({
    topology: 'triangle-strip',
    attributes: { aCorner: { buffer: new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), format: 'float32x2' } },
  });
  const state = paintState(true);
  const container = new RenderContainer(renderer => {
    if (uniforms.uniforms.uDomain[0] > 0) {
      drawGeometry(renderer, geometry, shader, state, 4);
    }
  });

  let hasCells = false;
  function setScenario({ grid, cellTypes }: ScenarioInfo): void {
    hasCells = cellTypes.length > 0;
    uniforms.uniforms.uDomain.set([grid.size[0], grid.size[1], 0, 0]);
    uniforms.update();
    const [nx, ny] = grid.cells;
    for (const source of sources) {
      source.resource = new Float32Array(nx * ny);
      source.resize(nx, ny, 1);
      source.update();
    }
  }

  function upload(frame: Frame, view: StageView): void {
    view.fields.slice(0, MOST_LAYERS).forEach(({ field }, layer) => {
      const source = sources[layer];
      const plane = source.width * source.height;
      const values = frame.fields[field];
      if (!values || values.length < plane) return;
      const slices = Math.round(values.length / plane);
      const slice = Math.min(Math.max(0, view.slice), slices - 1);
      source.resource = slices === 1 ? values : values.subarray(slice * plane, (slice + 1) * plane);
      source.update();
    });
  }

  function style(view: StageView, ranges: readonly Range[]): void {
    const layers = view.fields.slice(0, MOST_LAYERS);
    const { uLayer0, uLayer1, uLayer2, uContours } = uniforms.uniforms;
    [uLayer0, uLayer1, uLayer2].forEach((uniform, i) => {
      if (i < layers.length) uniform.set(placement(ranges[i], layers[i].scale));
    });
    if (layers.length > 0) {
      const { origin, step } = contourLevels(ranges[0], layers[0].scale);
      uContours.set([origin, step, CONTOUR_OPACITY, 0]);
    }
    uniforms.update();
    shader = shaderOf({
      logarithmic: layers.map(layer => layer.scale === 'log'),
      contours: view.contours,
      theme: view.theme,
    });
    setTables(
      layers.map(layer => layer.map),
      view.theme,
      hasCells && mapOf(view.cells) !== null,
    );
  }

  let shown = '';
  function setTables(maps: readonly MapName[], theme: Theme, subdued: boolean): void {
    const key = `${maps.join()} ${maps.length > 1 || subdued ? theme : ''} ${subdued}`;
    if (key === shown) return;
    shown = key;
    table.resource = layerTables(maps, theme, subdued);
    table.resize(TABLE_SIZE, Math.max(1, maps.length), 1);
    table.update();
  }

  function refresh(): void {
    shown = '';
  }

  function destroy(): void {
    container.destroy();
    geometry.destroy(true);
    for (const made of shaders.values()) made.destroy();
    for (const source of [table, ...sources]) source.destroy();
  }

  return { container, setScenario, upload, style, refresh, destroy };
}

/** Low end, 1 / (high − low), both of log₁₀ on a log scale. */
function placement([low, high]: Range, scale: ScaleKind): [number, number, number, number] {
  if (scale === 'linear') return [low, 1 / (high - low), 0, 0];
  return [Math.log10(low), 1 / Math.log10(high / low), 0, 0];
}

/** Linear between voxel centres: the extension that float textures need for it is everywhere WebGL 2 is, near enough. */
function texture(
  resource: Float32Array | Uint8Array,
  width: number,
  height: number,
  format: 'r32float' | 'rgba8unorm',
): BufferImageSource {
  return new BufferImageSource({
    resource,
    width,
    height,
    format,
    scaleMode: 'linear',
    addressMode: 'clamp-to-edge',
    alphaMode: 'no-premultiply-alpha',
    autoGenerateMipmaps: false,
    autoGarbageCollect: false,
  });
}
