import { readHeader } from '../gallery/header.ts';

/** A circuit that ships with the app. */
export interface LibraryEntry {
  /** File name without its extension. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly text: string;
}

const TEXTS: Readonly<Record<string, string>> = import.meta.glob('../../../scenarios/circuits/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** From the simplest on; those not named here come last. */
const ORDER = [
  'immigration-death',
  'bursty-gene-expression',
  'toggle-switch',
  'schlogl',
  'repressilator',
  'vilar-oscillator',
];

export const LIBRARY: readonly LibraryEntry[] = Object.entries(TEXTS)
  .map(([path, text]) => {
    const name = path.replace(/^.*\//, '').replace(/\.yaml$/, '');
    const { title, caption } = readHeader(text);
    return { name, title: title || name, caption, text };
  })
  .sort((a, b) => place(a.name) - place(b.name) || a.title.localeCompare(b.title));

function place(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}
