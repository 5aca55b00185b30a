import { cssColour } from '../colour/palette.ts';
import { layOutPlates } from '../plates.ts';
import { textWidth } from '../raster/text.ts';
import type { Scene } from '../scene.ts';
import { THEMES } from '../theme.ts';
import type { StageView } from '../view.ts';
import { storeShapes } from './cellShapes.ts';
import { SvgContext } from './svgContext.ts';
import { coordinate, escapeXml, paint } from './svgText.ts';

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
  const domain = `x="${coordinate(left)}" y="${coordinate(top)}" width="${coordinate(right - left)}" height="${coordinate(bottom - top)}"`;
  const drawn = fields
    ? `<image ${domain} preserveAspectRatio="none" href="${fields}"/>`
    : `<rect ${domain} ${paint('fill', cssColour(theme.empty))}/>`;
  const drawing = new SvgContext({
    font: '',
    measureText(text) {
      return { width: textWidth(text, Number.parseFloat(this.font)) };
    },
  });
  for (const plate of layOutPlates(drawing, captions, theme)) {
    drawing.elements.push(`<g transform="translate(${coordinate(plate.x)} ${coordinate(plate.y)})">`);
    plate.draw(drawing);
    drawing.elements.push('</g>');
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${window.width}" height="${window.height}" viewBox="0 0 ${window.width} ${window.height}">
<title>${escapeXml(title)}</title>
${metadata(about)}
<rect width="${window.width}" height="${window.height}" ${paint('fill', cssColour(theme.background))}/>
${drawn}
<rect ${domain} fill="none" ${paint('stroke', cssColour(theme.edge))}/>
<g>
${storeShapes(scene.cells, { scale: scene.camera.scale, left, top: bottom }, theme).join('\n')}</g>
${drawing.elements.join('\n')}
</svg>
`;
}

/** Dublin Core, as inkscape and others show it. */
function metadata(about: Readonly<Record<string, string>>): string {
  const names: Readonly<Record<string, string>> = {
    Title: 'title',
    Software: 'creator',
    Description: 'description',
  };
  const elements = Object.entries(about).map(([key, text]) => {
    const name = names[key] ?? 'source';
    return `<dc:${name}>${escapeXml(text)}</dc:${name}>`;
  });
  const spaces =
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"';
  return `<metadata><rdf:RDF ${spaces}><rdf:Description rdf:about="">${elements.join('')}</rdf:Description></rdf:RDF></metadata>`;
}
