import { type Document, isMap, isScalar, isSeq, type Node, Pair, parseDocument, type YAMLMap } from 'yaml';
import { LIMITS } from './limits.ts';
import { excerpt } from './problems.ts';
import type { Source } from './source.ts';

/**
 * Sets values of a document, in order, from texts such as `parameters.k_tx=0.1 /s` or `population[0].count=50`.
 * The value is YAML; keys that the file left out are made. Whether the result is a scenario is for later checks.
 * Returns which override each new node came from.
 */
export function applyOverrides(
  document: Document,
  overrides: readonly string[],
  source: Source,
): Map<unknown, string> {
  const origins = new Map<unknown, string>();
  for (const override of overrides) {
    const origin = `--set ${excerpt(override, 80)}`;
    const report = (path: string, message: string, allowed: string | null): void => {
      source.report(path, { line: 1, column: 1, origin }, message, null, allowed);
    };
    const equals = override.indexOf('=');
    const path = equals < 0 ? '' : override.slice(0, equals).trim();
    const segments = splitPath(path);
    if (segments === null || segments.length > LIMITS.nesting) {
      report(path, 'is not an override', '`path=value`, such as `time.end=1 h` or `population[0].count=50`');
      continue;
    }
    const text = override.slice(equals + 1);
    if (text.length > LIMITS.textLength) {
      report(path, `the value has ${text.length} characters`, `at most ${LIMITS.textLength}`);
      continue;
    }
    const value = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
    if (value.errors.length > 0) {
      report(path, `the value is not valid YAML: ${value.errors[0].message}`, null);
      continue;
    }
    const node = value.contents ?? document.createNode(null);
    // The node's ranges are of the override's text, not of the file's.
    const fault = setAt(document, segments, node, made => origins.set(made, origin));
    if (fault !== null) report(path, fault, null);
    else origins.set(node, origin);
  }
  return origins;
}

/** `a.b[0].c` and `a.b.0.c` to keys; null where a part is empty or a bracket is open. */
function splitPath(path: string): string[] | null {
  if (!/^[^.[\]]+(\.[^.[\]]+|\[\d{1,9}\])*$/.test(path)) return null;
  return path
    .split(/[.[\]]+/)
    .filter(segment => segment !== '')
    .map(segment => segment.trim());
}

/** Puts a value at a path; returns what is wrong with the path, or null. */
function setAt(
  document: Document,
  segments: readonly string[],
  value: Node,
  mark: (made: unknown) => void,
): string | null {
  let here: unknown = document.contents;
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i];
    const last = i === segments.length - 1;
    const place = i === 0 ? 'the file' : `\`${segments.slice(0, i).join('.')}\``;
    if (isSeq(here)) {
      const index = /^\d+$/.test(segment) ? Number(segment) : -1;
      if (index < 0 || index >= here.items.length) {
        const size = here.items.length;
        return `${place} is a list of ${size} with no item \`${excerpt(segment, 30)}\`; the items count from 0`;
      }
      if (last) here.items[index] = value;
      here = here.items[index];
    } else if (isMap(here)) {
      const map: YAMLMap = here;
      const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
      if (last) {
        if (pair) {
          // The comment beside the old value says what it means, and still does.
          if (isScalar(pair.value) && isScalar(value)) value.comment ??= pair.value.comment ?? null;
          pair.value = value;
        } else map.items.push(markedPair(document, segment, value, mark));
        return null;
      }
      if (pair) here = pair.value;
      else {
        const made = document.createNode({});
        mark(made);
        map.items.push(markedPair(document, segment, made, mark));
        here = made;
      }
    } else return `${place} is not a mapping; it has no key \`${excerpt(segment, 30)}\``;
  }
  return null;
}

function markedPair(document: Document, key: string, value: Node, mark: (made: unknown) => void): Pair {
  const pair = new Pair<Node, Node>(document.createNode(key), value);
  mark(pair.key);
  return pair;
}
