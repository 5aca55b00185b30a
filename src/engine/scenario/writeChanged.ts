import {
  Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Pair,
  Scalar,
  YAMLMap,
  YAMLSeq,
} from 'yaml';
import { documentOf } from './circuitText.ts';

interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of a document that was changed after it was parsed from `text`: what did not change stays as it was written, to the
 * letter; entries of block mappings that did are written anew, and lists but for what is new at their end.
 */
export function writeChanged(text: string, changed: Document): string {
  const root = documentOf(text).contents;
  const wanted = changed.contents;
  if (!isMap(root) || !isMap(wanted) || root.flow) return changed.toString({ lineWidth: 0 });
  const edits: TextEdit[] = [];
  compareMaps(text, root, wanted, edits);
  // From the end on; of two at one place the outer mapping's, which comes later in the list, goes behind.
  return edits
    .reverse()
    .sort((a, b) => b.from - a.from)
    .reduce((done, { from, to, text: part }) => done.slice(0, from) + part + done.slice(to), text);
}

/** Edits that make the block mapping `old` of the text the mapping `wanted`. */
function compareMaps(text: string, old: YAMLMap, wanted: YAMLMap, edits: TextEdit[]): void {
  const indent = columnOf(text, startOf(old.items[0]?.key));
  const kept = new Set<string>();
  for (const pair of old.items) {
    const name = nameOf(pair);
    const next = wanted.items.find(other => nameOf(other) === name);
    if (!next) {
      edits.push(removal(text, pair));
      continue;
    }
    kept.add(name);
    const [before, after] = [pair.value, next.value];
    if (written(before) === written(after)) continue;
    if (isBlock(before) && isMap(before) && isMap(after) && !after.flow && after.items.length > 0) {
      compareMaps(text, before, after, edits);
    } else if (isBlock(before) && isSeq(before) && isSeq(after) && grew(before, after)) {
      append(text, before, after, edits);
    } else {
      edits.push({
        from: startOf(pair.key),
        to: endOf(text, pair),
        text: shifted(entry(bare(next)), indent).trim(),
      });
    }
  }
  const added = wanted.items.filter(pair => !kept.has(nameOf(pair)));
  if (added.length === 0) return;
  const at = endOf(text, old.items[old.items.length - 1]);
  const last: string[] = [];
  for (const pair of added) {
    const later = wanted.items.slice(wanted.items.indexOf(pair) + 1).find(other => kept.has(nameOf(other)));
    const follower = later && old.items.find(other => nameOf(other) === nameOf(later));
    const body = shifted(entry(pair), indent);
    if (follower) {
      const line = lineStart(text, withComments(text, startOf(follower.key)));
      edits.push({ from: line, to: line, text: `${body}\n\n` });
    } else last.push(`\n${body}`);
  }
  edits.push({ from: at, to: at, text: last.join('') });
}

function grew(before: YAMLSeq, after: YAMLSeq): boolean {
  const same = before.items.every((item, i) => written(item) === written(after.items[i]));
  return same && after.items.length > before.items.length;
}

/** New items at the end of a block list. */
function append(text: string, old: YAMLSeq, wanted: YAMLSeq, edits: TextEdit[]): void {
  const last = old.items[old.items.length - 1];
  const start = isNode(last) ? startOf(last) : 0;
  const indent = /^\s*/.exec(text.slice(lineStart(text, start)))?.[0].length ?? 0;
  const list = new YAMLSeq();
  list.items = wanted.items.slice(old.items.length);
  const at = endOf(text, last);
  edits.push({ from: at, to: at, text: `\n${shifted(written(list), indent)}` });
}

/** A pair is removed with the comment that stands right above it. */
function removal(text: string, pair: Pair): TextEdit {
  const from = lineStart(text, withComments(text, startOf(pair.key)));
  const to = endOf(text, pair);
  return { from, to: Math.min(text.length, to + 1), text: '' };
}

/** The place of the first of the comment lines that stand right above a place. */
function withComments(text: string, at: number): number {
  let start = lineStart(text, at);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^\s*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** End of the line on which the content of a pair or node ends, comment included. */
function endOf(text: string, part: unknown): number {
  let end = contentEnd(part);
  while (end > 0 && /\s/.test(text[end - 1])) end--;
  const newline = text.indexOf('\n', end);
  return newline < 0 ? text.length : newline;
}

function contentEnd(part: unknown): number {
  if (isPair(part)) return Math.max(contentEnd(part.key), contentEnd(part.value));
  if (isBlock(part) && part.items.length > 0) return contentEnd(part.items[part.items.length - 1]);
  return isNode(part) ? (part.range?.[1] ?? 0) : 0;
}

function isBlock(part: unknown): part is YAMLMap | YAMLSeq {
  return (isMap(part) || isSeq(part)) && !part.flow;
}

function nameOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function written(part: unknown): string {
  const document = new Document();
  document.contents = isNode(part) ? part : null;
  return document.toString({ lineWidth: 0 });
}

/** The pair without the comment above it, which stays where it is. */
function bare({ key, value }: Pair): Pair {
  return new Pair(new Scalar(isScalar(key) ? key.value : key), value);
}

function entry(pair: Pair): string {
  const map = new YAMLMap();
  map.items = [new Pair(pair.key as Node, pair.value as Node | null)];
  return written(map);
}

function shifted(text: string, indent: number): string {
  const space = ' '.repeat(indent);
  return text
    .trimEnd()
    .split('\n')
    .map(line => (line === '' ? line : space + line))
    .join('\n');
}
