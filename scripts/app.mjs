/**
 * The app's commands: `node scripts/app.mjs start | dev | build | pack-check [options]`. Plain JavaScript, so that a Node
 * that is too old for the rest can still say so; where the project's own Node is installed, that one goes on.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const COMMANDS = ['start', 'dev', 'build', 'pack-check'];
const NEEDED = [22, 18];

const [command, ...options] = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);
const ownNode = fileURLToPath(
  new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url),
);

if (!COMMANDS.includes(command)) {
  console.error(`usage: node scripts/app.mjs ${COMMANDS.join(' | ')}`);
  process.exitCode = 2;
} else if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  const { main } = await import(`./app/${command === 'pack-check' ? 'packCheck' : command}.ts`);
  process.exitCode = await main(options);
} else if (existsSync(ownNode) && realpathSync(ownNode) !== realpathSync(process.execPath)) {
  const child = spawn(ownNode, [fileURLToPath(import.meta.url), command, ...options], { stdio: 'inherit' });
  // A terminal sends its signals to both; this one waits for the other.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    console.error(
      `Node ${NEEDED.join('.')} or newer is needed; ${ownNode} could not be started: ${error.message}`,
    );
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
} else {
  console.error(
    `Cellfield's app is built with Node ${NEEDED.join('.')} or newer; this is Node ${process.versions.node}.\n` +
      'Run `npm ci` (it brings the right one), or install a newer Node.',
  );
  process.exitCode = 1;
}
