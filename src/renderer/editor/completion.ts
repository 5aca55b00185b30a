import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { pathAt, type Schema, schemasAt } from './schemaPath.ts';

/** Completions of keys, and of values where the schema has constants, at a place of a scenario's text. */
export function completeScenario(context: CompletionContext, schema: Schema): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const column = context.pos - line.from;
  const before = line.text.slice(0, column);
  const word = /[A-Za-z_][\w-]*$/.exec(before)?.[0] ?? '';
  if (word === '' && !context.explicit) return null;
  const options = optionsAt(context.state.doc.toString(), line.number - 1, column, schema);
  return options.length > 0 ? { from: context.pos - word.length, options } : null;
}

/** What may stand at a line and column (from 0). */
export function optionsAt(text: string, line: number, column: number, schema: Schema): Completion[] {
  const lines = text.split('\n');
  const before = lines[line].slice(0, column);
  if (/^\s*#|\s#/.test(before)) return [];
  const { path, used } = pathAt(lines, line, column);
  const value = /(?:^|[\s{,])["']?([A-Za-z_]\w*)["']?:\s+["']?[^\s"'{}[\],]*$/.exec(before);
  if (value) return values(schemasAt(schema, [...path, value[1]]));
  return keys(schemasAt(schema, path), used);
}

function keys(schemas: readonly Schema[], used: readonly string[]): Completion[] {
  const found = new Map<string, Completion>();
  for (const schema of schemas) {
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      if (used.includes(name) || found.has(name)) continue;
      const required = schema.required?.includes(name) === true;
      found.set(name, {
        label: name,
        apply: `${name}: `,
        type: 'property',
        boost: required ? 1 : 0,
        ...(property.title ? { detail: property.title } : {}),
        ...(property.description ? { info: property.description } : {}),
      });
    }
  }
  return [...found.values()];
}

function values(schemas: readonly Schema[]): Completion[] {
  return schemas.flatMap((schema): Completion[] => {
    if (schema.enum) {
      return schema.enum.map(value => ({
        label: String(value),
        type: 'constant',
        ...(value === schema.default ? { detail: 'default' } : {}),
      }));
    }
    if (schema.const !== undefined) return [{ label: String(schema.const), type: 'constant' }];
    if (schema.type === 'boolean') return ['true', 'false'].map(label => ({ label, type: 'constant' }));
    return [];
  });
}
