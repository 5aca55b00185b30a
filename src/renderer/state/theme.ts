import type { Preferences } from './preferences.ts';
import type { Store } from './store.ts';

export type Theme = 'dark' | 'light';

/** The theme to show: as chosen, or as the system has it. */
export function themeOf(choice: Preferences['theme'], systemIsLight: boolean): Theme {
  if (choice !== 'system') return choice;
  return systemIsLight ? 'light' : 'dark';
}

/** Keeps the page in the chosen theme, following the system where it is left to it; tells of every change. */
export function watchTheme(preferences: Store<Preferences>, changed: (theme: Theme) => void): void {
  const system = window.matchMedia('(prefers-color-scheme: light)');
  let shown: Theme | null = null;
  const apply = () => {
    const theme = themeOf(preferences.get().theme, system.matches);
    if (theme === shown) return;
    shown = theme;
    document.documentElement.dataset.theme = theme;
    changed(theme);
  };
  preferences.subscribe(apply);
  system.addEventListener('change', apply);
  apply();
}

/** A colour of the theme, such as `--muted`, as it is now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
