/**
 * Loads the built main process and preload script as they are, by Node itself and not by the test runner, with the module
 * `electron` replaced. Required (not imported) by the tests, for the runner would rewrite its imports.
 */
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

export type StandIn = typeof import('./electron.ts');

const STAND_IN = new URL('./electron.ts', import.meta.url).href;
const REQUIRED_STAND_IN = new URL('./electron.cjs', import.meta.url).href;
const MAIN = new URL('../../../out/main/main.js', import.meta.url).href;
const PRELOAD = new URL('../../../out/preload/preload.cjs', import.meta.url).href;

/** Each test's modules carry its number in their address, so that each starts anew. */
let instance = 0;

registerHooks({
  resolve(specifier, context, next) {
    const own = /[?&]instance=(\d+)/.exec(context.parentURL ?? '');
    if (specifier === 'electron') {
      return { url: own ? `${STAND_IN}${own[0]}` : REQUIRED_STAND_IN, shortCircuit: true };
    }
    const found = next(specifier, context);
    return own && specifier.startsWith('.') ? { ...found, url: `${found.url}${own[0]}` } : found;
  },
});

/** A stand-in of its own, for the next main process and preload script. */
export async function newStandIn(): Promise<StandIn> {
  instance++;
  const standIn: StandIn = await import(`${STAND_IN}?instance=${instance}`);
  Object.assign(globalThis, { electronStandIn: standIn });
  return standIn;
}

export async function loadMain(): Promise<void> {
  await import(`${MAIN}?instance=${instance}`);
}

export function loadPreload(): void {
  const require = createRequire(PRELOAD);
  delete require.cache[fileURLToPath(REQUIRED_STAND_IN)];
  delete require.cache[fileURLToPath(PRELOAD)];
  require(fileURLToPath(PRELOAD));
}
