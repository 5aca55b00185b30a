import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenanceOf } from '../../src/renderer/figures/provenance.ts';
import { exportPage } from '../../src/renderer/notebook/exportPage.ts';
import {
  bookmarkTime,
  joined,
  readPage,
  renderPage,
  withFigure,
  writePage,
} from '../../src/renderer/notebook/page.ts';
import { editsAsMarkdown, pageHead } from '../../src/renderer/notebook/parameters.ts';
import type { LoggedEdit, ScenarioInfo } from '../../src/session/contract.ts';

const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const PROVENANCE = provenanceOf({ title: 'A *dish*', seed: '5', file: 'my_dish.yaml' }, [], 90);

describe('a page of notes', () => {
  it('is one Markdown file with its figures at the end, and comes back from it', () => {
    const page = withFigure(withFigure({ text: '# Notes\n', figures: {} }, '0:01:30', PNG), 'dye [nM]', PNG);
    expect(page.text).toBe('# Notes\n\n![0:01:30][figure-1]\n\n![dye  nM ][figure-2]\n');
    const file = writePage(page);
    expect(file).toBe(`${page.text}\n[figure-1]: ${PNG}\n[figure-2]: ${PNG}\n`);
    expect(readPage(file)).toEqual(page);
  });

  it('forgets figures that the text no longer names', () => {
    const page = withFigure({ text: '', figures: {} }, 'a', PNG);
    expect(writePage({ ...page, text: 'nothing\n' })).toBe('nothing\n');
  });

  it('keeps any text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const file = writePage({ text, figures: {} });
        expect(writePage(readPage(file))).toBe(file);
      }),
      { seed: 7 },
    );
    expect(joined(' \n', 'a\n')).toBe('a\n');
  });

  it('knows a moment of the run from other links', () => {
    expect(bookmarkTime('#t=90.5')).toBe(90.5);
    for (const href of ['#t=', '#t=-1', '#t=1;alert(1)', '#time', 'https://example.org/#t=1'])
      expect(bookmarkTime(href)).toBeNull();
  });
});

describe('reading a page', () => {
  it('shows text, tables, pictures and bookmarks', () => {
    const page = withFigure({ text: '| a |\n| --- |\n| **b** |\n', figures: {} }, 'c', PNG, '[Go](#t=90)');
    const html = renderPage(page, true);
    expect(html).toContain('<td><strong>b</strong></td>');
    expect(html).toContain(`<img src="${PNG}" alt="c" title="c">`);
    expect(html).toContain('<a class="bookmark" href="#t=90">Go</a>');
    expect(renderPage(page, false)).toContain('<span class="bookmark">Go</span>');
  });

  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1) "x")',
    '[a](data:text/html;base64,AAAA)',
    '![a](https://example.org/x.png)',
    '![a](x" onerror="alert(1))',
    '![a" onerror="alert(1)](data:image/png;base64,AAAA)',
    '[a"]: javascript:alert(1)\n\n[a"]',
    '[a](https://example.org/"onmouseover="alert(1))',
    '<svg onload=alert(1)>\n\n<iframe src="//example.org">',
    '```"><script>alert(1)</script>\nx\n```',
    '<https://example.org/"onclick="x">',
  ])('lets nothing through that could run: %s', text => {
    const html = renderPage({ text, figures: {} }, true);
    const document = new DOMParser({ onError: () => undefined }).parseFromString(
      `<body>${html}</body>`,
      'text/html',
    );
    for (const element of document.getElementsByTagName('*')) {
      expect(['script', 'iframe', 'svg', 'object', 'style']).not.toContain(element.tagName);
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on/);
        if (name === 'href') expect(value).toMatch(/^(https?:|#t=)/);
        if (name === 'src') expect(value).toMatch(/^data:image\//);
      }
    }
  });
});

describe('what was changed by hand', () => {
  const scenario = { step: 1, parameters: [{ name: 'k', text: '0.5 /s' }] } as unknown as ScenarioInfo;

  it('is a table of parameters, the last value of each, and a list', () => {
    const log: LoggedEdit[] = [
      { step: 10, time: 10, edit: { kind: 'parameter', name: 'k', value: '1 /s' } },
      { step: 20, time: 20, edit: { kind: 'parameter', name: 'k', value: '2 /s' } },
    ];
    expect(editsAsMarkdown(scenario, log, PROVENANCE)).toBe(
      [
        '| Parameter | In the scenario | Now | Since |',
        '| --- | --- | --- | --- |',
        '| `k` | `0.5 /s` | `2 /s` | [0:00:20](#t=20) |',
        '',
        'Edits:',
        '',
        '- [0:00:10](#t=10): `k = 1 /s`',
        '- [0:00:20](#t=20): `k = 2 /s`',
        '',
      ].join('\n'),
    );
    expect(editsAsMarkdown(scenario, [], PROVENANCE)).toContain('Nothing was changed by hand');
  });

  it('begins with what the run is', () => {
    expect(renderPage({ text: pageHead(PROVENANCE), figures: {} }, true)).toContain('<h1>A *dish*</h1>');
  });
});

describe('a page as HTML', () => {
  it('needs nothing else, and says where it comes from', () => {
    const html = exportPage(withFigure({ text: '# <Notes>\n', figures: {} }, 'c', PNG), PROVENANCE);
    expect(html).toContain('<title>&lt;Notes&gt;</title>');
    expect(html).toContain('<meta name="seed" content="5">');
    expect(html).toContain("default-src 'none'; img-src data:");
    expect(html).toContain(`src="${PNG}"`);
    expect(html).not.toMatch(/<script|<link|src="(?!data:)/);
  });
});
