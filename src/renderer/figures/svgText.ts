import { entriesOf, type Provenance } from './provenance.ts';

/** Text as it stands in XML; control characters that XML has no place for are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A length in a drawing: hundredths are finer than any printer. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `fill` or `stroke` of a CSS colour in the words of SVG 1.1, which knows no `rgb(0 0 0 / 0.5)`. */
export function paint(attribute: 'fill' | 'stroke', colour: string): string {
  const parts = /^rgb\(([\d.]+)[ ,]+([\d.]+)[ ,]+([\d.]+)(?:\s*\/\s*([\d.]+))?\)$/.exec(colour);
  if (!parts) return `${attribute}="${escapeXml(colour)}"`;
  const hex = parts.slice(1, 4).map(part => Math.round(Number(part)).toString(16).padStart(2, '0'));
  const opacity =
    parts[4] === undefined || Number(parts[4]) >= 1 ? '' : ` ${attribute}-opacity="${parts[4]}"`;
  return `${attribute}="#${hex.join('')}"${opacity}`;
}

/** Title, description and Dublin Core metadata of a drawing. */
export function svgMetadata(provenance: Provenance): string {
  const [title, software, description, ...rest] = entriesOf(provenance);
  return [
    `<title>${escapeXml(title[1])}</title>`,
    `<desc>${escapeXml(description[1])}</desc>`,
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    '<rdf:Description rdf:about="">',
    `<dc:title>${escapeXml(title[1])}</dc:title>`,
    `<dc:creator>${escapeXml(software[1])}</dc:creator>`,
    `<dc:description>${escapeXml(description[1])}</dc:description>`,
    ...rest.map(([name, text]) => `<dc:source>${escapeXml(`${name}: ${text}`)}</dc:source>`),
    '</rdf:Description></rdf:RDF></metadata>',
  ].join('\n');
}
