import { resolve } from 'node:path';
import { app } from 'electron';
import { isScenarioPath } from './scenarioFiles.ts';

/** Scenario files among the arguments of a start, as full paths. */
export function filesOfArguments(args: readonly string[], folder: string): readonly string[] {
  return args.filter(arg => !arg.startsWith('-') && isScenarioPath(arg)).map(arg => resolve(folder, arg));
}

/** Arguments that a person gave: without the program, and without the script where the app runs from its sources. */
export function personsArguments(argv: readonly string[], packaged: boolean): readonly string[] {
  return argv.slice(packaged ? 1 : 2);
}

/**
 * Only one copy of the app runs; a second start hands its files to the first and ends.
 *
 * @param open called with each file that comes later, from a second start or the system; `null` for a start without one
 * @returns false in the second copy
 */
export function setupSingleInstance(open: (path: string | null) => void): boolean {
  // macOS tells of files by an event, which may come before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open(path);
  });
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.on('second-instance', (_event, argv, folder) => {
    const files = filesOfArguments(personsArguments(argv, app.isPackaged), folder);
    if (files.length === 0) open(null);
    for (const file of files) open(file);
  });
  return true;
}
