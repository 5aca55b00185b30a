import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serveHttp } from '../../src/serve/httpServer.ts';
import { siteHandler } from '../../src/serve/site.ts';
import { launchChromium, whyNoChromium } from '../support/chromium.ts';

const reason = whyNoChromium();
if (reason !== null) console.warn(`The site's headers are not tested in a browser: ${reason}.`);

/** Writes into the page what it and its worker can do. */
const PAGE = `
  import { canEvaluate } from './probe.js';
  const worker = new Worker('./worker/main-00000000.js', { type: 'module' });
  const shared = new SharedArrayBuffer(4);
  worker.onmessage = ({ data }) => {
    const style = document.createElement('style');
    style.textContent = 'p { width: 9px }';
    document.head.append(style);
    document.body.dataset.result = JSON.stringify({
      page: { isolated: crossOriginIsolated, evaluates: canEvaluate() },
      worker: data,
      written: new Int32Array(shared)[0],
      width: getComputedStyle(document.querySelector('p')).width,
      inline: globalThis.ranInline === true,
    });
  };
  worker.postMessage(shared);
`;

const WORKER = `
  import { canEvaluate } from '../probe.js';
  onmessage = ({ data }) => {
    new Int32Array(data)[0] = 42;
    fetch('https://example.org/').then(() => true, () => false).then(reaches =>
      postMessage({ isolated: crossOriginIsolated, evaluates: canEvaluate(), reaches }));
  };
`;

const PROBE = `
  export function canEvaluate() {
    try {
      return new Function('return true')();
    } catch {
      return false;
    }
  }
`;

const HTML = `<!doctype html><link rel="stylesheet" href="./page.css">
<script>globalThis.ranInline = true</script><script type="module" src="./page.js"></script><body><p></p>`;

describe.skipIf(reason !== null)('the site in Chromium', () => {
  let browser: Browser;
  let server: RunningServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cellfield-isolation-'));
    mkdirSync(join(folder, 'worker'));
    writeFileSync(join(folder, 'index.html'), HTML);
    writeFileSync(join(folder, 'page.js'), PAGE);
    writeFileSync(join(folder, 'page.css'), 'p { width: 7px }');
    writeFileSync(join(folder, 'probe.js'), PROBE);
    writeFileSync(join(folder, 'worker', 'main-00000000.js'), WORKER);
    server = await serveHttp(siteHandler({ '': folder }));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('isolates page and worker; the worker alone makes code from text; nothing runs inline', async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    const result = page.locator('body[data-result]');
    expect(JSON.parse((await result.getAttribute('data-result')) ?? '')).toEqual({
      page: { isolated: true, evaluates: false },
      worker: { isolated: true, evaluates: true, reaches: false },
      written: 42,
      width: '7px',
      inline: false,
    });
  });
});
