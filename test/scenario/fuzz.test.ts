import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';
import { BASE } from './base.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const shipped = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .map(name => readFileSync(new URL(name, folder), 'utf8'));
const TEXTS = [BASE, ...shipped];

/** No load may take longer, ms of processor time (wall time would measure what else the machine does). */
const SLOWEST = 1000;

function expectFinite(value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) expect.fail(`${value} in a description`);
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(expectFinite);
}

/** Loads; the only exception is a ScenarioError with at least one complete problem. Returns whether it loaded. */
function loads(text: string, set: string[] = []): boolean {
  for (let attempt = 0; ; attempt++) {
    const start = process.cpuUsage();
    let loaded = true;
    try {
      const { description, text: resolved } = loadScenario(text, { set });
      expectFinite(description);
      if (set.length > 0) expect(loadScenario(resolved).description).toEqual(description);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      for (const problem of error.problems) expect(problem.message).not.toBe('');
      loaded = false;
    }
    const { user, system } = process.cpuUsage(start);
    const elapsed = (user + system) / 1000;
    if (elapsed < SLOWEST) return loaded;
    expect(attempt, `${elapsed} ms for ${text.slice(0, 80)}`).toBeLessThan(2);
  }
}

const HOSTILE_VALUES: unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e300,
    -1e300,
    1e-300,
    Infinity,
    Number.NaN,
    2 ** 53,
    0.1,
    [],
    {},
    [[]],
    [1, 2, 3, 4],
  ],
  ...[
    '',
    ' ',
    '0',
    '-0',
    '1e400',
    '10^10^10 um',
    '1e-300 s',
    '5 nM',
    '2 um',
    '1 h',
    '3 /s',
    'volume',
    'field.AHL',
  ],
  ...[
    'x',
    'k',
    'A',
    'A -> A',
    '->',
    '∅ -> ∅',
    '1e30 A -> 1e-30 B',
    'no-flux',
    'periodic',
    'none',
    'domain',
    '__proto__',
  ],
  ...[
    'constructor',
    'toString()',
    'a.constructor',
    'field.constructor',
    'import("x")',
    'f(x) = x',
    '1:2',
    '[1,2]',
  ],
  ...[
    'hill(1,2)',
    'min()',
    '0/0',
    '1/0',
    '(0 - 1)^0.5',
    'ln(0)',
    '1 m^400',
    'time.end',
    '\u0000',
    '\ud800',
    '💥 um',
  ],
  ...[
    { __proto__: 1 },
    { constructor: 1 },
    { value: '5 mM' },
    { disc: {} },
    { points: [] },
    'x'.repeat(5000),
  ],
];
const WORDS = [
  ...[
    'um',
    's',
    'nM',
    'field.',
    '->',
    '+',
    '*',
    '/',
    '^',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    ',',
    '"',
    "'",
    '\n',
    '  ',
  ],
  ...[
    '&a ',
    '*a',
    '!!str ',
    '<<: ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '# ',
    '|',
    '>',
    '?',
    '\t',
    '\u0000',
    '\ufeff',
    '1e999',
    '.inf',
  ],
  ...['biomass', 'k: ', 'rate: ', 'continuous: true', 'periodic', '~', '0x1F', '!', '@', '`', '%'],
];

/** A document with one to four parts replaced, removed, renamed, or copied from elsewhere. */
function mutate(document: unknown, edits: readonly (readonly [number, number, number])[]): unknown {
  const root: unknown = structuredClone(document);
  for (const [where, how, what] of edits) {
    const places: { holder: Record<string, unknown>; key: string }[] = [];
    const visit = (holder: unknown): void => {
      if (typeof holder !== 'object' || holder === null) return;
      const record = holder as Record<string, unknown>;
      for (const key of Object.keys(record)) {
        places.push({ holder: record, key });
        visit(record[key]);
      }
    };
    visit(root);
    if (places.length === 0) return root;
    const { holder, key } = places[where % places.length];
    const other = places[what % places.length];
    if (how === 0) delete holder[key];
    else if (how === 1) holder[key] = HOSTILE_VALUES[what % HOSTILE_VALUES.length];
    else if (how === 2) holder[key] = structuredClone(other.holder[other.key]);
    else if (how === 3) holder[other.key] = holder[key];
    else if (Array.isArray(holder)) holder.push(structuredClone(other.holder[other.key]));
    else holder[`${key}x`] = HOSTILE_VALUES[what % HOSTILE_VALUES.length];
  }
  return root;
}

