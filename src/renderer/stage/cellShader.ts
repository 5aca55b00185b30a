/**
 * Cells as shaded discs. One fragment body serves two ways of covering the pixels: points (one vertex per cell, by far
 * the fastest where there are many) and quads (four vertices, corner from the vertex number) where a disc is larger than
 * a point may be or where it must not vanish when its centre leaves the window.
 *
 * A vertex is twenty bytes: x, y, radius (µm, Float32), colour (r, g, b, opacity), state (ring, dividing, distance from
 * the slice, ghost), each a byte 0 … 255. A rod is the same vertex with two more floats, the
 * vector from its centre to a cap, on a quad along it: distances below are then those from its axis.
 */
const COMMON = `
in vec3 aCell;
in vec4 aColour;
in vec4 aState;
uniform vec4 uView;
uniform vec4 uWindow;
flat out vec4 vColour;
flat out vec4 vState;
flat out vec2 vSize; // radius, half the edge of the square drawn (drawing-buffer pixels)
vec2 place() {
  float radius = max(aCell.z * uView.z, 0.7 * uWindow.z);
  float extent = radius + 0.5 + (aState.x > 0.0 ? 5.0 * uWindow.z : 0.0) + aState.w * 3.0 * uWindow.z;
  vColour = aColour;
  vState = aState;
  vSize = vec2(radius, extent);
  return (aCell.xy - uView.xy) * uView.z;
}`;

export const POINT_VERTEX = `#version 300 es
${COMMON}
void main() {
  gl_Position = vec4(2.0 * place() / uWindow.xy, 0.0, 1.0);
  gl_PointSize = 2.0 * vSize.y;
}`;

export const QUAD_VERTEX = `#version 300 es
${COMMON}
out vec2 vOffset;
void main() {
  vec2 centre = place();
  vec2 corner = vec2(float(gl_VertexID & 1), float((gl_VertexID >> 1) & 1)) * 2.0 - 1.0;
  vOffset = corner * vSize.y;
  gl_Position = vec4(2.0 * (centre + vOffset) / uWindow.xy, 0.0, 1.0);
}`;

export const ROD_VERTEX = `#version 300 es
${COMMON}
in vec2 aHalf;
out vec2 vOffset;
flat out vec2 vHalf;
void main() {
  vec2 centre = place();
  vHalf = aHalf * uView.z;
  float reach = length(vHalf);
  vec2 along = reach > 0.0 ? vHalf / reach : vec2(1.0, 0.0);
  vec2 corner = vec2(float(gl_VertexID & 1), float((gl_VertexID >> 1) & 1)) * 2.0 - 1.0;
  vOffset = along * corner.x * (reach + vSize.y) + vec2(-along.y, along.x) * corner.y * vSize.y;
  gl_Position = vec4(2.0 * (centre + vOffset) / uWindow.xy, 0.0, 1.0);
}`;

