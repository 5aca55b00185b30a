import { constantValue, type Typed } from './algebra.ts';
import type { Loose } from './conform.ts';
import type { Scope } from './expressions.ts';
import { LIMITS, within } from './limits.ts';
import { checkName } from './names.ts';
import { rangeFault, readTyped } from './quantity.ts';
import type { ScenarioFile } from './schema.ts';
import { childPath, type Source } from './source.ts';

/** The parameters of a scenario as constants in engine units. */
export interface Parameters {
  readonly scope: Scope;
  readonly has: (name: string) => boolean;
  /** Those that nothing has looked up. */
  readonly unused: () => string[];
}

const SECTION = 'parameters';

/** Evaluates the parameters in the order of their dependence; a cycle is reported once, with its members. */
export function readParameters(source: Source, raw: Loose<ScenarioFile>['parameters']): Parameters {
  const written = new Map(Object.entries(raw ?? {}));
  const values = new Map<string, Typed | 'failed'>();
  const used = new Set<string>();
  const scopeOf = (place: string): Scope => ({
    place,
    lookup: name => {
      if (values.has(name)) used.add(name);
      return values.get(name);
    },
    names: () => written.keys(),
    fields: null,
  });
  const scope = scopeOf('a constant');
  const inParameter = scopeOf('a parameter');
  const sizeIsSound = within(source, SECTION, written.size, LIMITS.parameters, 'parameters');
  for (const name of written.keys()) values.set(name, 'failed');
  for (const name of sizeIsSound ? dependenceOrder(source, written) : []) {
    const path = childPath(SECTION, name);
    const named = checkName(source, path, name, 'parameter');
    const typed = readTyped(source, inParameter, path, written.get(name));
    const value = typed && constantValue(typed);
    if (typed === null || value === null) continue;
    const fault = rangeFault(value, {});
    if (fault !== null) source.problem(path, fault);
    else if (named) values.set(name, typed);
  }
  return {
    scope,
    has: name => written.has(name),
    unused: () => [...written.keys()].filter(name => !used.has(name)),
  };
}

/** Names so that each comes after those it mentions; the members of a cycle are left out and reported. */
function dependenceOrder(
  source: Source,
  written: ReadonlyMap<string, string | number | undefined>,
): string[] {
  const mentions = (name: string): string[] => {
    const text = written.get(name);
    if (typeof text !== 'string') return [];
    return [...new Set(text.match(/(?<![\w.])[A-Za-z_]\w*/g) ?? [])].filter(other => written.has(other));
  };
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const cyclic = new Set<string>();
  for (const root of written.keys()) {
    if (state.has(root)) continue;
    // Depth first with a stack of our own: a chain of parameters may be long.
    const stack = [{ name: root, rest: mentions(root) }];
    state.set(root, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = top.rest.shift();
      if (next === undefined) {
        stack.pop();
        state.set(top.name, 'done');
        if (!cyclic.has(top.name)) order.push(top.name);
      } else if (!state.has(next)) {
        state.set(next, 'open');
        stack.push({ name: next, rest: mentions(next) });
      } else if (state.get(next) === 'open') {
        const cycle = stack.slice(stack.findIndex(entry => entry.name === next)).map(entry => entry.name);
        if (!cycle.some(name => cyclic.has(name))) {
          source.problem(childPath(SECTION, next), `is defined by itself: ${[...cycle, next].join(' -> ')}`);
        }
        for (const name of cycle) cyclic.add(name);
      }
    }
  }
  return order;
}
