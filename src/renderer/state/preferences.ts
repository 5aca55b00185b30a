/** What the window remembers of its user. */
export interface Preferences {
  readonly theme: 'dark' | 'light' | 'system';
  readonly leftOpen: boolean;
  readonly rightOpen: boolean;
  /** px */
  readonly leftWidth: number;
  /** px */
  readonly rightWidth: number;
  /** Sections of the left panel that are folded. */
  readonly folded: readonly string[];
  readonly tourSeen: boolean;
  readonly stepsPerSecond: number | null;
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  leftOpen: true,
  rightOpen: true,
  leftWidth: 288,
  rightWidth: 320,
  folded: ['coupling'],
  tourSeen: false,
  stepsPerSecond: null,
};

/** Panel widths stay within these, px. */
export const PANEL_WIDTH = { least: 232, most: 560 } as const;

/** Preferences from stored text: anything missing, broken or out of range falls back to its default. */
export function readPreferences(text: string | null): Preferences {
  let stored: unknown = null;
  try {
    stored = text === null ? null : JSON.parse(text);
  } catch {
    stored = null;
  }
  if (typeof stored !== 'object' || stored === null) return DEFAULT_PREFERENCES;
  const value = stored as Readonly<Record<string, unknown>>;
  const defaults = DEFAULT_PREFERENCES;
  const flag = (name: string, initial: boolean) => (typeof value[name] === 'boolean' ? value[name] : initial);
  const width = (name: string, initial: number) => {
    const stored = value[name];
    return typeof stored === 'number' ? clampWidth(stored) : initial;
  };
  const { theme, folded, stepsPerSecond } = value;
  return {
    theme: theme === 'dark' || theme === 'light' ? theme : 'system',
    leftOpen: flag('leftOpen', defaults.leftOpen),
    rightOpen: flag('rightOpen', defaults.rightOpen),
    leftWidth: width('leftWidth', defaults.leftWidth),
    rightWidth: width('rightWidth', defaults.rightWidth),
    folded: Array.isArray(folded) ? folded.filter(name => typeof name === 'string') : defaults.folded,
    tourSeen: flag('tourSeen', defaults.tourSeen),
    stepsPerSecond: typeof stepsPerSecond === 'number' && stepsPerSecond > 0 ? stepsPerSecond : null,
  };
}

export function clampWidth(width: number): number {
  if (!Number.isFinite(width)) return PANEL_WIDTH.least;
  return Math.round(Math.min(PANEL_WIDTH.most, Math.max(PANEL_WIDTH.least, width)));
}