/** `p` is the offset from the centre (of a rod: from the nearest point of its axis) in drawing-buffer pixels, y upwards. */
const fragment = (declaration: string, offset: string) => `#version 300 es
precision highp float;
${declaration}
flat in vec4 vColour;
flat in vec4 vState;
flat in vec2 vSize;
out vec4 colour;
uniform vec4 uWindow;
uniform vec4 uRing;
uniform vec4 uHalo;
uniform vec4 uFog;
void main() {
  vec2 p = ${offset};
  float r = vSize.x;
  float d = length(p);
  float unit = uWindow.z;
  vec2 q = p / r;
  float q2 = dot(q, q);

  // A flat dome lit from the upper left: bright above, a little darker towards the edge.
  float dome = sqrt(max(0.0, 1.0 - q2));
  float detail = smoothstep(2.0 * unit, 6.0 * unit, r);
  float light = 1.0 + detail * (0.20 * dome - 0.19 + 0.11 * dot(q, vec2(-0.55, 0.83)));
  vec2 g = q - vec2(-0.30, 0.44);
  float gloss = detail * 0.30 * exp(-4.5 * dot(g, g));
  vec3 c = mix(vColour.rgb * light, vec3(1.0), gloss);

  // A thin darker rim, so that touching cells stay apart whatever their colours.
  float rim = clamp(0.085 * r, 0.8 * unit, 2.2 * unit);
  float line = smoothstep(r - rim - 0.75, r - rim + 0.25, d);
  c = mix(c, vColour.rgb * 0.30, line * 0.85 * smoothstep(1.5 * unit, 4.0 * unit, r));

  // About to divide: a second, inner rim.
  float inner = abs(d - 0.66 * r) - 0.5 * rim;
  c = mix(c, vColour.rgb * 0.34, vState.y * 0.75 * detail * (1.0 - smoothstep(-0.25, 0.75, inner)));

  c = mix(c, uFog.rgb, vState.z);
  float cover = clamp(r - d + 0.5, 0.0, 1.0);
  float alpha = vColour.a * cover;

  // See-through in a section: the rim stays, and what the plane does not cut steps back.
  if (vColour.a < 1.0) alpha = max(alpha, 0.75 * line * cover) * max(0.0, 1.0 - 2.0 * vState.z);

  // A cell that died: only its outline, widening and fading.
  if (vState.w > 0.0) {
    float outline = 1.0 - smoothstep(0.6 * unit, 1.6 * unit, abs(d - r - 1.5 * unit * vState.w));
    c = mix(vColour.rgb, uRing.rgb, 0.35);
    alpha = (0.35 * alpha + 0.85 * outline) * (1.0 - vState.w);
  }

  // Selected or under the pointer: a ring outside the disc, kept apart from everything by dark (or light) lines.
  if (vState.x > 0.0) {
    bool chosen = vState.x > 0.75;
    // Finer about small cells, so that the rings of neighbours do not run together.
    float fine = unit * clamp(r / (9.0 * unit), 0.4, 1.0);
    float width = (chosen ? 1.25 : 0.6) * fine;
    float away = abs(d - r - 2.2 * fine);
    float ring = (1.0 - smoothstep(width - 0.5, width + 0.5, away)) * (chosen ? 1.0 : 0.75);
    float halo = 1.0 - smoothstep(width + fine - 0.5, width + fine + 0.5, away);
    float outside = step(r - 0.5, d) * (chosen ? 0.9 : 0.5);
    c = mix(c, uHalo.rgb, halo * step(r - 0.5, d));
    alpha = max(alpha, halo * outside);
    c = mix(c, uRing.rgb, ring);
    alpha = max(alpha, ring);
  }
  colour = vec4(clamp(c, 0.0, 1.0) * alpha, alpha);
}`;

/**
 * A cell of a few pixels: its colour and a hint of a rim, nothing else. Where there are tens of thousands they are as small
 * as this, and a renderer in software pays for every operation (and for both sides of a branch).
 */
export const DOT_VERTEX = `#version 300 es
in vec3 aCell;
in vec4 aColour;
in vec4 aState;
uniform vec4 uView;
uniform vec4 uWindow;
uniform vec4 uFog;
flat out vec4 vColour;
flat out vec3 vSize; // radius; half the edge of the square drawn; strength of the rim
void main() {
  float radius = max(aCell.z * uView.z, 0.7 * uWindow.z);
  vColour = vec4(mix(aColour.rgb, uFog.rgb, aState.z), aColour.a);
  vSize = vec3(radius, radius + 0.5, 0.6 * clamp(radius / uWindow.z - 1.5, 0.0, 1.0));
  gl_Position = vec4(2.0 * (aCell.xy - uView.xy) * uView.z / uWindow.xy, 0.0, 1.0);
  gl_PointSize = 2.0 * vSize.y;
}`;

export const DOT_FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 vColour;
flat in vec3 vSize;
out vec4 colour;
void main() {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float inside = vSize.x - sqrt(dot(p, p)) * vSize.y;
  float cover = vColour.a * clamp(inside + 0.5, 0.0, 1.0);
  float shade = 1.0 - vSize.z * clamp(1.4 - inside, 0.0, 1.0);
  colour = vec4(vColour.rgb * (shade * cover), cover);
}`;

export const POINT_FRAGMENT = fragment('', '(gl_PointCoord * 2.0 - 1.0) * vec2(1.0, -1.0) * vSize.y');
export const QUAD_FRAGMENT = fragment('in vec2 vOffset;', 'vOffset');
export const ROD_FRAGMENT = fragment(
  'in vec2 vOffset;\nflat in vec2 vHalf;',
  'vOffset - vHalf * clamp(dot(vOffset, vHalf) / max(dot(vHalf, vHalf), 1e-6), -1.0, 1.0)',
);
