import { useRef, useSyncExternalStore } from 'react';

/** State outside React: read at any time, changed whole, watched by selectors. */
export interface Store<T> {
  get(): T;
  /** Replaces the state (or part of it, where the state is a record), and tells those who watch if anything changed. */
  set(change: Partial<T> | ((state: T) => T)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T extends object>(initial: T): Store<T> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      const next = typeof change === 'function' ? change(state) : { ...state, ...change };
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What a selector reads from a store; the component renders again only where that changed (by identity, or shallowly). */
export function useStore<T, S>(store: Store<T>, select: (state: T) => S): S {
  const last = useRef<S | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const next = select(store.get());
    if (last.current !== null && shallowEqual(last.current, next)) return last.current;
    last.current = next;
    return next;
  });
}

/** Equal by identity, or arrays or plain records with identical entries. */
export function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const entries = Object.entries(a);
  const other = new Map(Object.entries(b));
  return (
    entries.length === other.size &&
    entries.every(([key, value]) => other.has(key) && Object.is(other.get(key), value))
  );
}
