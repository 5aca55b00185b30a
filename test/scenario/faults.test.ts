import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/engine/scenario/load.ts';
import { ScenarioError } from '../../src/engine/scenario/problems.ts';
import { BASE, edited } from './base.ts';

interface Case {
  readonly part: string;
  readonly replacement: string;
  readonly messages: readonly string[];
}

function readCases(): Case[] {
  const text = readFileSync(new URL('faults.txt', import.meta.url), 'utf8');
  const blocks = text
    .replace(/^#.*\n/gm, '')
    .trim()
    .split('\n\n');
  return blocks.map(block => {
    const [edit, ...messages] = block.split('\n').map(line => line.trim());
    const [part, replacement = ''] = edit.split(/ =>(?: |$)/);
    const unescaped = replacement.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
    return { part, replacement: unescaped, messages };
  });
}

/** Messages of a load, without the file's name. */
function messagesOf(text: string, set: string[] = []): string[] {
  try {
    loadScenario(text, { file: 's.yaml', set });
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n').map(line => line.replace(/^s\.yaml:/, ''));
  }
}

describe('faults of a scenario', () => {
  const cases = readCases();

  it('has a base without faults or warnings', () => {
    expect(loadScenario(BASE).warnings).toEqual([]);
  });

  it('covers many faults', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
  });

  it.each(cases)('$part => $replacement', ({ part, replacement, messages }) => {
    expect(messagesOf(edited(part, replacement))).toEqual(messages);
  });

  it('reports faults of all sections in one go', () => {
    const text = edited('seed: 7', 'sed: 7')
      .replace('D: 100 um^2/s', 'D: 100 um^2/parsec')
      .replace('thickness: 1 um', 'thickness: thick')
      .replace('record: 10 s', 'record: 1.5 s')
      .replace('decay: 0.01 /s', 'decay: -0.01 /s')
      .replace('"-> A"', '"-> Z"')
      .replace('count: 10', 'count: many')
      .replace('tolerance: 1e-9', 'tolerance: 2');
    const paths = messagesOf(text).map(message => message.split(' ')[1]);
    expect(paths.sort()).toEqual([
      'balance.tolerance:',
      'cells.rod.reactions.make.equation:',
      'domain.thickness:',
      'fields.AHL.decay:',
      'parameters.D:',
      'population[0].count:',
      'sed:',
      'time.record:',
    ]);
  });

  it('does not list more than a hundred problems', () => {
    const names = Array.from({ length: 300 }, (_, i) => `p${i}: nothing`).join(', ');
    const messages = messagesOf(edited('k: 0.1 /s', `k: 0.1 /s, ${names}`));
    expect(messages).toHaveLength(101);
    expect(messages[100]).toBe('… and 200 more problems');
  });
});

describe('faults of an override', () => {
  it.each([
    [
      'time.end=5 um',
      '--set time.end=5 um time.end: has dimension length but must be time (got `5 um`); allowed: `2 s`',
    ],
    ['parametrs.k=1 /s', '--set parametrs.k=1 /s parametrs: unknown key; did you mean `parameters`?'],
    ['time.stop=1 h', '--set time.stop=1 h time.stop: unknown key; did you mean `step`?'],
    ['title.x=1', '--set title.x=1 title.x: `title` is not a mapping; it has no key `x`'],
    [
      'population[3].count=1',
      '--set population[3].count=1 population[3].count: `population` is a list of 1 with no item `3`; the items count from 0',
    ],
    [
      'nothing',
      '--set nothing: is not an override; allowed: `path=value`, such as `time.end=1 h` or `population[0].count=50`',
    ],
    [
      'a..b=1',
      '--set a..b=1 a..b: is not an override; allowed: `path=value`, such as `time.end=1 h` or `population[0].count=50`',
    ],
    ['seed=', '--set seed= seed: must be a number or text (got nothing)'],
  ])('%s', (override, message) => {
    expect(messagesOf(BASE, [override])).toEqual([message]);
  });

  it('rejects a value that is not YAML', () => {
    expect(messagesOf(BASE, ['seed=[1'])[0]).toMatch(/^--set seed=\[1 seed: the value is not valid YAML/);
  });
});
