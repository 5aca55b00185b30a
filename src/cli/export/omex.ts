import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { SbmlError, toSbml } from '../../engine/index.ts';
import { writeAll } from '../files.ts';
import { FILES } from '../recording/files.ts';
import type { Source } from './source.ts';

/** Bytes read of a file at a time. */
const PORTION = 2 ** 20;

const SPECIFICATIONS = 'http://identifiers.org/combine.specifications/';
const MEDIA = 'http://purl.org/NET/mediatypes/';

/** A file of an archive. */
interface Entry {
  readonly name: string;
  /** URI of its format, as COMBINE archives name them. */
  readonly format: string;
  readonly content: string | { readonly path: string };
}

/**
 * A COMBINE archive (OMEX, https://doi.org/10.1186/s12859-014-0369-z): the resolved scenario, the circuit of each cell type as SBML,
 * time series, events and provenance of the recording, and metadata. Circuits that SBML cannot say are left out; returns why.
 */
export function exportOmex(source: Source, path: string): string[] {
  const left: string[] = [];
  const entries: Entry[] = [
    { name: FILES.scenario, format: `${MEDIA}application/x-yaml`, content: source.opened.scenario.text },
    ...circuits(source, left),
    ...[FILES.timeSeries, FILES.events].flatMap(name => fromFile(source, name, `${MEDIA}text/csv`)),
    ...[FILES.provenance, FILES.edits].flatMap(name => fromFile(source, name, `${MEDIA}application/json`)),
    { name: 'metadata.rdf', format: `${SPECIFICATIONS}omex-metadata`, content: metadata(source) },
  ];
  const file = openSync(path, 'wx');
  try {
    let failure: Error | null = null;
    const zip = new Zip((error, bytes) => {
      if (error) failure = error;
      else writeAll(file, bytes);
    });
    for (const entry of [{ name: 'manifest.xml', content: manifest(entries) }, ...entries]) {
      // The time of an entry would make two exports of one recording differ.
      const one = new ZipDeflate(entry.name, { level: 6 });
      one.mtime = source.opened.provenance.written;
      zip.add(one);
      for (const portion of portions(entry.content)) one.push(portion, false);
      one.push(new Uint8Array(), true);
    }
    zip.end();
    if (failure) throw failure;
  } finally {
    closeSync(file);
  }
  source.tick();
  return left;
}

function circuits({ description }: Source, left: string[]): Entry[] {
  return description.cellTypes.flatMap(type => {
    try {
      const format = `${SPECIFICATIONS}sbml.level-3.version-2`;
      return [{ name: `models/${type.name}.xml`, format, content: toSbml(type) }];
    } catch (error) {
      if (!(error instanceof SbmlError)) throw error;
      left.push(`the circuit of ${type.name} is left out: ${error.message.replaceAll('\n', '; ')}`);
      return [];
    }
  });
}

function fromFile({ opened }: Source, name: string, format: string): Entry[] {
  const path = join(opened.folder, name);
  return existsSync(path) ? [{ name, format, content: { path } }] : [];
}

function* portions(content: Entry['content']): Generator<Uint8Array> {
  if (typeof content === 'string') {
    yield strToU8(content);
    return;
  }
  const file = openSync(content.path, 'r');
  try {
    for (;;) {
      const bytes = new Uint8Array(PORTION);
      const read = readSync(file, bytes);
      if (read === 0) return;
      yield bytes.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

function manifest(entries: readonly Entry[]): string {
  const lines = [
    { name: '.', format: `${SPECIFICATIONS}omex`, master: false },
    { name: './manifest.xml', format: `${SPECIFICATIONS}omex-manifest`, master: false },
    ...entries.map(({ name, format }) => ({ name: `./${name}`, format, master: name === FILES.scenario })),
  ].map(
    ({ name, format, master }) =>
      `  <content location="${escaped(name)}" format="${format}"${master ? ' master="true"' : ''}/>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<omexManifest xmlns="${SPECIFICATIONS}omex-manifest">\n${lines.join('')}</omexManifest>\n`;
}

function metadata({ about, opened }: Source): string {
  const { started, written, stateHash } = opened.provenance;
  const text = `Seed ${about.seed}; scenario SHA-256 ${about.scenarioHash}; state ${stateHash}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcterms="http://purl.org/dc/terms/">
  <rdf:Description rdf:about=".">
    <dcterms:title>${escaped(about.title)}</dcterms:title>
    <dcterms:description>${escaped(text)}</dcterms:description>
    <dcterms:created rdf:parseType="Resource"><dcterms:W3CDTF>${escaped(started)}</dcterms:W3CDTF></dcterms:created>
    <dcterms:modified rdf:parseType="Resource"><dcterms:W3CDTF>${escaped(written)}</dcterms:W3CDTF></dcterms:modified>
    <dcterms:creator>Cellfield ${escaped(about.cellfield)}</dcterms:creator>
  </rdf:Description>
</rdf:RDF>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
