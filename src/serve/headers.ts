/**
 * Headers of the site. They are the same under `app://cellfield` and on 127.0.0.1.
 *
 * COOP and COEP isolate the page from other origins, which is what gives it SharedArrayBuffer.
 */
export const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/**
 * Policy of pages and everything else but the engine's worker: nothing from elsewhere, no code from text, no inline script and
 * no inline style.
 */
export const PAGE_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'worker-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
});

/**
 * Policy of the engine's worker, which a worker takes from its own response. The engine turns its checked expression trees into
 * functions, so it may make code from text; it has no page, no cookies and no network but the site.
 */
export const WORKER_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self' 'unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
});

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
