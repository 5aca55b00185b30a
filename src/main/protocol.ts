import { join } from 'node:path';
import { protocol } from 'electron';
import { refusal, siteHandler } from '../serve/site.ts';
import { HOST, originOf, SCHEME } from './origin.ts';

/** Names the scheme before the app is ready, with what a web origin has: storage, fetch, isolation. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** @param root folder that holds `out/` and `scenarios/`, in the repository as in the packaged app */
export function setupProtocol(root: string): void {
  const serve = siteHandler({ '': join(root, 'out', 'renderer'), scenarios: join(root, 'scenarios') });
  protocol.handle(SCHEME, request =>
    originOf(request.url) === `${SCHEME}://${HOST}` ? serve(request) : refusal(404, 'There is no such site.'),
  );
}
