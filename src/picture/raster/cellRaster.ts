import { VERTEX_WORDS, type VertexStore } from '../cellVertices.ts';
import type { Rgb } from '../colour/oklab.ts';
import { smoothstep } from './fieldRaster.ts';
import { blend, type Image } from './image.ts';

/** From µm to pixels: x · scale + left, top − y · scale. */
export interface Projection {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  /** Pixels per CSS pixel. */
  readonly ratio: number;
}

/**
 * Cells as shaded discs and rods, in the order of the store, as the app's shader draws them (renderer/stage/cellShader.ts has
 * the same formulas): a dome lit from the upper left, a darker rim, a second one before division, fog off the plane shown.
 */
export function paintCells(image: Image, store: VertexStore, view: Projection, fog: Rgb): void {
  const { floats, words, stride, count } = store;
  for (let v = 0; v < count; v++) {
    const at = v * stride;
    const rod = stride > VERTEX_WORDS;
    paintCell(image, view, fog, {
      x: floats[at] * view.scale + view.left,
      y: view.top - floats[at + 1] * view.scale,
      radius: Math.max(floats[at + 2] * view.scale, 0.7 * view.ratio),
      halfX: rod ? floats[at + 5] * view.scale : 0,
      halfY: rod ? -floats[at + 6] * view.scale : 0,
      colour: words[at + 3],
      state: words[at + 4],
    });
  }
}

interface Body {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly halfX: number;
  readonly halfY: number;
  readonly colour: number;
  readonly state: number;
}

function paintCell(image: Image, { ratio }: Projection, fog: Rgb, body: Body): void {
  const { x, y, radius: r, halfX, halfY, colour, state } = body;
  const own = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const opacity = (colour >>> 24) / 255;
  const dividing = ((state >> 8) & 255) / 255;
  const hidden = ((state >> 16) & 255) / 255;
  const reach = halfX * halfX + halfY * halfY;
  const [wide, high] = [Math.abs(halfX) + r + 0.5, Math.abs(halfY) + r + 0.5];
  const detail = smoothstep(2 * ratio, 6 * ratio, r);
  const rim = Math.min(2.2 * ratio, Math.max(0.8 * ratio, 0.085 * r));
  const rimStrength = 0.85 * smoothstep(1.5 * ratio, 4 * ratio, r);
  const stepBack = Math.max(0, 1 - 2 * hidden);
  for (let py = Math.max(0, Math.floor(y - high)); py < Math.min(image.height, Math.ceil(y + high)); py++) {
    for (let px = Math.max(0, Math.floor(x - wide)); px < Math.min(image.width, Math.ceil(x + wide)); px++) {
      let [dx, dy] = [px + 0.5 - x, py + 0.5 - y];
      const along = Math.min(1, Math.max(-1, (dx * halfX + dy * halfY) / Math.max(reach, 1e-6)));
      dx -= halfX * along;
      dy -= halfY * along;
      const d = Math.hypot(dx, dy);
      const cover = Math.min(1, Math.max(0, r - d + 0.5));
      if (cover === 0) continue;
      const [qx, qy] = [dx / r, -dy / r];
      const dome = Math.sqrt(Math.max(0, 1 - qx * qx - qy * qy));
      const light = 1 + detail * (0.2 * dome - 0.19 - 0.11 * 0.55 * qx + 0.11 * 0.83 * qy);
      const gloss = detail * 0.3 * Math.exp(-4.5 * ((qx + 0.3) ** 2 + (qy - 0.44) ** 2));
      const line = smoothstep(r - rim - 0.75, r - rim + 0.25, d);
      const inner = Math.abs(d - 0.66 * r) - 0.5 * rim;
      const second = dividing * 0.75 * detail * (1 - smoothstep(-0.25, 0.75, inner));
      const shade = (channel: number): number => {
        let c = own[channel] * light;
        c += gloss * (255 - c);
        c += line * rimStrength * (0.3 * own[channel] - c);
        c += second * (0.34 * own[channel] - c);
        c += hidden * (fog[channel] - c);
        return Math.min(255, Math.max(0, c));
      };
      let alpha = opacity * cover;
      if (opacity < 1) alpha = Math.max(alpha, 0.75 * line * cover) * stepBack;
      blend(image, 4 * (py * image.width + px), shade(0), shade(1), shade(2), alpha);
    }
  }
}