describe('fuzz', () => {
  it('survives changes of the structure', () => {
    const documents = TEXTS.map(text => parse(text) as unknown);
    let loaded = 0;
    fc.assert(
      fc.property(
        fc.nat(documents.length - 1),
        fc.array(fc.tuple(fc.nat(1000), fc.nat(4), fc.nat(1000)), { minLength: 1, maxLength: 4 }),
        (which, edits) => {
          if (loads(stringify(mutate(documents[which], edits)))) loaded += 1;
        },
      ),
      { seed: 20, numRuns: 2000, endOnFailure: true },
    );
    // Mutations that hit nothing, or everything, would show little.
    expect(loaded).toBeGreaterThan(30);
    expect(loaded).toBeLessThan(2000);
  });

  it('survives changes of the text', () => {
    const edit = fc.tuple(
      fc.nat(100_000),
      fc.oneof(fc.nat(3), fc.constant(0), fc.nat(200)),
      fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 3 }), fc.constant('')),
    );
    fc.assert(
      fc.property(
        fc.nat(TEXTS.length - 1),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (which, edits) => {
          let text = TEXTS[which];
          for (const [at, length, insert] of edits) {
            const start = at % (text.length + 1);
            text = text.slice(0, start) + insert + text.slice(start + length);
          }
          loads(text);
        },
      ),
      { seed: 21, numRuns: 2000, endOnFailure: true },
    );
  });

  it('survives any override', () => {
    const path = fc.constantFrom(
      ...[
        'seed',
        'time.end',
        'population[0].in',
        'population.0.count',
        'cells.rod.reactions.make.rate',
        'fields.AHL',
      ],
      ...[
        'cells.rod',
        'cells',
        'parameters.k',
        '__proto__.x',
        'a[b]',
        'cells.rod.species.constructor',
        '',
        '[0]',
      ],
    );
    const value = fc.oneof(
      fc.constantFrom('0x1F', '1e3', '1.50', '042', '+7', '0o17', '"7"', '-0'),
      fc.constantFrom(...HOSTILE_VALUES).map(v => JSON.stringify(v) ?? ''),
      fc.constantFrom(...WORDS),
    );
    fc.assert(
      fc.property(path, value, (at, text) => {
        loads(BASE, [`${at}=${text}`]);
      }),
      { seed: 22, numRuns: 1000, endOnFailure: true },
    );
  });
});

describe('hostile files', () => {
  const deep = (open: string, close = '') => open.repeat(20_000) + close.repeat(20_000);
  const inRate = (rate: string) => BASE.replace('0.2 /s', JSON.stringify(rate));
  const cases: [string, string][] = [
    ['nothing', ''],
    ['a comment', '# nothing'],
    ['a scalar', '42'],
    ['a list', '- 1\n- 2'],
    ['a null', '~'],
    ['deep lists', `title: ${deep('[', ']')}`],
    ['deep mappings', deep('{a: ', '}')],
    ['deep sequences', deep('- ')],
    ['deep indentation', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    [
      'an alias bomb',
      `a: &a [x,x]\n${'bcdefgh'.replace(/./g, (c, i) => `${c}: &${c} [${`*${'abcdefg'[i]},`.repeat(9)}]\n`)}`,
    ],
    ['a text too long', `title: ${'x'.repeat(300_000)}`],
    ['many keys', Array.from({ length: 13_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['many equal keys', 'title: 1\n'.repeat(14_000)],
    ['many errors', 'a: ]\n'.repeat(26_000)],
    ['quotes', '"'.repeat(131_000)],
    ['tabs', '\t'.repeat(100_000)],
    ['nul', '\u0000'.repeat(1000)],
    ['a deep expression', inRate(`${'('.repeat(2000)}k${')'.repeat(2000)}`)],
    ['a tower of powers', inRate(`${'9^'.repeat(1500)}9 /s`)],
    ['many signs', inRate(`${'-'.repeat(4000)}k`)],
    ['a long sum', inRate(`k${' + k'.repeat(1000)}`)],
    ['a long expression', inRate(`k${' + k'.repeat(100_000 / 4)}`)],
    ['nested conditionals', inRate(`${'1 ? '.repeat(500)}k${' : k'.repeat(500)}`)],
    ['nested calls', inRate(`${'abs('.repeat(500)}k${')'.repeat(500)}`)],
    ['huge coefficients', BASE.replace('"-> A"', `"-> ${'9'.repeat(4000)} A"`)],
    ['a huge exponent', BASE.replace('"-> A"', '"-> 1e999999999 A"')],
    ['many terms', BASE.replace('"-> A"', `"-> ${'A + '.repeat(2000)}A"`)],
    ['huge grids', BASE.replace('[20, 10]', '[1e300, 1e300]')],
    ['endless grids', BASE.replace('[20, 10]', '[1e400, .inf]')],
    ['tiny steps', BASE.replace('step: 1 s', 'step: 1e-300 s')],
    ['many cells', BASE.replace('count: 10', 'count: 1e300')],
    [
      'a huge lattice',
      BASE.replace(
        /count: 10, in: .*?, amounts/,
        'in: { lattice: { from: [1 um, 1 um], to: [9 um, 9 um], counts: [1e200, 1e200] } }, amounts',
      ),
    ],
    [
      'a long cycle',
      BASE.replace(
        'k: 0.1 /s',
        `k: p0, ${Array.from({ length: 400 }, (_, i) => `p${i}: p${(i + 1) % 400}`).join(', ')}`,
      ),
    ],
    [
      'many parameters',
      BASE.replace(
        'k: 0.1 /s',
        `k: 0.1 /s, ${Array.from({ length: 5000 }, (_, i) => `p${i}: ${i}`).join(', ')}`,
      ),
    ],
    ['an odd version', `%YAML 1.1\n---\n${BASE.replace('seed: 7', 'seed: 1:20\n<<: {seed: 1}')}`],
    [
      'a prototype',
      `__proto__: { title: x }\nconstructor: { prototype: 1 }\n${BASE.replace('title: Base\n', '')}`,
    ],
  ];
  it.each(cases)('refuses %s', (_name, text) => {
    expect(loads(text)).toBe(false);
  });

  it('follows a long chain of parameters', () => {
    const chain = Array.from({ length: 490 }, (_, i) => `p${i}: p${i + 1} + 0 /s`).join(', ');
    expect(loads(BASE.replace('k: 0.1 /s', `k: p0, ${chain}, p490: 0.1 /s`))).toBe(true);
  });

  it('takes JSON', () => {
    expect(loads(JSON.stringify(parse(BASE)))).toBe(true);
  });
});
