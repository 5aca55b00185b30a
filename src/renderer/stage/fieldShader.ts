/**
 * The domain: up to three fields through their colour maps, contour lines, the domain's edge. Textures hold plain
 * concentrations; the range and the logarithm are applied here, so that a new range costs no upload.
 */
export const FIELD_VERTEX = `#version 300 es
in vec2 aCorner;
uniform vec4 uView;    // middle x, y (µm); drawing-buffer pixels per µm; unused
uniform vec4 uWindow;  // drawing-buffer width, height; pixels per CSS pixel; unused
uniform vec4 uDomain;  // width, height (µm); unused
out vec2 vAt;
void main() {
  vAt = aCorner;
  vec2 pixels = (aCorner * uDomain.xy - uView.xy) * uView.z;
  gl_Position = vec4(2.0 * pixels / uWindow.xy, 0.0, 1.0);
}`;

/**
 * What a program draws. Every choice is made when the program is compiled: a renderer in software runs both sides of a
 * branch, so that one program for all would cost as much for an empty domain as for three fields with contours.
 */
export interface FieldVariant {
  /** Whether each layer, the first first, is on a logarithmic scale. */
  readonly logarithmic: readonly boolean[];
  readonly contours: boolean;
  readonly theme: 'dark' | 'light';
}

export function fieldFragment({ logarithmic, contours, theme }: FieldVariant): string {
  const layers = logarithmic.map((log, i) => {
    const value = `texture(uField${i}, vAt).r`;
    const placed = log ? `log2(max(value${i}, 1e-30)) * 0.30102999566` : `value${i}`;
    return `
  float value${i} = ${value};
  float t${i} = (${placed} - uLayer${i}.x) * uLayer${i}.y;
  vec3 c${i} = lookUp(t${i}, ${i});`;
  });
  const several = logarithmic.map((_, i) => `c${i}`);
  const blended =
    several.length < 2
      ? (several[0] ?? 'uEmpty.rgb')
      : theme === 'dark'
        ? `1.0 - (1.0 - uEmpty.rgb) * ${several.map(c => `(1.0 - ${c})`).join(' * ')}`
        : `uEmpty.rgb * ${several.join(' * ')}`;
  const drawn = several.length > 0;
  return `#version 300 es
precision highp float;
in vec2 vAt;
out vec4 colour;
uniform vec4 uView;
uniform vec4 uWindow;
uniform vec4 uDomain;
uniform vec4 uLayer0;   // low end, 1 / (high − low), of log₁₀ on a logarithmic scale
uniform vec4 uLayer1;
uniform vec4 uLayer2;
uniform vec4 uContours; // first level, distance of levels on the map (0 … 1); opacity
uniform vec4 uEmpty;
uniform vec4 uNoData;
uniform vec4 uEdge;
uniform vec4 uContourColour;
uniform sampler2D uField0;
uniform sampler2D uField1;
uniform sampler2D uField2;
uniform sampler2D uTable;
${drawn ? LOOK_UP : ''}
void main() {${layers.join('')}
  vec3 c = ${blended};
${drawn && contours ? CONTOURS : ''}
${drawn ? '  c = isnan(value0) ? uNoData.rgb : c;' : ''}
  // One CSS pixel along the walls.
  vec2 wall = min(vAt, 1.0 - vAt) * uDomain.xy * uView.z;
  float edge = clamp(uWindow.z + 0.5 - min(wall.x, wall.y), 0.0, 1.0);
  colour = vec4(mix(c, uEdge.rgb, edge), 1.0);
}`;
}

// The nearest entry, after adding a fixed pattern of half an entry (interleaved gradient noise, Jimenez 2014): the eye
// averages the pattern away, and sees no bands where a field is nearly flat.
const LOOK_UP = `
vec3 lookUp(float t, int row) {
  float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
  return texelFetch(uTable, ivec2(int(clamp(t * 255.0 + noise, 0.0, 255.0)), row), 0).rgb;
}`;

// Distance to the nearest level in pixels: in levels, divided by how many levels one pixel crosses. Where lines would come
// closer than about three pixels they fade out rather than fill the area.
const CONTOURS = `
  float level = (t0 - uContours.x) / uContours.y;
  float slope = fwidth(level);
  float away = abs(fract(level + 0.5) - 0.5) / max(slope, 1e-9);
  float halfWidth = 0.55 * uWindow.z;
  float line = clamp(halfWidth + 0.5 - away, 0.0, 1.0) * (1.0 - smoothstep(0.2, 0.45, slope));
  line *= step(-0.5 * uContours.y, t0) * step(t0, 1.0 + 0.5 * uContours.y) * step(1e-6, slope);
  c = mix(c, uContourColour.rgb, line * uContours.z);`;
