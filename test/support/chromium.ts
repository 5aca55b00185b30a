import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The Chromium program: `CHROMIUM_PATH`, else where distributions put it. */
export function findChromium(): string | null {
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const paths = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : usual;
  return paths.find(existsSync) ?? null;
}

/** Why tests in a browser are skipped, or null. On CI they never are: a missing browser fails them. */
export function whyNoChromium(): string | null {
  if (findChromium() !== null || process.env.CI) return null;
  return 'no Chromium was found (set CHROMIUM_PATH)';
}

export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('CI needs Chromium; set CHROMIUM_PATH');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
