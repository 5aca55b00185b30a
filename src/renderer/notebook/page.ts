import { Marked } from 'marked';

/** A page of notes: Markdown, with its figures apart, since nobody wants to edit around a picture's bytes. */
export interface Page {
  readonly text: string;
  /** Data URLs by name, as the text names them: `![caption][figure-1]`. */
  readonly figures: Readonly<Record<string, string>>;
}

export const NO_PAGE: Page = { text: '', figures: {} };

const FIGURE = /^\[([\w-]+)\]: (data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+)[ \t]*$/gm;

/** One Markdown file: the text, then the figures that it names as reference definitions, which any reader of Markdown shows. */
export function writePage({ text, figures }: Page): string {
  const used = Object.entries(figures).filter(([name]) => text.includes(`[${name}]`));
  const body = `${text.trimEnd()}\n`;
  if (used.length === 0) return body;
  return `${body}\n${used.map(([name, url]) => `[${name}]: ${url}`).join('\n')}\n`;
}

/** The page of a Markdown file: definitions of embedded pictures are taken out of the text. */
export function readPage(markdown: string): Page {
  const figures: Record<string, string> = {};
  const text = markdown.replace(FIGURE, (_, name: string, url: string) => {
    figures[name] = url;
    return '';
  });
  return { text: `${text.trimEnd()}\n`, figures };
}

/** A page with a figure at its end, under a name that is free. */
export function withFigure(page: Page, caption: string, url: string, after = ''): Page {
  let number = 1;
  while (`figure-${number}` in page.figures) number++;
  const name = `figure-${number}`;
  // Brackets would end the caption.
  const clean = caption.replace(/[[\]\\]/g, ' ');
  return {
    text: joined(page.text, `![${clean}][${name}]\n${after === '' ? '' : `\n${after}\n`}`),
    figures: { ...page.figures, [name]: url },
  };
}

/** Two pieces of text with an empty line between them. */
export function joined(text: string, more: string): string {
  return text.trim() === '' ? more : `${text.trimEnd()}\n\n${more}`;
}

/** The time that a link of a bookmark leads to, s; null for other links. */
export function bookmarkTime(href: string): number | null {
  const match = /^#t=(\d+(?:\.\d+)?(?:e-?\d+)?)$/.exec(href);
  return match ? Number(match[1]) : null;
}

/**
 * The page as HTML. Only what Markdown itself makes comes through: HTML in the text is shown as text, links lead to the web or to
 * a moment of the run, pictures are those embedded; so there is nothing in it that could run. `links`: bookmarks are links
 * (else plain text, where there is no run to go to).
 */
export function renderPage(page: Page, links: boolean): string {
  const marked = new Marked({ gfm: true, async: false });
  marked.use({
    renderer: {
      html: ({ text }) => escapeHtml(text),
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const time = bookmarkTime(href);
        if (time !== null && links) return `<a class="bookmark" href="#t=${time}">${inner}</a>`;
        if (time !== null) return `<span class="bookmark">${inner}</span>`;
        if (/^(?:https?:\/\/|mailto:)/i.test(href))
          return `<a href="${escapeHtml(href)}" rel="noopener noreferrer" target="_blank">${inner}</a>`;
        return inner;
      },
      image({ href, text }) {
        if (!/^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/.test(href))
          return `<em>${escapeHtml(text || 'picture')} (not embedded)</em>`;
        const caption = escapeHtml(text);
        return `<img src="${href}" alt="${caption}" title="${caption}">`;
      },
    },
  });
  return marked.parse(writePage(page), { async: false });
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
