import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelsBeside } from '../../src/main/models.ts';

const root = mkdtempSync(join(tmpdir(), 'cellfield-models-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const folder = join(root, 'here');
mkdirSync(join(folder, 'below'), { recursive: true });
for (const name of [
  'here/a.xml',
  'here/b.sbml',
  'here/with blank.xml',
  'here/below/c.xml',
  'outside.xml',
  'here/secret.txt',
  'here/flow.csv',
]) {
  writeFileSync(join(root, name), `<${name.length}>`);
}
writeFileSync(join(folder, 'large.xml'), ' '.repeat(8_000_001));
symlinkSync(join(root, 'outside.xml'), join(folder, 'link.xml'));
symlinkSync(join(folder, 'secret.txt'), join(folder, 'text.xml'));

const read = (text: string) => Object.keys(readModelsBeside(join(folder, 'scenario.yaml'), text));

describe('models beside a scenario', () => {
  it('are found however YAML writes their names', () => {
    const text = [
      'circuit: { sbml: a.xml, volume: cell }',
      'circuit: { volume: cell, sbml: "b.sbml" }',
      '  sbml: with blank.xml # a comment',
      "  sbml: 'below/c.xml'",
      '{ "sbml": "a.xml" }',
    ].join('\n');
    expect(read(text)).toEqual(['a.xml', 'b.sbml', 'with blank.xml', 'below/c.xml']);
  });

  it.each([
    'missing.xml',
    '../outside.xml',
    join(root, 'outside.xml'),
    'link.xml',
    'secret.txt',
    'text.xml',
    'large.xml',
    'below',
  ])('do not include %s', name => expect(read(`sbml: ${name}`)).toEqual([]));

  it('come with a flow, each by its own kind of name', () => {
    expect(read('flow: { file: flow.csv }')).toEqual(['flow.csv']);
    expect(read('flow: { file: a.xml }')).toEqual([]);
    expect(read('circuit: { sbml: flow.csv }')).toEqual([]);
  });

  it('may stand in the scenario itself', () => expect(read('sbml: |\n  <sbml/>')).toEqual([]));
});
