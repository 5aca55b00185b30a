import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Handler, refusal } from './site.ts';

export interface RunningServer {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a site over http to this machine only: it listens on the loopback address, and answers only requests that name
 * that address as their host, so that no other site can reach it through a name of its own (DNS rebinding).
 *
 * @param port 0 for a free one
 */
export async function serveHttp(handler: Handler, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(handler, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${chosen}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = await ask(handler, request);
  response.writeHead(result.status, Object.fromEntries(result.headers));
  response.end(result.body === null ? undefined : new Uint8Array(await result.arrayBuffer()));
}

async function ask(handler: Handler, request: IncomingMessage): Promise<Response> {
  const { port } = request.socket.address() as AddressInfo;
  const host = request.headers.host;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return refusal(421, 'This server answers for 127.0.0.1 only.');
  }
  const path = request.url ?? '';
  if (!path.startsWith('/')) return refusal(400, 'The request names no path.');
  // The path is joined, not resolved: `//elsewhere` stays a path.
  const url = `http://${host}${path}`;
  if (!URL.canParse(url)) return refusal(400, 'The request names no path.');
  // A Request takes no method TRACE or CONNECT; the handler refuses all but two anyway.
  const method = request.method === 'GET' || request.method === 'HEAD' ? request.method : 'POST';
  try {
    return await handler(new Request(url, { method }));
  } catch {
    return refusal(500, 'The file could not be read.');
  }
}
