/**
 * Loads the built main process and preload script as they are, by Node itself and not by the test runner, with the module
 * `electron` replaced. Required (not imported) by the tests, for the runner would rewrite its imports.
 */
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export type StandIn = typeof import('./electron.ts');

const STAND_IN = new URL('./electron.ts', import.meta.url).href;
const MAIN = new URL('../../../out/main/main.js', import.meta.url).href;
const PRELOAD = fileURLToPath(new URL('../../../out/preload/preload.cjs', import.meta.url));

/** Each test's modules carry its number in their address, so that each starts anew. */
let instance = 0;

registerHooks({
  resolve(specifier, context, next) {
    const own = /[?&]instance=(\d+)/.exec(context.parentURL ?? '');
    if (specifier === 'electron') {
      return { url: `${STAND_IN}?instance=${own ? own[1] : instance}`, shortCircuit: true };
    }
    const found = next(specifier, context);
    return own && specifier.startsWith('.') ? { ...found, url: `${found.url}?instance=${own[1]}` } : found;
  },
});

/** A stand-in of its own, for the next main process and preload script. */
export async function newStandIn(): Promise<StandIn> {
  instance++;
  return import(`${STAND_IN}?instance=${instance}`);
}

export async function loadMain(): Promise<void> {
  await import(`${MAIN}?instance=${instance}`);
}

export function loadPreload(): void {
  const require = createRequire(pathToFileURL(PRELOAD));
  delete require.cache[PRELOAD];
  require(PRELOAD);
}
