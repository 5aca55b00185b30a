import { token } from '../state/theme.ts';
import type { ChartLine } from './chartLine.ts';

/** Height of the band for title and names, px. */
const HEAD = 44;

/** A chart's canvas as a PNG on the ground of the theme, with its title, its unit and the names of its lines above. */
export function chartPicture(
  source: HTMLCanvasElement,
  title: string,
  unit: string,
  lines: readonly ChartLine[],
): Promise<Blob | null> {
  const scale = window.devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = source.width;
  canvas.height = source.height + HEAD * scale;
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = token('--surface');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, HEAD * scale);
  context.scale(scale, scale);
  context.textBaseline = 'middle';
  context.fillStyle = token('--text');
  context.font = `600 13px ${token('--font')}`;
  context.fillText(unit ? `${title} (${unit})` : title, 8, 14);
  context.font = `11px ${token('--font')}`;
  let x = 8;
  for (const { label, colour } of lines) {
    context.fillStyle = colour;
    context.fillRect(x, 30, 8, 8);
    context.fillStyle = token('--muted');
    context.fillText(label, x + 12, 34);
    x += 28 + context.measureText(label).width;
  }
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}
