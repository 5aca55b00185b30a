import { type Preferences, readPreferences } from './preferences.ts';
import { createStore, type Store } from './store.ts';

const KEY = 'cellfield.preferences';

/** Preferences kept in localStorage where there is one; without it they last as long as the window. */
export function createPreferences(): Store<Preferences> {
  const store = createStore(readPreferences(guarded(() => localStorage.getItem(KEY))));
  store.subscribe(() => {
    guarded(() => localStorage.setItem(KEY, JSON.stringify(store.get())));
  });
  return store;
}

/** Storage may be absent, full or forbidden. */
function guarded<T>(access: () => T): T | null {
  try {
    return access();
  } catch {
    return null;
  }
}
