import { join } from 'node:path';
import { createServer } from 'electron-vite';
import { createServer as createPageServer } from 'vite';
import { renderer } from '../../electron.vite.config.ts';
import { ROOT } from './build.ts';
import { findOrInstallElectron } from './electron.ts';

/** `npm run dev`: the app with hot reload; without the Electron runtime the page alone, with the same headers. */
export async function main(): Promise<number> {
  process.chdir(ROOT);
  const electron = await findOrInstallElectron();
  if (electron !== null) {
    process.env.ELECTRON_EXEC_PATH = electron;
    process.env.ELECTRON_ENTRY = join('out', 'main', 'main.js');
    await createServer({ root: ROOT, build: { watch: {} } }, { rendererOnly: false });
    return untilSignal(async () => undefined);
  }
  process.stderr.write('The Electron runtime is not installed; open the page below in a browser instead.\n');
  const server = await createPageServer({ ...renderer, configFile: false });
  await server.listen();
  server.printUrls();
  return untilSignal(() => server.close());
}

async function untilSignal(close: () => Promise<void>): Promise<number> {
  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await close();
  return 0;
}
