/** A closed or open outline in pixels: x, y, x, y … of a polygon. */
export type Polygon = readonly number[];

/** Shares of pixels that a shape covers, in a box. */
export interface Coverage {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0 … 1, row by row from the top. */
  readonly shares: Float32Array;
}

/**
 * Shares of pixels inside closed polygons by the non-zero rule where windings do not exceed 1, exact for straight edges: every
 * edge adds its signed area to the pixels it crosses and its height to those right of it, which a running sum over the row
 * carries on (the accumulation buffer of Raph Levien's font-rs, https://github.com/raphlinus/font-rs). Clipped to 0 … width, 0 … height.
 */
export function cover(polygons: readonly Polygon[], width: number, height: number): Coverage | null {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (const points of polygons) {
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
  }
  left = Math.max(0, Math.floor(left));
  top = Math.max(0, Math.floor(top));
  right = Math.min(width, Math.ceil(right));
  bottom = Math.min(height, Math.ceil(bottom));
  if (!(right > left && bottom > top)) return null;
  const [w, h] = [right - left, bottom - top];
  const sums = new Float32Array((w + 1) * h + 1);
  for (const points of polygons) {
    const last = points.length;
    for (let i = 0; i < last; i += 2) {
      const j = (i + 2) % last;
      addEdge(sums, w, h, points[i] - left, points[i + 1] - top, points[j] - left, points[j + 1] - top);
    }
  }
  const shares = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    let sum = 0;
    for (let x = 0; x < w; x++) {
      sum += sums[y * (w + 1) + x];
      shares[y * w + x] = Math.min(1, Math.abs(sum));
    }
  }
  return { left, top, width: w, height: h, shares };
}

function addEdge(
  sums: Float32Array,
  w: number,
  h: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): void {
  if (ay === by) return;
  const sign = ay < by ? 1 : -1;
  const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const slope = (x1 - x0) / (y1 - y0);
  const from = Math.max(0, y0);
  let x = x0 + (from - y0) * slope;
  for (let row = Math.floor(from); row < Math.min(h, Math.ceil(y1)); row++) {
    const start = Math.max(row, from);
    const dy = Math.min(row + 1, y1) - start;
    const next = x + slope * dy;
    addRow(sums, row * (w + 1), w, sign * dy, Math.min(x, next), Math.max(x, next));
    x = next;
  }
}

/** An edge within one row: `d` of height, from x0 to x1; what lies outside the box counts at its border. */
function addRow(sums: Float32Array, base: number, w: number, d: number, x0: number, x1: number): void {
  const a = Math.min(w, Math.max(0, x0));
  const b = Math.min(w, Math.max(0, x1));
  const first = Math.floor(a);
  const last = Math.ceil(b);
  if (last <= first + 1) {
    const middle = (a + b) / 2 - first;
    sums[base + first] += d * (1 - middle);
    sums[base + first + 1] += d * middle;
    return;
  }
  const per = 1 / (b - a);
  const start = first + 1 - a;
  const area = 0.5 * per * start * start;
  sums[base + first] += d * area;
  if (last === first + 2) {
    const end = 0.5 * per * (b - last + 1) ** 2;
    sums[base + first + 1] += d * (1 - area - end);
    sums[base + first + 2] += d * end;
    return;
  }
  const second = per * (1.5 - (a - first));
  sums[base + first + 1] += d * (second - area);
  for (let x = first + 2; x < last - 1; x++) sums[base + x] += d * per;
  const before = second + (last - first - 3) * per;
  const end = 0.5 * per * (b - last + 1) ** 2;
  sums[base + last - 1] += d * (1 - before - end);
  sums[base + last] += d * end;
}
