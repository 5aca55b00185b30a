import { VERTEX_WORDS, type VertexStore } from '../cellVertices.ts';
import { cssColour } from '../colour/palette.ts';
import { layOutPlates } from '../plates.ts';
import type { Scene } from '../scene.ts';
import { THEMES } from '../theme.ts';
import type { StageView } from '../view.ts';
import { colourAttributes, digits, escaped, SvgDrawing } from './svgDrawing.ts';

/**
 * A scene as SVG: cells as circles and capsules with a darker rim, fields as an embedded image (`fields`: a data URL of the
 * domain, from the top row down; null: none shown), captions as text. `about` goes into the metadata.
 */
export function svgOf(
  scene: Scene,
  view: StageView,
  fields: string | null,
  title: string,
  about: Readonly<Record<string, string>>,
): string {
  const { window, place, captions } = scene;
  const theme = THEMES[view.theme];
  const [left, top, right, bottom] = place;
  const domain = `x="${digits(left)}" y="${digits(top)}" width="${digits(right - left)}" height="${digits(bottom - top)}"`;
  const drawn = fields
    ? `<image ${domain} preserveAspectRatio="none" href="${fields}"/>`
    : `<rect ${domain} ${colourAttributes('fill', cssColour(theme.empty))}/>`;
  const measuring = new SvgDrawing('m');
  const plates = layOutPlates(measuring, captions, theme).map((plate, i) => {
    const drawing = new SvgDrawing(`g${i}`);
    plate.draw(drawing);
    return `<g transform="translate(${digits(plate.x)} ${digits(plate.y)})">${drawing.elements}</g>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${window.width}" height="${window.height}" viewBox="0 0 ${window.width} ${window.height}">
<title>${escaped(title)}</title>
<metadata>${escaped(JSON.stringify(about))}</metadata>
<rect width="${window.width}" height="${window.height}" ${colourAttributes('fill', cssColour(theme.background))}/>
${drawn}
<rect ${domain} fill="none" ${colourAttributes('stroke', cssColour(theme.edge))}/>
<g>
${cellElements(scene.cells, scene.camera.scale, left, bottom)}</g>
${plates.join('')}</svg>
`;
}

function cellElements(
  { floats, words, stride, count }: VertexStore,
  scale: number,
  left: number,
  bottom: number,
): string {
  let elements = '';
  for (let v = 0; v < count; v++) {
    const at = v * stride;
    const [x, y] = [floats[at] * scale + left, bottom - floats[at + 1] * scale];
    const radius = Math.max(0.7, floats[at + 2] * scale);
    const colour = words[at + 3];
    const own = [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
    const rim = Math.min(2.2, Math.max(0.8, 0.085 * radius));
    const opacity = ((colour >>> 24) / 255) * (1 - ((words[at + 4] >> 16) & 255) / 255);
    const seen = opacity < 1 ? ` fill-opacity="${digits(opacity)}"` : '';
    const stroke = `stroke="rgb(${own.map(channel => Math.round(0.4 * channel)).join()})" stroke-width="${digits(rim)}"`;
    const paint = `fill="rgb(${own.join()})"${seen} ${stroke}`;
    // The rim lies within the cell.
    const r = radius - rim / 2;
    const [hx, hy] = stride > VERTEX_WORDS ? [floats[at + 5] * scale, -floats[at + 6] * scale] : [0, 0];
    const reach = Math.hypot(hx, hy);
    if (reach < 0.01) elements += `<circle cx="${digits(x)}" cy="${digits(y)}" r="${digits(r)}" ${paint}/>\n`;
    else {
      const turn = (180 / Math.PI) * Math.atan2(hy, hx);
      const box = `x="${digits(-reach - r)}" y="${digits(-r)}" width="${digits(2 * (reach + r))}" height="${digits(2 * r)}" rx="${digits(r)}"`;
      elements += `<rect transform="translate(${digits(x)} ${digits(y)}) rotate(${digits(turn)})" ${box} ${paint}/>\n`;
    }
  }
  return elements;
}
