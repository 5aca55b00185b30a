import { app, type Session, shell, type WebContents } from 'electron';
import { type Home, isHome } from './origin.ts';

/** Sites that links may open in the person's browser: papers by DOI, and the file format. */
const LINKED_HOSTS: readonly string[] = ['doi.org', 'yaml.org'];

/** Every window's process is sandboxed, whatever its options say. Before the app is ready. */
export function enableSandbox(): void {
  app.enableSandbox();
}

/** Holds for every page that ever comes to exist: none leaves home, opens a window or embeds another. */
export function setupContentsGuard(home: Home): void {
  app.on('web-contents-created', (_event, contents) => guardContents(home, contents));
}

function guardContents(home: Home, contents: WebContents): void {
  contents.on('will-frame-navigate', event => {
    if (!event.isMainFrame || !isHome(home, event.url)) event.preventDefault();
  });
  contents.on('will-navigate', event => {
    if (!isHome(home, event.url)) event.preventDefault();
  });
  contents.on('will-redirect', event => {
    if (!isHome(home, event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', event => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isLinked(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Whether a link may be handed to the person's browser. */
export function isLinked(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password } = new URL(url);
  return (
    protocol === 'https:' &&
    port === '' &&
    username === '' &&
    password === '' &&
    LINKED_HOSTS.includes(hostname)
  );
}

/**
 * The app needs no camera, place, device or notification, and nothing from elsewhere: every permission is denied but that to
 * read and write the folder of a recording, which a person has picked in the system's own dialog; every download and every
 * request that leaves home is stopped.
 */
export function setupPermissions(session: Session, home: Home): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(permission === 'fileSystem' && isHome(home, contents.getURL())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === 'fileSystem' && isHome(home, origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', event => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !staysHome(home, details.url) }));
}

/** Own pages, data made by the page, and the developer tools; while developing, the server's live channel. */
function staysHome(home: Home, url: string): boolean {
  if (isHome(home, url) || /^(?:data|devtools):/.test(url)) return true;
  if (url.startsWith(`blob:${home.origin}/`)) return true;
  return home.origin.startsWith('http:') && isHome(home, url.replace(/^ws:/, 'http:'));
}
