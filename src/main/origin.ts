/** The app's own scheme: a proper origin, unlike `file:`, so that isolation and the policy of the page hold. */
export const SCHEME = 'app';
export const HOST = 'cellfield';

/** Where the window's page comes from, and the only origin that is listened to. */
export interface Home {
  readonly url: string;
  readonly origin: string;
}

/**
 * `app://cellfield`, or while developing the address of the development server.
 *
 * @param developmentUrl of the server that electron-vite starts; ignored in a packaged app and where it is not this machine
 */
export function findHome(developmentUrl: string | undefined, packaged: boolean): Home {
  if (!packaged && developmentUrl && URL.canParse(developmentUrl)) {
    const { protocol, hostname, origin } = new URL(developmentUrl);
    if (protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1')) {
      return { url: `${origin}/`, origin };
    }
  }
  return { url: `${SCHEME}://${HOST}/index.html`, origin: `${SCHEME}://${HOST}` };
}

/**
 * Origin of a URL as text: scheme and host with port. `URL.origin` is not used because it says `null` for schemes that it
 * does not know, and all of those would look alike.
 */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, username, password } = new URL(url);
  if (host === '' || username !== '' || password !== '') return null;
  return `${protocol}//${host}`;
}

export function isHome(home: Home, url: string): boolean {
  return originOf(url) === home.origin;
}
