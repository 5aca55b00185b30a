#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  process.stderr.write(`cellfield needs Node 20.20 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(2);
}
const { guardOutput } = await import('./output.ts');
const { main } = await import('./program.ts');
const output = guardOutput();
const status = await main(process.argv);
process.exitCode = output.failed ? output.status : status;
