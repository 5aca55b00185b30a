import { type Document, isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from 'yaml';

/** What the text of a circuit is about: helpers that read and write parts of a scenario's document. */

/** A scenario's document; its text must be that of a loaded scenario. @throws Error for anything else */
export function documentOf(text: string): Document {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  if (document.errors.length > 0 || !isMap(document.contents)) throw new Error('the text is not a scenario');
  return document;
}

/** The mapping at a key of a mapping; null where there is none. */
export function mapAt(map: unknown, key: string): YAMLMap | null {
  const value = isMap(map) ? map.get(key, true) : undefined;
  return isMap(value) ? value : null;
}

export function keysOf(map: YAMLMap | null): string[] {
  return (map?.items ?? []).map(({ key }) => String(isScalar(key) ? key.value : key));
}

/** A scalar as it was written, without quotes: 1e-3 stays 1e-3. */
export function writtenAt(map: YAMLMap | null, key: string): string {
  const node = map?.get(key, true);
  if (!isScalar(node)) return '';
  return (node.source ?? String(node.value)).trim();
}

/** A name in an expression or equation, with the `field.` that makes it one of a field. */
const NAME = /(?<![\w.])(field\s*\.\s*)?([A-Za-z_]\w*)/g;

/** Names that the texts of a part mention: fields, and everything else (parameters, species, units, functions). */
export function namesIn(...parts: readonly unknown[]): { names: Set<string>; fields: Set<string> } {
  const names = new Set<string>();
  const fields = new Set<string>();
  for (const part of parts) {
    if (!isMap(part) && !isSeq(part) && !isScalar(part)) continue;
    visit(part, {
      Scalar(key, { value }) {
        if (key === 'key' || typeof value !== 'string') return;
        for (const [, field, name] of value.matchAll(NAME)) (field ? fields : names).add(name);
      },
    });
  }
  return { names, fields };
}

/** Replaces names in all texts of a part, but those of fields. */
export function renameIn(part: unknown, renamed: ReadonlyMap<string, string>): void {
  if (renamed.size === 0 || (!isMap(part) && !isSeq(part) && !isScalar(part))) return;
  visit(part, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return;
      node.value = node.value.replace(NAME, (whole: string, field: string | undefined, name: string) =>
        field ? whole : (renamed.get(name) ?? whole),
      );
    },
  });
}

/** Those of the parameters that the names lead to, through the values of other parameters, in their order. */
export function parametersFor(parameters: YAMLMap | null, names: ReadonlySet<string>): string[] {
  const needed = new Set<string>();
  const wanted = [...names];
  const known = new Set(keysOf(parameters));
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (!known.has(name) || needed.has(name)) continue;
    needed.add(name);
    wanted.push(...namesIn(parameters?.get(name, true)).names);
  }
  return [...known].filter(name => needed.has(name));
}
