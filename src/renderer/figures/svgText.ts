import { escapeXml } from '../../picture/svg/svgText.ts';
import { entriesOf, type Provenance } from './provenance.ts';

export { coordinate, escapeXml, paint } from '../../picture/svg/svgText.ts';

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
