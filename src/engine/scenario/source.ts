import { excerpt, type Problem } from './problems.ts';

/** A place in the scenario's text, counted from 1, or the override that stands in for it. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly origin: string | null;
}

/** A scenario document with the position of every part: what `parse` makes from YAML. */
export type SourceNode = SourceMapping | SourceList | SourceScalar | SourceInvalid;

export interface SourceMapping {
  readonly kind: 'mapping';
  readonly path: string;
  readonly position: Position;
  readonly entries: readonly SourceEntry[];
}

export interface SourceEntry {
  readonly key: string;
  readonly position: Position;
  readonly value: SourceNode;
}

export interface SourceList {
  readonly kind: 'list';
  readonly path: string;
  readonly position: Position;
  readonly items: readonly SourceNode[];
}

export interface SourceScalar {
  readonly kind: 'scalar';
  readonly path: string;
  readonly position: Position;
  readonly value: string | number | boolean | null;
  /** As written, without quotes. */
  readonly text: string;
}

/** A part whose fault has been reported; nothing more is said about it. */
export interface SourceInvalid {
  readonly kind: 'invalid';
  readonly path: string;
  readonly position: Position;
}

/** Path of a key under a parent. */
export function childPath(parent: string, key: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(key)) return parent === '' ? key : `${parent}.${key}`;
  return `${parent}[${JSON.stringify(excerpt(key, 30))}]`;
}

export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}

/** How a node reads in a message. */
export function nodeText(node: SourceNode): string | null {
  switch (node.kind) {
    case 'mapping':
      return 'a mapping';
    case 'list':
      return 'a list';
    case 'scalar':
      return node.text === '' ? 'nothing' : `\`${excerpt(node.text)}\``;
    case 'invalid':
      return null;
  }
}

/** Positions by path, and the problems found so far. One per load; every checking function takes it. */
export class Source {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  /** Names of the files that values were read from, and why one could not be, by path. */
  readonly files = new Map<string, string>();
  readonly modelFaults = new Map<string, string>();
  readonly #nodes = new Map<string, SourceNode>();
  readonly #keys = new Map<string, Position>();
  #root: SourceNode | null = null;

  /** Makes the tree's positions known. */
  index(root: SourceNode): void {
    this.#root = root;
    this.#visit(root);
  }

  #visit(node: SourceNode): void {
    this.#nodes.set(node.path, node);
    if (node.kind === 'list') for (const item of node.items) this.#visit(item);
    if (node.kind !== 'mapping') return;
    for (const entry of node.entries) {
      // What an override put in place of a value stands under the file's key, but is not the file's.
      const { position } = entry.value;
      this.#keys.set(entry.value.path, position.origin === null ? entry.position : position);
      this.#visit(entry.value);
    }
  }

  at(path: string): SourceNode | undefined {
    return this.#nodes.get(path);
  }

  /** A fault of the value at `path`, shown with the value. */
  problem(path: string, message: string, allowed: string | null = null): void {
    const node = this.#nodes.get(path);
    this.report(path, node?.position ?? this.#nearest(path), message, node ? nodeText(node) : null, allowed);
  }

  /** A fault of the key at `path`, or of something that spans a section; shows no value. */
  keyProblem(path: string, message: string, allowed: string | null = null): void {
    this.report(path, this.#keys.get(path) ?? this.#nearest(path), message, null, allowed);
  }

  warn(path: string, message: string): void {
    const position = this.#keys.get(path) ?? this.#nearest(path);
    this.warnings.push(problemAt(path, position, message, null, null));
  }

  report(
    path: string,
    position: Position | null,
    message: string,
    value: string | null,
    allowed: string | null,
  ): void {
    this.problems.push(problemAt(path, position, message, value, allowed));
  }

  /** Position of the closest enclosing part that exists. */
  #nearest(path: string): Position | null {
    let outer = path;
    while (outer !== '') {
      const node = this.#nodes.get(outer);
      if (node) return node.position;
      outer = outer.slice(0, Math.max(0, outer.lastIndexOf('.'), outer.lastIndexOf('[')));
    }
    return this.#root?.position ?? null;
  }
}

function problemAt(
  path: string,
  position: Position | null,
  message: string,
  value: string | null,
  allowed: string | null,
): Problem {
  const origin = position?.origin ?? null;
  const known = position !== null && origin === null;
  return {
    path,
    line: known ? position.line : null,
    column: known ? position.column : null,
    origin,
    message,
    value,
    allowed,
  };
}
