import { builtinModules } from 'node:module';
import type { Archive } from './asar.ts';

/** What the archive may hold; anything else is a leak of sources, tests or packages. */
const ALLOWED: readonly RegExp[] = [
  /^package\.json$/,
  /^LICENSE$/,
  /^out\/main\/main\.js$/,
  /^out\/main\/chunks\/[^/]+\.(?:js|png)$/,
  /^out\/preload\/preload\.cjs$/,
  /^out\/renderer\/(?:[^/]+\/)*[^/]+\.(?:html|js|css|svg|png|webp|woff2|wasm|json|webmanifest|ico)$/,
  /^scenarios\/(?:[^/]+\.(?:yaml|xml)|schema\.json)$/,
];

const REQUIRED: readonly RegExp[] = [
  /^package\.json$/,
  /^out\/main\/main\.js$/,
  /^out\/preload\/preload\.cjs$/,
  /^out\/renderer\/index\.html$/,
  /^out\/renderer\/worker\/[^/]+\.js$/,
  /^scenarios\/quorum-sensing\.yaml$/,
];

/** What is wrong with a packaged app's archive; empty where nothing is. */
export function checkArchive(archive: Archive): readonly string[] {
  return [...checkContents(archive), ...checkManifest(archive), ...checkImports(archive)];
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
