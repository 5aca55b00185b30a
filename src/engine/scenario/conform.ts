import { childPath, type Source, type SourceMapping, type SourceNode } from './source.ts';
import { closest, didYouMean, listing } from './suggest.ts';

/** The part of JSON Schema that the scenario's schema uses. */
interface JsonSchema {
  readonly title?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A value whose faulty parts have been reported and left out: any key or item may be undefined. */
export type Loose<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Loose<Item> | undefined)[]
    : T extends object
      ? { readonly [K in keyof T]?: Loose<T[K]> | undefined }
      : T;

/**
 * Checks a document against a JSON Schema and returns what conforms. One message per fault: a value that fits no
 * alternative gets one message that lists them, and a faulty part is not looked at further.
 */
export function conform<T>(node: SourceNode, schema: object, source: Source): Loose<T> | undefined {
  return check(node, schema, source) as Loose<T> | undefined;
}

function check(node: SourceNode, schema: JsonSchema, source: Source): unknown {
  if (node.kind === 'invalid') return undefined;
  if (schema.anyOf) return checkAlternatives(node, schema, schema.anyOf, source);
  if (!accepts(node, schema)) {
    source.problem(node.path, `must be ${expectation(schema)}${suggestWord(node, schema.enum ?? [])}`);
    return undefined;
  }
  switch (node.kind) {
    case 'mapping':
      return checkMapping(node, schema, source);
    case 'list': {
      const { minItems = 0, maxItems = Infinity, items } = schema;
      if (node.items.length < minItems || node.items.length > maxItems) {
        source.problem(
          node.path,
          schema.title ? `must be ${schema.title}` : `has ${node.items.length} items`,
          `${minItems} to ${maxItems} items`.replace(' to Infinity', ' or more'),
        );
        return undefined;
      }
      return node.items.map(item => (items ? check(item, items, source) : undefined));
    }
    case 'scalar':
      return node.value;
  }
}

/** Whether a node is of the schema's kind, its parts aside. */
function accepts(node: SourceNode, schema: JsonSchema): boolean {
  if (node.kind === 'mapping') return schema.type === 'object';
  if (node.kind === 'list') return schema.type === 'array';
  if (node.kind === 'invalid') return false;
  const { value } = node;
  if (schema.const !== undefined) return value === schema.const;
  if (schema.enum) return schema.enum.includes(value);
  switch (schema.type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return (
        Number.isInteger(value) &&
        Number(value) >= (schema.minimum ?? -Infinity) &&
        Number(value) <= (schema.maximum ?? Infinity)
      );
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return false;
  }
}

function checkAlternatives(
  node: SourceNode,
  schema: JsonSchema,
  alternatives: readonly JsonSchema[],
  source: Source,
): unknown {
  const fitting = alternatives.find(alternative => accepts(node, alternative));
  if (fitting) return check(node, fitting, source);
  const suggestion = suggestWord(
    node,
    alternatives.flatMap(alternative => alternative.enum ?? [alternative.const]),
  );
  source.problem(node.path, `must be ${expectation(schema)}${suggestion}`);
  return undefined;
}

function suggestWord(node: SourceNode, words: readonly unknown[]): string {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return '';
  return didYouMean(
    node.value,
    words.filter(word => typeof word === 'string'),
  );
}

/** What a schema asks for, in words. */
function expectation(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map(word => `\`${word}\``).join(' or ');
  if (schema.anyOf) return schema.anyOf.map(expectation).join(' or ');
  switch (schema.type) {
    case 'object':
      return schema.properties
        ? `a mapping with the keys ${Object.keys(schema.properties).join(', ')}`
        : 'a mapping of names';
    case 'array':
      return 'a list';
    case 'boolean':
      return 'true or false';
    default:
      return 'a number';
  }
}

function checkMapping(node: SourceMapping, schema: JsonSchema, source: Source): unknown {
  const result: Record<string, unknown> = Object.create(null);
  const { properties, patternProperties } = schema;
  if (patternProperties) {
    const [pattern, value] = Object.entries(patternProperties)[0];
    const valid = new RegExp(pattern);
    for (const entry of node.entries) {
      if (valid.test(entry.key)) result[entry.key] = check(entry.value, value, source);
      else {
        const allowed = 'letters, digits and _, not beginning with a digit';
        source.keyProblem(entry.value.path, 'is not a name', allowed);
      }
    }
    return result;
  }
  const known = properties ?? {};
  for (const entry of node.entries) {
    if (Object.hasOwn(known, entry.key)) result[entry.key] = check(entry.value, known[entry.key], source);
    else {
      const suggestion = didYouMean(entry.key, Object.keys(known));
      source.keyProblem(
        entry.value.path,
        `unknown key${suggestion}`,
        suggestion ? null : listing(Object.keys(known), 20),
      );
    }
  }
  checkPresence(node, schema, source);
  return result;
}

function checkPresence(node: SourceMapping, schema: JsonSchema, source: Source): void {
  const known = Object.keys(schema.properties ?? {});
  // A misspelt key has been reported as such; what it was meant to be is not also missing.
  const given = new Set(node.entries.map(entry => entry.key));
  const meant = new Set([...given].filter(key => !known.includes(key)).map(key => closest(key, known)));
  const has = (key: string) => given.has(key) || meant.has(key);
  for (const key of schema.required ?? []) {
    if (has(key)) continue;
    const wanted = schema.properties?.[key];
    const path = childPath(node.path, key);
    source.report(path, node.position, 'is missing', null, wanted ? expectation(wanted) : null);
  }
  if (schema.oneOf) {
    const choices = schema.oneOf.flatMap(choice => choice.required);
    const chosen = choices.filter(has);
    if (chosen.length !== 1) {
      const list = choices.map(choice => `\`${choice}\``).join(', ');
      const found = chosen.length === 0 ? 'none' : chosen.map(key => `\`${key}\``).join(' and ');
      source.report(node.path, node.position, `needs exactly one of ${list}; it has ${found}`, null, null);
    }
  }
}
