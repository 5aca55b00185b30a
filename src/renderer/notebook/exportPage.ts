import { entriesOf, type Provenance } from '../figures/provenance.ts';
import { escapeHtml, type Page, renderPage } from './page.ts';

/** Neither scripts nor anything from elsewhere, whatever the text says. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light dark; --ground: #fdfbf7; --text: #1f2429; --muted: #565f69; --line: #dfd8cc; --accent: #1b5fb4; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1015; --text: #e6ebf0; --muted: #9dabb8; --line: #29333e; --accent: #74b3f5; }
}
body { background: var(--ground); color: var(--text); font: 16px/1.6 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  margin: 0 auto; max-width: 760px; padding: 40px 24px 64px; }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 0.5em; }
h1 { margin-top: 0; }
a { color: var(--accent); }
img { border: 1px solid var(--line); border-radius: 6px; display: block; height: auto; max-width: 100%; }
pre, code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; font-size: 0.9em; }
pre { border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; padding: 12px 16px; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 4px 16px 4px 0; text-align: left; vertical-align: top; }
blockquote { border-left: 3px solid var(--line); color: var(--muted); margin-left: 0; padding-left: 16px; }
.bookmark, footer { color: var(--muted); font-size: 0.9em; }
footer { border-top: 1px solid var(--line); margin-top: 48px; padding-top: 12px; }
`;

/** A page as one HTML file that needs nothing else: pictures within it, and where it comes from in its metadata. */
export function exportPage(page: Page, provenance: Provenance | null): string {
  const entries = provenance ? entriesOf(provenance) : [];
  const heading = /^#\s+(.+)$/m.exec(page.text)?.[1] ?? provenance?.title ?? 'Notebook';
  const description = entries.find(([name]) => name === 'Description')?.[1];
  const meta = entries.map(([name, text]) => {
    const key = name === 'Software' ? 'generator' : name.toLowerCase().replaceAll(' ', '-');
    return `<meta name="${escapeHtml(key)}" content="${escapeHtml(text)}">`;
  });
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ...meta,
    `<title>${escapeHtml(heading)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    renderPage(page, false),
    ...(description ? [`<footer>${escapeHtml(description)}</footer>`] : []),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
