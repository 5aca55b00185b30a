import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { conform } from '../../src/engine/scenario/conform.ts';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { parseDocument, toSource } from '../../src/engine/scenario/parse.ts';
import { ScenarioSchema, schemaText } from '../../src/engine/scenario/schema.ts';
import { Source } from '../../src/engine/scenario/source.ts';
import { BASE } from './base.ts';

/** Has the names that the guide's sections use. */
const GUIDE = `cellfield: 1
title: Guide
parameters: { k_tx: 0.05 /s }
domain: { size: [200 um, 200 um], grid: [10, 10], thickness: 1 um }
time: { end: 1 min, step: 1 s }
fields:
  AHL: { diffusivity: 490 um^2/s, initial: 0 nM }
  glucose: { diffusivity: 600 um^2/s, initial: 5 mM }
  drug: { diffusivity: 400 um^2/s, initial: 0 nM }
cells:
  sender:
    shape: { disc: { radius: 0.5 um } }
    species: { A: 0, mRNA: 0, P: 0, P2: 0 }
    growth: 1 /h
  receiver:
    shape: { disc: { radius: 0.5 um } }
    species: { A: 0 }
    reactions: { release: { equation: "A -> field.AHL", k: 1 /s } }
population: []
`;

function conforms(text: string): boolean {
  const source = new Source();
  const parsed = parseDocument(text, source);
  if (parsed === null) return false;
  const root = toSource(parsed, source);
  source.index(root);
  conform(root, ScenarioSchema, source);
  return source.problems.length === 0;
}

describe('the schema', () => {
  it('is published as it is (else run `node scripts/schema.ts`)', () => {
    const published = readFileSync(new URL('../../scenarios/schema.json', import.meta.url), 'utf8');
    expect(published).toBe(schemaText());
  });

  it('accepts the base', () => {
    expect(Check(ScenarioSchema, parse(BASE))).toBe(true);
    expect(conforms(BASE)).toBe(true);
  });

  it('means to us what it means to a JSON Schema validator', () => {
    const values: unknown[] = [
      1,
      2.5,
      0,
      'text',
      true,
      null,
      [],
      ['1 um', '2 um'],
      {},
      'none',
      'periodic',
      'soft',
    ];
    values.push({ value: '1 nM' }, { disc: { radius: '1 um' } }, ['A -> B'], [1, 2], [1, 2, 3, 4]);
    let accepted = 0;
    const change = fc.tuple(fc.nat(500), fc.nat(3), fc.nat(500));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), changes => {
        const root: unknown = parse(BASE);
        for (const [where, how, what] of changes) {
          const places: [Record<string, unknown>, string][] = [];
          const visit = (holder: unknown): void => {
            if (typeof holder !== 'object' || holder === null) return;
            const record = holder as Record<string, unknown>;
            for (const key of Object.keys(record)) {
              places.push([record, key]);
              visit(record[key]);
            }
          };
          visit(root);
          const [holder, key] = places[where % places.length];
          const value = values[what % values.length];
          const other = places[what % places.length][1];
          if (how === 0 && !Array.isArray(holder)) delete holder[key];
          else if (how === 1) holder[key] = structuredClone(value);
          else if (how === 2 && !Array.isArray(holder)) holder[`${key}x`] = structuredClone(value);
          else if (!Array.isArray(holder)) holder[other] = structuredClone(value);
        }
        const valid = Check(ScenarioSchema, root);
        if (valid) accepted += 1;
        expect(conforms(stringify(root))).toBe(valid);
      }),
      { seed: 11, numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(30);
    expect(accepted).toBeLessThan(800);
  });

  it('is documented key by key', () => {
    const guide = readFileSync(new URL('../../docs/scenario.md', import.meta.url), 'utf8');
    const missing = new Set<string>();
    const visit = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const properties = 'properties' in schema ? schema.properties : null;
      if (typeof properties === 'object' && properties !== null) {
        for (const key of Object.keys(properties)) if (!guide.includes(`\`${key}\``)) missing.add(key);
      }
      for (const part of Object.values(schema)) visit(part);
    };
    visit(ScenarioSchema);
    expect([...missing]).toEqual([]);
  });

  it('is documented with examples that load', () => {
    const guide = readFileSync(new URL('../../docs/scenario.md', import.meta.url), 'utf8');
    const blocks = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(match => match[1]);
    const whole = blocks.filter(block => block.startsWith('cellfield:'));
    expect(whole).toHaveLength(1);
    for (const block of whole) expect(loadScenario(block).warnings).toEqual([]);
    // The others are sections: each is put into a scenario that has what it names.
    const sections = blocks.filter(block =>
      /^(parameters|domain|time|fields|bulk|mechanics|coupling|balance|diagnostics|interventions|detachment):/.test(
        block,
      ),
    );
    expect(sections).toHaveLength(20);
    for (const block of sections) {
      const given = Object.keys(parse(block) as object);
      const rest = Object.entries(parse(GUIDE) as object).filter(([key]) => !given.includes(key));
      expect(() => loadScenario(`${stringify(Object.fromEntries(rest))}${block}`)).not.toThrow();
    }
    const inType = blocks.filter(block =>
      /^(reactions|events|replication|division|death|rules|contacts|motion):/.test(block),
    );
    expect(inType).toHaveLength(9);
    const population = blocks.find(block => block.startsWith('population:'));
    // A key with two examples has them in turn.
    const keyOf = (block: string) => block.slice(0, block.indexOf(':'));
    const others = inType.filter((block, i) =>
      inType.slice(i + 1).some(later => keyOf(later) === keyOf(block)),
    );
    for (const chosen of [inType.filter(block => !others.includes(block)), others]) {
      const type = chosen.join('').replace(/^/gm, '    ').trimEnd();
      const text = GUIDE.replace('    growth: 1 /h', type).replace('population: []\n', population ?? '');
      expect(loadScenario(text).description.population).toHaveLength(3);
    }
  });
});
