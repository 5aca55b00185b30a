import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../src/renderer/style/tokens.css', import.meta.url), 'utf8');

/** Hexadecimal tokens of a theme. */
function tokens(theme: string): Map<string, string> {
  const block = new RegExp(`\\[data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name, colour]) => [name, colour]),
  );
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map(at => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['dark', 'light'])('the %s theme', theme => {
  const colours = tokens(theme);
  const colour = (name: string): string => {
    const value = colours.get(name);
    if (value === undefined) throw new Error(`no token --${name} in ${theme}`);
    return value;
  };

  const grounds = ['ground', 'surface', 'raised', 'hover'];
  const texts = ['text', 'muted', 'accent'];
  it.each(texts.flatMap(text => grounds.map(ground => [text, ground])))(
    '%s on %s is readable',
    (text, ground) => {
      expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each([
    ['on-accent', 'accent'],
    ['accent', 'accent-wash'],
    ['text', 'accent-wash'],
    ['text', 'warn-wash'],
    ['text', 'bad-wash'],
    ['muted', 'bad-wash'],
    ['muted', 'warn-wash'],
    ['bad', 'bad-wash'],
    ['good', 'surface'],
    ['warn', 'surface'],
    ['bad', 'surface'],
    ['bad', 'raised'],
    ['warn', 'ground'],
  ])('%s on %s is readable', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['surface', 'ground', 'raised'])('edges of controls show on %s', ground => {
    // WCAG 2.2, 1.4.11: parts of controls need 3.
    expect(contrast(colour('control-line'), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});
