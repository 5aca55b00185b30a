import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

/**
 * A folder of the browser's own file system in place of those that its picker offers, which no test can operate: the handles are
 * of the same kind. `showDirectoryPicker` gives the folder of this name.
 */
export async function offerFolder(page: Page, name: string): Promise<void> {
  await page.evaluate(
    `window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(${JSON.stringify(name)}, { create: true })`,
  );
}

/** Puts the files of a folder on disk into that folder. */
export async function putFolder(page: Page, name: string, from: string): Promise<void> {
  const paths = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(path =>
    statSync(join(from, path)).isFile(),
  );
  const files = paths.map(path => [path, readFileSync(join(from, path)).toString('base64')]);
  await page.evaluate(`(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(${JSON.stringify(name)}, { create: true });
    for (const [path, text] of ${JSON.stringify(files)}) {
      const names = path.split('/');
      let folder = root;
      for (const inside of names.slice(0, -1)) folder = await folder.getDirectoryHandle(inside, { create: true });
      const writable = await (await folder.getFileHandle(names.at(-1), { create: true })).createWritable();
      await writable.write(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)));
      await writable.close();
    }
  })()`);
}

/** Takes the files of that folder to disk. */
export async function takeFolder(page: Page, name: string, to: string): Promise<void> {
  const files = (await page.evaluate(`(async () => {
    const found = [];
    const visit = async (folder, path) => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'directory') await visit(entry, path + name + '/');
        else {
          const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
          let text = '';
          for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
          found.push([path + name, btoa(text)]);
        }
      }
    };
    await visit(await (await navigator.storage.getDirectory()).getDirectoryHandle(${JSON.stringify(name)}), '');
    return found;
  })()`)) as [string, string][];
  for (const [path, text] of files) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), Buffer.from(text, 'base64'));
  }
}
