import { DOMParser, type Element as DomElement, type Node as DomNode } from '@xmldom/xmldom';
import { fail } from './errors.ts';

/** An element with what SBML needs of it. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly namespace: string;
  /** By name, with its prefix where it has one. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own character data, joined and trimmed. */
  readonly text: string;
  /** Character data before, between and after the children, trimmed: `<cn>1<sep/>2</cn>` has ['1', '2']. */
  readonly parts: readonly string[];
  /** Counted from 1. */
  readonly line: number;
}

/** Far above what any published model needs; beyond it a file is taken for an attack or a mistake. */
export const XML_LIMITS = { characters: 20_000_000, depth: 1000 } as const;

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const CDATA_NODE = 4;

/**
 * Reads well-formed XML. A document type declaration is refused before anything is parsed: SBML has none, and it is what
 * defines entities (those that expand without end, those that fetch files). Only the five predefined entities and
 * character references remain. @throws SbmlError
 */
export function parseXml(text: string): XmlElement {
  if (text.length > XML_LIMITS.characters) {
    const most = XML_LIMITS.characters.toLocaleString('en');
    fail('file', `it has ${text.length.toLocaleString('en')} characters; at most ${most} are read`);
  }
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  refuseControls(source);
  refuseDeclarations(source);
  checkDepth(source);
  let fault = '';
  const parser = new DOMParser({
    onError: (_level, message, context) => {
      const line = Number(context?.locator?.lineNumber);
      if (fault === '') fault = firstLine(String(message)) + (line > 0 ? ` (line ${line})` : '');
      throw new Error(fault);
    },
  });
  let root: DomElement | null = null;
  try {
    root = parser.parseFromString(source, 'text/xml').documentElement;
  } catch (error) {
    fail('file', `malformed XML: ${fault || firstLine(error instanceof Error ? error.message : '')}`);
  }
  if (!root) fail('file', 'malformed XML: there is no element');
  return convert(root);
}

function firstLine(message: string): string {
  return message.replace(/^\[xmldom \w+\]\s*/, '').split('\n')[0];
}

/** Control characters, which no XML document has. */
function refuseControls(source: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const place = source.search(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  if (place < 0) return;
  const line = source.slice(0, place).split('\n').length;
  fail(
    'file',
    `malformed XML: line ${line} has the character ${source.charCodeAt(place)}, which XML does not allow`,
  );
}

/** Looks for `<!DOCTYPE` where the grammar allows one: after white space, comments and processing instructions. */
function refuseDeclarations(source: string): void {
  let at = 0;
  for (;;) {
    while (/\s/.test(source.charAt(at))) at++;
    const end = source.startsWith('<!--', at)
      ? source.indexOf('-->', at + 4)
      : source.startsWith('<?', at)
        ? source.indexOf('?>', at + 2)
        : -2;
    if (end === -1) fail('file', 'malformed XML: it ends within a comment or processing instruction');
    if (end === -2) break;
    at = source.indexOf('>', end) + 1;
  }
  if (/^<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(source.slice(at, at + 12))) {
    fail('file', 'a document type declaration (DOCTYPE, and with it any entity) is refused: SBML has none');
  }
  if (source.charAt(at) !== '<') fail('file', 'malformed XML: it does not begin with an element');
}

/** Levels of elements, counted in one pass without a stack, so that no later recursion can run out of one. */
function checkDepth(source: string): void {
  let depth = 0;
  for (let at = source.indexOf('<'); at >= 0; at = source.indexOf('<', at)) {
    const skipped = SKIPPED.find(([opening]) => source.startsWith(opening, at));
    if (skipped) {
      const end = source.indexOf(skipped[1], at + skipped[0].length);
      if (end < 0) return; // not well-formed, which the parser reports
      at = end;
      continue;
    }
    const end = endOfTag(source, at);
    if (end < 0) return;
    if (source.charAt(at + 1) === '/') depth--;
    else if (source.charAt(end - 1) !== '/') depth++;
    if (depth > XML_LIMITS.depth) fail('file', `elements are nested deeper than ${XML_LIMITS.depth} levels`);
    at = end;
  }
}

const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** Place of the `>` that ends a tag, outside quotes. */
function endOfTag(source: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < source.length; at++) {
    const character = source.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return -1;
}

function convert(element: DomElement): XmlElement {
  const attributes = new Map<string, string>();
  for (let i = 0; i < element.attributes.length; i++) {
    const attribute = element.attributes.item(i);
    if (attribute) attributes.set(attribute.name, attribute.value);
    if (attribute?.value.includes('\0')) fail('file', 'malformed XML: a reference to the character 0');
  }
  const children: XmlElement[] = [];
  const parts = [''];
  for (let node: DomNode | null = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === ELEMENT_NODE) {
      children.push(convert(node as DomElement));
      parts.push('');
    } else if (node.nodeType === TEXT_NODE || node.nodeType === CDATA_NODE) {
      parts[parts.length - 1] += node.nodeValue ?? '';
    }
  }
  return {
    name: element.localName ?? element.tagName,
    namespace: element.namespaceURI ?? '',
    attributes,
    children,
    text: parts.join('').trim(),
    parts: parts.map(part => part.trim()),
    line: element.lineNumber ?? 0,
  };
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find(child => child.name === name);
}
