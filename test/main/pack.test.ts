import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Archive } from '../../scripts/app/asar.ts';
import { checkFuses, makeStandIn } from '../../scripts/app/packCheck.ts';
import { checkArchive } from '../../scripts/app/packedContents.ts';
import { temporaryFolder } from './start.ts';

const GOOD: Readonly<Record<string, string>> = {
  'package.json': '{"name":"cellfield","main":"out/main/main.js"}',
  'out/main/main.js': 'import { app } from "electron";\nimport { join } from "node:path";\n',
  'out/preload/preload.cjs': 'let electron = require("electron");\n',
  'out/renderer/index.html': '',
  'out/renderer/worker/main-00000000.js': '',
  'scenarios/quorum-sensing.yaml': '',
};

function archiveOf(files: Readonly<Record<string, string>>): Archive {
  return { files: Object.keys(files).sort(), read: path => Buffer.from(files[path]) };
}

function problemsWith(changes: Readonly<Record<string, string>>): readonly string[] {
  return checkArchive(archiveOf({ ...GOOD, ...changes }));
}

describe('packaging', () => {
  it('packs what the app needs with its fuses set, around a stand-in for the program', () => {
    const launcher = fileURLToPath(new URL('../../scripts/app.mjs', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, 'pack-check'], {
      encoding: 'utf8',
    });
    expect(stderr).not.toContain('pack:check');
    expect([status, stdout]).toEqual([0, 'pack:check: contents and fuses are as they should be\n']);
  });

  it('finds fault with sources, tests, packages and maps in the archive', () => {
    expect(problemsWith({})).toEqual([]);
    for (const leak of [
      'src/main/main.ts',
      'test/main/pack.test.ts',
      'node_modules/yaml/index.js',
      'out/renderer/assets/index.js.map',
      'out/.built',
      'scenarios/secret.txt',
    ]) {
      expect(problemsWith({ [leak]: '' })).toEqual([`${leak} is packed`]);
    }
  });

  it('finds fault with what is missing, another entry and an import that is not packed', () => {
    const { 'out/renderer/index.html': _page, ...pageless } = GOOD;
    expect(checkArchive(archiveOf(pageless))).toEqual([
      expect.stringContaining('no file is packed that matches'),
    ]);
    expect(problemsWith({ 'package.json': '{"main":"other.js"}' })).toEqual(['package.json starts other.js']);
    expect(problemsWith({ 'out/main/main.js': 'import { parse } from "yaml";\n' })).toEqual([
      'out/main/main.js imports yaml, which is not packed',
    ]);
    expect(problemsWith({ 'out/preload/preload.cjs': 'const y = require("yaml");' })).toHaveLength(1);
  });

  it('finds every fuse of the untouched stand-in in the wrong state', async () => {
    const folder = join(temporaryFolder(), 'electron');
    makeStandIn(folder);
    expect(await checkFuses(join(folder, 'electron'))).toEqual(
      [
        'RunAsNode',
        'EnableCookieEncryption',
        'EnableNodeOptionsEnvironmentVariable',
        'EnableNodeCliInspectArguments',
        'EnableEmbeddedAsarIntegrityValidation',
        'OnlyLoadAppFromAsar',
        'GrantFileProtocolExtraPrivileges',
      ].map(fuse => `the fuse ${fuse} has the wrong state`),
    );
  });
});
