import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, loadScenario, simulate, stateHash, VERSION } from '../../src/engine/index.ts';
import { SCENARIOS } from '../determinism/scenarios.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const [SCENARIO] = Object.values(SCENARIOS);

const folder = mkdtempSync(join(tmpdir(), 'cellfield-package-'));
const consumer = join(folder, 'consumer');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The package as npm would publish it, installed into an empty folder. */
let packed: { filename: string; files: { path: string }[] };

beforeAll(() => {
  mkdirSync(consumer);
  writeFileSync(
    join(consumer, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  writeFileSync(join(consumer, 'colony.yaml'), SCENARIO);
  const pack = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], ROOT);
  expect(pack.status, pack.stderr).toBe(0);
  packed = firstOf(JSON.parse(pack.stdout));
  const tarball = join(folder, packed.filename);
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--omit=dev'];
  const install = run('npm', ['install', ...options, tarball], consumer);
  expect(install.status, install.stderr).toBe(0);
}, 300_000);

/** npm 10 prints a list of packages, npm 11 an object by name. */
function firstOf<T>(printed: T[] | Record<string, T>): T {
  return Array.isArray(printed) ? printed[0] : Object.values(printed)[0];
}

/** Runs with this Node first on the path, as an npm script would. */
function run(command: string, args: readonly string[], cwd = consumer): SpawnSyncReturns<string> {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  return spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, PATH }, timeout: 240_000 });
}

function write(name: string, text: string): void {
  writeFileSync(join(consumer, name), text);
}

describe('the package', () => {
  it('holds what it needs and nothing else', () => {
    const paths = packed.files.map(file => file.path);
    for (const wanted of [
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'dist/engine/index.js',
      'dist/engine/index.d.ts',
      'dist/cli/main.js',
      'docs/scenario.md',
      'scenarios/schema.json',
      'scenarios/quorum-sensing.yaml',
    ]) {
      expect(paths).toContain(wanted);
    }
    const unwanted =
      /^((test|bench|src|node_modules|\.ci)\/|scripts\/(?!cellfield\.mjs$))|tsbuildinfo|(?<!\.d)\.ts$|\.test\./;
    expect(paths.filter(path => unwanted.test(path))).toEqual([]);
  });

  it('runs a scenario to the same state as the source does', () => {
    write(
      'simulate.js',
      `import { readFileSync } from 'node:fs';
import { build, loadScenario, simulate, stateHash, VERSION } from 'cellfield';
const scenario = loadScenario(readFileSync('colony.yaml', 'utf8'), { file: 'colony.yaml' });
console.log(VERSION, stateHash(simulate(build(scenario))));
`,
    );
    const { status, stdout, stderr } = run(process.execPath, ['simulate.js']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(`${VERSION} ${stateHash(simulate(build(loadScenario(SCENARIO))))}\n`);
  });

  it('brings the command', () => {
    const command = join(consumer, 'node_modules/.bin/cellfield');
    const version = run(command, ['--version']);
    expect(version.stderr).toBe('');
    expect(version.stdout).toBe(`${VERSION}\n`);
    const { status, stdout } = run(command, ['run', 'colony.yaml', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).stateHash).toBe(stateHash(simulate(build(loadScenario(SCENARIO)))));
  });

  it('gives the schema by name, the same as in the repository', () => {
    write(
      'schema.js',
      `import schema from 'cellfield/schema.json' with { type: 'json' };\nconsole.log(JSON.stringify(schema));\n`,
    );
    const { stdout } = run(process.execPath, ['schema.js']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(ROOT, 'scenarios/schema.json'), 'utf8')));
  });

  it('keeps its inner modules to itself', () => {
    write('inner.js', `import 'cellfield/dist/engine/model/model.js';\n`);
    expect(run(process.execPath, ['inner.js']).stderr).toMatch(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it('has declarations that a strict compiler accepts, and that catch a mistake', () => {
    const compilerOptions = {
      target: 'ES2023',
      module: 'NodeNext',
      lib: ['ES2023'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['typed.ts'] }));
    const program = (hash: string) => `import {
  build,
  every,
  loadScenario,
  type Model,
  type Scenario,
  ScenarioError,
  type Summary,
  simulate,
  stateHash,
  summarise,
  timeOf,
} from 'cellfield';

export function run(text: string): Summary {
  let scenario: Scenario;
  try {
    scenario = loadScenario(text, { set: ['time.end=1 min'] });
  } catch (error) {
    if (error instanceof ScenarioError) throw new Error(String(error.problems[0]?.line));
    throw error;
  }
  const times: number[] = [];
  const model: Model = build(scenario);
  simulate(model, { observers: [{ when: every(10), act: now => times.push(timeOf(now)) }] });
  const hash: ${hash} = stateHash(model);
  return { ...summarise(model), title: String(hash) };
}
`;
    write('typed.ts', program('string'));
    const right = run(process.execPath, [TSC, '-p', '.']);
    expect(right.stdout).toBe('');
    expect(right.status).toBe(0);
    write('typed.ts', program('number'));
    const wrong = run(process.execPath, [TSC, '-p', '.']);
    expect(wrong.stdout).toMatch(/typed\.ts.*Type 'string' is not assignable to type 'number'/);
  });
});
