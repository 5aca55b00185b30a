import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import {
  type AppWindow,
  type OpenOptions,
  openApp,
  PATIENCE,
  type ServedApp,
  serveApp,
} from '../support/app.ts';
import { whyNoChromium } from '../support/chromium.ts';

export interface Windows {
  /** A window of its own for the test; what goes wrong in it fails the test. */
  open(options?: OpenOptions): Promise<Page>;
  /** What went wrong so far in the windows of this test, which is thereby forgiven: for tests that break things on purpose. */
  forgive(): string[];
}

/** Tests of the built app in Chromium: skipped with a plain reason where there is none. Every test must leave no complaint. */
export function describeApp(name: string, body: (windows: Windows) => void): void {
  const reason = whyNoChromium();
  if (reason !== null) console.warn(`${name} is not tested: ${reason}.`);
  describe.skipIf(reason !== null)(name, () => {
    let app: ServedApp | null = null;
    let opened: AppWindow[] = [];
    beforeAll(async () => {
      app = await serveApp();
    }, 240_000);
    afterAll(() => app?.close());
    afterEach(async () => {
      const complaints = opened.flatMap(window => window.complaints);
      await Promise.all(opened.map(window => window.close()));
      opened = [];
      expect(complaints).toEqual([]);
    });
    body({
      async open(options) {
        if (!app) throw new Error('the app is not served');
        const window = await openApp(app, options);
        opened.push(window);
        return window.page;
      },
      forgive: () => opened.flatMap(window => window.complaints.splice(0)),
    });
  });
}

/** `expect.poll` with the patience that a busy machine needs. */
export function eventually<T>(read: () => Promise<T> | T, message?: string) {
  return expect.poll(read, { timeout: PATIENCE, interval: 50, ...(message ? { message } : {}) });
}
