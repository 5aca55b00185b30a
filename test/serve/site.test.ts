import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Handler, siteHandler } from '../../src/serve/site.ts';

const SECRET = 'secret outside the site';
let folder: string;
let handler: Handler;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cellfield-site-'));
  const files: Readonly<Record<string, string>> = {
    'site/index.html': '<!doctype html>',
    'site/assets/index-B1x2Y3z4.js': 'page()',
    'site/worker/main-B1x2Y3z4.js': 'work()',
    'site/plain.css': 'p {}',
    'site/.hidden.html': SECRET,
    'site/notes.md': SECRET,
    'site/folder.html/inside.html': 'inside',
    'scenarios/quorum.yaml': 'cellfield: 1',
    'scenarios/worker/trap.js': 'trap()',
    'secret.html': SECRET,
    'site-beside/secret.html': SECRET,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(folder, 'secret.html'), join(folder, 'site/link.html'));
  symlinkSync(join(folder, 'site-beside'), join(folder, 'site/beside'));
  symlinkSync(join(folder, 'site/plain.css'), join(folder, 'site/inner.css'));
  handler = siteHandler({ '': join(folder, 'site'), scenarios: join(folder, 'scenarios') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (path: string, method = 'GET'): Promise<Response> =>
  handler(new Request(`app://cellfield${path}`, { method }));
const policyOf = (response: Response): string => response.headers.get('content-security-policy') ?? '';

describe('the site', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html?x=1', 'text/html; charset=utf-8', 'no-cache'],
    ['/plain.css', 'text/css; charset=utf-8', 'no-cache'],
    ['/inner.css', 'text/css; charset=utf-8', 'no-cache'],
    ['/assets/index-B1x2Y3z4.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/scenarios/quorum.yaml', 'text/plain; charset=utf-8', 'no-cache'],
  ])('serves %s with type, caching and isolation', async (path, type, caching) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    const body = await response.arrayBuffer();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(body.byteLength),
      'cache-control': caching,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it('lets no page make code from text or run inline script, and only the worker make code', async () => {
    for (const path of ['/', '/assets/index-B1x2Y3z4.js', '/scenarios/worker/trap.js', '/missing.html']) {
      const policy = policyOf(await get(path));
      expect(policy, path).toContain("default-src 'none'; script-src 'self';");
      expect(policy, path).not.toContain('unsafe');
    }
    const worker = policyOf(await get('/worker/main-B1x2Y3z4.js'));
    expect(worker).toContain("script-src 'self' 'unsafe-eval'");
    expect(worker).not.toContain('unsafe-inline');
  });

  it('answers HEAD as GET without the body, and refuses every other method', async () => {
    const head = await get('/plain.css', 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const response = await get('/plain.css', method);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
  });

  it.each([
    '/missing.html',
    '/assets',
    '/assets/',
    '/folder.html',
    '/.hidden.html',
    '/notes.md',
    '/link.html',
    '/beside/secret.html',
    '/scenarios',
    '/scenarios/../secret.html',
    '/scenarios/..%2fsecret.html',
    '/..%2fsecret.html',
    '/..%5csecret.html',
    '/%2e%2e%2fsecret.html',
    '/../secret.html',
    '/plain.css%00.html',
    '/__proto__/x.html',
    '/constructor/x.html',
    '//secret.html',
  ])('has no %s', async path => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('There is no such file.\n');
  });

  it('never serves what lies outside, whatever is asked', async () => {
    const piece = fc.constantFrom(
      ...[
        '..',
        '.',
        '/',
        '\\',
        '%2e',
        '%2f',
        '%5c',
        '%00',
        '%252f',
        'secret.html',
        'site',
        'site-beside',
        'beside',
      ],
      ...['scenarios', 'link.html', 'index.html', 'plain.css', '?', '#', '~', folder],
    );
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async pieces => {
        const response = await get(`/${pieces.join('')}`);
        statuses.add(response.status);
        expect(await response.text()).not.toContain(SECRET);
      }),
      { seed: 11, numRuns: 1500 },
    );
    expect([...statuses].sort()).toEqual([200, 404]);
  });
});
