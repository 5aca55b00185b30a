import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds `dist` once before the tests, for those that run the command or the package as users do. The compiler writes its
 * output even where types are wrong; saying so is the type check's business.
 */
export default function build(): void {
  const tsc = `${ROOT}/node_modules/typescript/bin/tsc`;
  const { stdout } = spawnSync(process.execPath, [tsc, '-b', 'src/engine', 'src/cli'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (!existsSync(`${ROOT}/dist/cli/main.js`)) throw new Error(`the build made no command:\n${stdout}`);
}
