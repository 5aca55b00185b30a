import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { optionsAt } from '../../src/renderer/editor/completion.ts';
import { byLine, problemSpan } from '../../src/renderer/editor/problemSpan.ts';
import { pathAt, type Schema, schemasAt } from '../../src/renderer/editor/schemaPath.ts';

const root = new URL('../../scenarios/', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('schema.json', root), 'utf8')) as Schema;

/** Completions at the mark | of a text. */
function at(marked: string): string[] {
  const before = marked.slice(0, marked.indexOf('|')).split('\n');
  const text = marked.replace('|', '');
  return optionsAt(text, before.length - 1, before[before.length - 1].length, schema).map(
    ({ label }) => label,
  );
}

describe('completion', () => {
  it('offers the keys of the top level that are not there yet', () => {
    const offered = at('cellfield: 1\ntitle: x\n|\ntime: { end: 1 s }\n');
    expect(offered).toContain('fields');
    expect(offered).toContain('parameters');
    for (const used of ['cellfield', 'title', 'time']) expect(offered).not.toContain(used);
  });

  it('offers the keys of a field, in block and in flow style', () => {
    expect(at('fields:\n  AHL:\n    diffusivity: 1 um^2/s\n    |')).toEqual([
      'film',
      'decay',
      'initial',
      'boundary',
      'dynamics',
      'tolerance',
      'solver',
    ]);
    expect(at('fields:\n  AHL: { diffusivity: 1 um^2/s, |')).toEqual([
      'film',
      'decay',
      'initial',
      'boundary',
      'dynamics',
      'tolerance',
      'solver',
    ]);
  });

  it('offers the keys of a reaction and of a division', () => {
    expect(at('cells:\n  sender:\n    reactions:\n      export: { |')).toContain('equation');
    expect(at('cells:\n  sender:\n    reactions:\n      export:\n        eq|')).toContain('equation');
    expect(at('cells:\n  sender:\n    division: { adder: { |')).toContain('added');
  });

  it('offers the keys of an entry of a list', () => {
    expect(at('population:\n  - { |')).toContain('count');
    expect(at('population:\n  - type: a\n    |')).toContain('count');
    expect(at('population:\n  - type: a\n    |')).not.toContain('type');
  });

  it('offers values where there are only some', () => {
    expect(at('coupling: { schedule: |')).toContain('weak');
    expect(at('balance:\n  onBreach: s|')).toContain('stop');
    expect(at('cells:\n  a:\n    reactions:\n      r: { equation: "->", continuous: |')).toEqual([
      'true',
      'false',
    ]);
  });

  it('offers nothing in comments and inside free text', () => {
    expect(at('# coup|')).toEqual([]);
    expect(at('title: fie|')).toEqual([]);
  });
});

describe('where a key stands', () => {
  const files = readdirSync(root).filter(name => name.endsWith('.yaml'));

  it.each(files)('is a place of the schema for every key of %s', name => {
    const lines = readFileSync(new URL(name, root), 'utf8').split('\n');
    let checked = 0;
    let folded = -1;
    lines.forEach((text, line) => {
      const indent = text.length - text.trimStart().length;
      if (folded >= 0 && (indent > folded || text.trim() === '')) return;
      folded = /:\s*[>|][-+]?\s*$/.test(text) ? indent : -1;
      const key = /^( *)(- +)?([A-Za-z_]\w*):(?: |$)/.exec(text);
      if (!key) return;
      const column = key[1].length + (key[2]?.length ?? 0);
      const { path } = pathAt(lines, line, column);
      expect(schemasAt(schema, [...path, key[3]]), `${line + 1}: ${[...path, key[3]].join('.')}`).not.toEqual(
        [],
      );
      checked++;
    });
    expect(checked).toBeGreaterThan(3);
  });
});

describe('where a problem is shown', () => {
  const text = 'time:\n  end: 5 parsecs # far\n\n';
  it('is the value at its column', () => {
    const [from, to] = problemSpan(text, 2, 8);
    expect(text.slice(from, to)).toBe('5 parsecs');
  });

  it('is the content of its line where it has no column', () => {
    const [from, to] = problemSpan(text, 1, null);
    expect(text.slice(from, to)).toBe('time:');
  });

  it('stays inside the text whatever the line', () => {
    for (const [line, column] of [
      [99, 1],
      [0, 5],
      [3, 7],
      [null, null],
    ] as const) {
      const [from, to] = problemSpan(text, line, column);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(text.length);
      expect(to).toBeGreaterThanOrEqual(from);
    }
  });

  it('comes in the order of lines', () => {
    const problem = (line: number | null) => ({
      path: '',
      line,
      column: 1,
      origin: null,
      message: '',
      value: null,
      allowed: null,
    });
    expect(byLine([problem(9), problem(2), problem(null)]).map(({ line }) => line)).toEqual([null, 2, 9]);
  });
});
