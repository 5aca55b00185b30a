#!/usr/bin/env node
// The command as npm links it: here from the first checkout on and executable, which the built file it loads is not.
try {
  await import('../dist/cli/main.js');
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write(
    `cellfield: it is not built or lacks a dependency; run \`npm ci\` in its folder first\n(${error.message})\n`,
  );
  process.exitCode = 1;
}
