import { readHeader } from './header.ts';

/** A scenario that ships with the app. */
export interface CatalogueEntry {
  /** File name without its extension. */
  readonly name: string;
  readonly title: string;
  /** One sentence of what it shows; empty where the scenario says nothing. */
  readonly caption: string;
  readonly text: string;
  /** Address of its thumbnail; null where there is none. */
  readonly thumbnail: string | null;
}

const TEXTS: Readonly<Record<string, string>> = import.meta.glob('../../../scenarios/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const THUMBNAILS: Readonly<Record<string, string>> = import.meta.glob('./thumbnails/*.{png,webp,jpg}', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** The models that shipped scenarios name. */
export const SHIPPED_MODELS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>('../../../scenarios/*.xml', { query: '?raw', import: 'default', eager: true }),
  ).map(([path, text]) => [path.replace(/^.*\//, ''), text]),
);

function nameOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.[a-z]+$/, '');
}

const IMAGES = new Map(Object.entries(THUMBNAILS).map(([path, address]) => [nameOf(path), address]));

/** Shown first: what the app is for. */
const FIRST = 'quorum-sensing';

/** The gallery: the best-known one, then scenarios with cells, then the others, each group by title. */
export const CATALOGUE: readonly CatalogueEntry[] = Object.entries(TEXTS)
  .map(([path, text]) => {
    const name = nameOf(path);
    const { title, caption, hasCells } = readHeader(text);
    return { name, title: title || name, caption, text, thumbnail: IMAGES.get(name) ?? null, hasCells };
  })
  .sort(
    (a, b) =>
      Number(b.name === FIRST) - Number(a.name === FIRST) ||
      Number(b.hasCells) - Number(a.hasCells) ||
      a.title.localeCompare(b.title),
  );
