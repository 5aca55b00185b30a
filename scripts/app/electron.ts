import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Seconds for the one try to fetch the runtime; a start must not hang on a slow network. */
const INSTALL_LIMIT = 90;

/**
 * Path of the Electron program, or null where there is none. The package is looked at, not loaded: loading it would fetch
 * the program at once and throw where that fails.
 */
export function findElectron(
  environment: NodeJS.ProcessEnv = process.env,
  folder: string | null = packageFolder(),
): string | null {
  const named = environment.ELECTRON_EXEC_PATH;
  if (named) return existsSync(named) ? named : null;
  if (folder === null) return null;
  try {
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : null;
  } catch {
    return null;
  }
}

/** The program, after letting the package's own installer try once where it is missing. */
export async function findOrInstallElectron(): Promise<string | null> {
  const found = findElectron();
  if (found !== null || process.env.ELECTRON_EXEC_PATH) return found;
  const folder = packageFolder();
  if (folder === null || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return null;
  process.stderr.write('Fetching the Electron runtime (once) …\n');
  await runInstaller(join(folder, 'install.js'));
  return findElectron();
}

function packageFolder(): string | null {
  try {
    return dirname(fileURLToPath(import.meta.resolve('electron/package.json')));
  } catch {
    return null;
  }
}

/** Its output is not shown: where it fails, the caller says what that means. */
function runInstaller(script: string): Promise<void> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [script], { stdio: 'ignore', timeout: INSTALL_LIMIT * 1000 });
    child.on('error', () => resolve());
    child.on('exit', () => resolve());
  });
}
