import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { FuseState, SENTINEL } from '@electron/fuses/dist/constants.js';
import electronPackage from 'electron/package.json' with { type: 'json' };
import { openArchive } from './asar.ts';
import { buildWhenStale, ROOT } from './build.ts';
import { checkArchive } from './packedContents.ts';

/** State that each switch of the packaged program must have. */
const FUSES: Readonly<Partial<Record<FuseV1Options, FuseState>>> = {
  [FuseV1Options.RunAsNode]: FuseState.DISABLE,
  [FuseV1Options.EnableCookieEncryption]: FuseState.ENABLE,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
  [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: FuseState.ENABLE,
  [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
};

/** The stand-in starts with every one of them the wrong way round, so that the check cannot pass by itself. */
const WRONG_WIRE = '101100111';

/**
 * `npm run pack:check`: packages the app for Linux around a stand-in for the Electron program, and looks at what came out.
 * It proves what is packed and which switches are set, not that the program runs.
 */
export async function main(): Promise<number> {
  await buildWhenStale();
  const folder = mkdtempSync(join(tmpdir(), 'cellfield-pack-'));
  try {
    const standIn = join(folder, 'electron');
    makeStandIn(standIn);
    const log = pack(standIn, folder);
    if (log !== null) {
      process.stderr.write(`${log}\npack:check: electron-builder failed\n`);
      return 1;
    }
    const problems = await check(join(folder, 'linux-unpacked'));
    for (const problem of problems) process.stderr.write(`pack:check: ${problem}\n`);
    if (problems.length > 0) return 1;
    process.stdout.write('pack:check: contents and fuses are as they should be\n');
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What electron-builder looks for in a runtime; its program is the fuses' wire with nothing around it. */
export function makeStandIn(folder: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) {
    writeFileSync(join(folder, name), '');
  }
  writeFileSync(join(folder, 'version'), electronPackage.version);
  // The marker, the version of the format, the number of switches, then a character for each.
  const wire = Buffer.concat([
    Buffer.from(SENTINEL),
    Buffer.from([1, WRONG_WIRE.length]),
    Buffer.from(WRONG_WIRE),
  ]);
  writeFileSync(join(folder, 'electron'), wire, { mode: 0o755 });
}

/** @returns what electron-builder said where it failed */
function pack(standIn: string, output: string): string | null {
  const builder = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
  const config = join('packaging', 'electron-builder.yml');
  const set = [`-c.electronDist=${standIn}`, `-c.directories.output=${output}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [builder, '--config', config, '--linux', 'dir', '--x64', ...set, '--publish', 'never'],
    { cwd: ROOT, encoding: 'utf8', timeout: 300_000 },
  );
  return status === 0 ? null : `${stdout}${stderr}`;
}

async function check(app: string): Promise<readonly string[]> {
  const archivePath = join(app, 'resources', 'app.asar');
  if (!existsSync(archivePath)) return ['there is no resources/app.asar'];
  const archive = openArchive(archivePath);
  return [
    ...checkArchive(archive),
    ...checkResources(join(app, 'resources')),
    ...(await checkFuses(join(app, 'cellfield'))),
  ];
}

/** Beside the archive nothing that could be loaded in its place. */
function checkResources(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name === 'app' || name === 'default_app.asar' || name === 'app.asar.unpacked')
    .map(name => `resources/${name} lies beside the archive`);
}

export async function checkFuses(program: string): Promise<string[]> {
  if (!existsSync(program)) return ['there is no program named cellfield'];
  const wire = await getCurrentFuseWire(program);
  return Object.entries(FUSES)
    .filter(([fuse, state]) => wire[Number(fuse) as FuseV1Options] !== state)
    .map(([fuse]) => `the fuse ${FuseV1Options[Number(fuse)]} has the wrong state`);
}
