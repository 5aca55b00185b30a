/** The parts of a key event that decide. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** A key press as `keys` of actions are written: `Mod+k`, `Mod+Shift+s`, `Space`, `r`, `?`. */
export function keyName(press: KeyPress): string {
  const { key } = press;
  const base = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
  const mod = press.ctrlKey || press.metaKey;
  // Shift is part of a character such as `?`, but counts for letters and named keys.
  const shift = press.shiftKey && (mod || key.length > 1);
  return `${mod ? 'Mod+' : ''}${press.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${base === '=' ? '+' : base}`;
}

/** What the focus is on: decides which keys are the focused control's own. */
export interface FocusKind {
  /** A text field, the editor, a menu: every plain key is its own. */
  readonly typing: boolean;
  /** A button, link, switch: Space and Enter are its own. */
  readonly pressable: boolean;
  /** A slider or a radio group: arrows are its own. */
  readonly arrows: boolean;
}

/** Which of the actions a key press means while the focus is on such a thing; undefined where the key is not ours. */
export function actionFor<A extends { readonly keys?: string }>(
  actions: readonly A[],
  press: KeyPress,
  focus: FocusKind,
): A | undefined {
  const name = keyName(press);
  if (focus.typing && (!name.startsWith('Mod+') || name === 'Mod+z')) return undefined;
  if (focus.pressable && (name === 'Space' || name === 'Enter')) return undefined;
  if (focus.arrows && name.startsWith('Arrow')) return undefined;
  return actions.find(action => action.keys === name);
}

/** Keys as a person reads them: `Ctrl K` or `⌘ K`, `→`. */
export function keysLabel(keys: string, mac: boolean): string {
  return keys
    .split(/\+(?=.)/)
    .map(key => {
      if (key === 'Mod') return mac ? '⌘' : 'Ctrl';
      if (key === 'Shift') return mac ? '⇧' : 'Shift';
      if (key === 'ArrowRight') return '→';
      if (key === 'ArrowLeft') return '←';
      if (key === 'Escape') return 'Esc';
      return key.length === 1 ? key.toUpperCase() : key;
    })
    .join(' ');
}

export const IS_MAC = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent);
