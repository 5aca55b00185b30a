import { HELPERS } from './javascript.ts';

let allowed: boolean | null = null;

/**
 * Whether this context may turn text into code. A strict content security policy forbids it (pages of the app are
 * served so; the engine's worker is not); everything then runs on closures and tables, with the same results.
 */
export function canGenerateCode(): boolean {
  if (allowed === null) {
    try {
      allowed = new Function('return 1')() === 1;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/**
 * Makes the function that `body` returns. `body` sees HELPERS and `bindings` by their names and must come from our own
 * generators (checked expression trees), never from user text.
 */
export function instantiate(body: string, bindings: Readonly<Record<string, unknown>> = {}): unknown {
  const scope: Record<string, unknown> = { ...HELPERS, ...bindings };
  const names = Object.keys(scope);
  return new Function(...names, `'use strict';\n${body}`)(...names.map(name => scope[name]));
}
