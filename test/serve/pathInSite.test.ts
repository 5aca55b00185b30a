import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathInSite } from '../../src/serve/pathInSite.ts';

describe('path of a request', () => {
  it.each([
    ['/index.html', ['index.html']],
    ['/assets/index-B1x2Y3z4.js', ['assets', 'index-B1x2Y3z4.js']],
    ['/a%20b.html', ['a b.html']],
    ['/%C3%A9.html', ['é.html']],
    ['/a%252e%252e/b', ['a%2e%2e', 'b']],
  ])('%s is a path', (pathname, names) => {
    expect(pathInSite(pathname)).toEqual(names);
  });

  it.each([
    '',
    'index.html',
    '/',
    '//etc/passwd',
    '/a//b',
    '/a/',
    '/..',
    '/../etc/passwd',
    '/%2e%2e/etc/passwd',
    '/..%2fetc/passwd',
    '/..%5cetc%5cpasswd',
    '/a/..\\..\\b',
    '/a%00.html',
    '/a%0a.html',
    '/%',
    '/%c0%ae%c0%ae/passwd',
    '/%ff',
    '/C:/windows/win.ini',
    '/C%3a/windows/win.ini',
    '/a.html::$DATA',
    '/.git/config',
    '/a/.env',
    '/a.html.',
    '/a.html%20',
    `/${'a'.repeat(256)}`,
    `/${'a/'.repeat(600)}a`,
  ])('%j is none', pathname => {
    expect(pathInSite(pathname)).toBeNull();
  });

  it('never yields a name that is anything but one plain name, whatever is asked', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', '%252f', '%c0%af', ':', ' ', '\0'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const pathname = fc.array(piece, { maxLength: 12 }).map(pieces => `/${pieces.join('')}`);
    let accepted = 0;
    fc.assert(
      fc.property(pathname, text => {
        const names = pathInSite(text);
        if (names === null) return;
        accepted++;
        for (const name of names) {
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
          expect(name).not.toMatch(/[/\\:\u0000-\u001f\u007f]/);
          expect(['', '.', '..']).not.toContain(name);
        }
      }),
      { seed: 7, numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
