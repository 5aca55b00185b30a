import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { FuseState, SENTINEL } from '@electron/fuses/dist/constants.js';
import electronPackage from 'electron/package.json' with { type: 'json' };
import { type Archive, openArchive } from './asar.ts';
import { buildWhenStale, ROOT } from './build.ts';

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

/** What the archive may hold; anything else is a leak of sources, tests or packages. */
const ALLOWED: readonly RegExp[] = [
  /^package\.json$/,
  /^LICENSE$/,
  /^out\/main\/main\.js$/,
  /^out\/main\/chunks\/[^/]+\.(?:js|png)$/,
  /^out\/preload\/preload\.cjs$/,
  /^out\/renderer\/(?:[^/]+\/)*[^/]+\.(?:html|js|css|svg|png|webp|woff2|wasm|json|webmanifest|ico)$/,
  /^scenarios\/(?:[^/]+\.yaml|schema\.json)$/,
];

const REQUIRED: readonly RegExp[] = [
  /^package\.json$/,
  /^out\/main\/main\.js$/,
  /^out\/preload\/preload\.cjs$/,
  /^out\/renderer\/index\.html$/,
  /^out\/renderer\/worker\/[^/]+\.js$/,
  /^scenarios\/quorum-sensing\.yaml$/,
];

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
function makeStandIn(folder: string): void {
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
    ...checkContents(archive),
    ...checkManifest(archive),
    ...checkImports(archive),
    ...checkResources(join(app, 'resources')),
    ...(await checkFuses(join(app, 'cellfield'))),
  ];
}

function checkContents({ files }: Archive): string[] {
  return [
    ...files.filter(file => !ALLOWED.some(pattern => pattern.test(file))).map(file => `${file} is packed`),
    ...REQUIRED.filter(pattern => !files.some(file => pattern.test(file))).map(
      pattern => `no file is packed that matches ${pattern}`,
    ),
  ];
}

function checkManifest(archive: Archive): string[] {
  const manifest = JSON.parse(archive.read('package.json').toString('utf8')) as Readonly<
    Record<string, unknown>
  >;
  const problems: string[] = [];
  if (manifest.main !== 'out/main/main.js') problems.push(`package.json starts ${String(manifest.main)}`);
  if (manifest.devDependencies) problems.push('package.json lists development dependencies');
  return problems;
}

/** Nothing is packed beside the bundles, so they may import only what Electron itself brings. */
function checkImports(archive: Archive): string[] {
  const brought = new Set(['electron', ...builtinModules, ...builtinModules.map(name => `node:${name}`)]);
  return archive.files
    .filter(file => /^out\/(?:main|preload)\/.*\.c?js$/.test(file))
    .flatMap(file => {
      const code = archive.read(file).toString('utf8');
      const imports = code.matchAll(
        /^(?:import|export)\b[^'"\n]*['"]([^'"\n]+)['"]|\brequire\(['"]([^'"\n]+)['"]\)/gm,
      );
      return [...imports]
        .map(([, imported, required]) => imported ?? required)
        .filter(name => !name.startsWith('.') && !brought.has(name))
        .map(name => `${file} imports ${name}, which is not packed`);
    });
}

/** Beside the archive nothing that could be loaded in its place. */
function checkResources(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name === 'app' || name === 'default_app.asar' || name === 'app.asar.unpacked')
    .map(name => `resources/${name} lies beside the archive`);
}

async function checkFuses(program: string): Promise<string[]> {
  if (!existsSync(program)) return ['there is no program named cellfield'];
  const wire = await getCurrentFuseWire(program);
  return Object.entries(FUSES)
    .filter(([fuse, state]) => wire[Number(fuse) as FuseV1Options] !== state)
    .map(([fuse]) => `the fuse ${FuseV1Options[Number(fuse)]} has the wrong state`);
}
