import type { FocusKind } from './keys.ts';

/** What kind of control has the focus. */
export function focusKind(element: Element | null): FocusKind {
  const name = element?.tagName.toLowerCase() ?? '';
  const type = element instanceof HTMLInputElement ? element.type : '';
  const choice = type === 'range' || type === 'checkbox' || type === 'radio';
  const editable =
    element instanceof HTMLElement && (element.isContentEditable || element.shadowRoot !== null);
  return {
    typing: editable || name === 'textarea' || name === 'select' || (name === 'input' && !choice),
    pressable: name === 'button' || name === 'a' || type === 'checkbox' || type === 'radio',
    arrows: type === 'range' || type === 'radio' || element?.getAttribute('role') === 'radio',
  };
}
