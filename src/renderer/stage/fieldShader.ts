/**
 * The domain: up to three fields through their colour maps, contour lines, the domain's edge. Textures hold plain
 * concentrations; the range and the logarithm are applied here, so that a new range costs no upload.
 */
export const FIELD_VERTEX = `#version 300 es
in vec2 aCorner;
uniform vec4 uView;    // middle x, y (µm); drawing-buffer pixels per µm; unused
uniform vec4 uWindow;  // drawing-buffer width, height; pixels per CSS pixel; unused
uniform vec4 uDomain;  // width, height (µm); number of layers; 1 where contours are drawn
out vec2 vAt;
void main() {
  vAt = aCorner;
  vec2 pixels = (aCorner * uDomain.xy - uView.xy) * uView.z;
  gl_Position = vec4(2.0 * pixels / uWindow.xy, 0.0, 1.0);
}`;

export const FIELD_FRAGMENT = `#version 300 es
precision highp float;
in vec2 vAt;
out vec4 colour;
uniform vec4 uView;
uniform vec4 uWindow;
uniform vec4 uDomain;
uniform vec4 uLayer0;  // low end, 1 / (high − low) (of log₁₀ where z = 1), logarithmic, unused
uniform vec4 uLayer1;
uniform vec4 uLayer2;
uniform vec4 uContours; // first level, distance of levels on the map (0 … 1); opacity; 1 for lights, 0 for inks
uniform vec4 uEmpty;
uniform vec4 uNoData;
uniform vec4 uEdge;
uniform vec4 uContourColour;
uniform sampler2D uField0;
uniform sampler2D uField1;
uniform sampler2D uField2;
uniform sampler2D uTable;

float place(float value, vec4 layer) {
  if (layer.z > 0.5) value = log2(max(value, 1e-30)) * 0.30102999566;
  return (value - layer.x) * layer.y;
}

// The nearest entry, after adding a fixed pattern of half an entry (interleaved gradient noise, Jimenez 2014): the eye
// averages the pattern away, and sees no bands where a field is nearly flat.
vec3 lookUp(float t, int row) {
  float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
  return texelFetch(uTable, ivec2(int(clamp(t * 255.0 + noise, 0.0, 255.0)), row), 0).rgb;
}

void main() {
  float layers = uDomain.z;
  vec3 c = uEmpty.rgb;
  if (layers > 0.5) {
    float value = texture(uField0, vAt).r;
    float t = place(value, uLayer0);
    if (layers < 1.5) {
      c = lookUp(t, 0);
    } else {
      vec3 first = lookUp(t, 0);
      vec3 second = lookUp(place(texture(uField1, vAt).r, uLayer1), 1);
      vec3 third = layers > 2.5 ? lookUp(place(texture(uField2, vAt).r, uLayer2), 2) : vec3(1.0 - uContours.w);
      vec3 lights = 1.0 - (1.0 - uEmpty.rgb) * (1.0 - first) * (1.0 - second) * (1.0 - third);
      vec3 inks = uEmpty.rgb * first * second * third;
      c = uContours.w > 0.5 ? lights : inks;
    }
    if (uDomain.w > 0.5) {
      // Distance to the nearest level in pixels: in levels, divided by how many levels one pixel crosses. Where lines
      // would come closer than about three pixels they fade out rather than fill the area.
      float level = (t - uContours.x) / uContours.y;
      float slope = fwidth(level);
      float distance = abs(fract(level + 0.5) - 0.5) / max(slope, 1e-9);
      float halfWidth = 0.55 * uWindow.z;
      float line = 1.0 - smoothstep(halfWidth - 0.5, halfWidth + 0.5, distance);
      bool inside = t > -0.5 * uContours.y && t < 1.0 + 0.5 * uContours.y && slope > 1e-6;
      float fade = 1.0 - smoothstep(0.2, 0.45, slope);
      if (inside) c = mix(c, uContourColour.rgb, line * fade * uContours.z);
    }
    if (isnan(value)) c = uNoData.rgb;
  }
  // One CSS pixel along the walls.
  vec2 wall = min(vAt, 1.0 - vAt) * uDomain.xy * uView.z;
  float edge = 1.0 - smoothstep(uWindow.z - 0.5, uWindow.z + 0.5, min(wall.x, wall.y));
  colour = vec4(mix(c, uEdge.rgb, edge), 1.0);
}`;
