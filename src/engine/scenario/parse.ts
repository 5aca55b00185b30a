import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { LIMITS } from './limits.ts';
import {
  childPath,
  itemPath,
  type Position,
  type Source,
  type SourceEntry,
  type SourceNode,
} from './source.ts';

export interface Parsed {
  readonly document: Document;
  readonly lines: LineCounter;
}

const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  // The library compares every key with every other; `toSource` finds duplicates in linear time.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** YAML text to a document; null after a fault, which is then in `source`. */
export function parseDocument(text: string, source: Source): Parsed | null {
  // A recorded scenario holds the models and the flow that it named.
  const isResolved = text.includes('<sbml') || /^ +file: [|>'"]/m.test(text);
  const most = isResolved ? LIMITS.resolvedLength : LIMITS.textLength;
  if (text.length > most) {
    const length = text.length.toLocaleString('en');
    source.report(
      '',
      null,
      `the file has ${length} characters`,
      null,
      `at most ${most.toLocaleString('en')}`,
    );
    return null;
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...YAML_OPTIONS, lineCounter: lines });
  const document: Document | undefined = 'empty' in documents ? undefined : documents[0];
  if (document === undefined || (document.errors.length === 0 && document.contents === null)) {
    source.report('', null, 'the file is empty', null, 'a scenario, which begins with `cellfield: 1`');
    return null;
  }
  // Later errors of a broken text mostly follow from the first.
  const error = document.errors[0];
  if (error) {
    const deep = error.code === 'RESOURCE_EXHAUSTION';
    const message = deep ? 'is nested too deeply' : `is not valid YAML: ${error.message}`;
    source.report('', positionAt(lines, error.pos[0]), message, null, null);
    return null;
  }
  const second = documents[1];
  if (second) {
    const position = positionAt(lines, second.range[0]);
    source.report('', position, 'the file holds more than one YAML document', null, 'one document');
    return null;
  }
  return { document, lines };
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col), origin: null };
}

/**
 * The document as plain nodes with positions. Faulty parts are reported and become `invalid`.
 * `origins` names the override that brought in a node without a place in the text.
 */
export function toSource(
  parsed: Parsed,
  source: Source,
  origins: ReadonlyMap<unknown, string> = new Map(),
): SourceNode {
  const start: Position = { line: 1, column: 1, origin: null };
  return convert(parsed.document.contents, '', start, 0);

  function locate(node: unknown, outer: Position): Position {
    const origin = origins.get(node) ?? outer.origin;
    if (origin !== null) return { ...outer, origin };
    return isNode(node) && node.range ? positionAt(parsed.lines, node.range[0]) : outer;
  }

  function invalid(
    path: string,
    position: Position,
    message: string,
    value: string | null,
    allowed: string,
  ): SourceNode {
    source.report(path, position, message, value, allowed);
    return { kind: 'invalid', path, position };
  }

  function convert(node: unknown, path: string, outer: Position, depth: number): SourceNode {
    const position = locate(node, outer);
    if (depth > LIMITS.nesting) {
      return invalid(path, position, 'is nested too deeply', null, `at most ${LIMITS.nesting} levels`);
    }
    if (isAlias(node)) {
      const message = 'YAML anchors and aliases are not used in scenarios';
      return invalid(path, position, message, `\`*${node.source}\``, 'the value itself, or a parameter');
    }
    if (isScalar(node) || isMap(node) || isSeq(node)) {
      if (node.anchor !== undefined) {
        const message = 'YAML anchors and aliases are not used in scenarios';
        return invalid(path, position, message, `\`&${node.anchor}\``, 'the value itself, or a parameter');
      }
      if (node.tag?.startsWith('!') || (isScalar(node) && node.tag && !isPlain(node.value))) {
        return invalid(
          path,
          position,
          'YAML tags are not used in scenarios',
          `\`${node.tag}\``,
          'plain values',
        );
      }
    }
    if (isSeq(node)) {
      const items = node.items.map((item, i) => convert(item, itemPath(path, i), position, depth + 1));
      return { kind: 'list', path, position, items };
    }
    if (isMap(node)) {
      return { kind: 'mapping', path, position, entries: entriesOf(node.items, path, position, depth) };
    }
    if (isScalar(node)) {
      const { value } = node;
      if (!isPlain(value))
        return invalid(path, position, 'is not a plain value', null, 'text, a number, true or false');
      return {
        kind: 'scalar',
        path,
        position,
        value,
        text: node.source ?? (value === null ? '' : String(value)),
      };
    }
    return { kind: 'scalar', path, position, value: null, text: '' };
  }

  function entriesOf(
    pairs: readonly { key: unknown; value: unknown }[],
    path: string,
    outer: Position,
    depth: number,
  ): SourceEntry[] {
    const entries: SourceEntry[] = [];
    const seen = new Set<string>();
    for (const pair of pairs) {
      const position = locate(pair.key, outer);
      if (!isScalar(pair.key) || pair.key.value === null) {
        source.report(path, position, 'has a key that is not a word', null, 'names as keys');
        continue;
      }
      const key = String(pair.key.value);
      const at = childPath(path, key);
      if (key === '<<') {
        source.report(at, position, 'YAML merge keys are not used in scenarios', null, 'the keys themselves');
      } else if (pair.key.anchor !== undefined) {
        source.report(
          at,
          position,
          'YAML anchors and aliases are not used in scenarios',
          `\`&${pair.key.anchor}\``,
          null,
        );
      } else if (seen.has(key)) {
        source.report(at, position, 'is given twice', null, 'each key once');
      } else {
        seen.add(key);
        entries.push({ key, position, value: convert(pair.value, at, position, depth + 1) });
      }
    }
    return entries;
  }
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return (
    value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  );
}
