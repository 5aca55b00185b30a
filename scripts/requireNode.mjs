// Ends with a clear message where the Node that runs is too old for the project's own scripts, which are TypeScript run as it is.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `This script needs Node 22.18 or newer to run TypeScript; this is Node ${process.versions.node}.\n` +
      'Run it with npm: `npm ci` installs Node 24 for the scripts (its install scripts must be allowed: not --ignore-scripts).',
  );
  process.exit(1);
}
