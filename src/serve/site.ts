import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { contentType } from './contentType.ts';
import { ISOLATION, PAGE_POLICY, WORKER_POLICY } from './headers.ts';
import { pathInSite } from './pathInSite.ts';

/** Folders of the site by the first part of the path; `''` is the built page, and serves `/` with its index.html. */
export interface SiteFolders {
  readonly '': string;
  readonly [prefix: string]: string;
}

export type Handler = (request: Request) => Promise<Response>;

/** The folder of the page in which the build puts the engine's worker, and nothing else. */
const WORKER_FOLDER = 'worker';

/** Names made from their content (`index-B1x2Y3z4.js`): the same name never means other bytes. */
const HASHED_NAME = /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

/**
 * Serves the files of a site, and nothing else: GET and HEAD, known types, plain names, and only what lies inside its
 * folders after links are followed. One handler for `app://cellfield` and for http, so that both behave alike.
 */
export function siteHandler(folders: SiteFolders): Handler {
  return async request => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refusal(405, 'Only GET and HEAD are allowed.', { Allow: 'GET, HEAD' });
    }
    const found = await locate(folders, new URL(request.url).pathname);
    if (found === null) return refusal(404, 'There is no such file.');
    const bytes = new Uint8Array(await readFile(found.file));
    return new Response(request.method === 'HEAD' ? null : bytes, {
      status: 200,
      headers: {
        ...ISOLATION,
        'Content-Type': found.type,
        'Content-Length': String(bytes.byteLength),
        'Content-Security-Policy': found.isWorker ? WORKER_POLICY : PAGE_POLICY,
        'Cache-Control': HASHED_NAME.test(found.file) ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    });
  };
}

interface Found {
  readonly file: string;
  readonly type: string;
  readonly isWorker: boolean;
}

async function locate(folders: SiteFolders, pathname: string): Promise<Found | null> {
  const names = pathInSite(pathname === '/' ? '/index.html' : pathname);
  if (names === null) return null;
  const mounted = names.length > 1 && names[0] !== '' && Object.hasOwn(folders, names[0]);
  const folder = mounted ? folders[names[0]] : folders[''];
  const inside = mounted ? names.slice(1) : names;
  const type = contentType(inside[inside.length - 1]);
  if (type === null) return null;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, ...inside));
    // A link may lead out of the folder; what it leads to is not part of the site.
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return null;
    return { file, type, isWorker: !mounted && inside[0] === WORKER_FOLDER };
  } catch {
    return null;
  }
}

/** An answer without a file; it carries the headers of the site too, so that no answer is weaker than another. */
export function refusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${message}\n`, {
    status,
    headers: {
      ...ISOLATION,
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Security-Policy': PAGE_POLICY,
      'Cache-Control': 'no-store',
      ...headers,
    },
  });
}
