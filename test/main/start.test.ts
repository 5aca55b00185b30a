import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildWhenStale } from '../../scripts/app/build.ts';
import { findElectron } from '../../scripts/app/electron.ts';
import { temporaryFolder } from './start.ts';

const LAUNCHER = fileURLToPath(new URL('../../scripts/app.mjs', import.meta.url));

/** Whether this runs on the Node that the project brings. */
const OWN_NODE =
  process.execPath === realpathSync(new URL('../../node_modules/node/bin/node', import.meta.url));

beforeAll(buildWhenStale);

interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
}

function launch(args: readonly string[], { environment, nodeArguments = [] }: RunOptions = {}) {
  const child = spawn(process.execPath, [...nodeArguments, LAUNCHER, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output, ended };
}

/** A program in place of Electron, which says what it was given. */
function fakeElectron(): string {
  const path = join(temporaryFolder(), 'electron');
  writeFileSync(
    path,
    `#!${process.execPath}\nconsole.log(JSON.stringify(process.argv.slice(2)));\nprocess.exitCode = 5;\n`,
    {
      mode: 0o755,
    },
  );
  return path;
}

describe('npm start', () => {
  it('serves the page on this machine where there is no runtime, says so, and ends on Ctrl-C', async () => {
    const { child, output, ended } = launch(['start'], {
      environment: { ELECTRON_EXEC_PATH: '/no/such/program' },
    });
    await expect.poll(() => output.stdout, { timeout: 30_000 }).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    const page = await fetch(output.stdout.trim());
    expect(page.status).toBe(200);
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(await page.text()).toContain('<title>Cellfield</title>');
    const scenario = await fetch(new URL('scenarios/quorum-sensing.yaml', output.stdout.trim()));
    expect(await scenario.text()).toMatch(/^cellfield: 1$/m);
    expect(output.stderr).toMatch(/Electron runtime is not installed .* browser/);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('starts the runtime with the built main process and the files given, and ends as it ends', async () => {
    const environment = { ELECTRON_EXEC_PATH: fakeElectron() };
    const { output, ended } = launch(['start', 'a.yaml'], { environment });
    expect(await ended).toBe(5);
    expect(JSON.parse(output.stdout)).toEqual([
      expect.stringMatching(/out[/\\]main[/\\]main\.js$/),
      'a.yaml',
    ]);
  });

  it.each([
    [['start', '--port', 'x']],
    [['start', '--port', '70000']],
    [['start', '--nonsense']],
    [['nonsense']],
    [[]],
  ])('refuses %j with its usage', async args => {
    const { output, ended } = launch(args);
    expect(await ended).toBe(2);
    expect(output.stderr).toMatch(/^usage: /);
  });

  it('says plainly when Node is too old, or hands over to the Node that the project brings', async () => {
    const old = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})';
    const { output, ended } = launch(['start', '--nonsense'], { nodeArguments: ['--import', old] });
    const code = await ended;
    if (OWN_NODE) {
      expect(output.stderr).toContain('Node 22.18 or newer; this is Node 20.20.2');
      expect(output.stderr).not.toContain('    at ');
      expect(code).toBe(1);
    } else {
      // The project's own Node has taken over, and found the nonsense.
      expect(output.stderr).toMatch(/^usage: /);
      expect(code).toBe(2);
    }
  });
});

describe('finding the Electron program', () => {
  it('takes the one named, and none instead of it', () => {
    const path = fakeElectron();
    expect(findElectron({ ELECTRON_EXEC_PATH: path })).toBe(path);
    expect(findElectron({ ELECTRON_EXEC_PATH: '/no/such/program' })).toBeNull();
  });

  it('takes the one of the package only when it is there in full', () => {
    const folder = temporaryFolder();
    expect(findElectron({}, folder)).toBeNull();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(findElectron({}, folder)).toBeNull();
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    expect(findElectron({}, folder)).toBe(join(folder, 'dist', 'electron'));
  });
});
