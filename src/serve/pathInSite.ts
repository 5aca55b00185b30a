/**
 * Path of a request as names of folders and a file below the root of the site, or null where it is none that a site has.
 *
 * Each segment is decoded once, then refused if it could mean anything but one plain name on any system: separators of
 * either kind, NUL and other control characters, `:` (drives and streams of Windows), hidden names, `.` and `..`, and
 * names that end in a dot or a space (which Windows drops).
 *
 * @param pathname begins with `/`, still percent-encoded, without query
 */
export function pathInSite(pathname: string): readonly string[] | null {
  if (!pathname.startsWith('/') || pathname.length > LONGEST_PATH) return null;
  const segments = pathname.slice(1).split('/');
  const names: string[] = [];
  for (const segment of segments) {
    const name = decode(segment);
    if (name === null || !isPlainName(name)) return null;
    names.push(name);
  }
  return names;
}

/** Far above any path of the site, far below what a file system refuses with an error of its own. */
const LONGEST_PATH = 1024;

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function isPlainName(name: string): boolean {
  if (name === '' || name.length > 255 || name.startsWith('.') || /[. ]$/.test(name)) return false;
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return false;
    if (character === '/' || character === '\\' || character === ':') return false;
  }
  return true;
}
