import { join } from 'node:path';
import { app, session } from 'electron';
import { type Desktop, setupDesktop } from './desktop.ts';
import { filesOfArguments, personsArguments, setupSingleInstance } from './openFiles.ts';
import { findHome } from './origin.ts';
import { registerScheme, setupProtocol } from './protocol.ts';
import { enableSandbox, setupContentsGuard, setupPermissions } from './security.ts';

/** Folder that holds `out/` and `scenarios/`: two above the built file `out/main/main.js`. */
const root = join(import.meta.dirname, '..', '..');
const home = findHome(process.env.ELECTRON_RENDERER_URL, app.isPackaged);

/** Files asked for before there is a window. */
const early: string[] = filesOfArguments(
  personsArguments(process.argv, app.isPackaged),
  process.cwd(),
).slice();
let desktop: Desktop | null = null;

setupIdentity();
enableSandbox();
registerScheme();
setupContentsGuard(home);
const first = setupSingleInstance(path => {
  if (desktop) desktop.open(path);
  else if (path !== null) early.push(path);
});

if (first) {
  app
    .whenReady()
    .then(() => {
      setupProtocol(root);
      setupPermissions(session.defaultSession, home);
      desktop = setupDesktop({
        home,
        preload: join(root, 'out', 'preload', 'preload.cjs'),
        keepIn: name => join(app.getPath('userData'), name),
      });
      desktop.show();
      for (const path of early) desktop.open(path);
    })
    .catch((error: unknown) => {
      console.error(error);
      app.exit(1);
    });
}

/** The app's name and its folder, the same from the sources as packaged; `--user-data-dir` names another folder. */
function setupIdentity(): void {
  app.setName('Cellfield');
  if (!app.commandLine.hasSwitch('user-data-dir')) {
    app.setPath('userData', join(app.getPath('appData'), 'Cellfield'));
  }
}
