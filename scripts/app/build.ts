import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'electron-vite';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'out');
/** Written last, so that a build cut short counts as none. Holds the time of the newest source built. */
const STAMP = join(OUT, '.built');
const LOCK = join(OUT, '.building');

/** Everything that the built app depends on. */
const SOURCES = [
  'src',
  'scenarios',
  'packaging',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** Milliseconds after which another build is taken for dead. */
const LONGEST_BUILD = 180_000;

/** `npm run build:app`: builds whatever the state of out/. */
export async function main(): Promise<number> {
  await buildApp('info');
  return 0;
}

/** Builds out/ when it is missing or older than a source. Several processes may ask at once; one builds. */
export async function buildWhenStale(): Promise<void> {
  if (isFresh()) return;
  await underLock(async () => {
    if (isFresh()) return;
    await buildApp('warn');
  });
}

async function buildApp(logLevel: 'info' | 'warn'): Promise<void> {
  const newest = newestSource();
  rmSync(STAMP, { force: true });
  await build({ root: ROOT, configFile: join(ROOT, 'electron.vite.config.ts'), logLevel });
  writeFileSync(STAMP, `${newest}\n`);
}

function isFresh(): boolean {
  try {
    return Number(readFileSync(STAMP, 'utf8')) >= newestSource();
  } catch {
    return false;
  }
}

/** Milliseconds: when a source last changed, counting folders, whose time changes when a file of theirs comes or goes. */
function newestSource(): number {
  return Math.max(...SOURCES.map(source => newestIn(join(ROOT, source))));
}

function newestIn(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map(name => newestIn(join(path, name))));
}

async function underLock(action: () => Promise<void>): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  while (!takeLock()) await sleep(200);
  try {
    await action();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    try {
      if (Date.now() - statSync(LOCK).mtimeMs > LONGEST_BUILD) rmSync(LOCK, { recursive: true, force: true });
    } catch {
      // The other build has just ended.
    }
    return false;
  }
}
