/** The parts of a JSON Schema that completion reads. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
}

/** Schemas of what stands at a path of keys; `[]` is an entry of a list. Several where alternatives fit. */
export function schemasAt(schema: Schema, path: readonly string[]): Schema[] {
  let here: Schema[] = alternatives(schema);
  for (const key of path) {
    here = here.flatMap(at => below(at, key)).flatMap(alternatives);
  }
  return here;
}

function below(schema: Schema, key: string): Schema[] {
  if (key === '[]') return schema.items ? [schema.items] : [];
  const named = schema.properties?.[key];
  if (named) return [named];
  return Object.entries(schema.patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern).test(key))
    .map(([, value]) => value);
}

function alternatives(schema: Schema): Schema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (!choices) return [schema];
  // Beside what a schema says itself, a choice may only say which keys go together.
  const own = schema.properties || schema.items ? [schema] : [];
  return [...own, ...choices.flatMap(alternatives)];
}

/**
 * The keys above a place in block-style YAML, by indentation, with `[]` for list entries; flow mappings `{ a: { b` on the
 * place's own line count too. `used` are the sibling keys already there.
 */
export function pathAt(
  lines: readonly string[],
  line: number,
  column: number,
): { path: string[]; used: string[] } {
  const before = lines[line].slice(0, column);
  const indent = indentOf(lines[line]);
  const path: string[] = [];
  let level = indent.keys;
  if (indent.dash !== null) path.unshift('[]');
  let limit = indent.dash ?? indent.keys;
  if (lines[line].trim() === '') [level, limit] = [column, column];
  for (let i = line - 1; i >= 0; i--) {
    const text = lines[i];
    if (text.trim() === '' || text.trim().startsWith('#')) continue;
    const at = indentOf(text);
    if (at.dash !== null && at.dash < limit && at.keys >= limit && at.keys <= level) {
      // A key of the same list entry, whose dash stands on an earlier line.
      if (path[0] !== '[]' || path.length === 0) path.unshift('[]');
      limit = at.dash;
      continue;
    }
    if (at.keys >= limit && at.dash === null) continue;
    if (at.dash !== null && at.dash >= limit) continue;
    const key = keyOf(text);
    if (key === null) continue;
    if (at.dash !== null && at.keys < limit) {
      path.unshift('[]', key);
      limit = at.dash;
    } else {
      path.unshift(key);
      limit = at.keys;
    }
    if (limit === 0 && at.dash === null) break;
  }
  const flow = flowPath(before);
  return { path: [...path, ...flow.path], used: flow.open ? flow.used : siblings(lines, line, level) };
}

function indentOf(text: string): { keys: number; dash: number | null } {
  const match = /^( *)(- +)?/.exec(text);
  const spaces = match?.[1].length ?? 0;
  return match?.[2] ? { keys: spaces + match[2].length, dash: spaces } : { keys: spaces, dash: null };
}

function keyOf(text: string): string | null {
  return /^ *(?:- +)?["']?([^\s"':#{[][^"':#]*?)["']?\s*:/.exec(text)?.[1] ?? null;
}

/** Keys opened by `{` and `[` before a place on its line, such as `disc` in `shape: { disc: { r`. */
function flowPath(before: string): { path: string[]; used: string[]; open: boolean } {
  const stack: { key: string | null; used: string[] }[] = [];
  let key: string | null = keyOf(before);
  const tokens = before.matchAll(/"[^"]*"|'[^']*'|[{}[\],]|([A-Za-z_]\w*)\s*:/g);
  for (const token of tokens) {
    const [text, name] = token;
    if (name !== undefined) {
      key = name;
      stack.at(-1)?.used.push(name);
    } else if (text === '{') {
      stack.push({ key, used: [] });
      key = null;
    } else if (text === '[') {
      stack.push({ key, used: [] });
      key = '[]';
    } else if (text === '}' || text === ']') stack.pop();
  }
  const path: string[] = [];
  for (const { key: name } of stack) if (name !== null) path.push(name);
  return { path, used: stack.at(-1)?.used ?? [], open: stack.length > 0 };
}

function siblings(lines: readonly string[], line: number, level: number): string[] {
  const used: string[] = [];
  for (const direction of [-1, 1]) {
    for (let i = line + direction; i >= 0 && i < lines.length; i += direction) {
      if (lines[i].trim() === '' || lines[i].trim().startsWith('#')) continue;
      const at = indentOf(lines[i]);
      if (at.keys < level) break;
      const key = keyOf(lines[i]);
      if (at.keys === level && key !== null) used.push(key);
      if (at.keys === level && at.dash !== null) break;
    }
  }
  return used;
}
