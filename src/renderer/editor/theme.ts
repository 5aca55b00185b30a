import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** The editor in the colours of the interface: custom properties reach into its shadow root. */
export function editorTheme(theme: 'dark' | 'light'): Extension {
  const wash = theme === 'dark' ? '#ffffff0a' : '#0000000a';
  const view = EditorView.theme(
    {
      '&': { height: '100%', backgroundColor: 'var(--ground)', color: 'var(--text)', fontSize: '12px' },
      '&.cm-focused': { outline: 'none' },
      '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '18px' },
      '.cm-content': { caretColor: 'var(--accent)', padding: '8px 0' },
      '.cm-cursor': { borderLeftColor: 'var(--accent)' },
      '.cm-gutters': { backgroundColor: 'var(--ground)', color: 'var(--muted)', border: 'none' },
      '.cm-activeLine': { backgroundColor: wash },
      '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
        backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)',
      },
      '.cm-matchingBracket': { backgroundColor: 'var(--accent-wash)', outline: '1px solid var(--accent)' },
      '.cm-tooltip': {
        backgroundColor: 'var(--surface)',
        border: '1px solid var(--line)',
        borderRadius: '6px',
        boxShadow: 'var(--shadow)',
        color: 'var(--text)',
        maxWidth: '360px',
      },
      '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
      '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
        backgroundColor: 'var(--accent-wash)',
        color: 'var(--text)',
      },
      '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
      '.cm-completionInfo': { padding: '8px', fontFamily: 'var(--font)' },
      '.cm-diagnostic': { fontFamily: 'var(--font)', padding: '6px 8px', whiteSpace: 'pre-wrap' },
      '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
      '.cm-lintRange-error': {
        backgroundImage: 'none',
        textDecoration: 'underline wavy var(--bad) 1px',
        textUnderlineOffset: '3px',
      },
      '.cm-gutter-lint': { width: '14px' },
      '.cm-lint-marker': { width: '8px', height: '8px', padding: '0 3px' },
      '.cm-lint-marker-error': {
        content: '""',
        backgroundColor: 'var(--bad)',
        borderRadius: '50%',
        marginTop: '5px',
        padding: '0',
        marginLeft: '3px',
      },
    },
    { dark: theme === 'dark' },
  );
  const style = HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--accent)' },
    { tag: [tags.string, tags.content], color: 'var(--text)' },
    { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
    { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--muted)' },
    { tag: [tags.keyword, tags.atom, tags.number], color: 'var(--warn)' },
  ]);
  return [view, syntaxHighlighting(style)];
}
