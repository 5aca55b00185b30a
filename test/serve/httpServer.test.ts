import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serveHttp } from '../../src/serve/httpServer.ts';

let server: RunningServer;
let port: number;
const seen: string[] = [];

beforeAll(async () => {
  server = await serveHttp(async ({ url, method }) => {
    seen.push(`${method} ${url}`);
    if (url.endsWith('/fails')) throw new Error('not for people');
    return new Response(method === 'HEAD' ? null : 'served', { headers: { 'X-From': 'handler' } });
  });
  port = Number(new URL(server.url).port);
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly from: string | undefined;
}

function ask(path: string, host = `127.0.0.1:${port}`, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers: { Host: host } };
    request(options, response => {
      let text = '';
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, from: response.headers['x-from']?.toString() }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('the page over http', () => {
  it('is served on a free port of the loopback address', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d{2,5}\/$/);
    expect(await ask('/index.html')).toEqual({ status: 200, text: 'served', from: 'handler' });
    expect(await ask('/index.html', `localhost:${port}`)).toMatchObject({ status: 200 });
    expect(await ask('/index.html', undefined, 'HEAD')).toEqual({ status: 200, text: '', from: 'handler' });
  });

  it.each([
    'evil.example',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.example:PORT',
    '0.0.0.0:PORT',
    '[::1]:PORT',
  ])('is not served under the host %j', async host => {
    const before = seen.length;
    const answer = await ask('/index.html', host.replace('PORT', String(port)));
    expect(answer.status).toBe(421);
    expect(answer.text).not.toContain('served');
    expect(seen).toHaveLength(before);
  });

  it('hands the path on as it came, and refuses what is none', async () => {
    await ask('//elsewhere/x?y');
    expect(seen.at(-1)).toBe(`GET http://127.0.0.1:${port}//elsewhere/x?y`);
    expect(await ask('http://evil.example/index.html')).toMatchObject({ status: 400 });
  });

  it('gives the handler nothing but GET and HEAD to tell apart', async () => {
    for (const method of ['POST', 'PUT', 'TRACE', 'DELETE']) {
      await ask('/x', undefined, method);
      expect(seen.at(-1)).toMatch(/^POST /);
    }
  });

  it('says nothing of its inside when a file cannot be read', async () => {
    expect(await ask('/fails')).toEqual({
      status: 500,
      text: 'The file could not be read.\n',
      from: undefined,
    });
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find(address => address?.family === 'IPv4' && !address.internal);
  it.skipIf(!outside)('cannot be reached from other machines', async () => {
    const refused = await new Promise<boolean>(resolve => {
      const socket = connect({ host: outside?.address, port });
      socket.on('connect', () => {
        socket.destroy();
        resolve(false);
      });
      socket.on('error', () => resolve(true));
    });
    expect(refused).toBe(true);
  });
});
