import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder of the SBML test suite: $CELLFIELD_SBML_SUITE, else beside the project. */
export const SUITE = process.env.CELLFIELD_SBML_SUITE ?? resolve(PROJECT, '../shared/sbml-test-suite');

/** Said where a suite is not there. */
export function absent(part: 'semantic' | 'stochastic'): string | null {
  const folder = join(SUITE, part);
  if (existsSync(folder)) return null;
  return `skipped: there is no SBML test suite at ${folder} (set CELLFIELD_SBML_SUITE)`;
}

export interface SuiteCase {
  readonly name: string;
  readonly model: string;
  readonly times: readonly number[];
  /** Column names and values [row][column] of the expected results, without the time. */
  readonly columns: readonly string[];
  readonly expected: readonly (readonly number[])[];
  readonly absolute: number;
  readonly relative: number;
  readonly amount: ReadonlySet<string>;
  readonly concentration: ReadonlySet<string>;
}

export function caseNames(part: 'semantic' | 'stochastic'): string[] {
  if (absent(part) !== null) return [];
  return readdirSync(join(SUITE, part))
    .filter(name => /^\d{5}$/.test(name))
    .sort();
}

/** The highest level and version of a case's model that is there. */
export function readCase(part: 'semantic' | 'stochastic', name: string): SuiteCase {
  const folder = join(SUITE, part, name);
  const files = readdirSync(folder).filter(file => /sbml-l[23]v\d\.xml$/.test(file));
  const model = readFileSync(join(folder, files.sort()[files.length - 1]), 'utf8');
  const settings = new Map(
    readFileSync(join(folder, `${name}-settings.txt`), 'utf8')
      .split('\n')
      .filter(line => line.includes(':'))
      .map(line => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const list = (key: string): string[] =>
    (settings.get(key) ?? '')
      .split(',')
      .map(text => text.trim())
      .filter(text => text !== '');
  const start = Number(settings.get('start'));
  const duration = Number(settings.get('duration'));
  const steps = Number(settings.get('steps'));
  const rows = readFileSync(join(folder, `${name}-results.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  return {
    name,
    model,
    times: Array.from({ length: steps + 1 }, (_, i) => start + (i * duration) / steps),
    columns: rows[0]
      .split(',')
      .slice(1)
      .map(text => text.trim().replace(/"/g, '')),
    expected: rows.slice(1).map(row => row.split(',').slice(1).map(readNumber)),
    absolute: Number(settings.get('absolute')),
    relative: Number(settings.get('relative')),
    amount: new Set(list('amount')),
    concentration: new Set(list('concentration')),
  };
}

function readNumber(text: string): number {
  const trimmed = text.trim().toUpperCase();
  if (/^-INF/.test(trimmed)) return Number.NEGATIVE_INFINITY;
  if (/^\+?INF/.test(trimmed)) return Number.POSITIVE_INFINITY;
  return Number(trimmed);
}
