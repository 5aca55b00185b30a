import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin, UserConfig } from 'vite';
import { ISOLATION, PAGE_POLICY, WORKER_POLICY } from './src/serve/headers.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The worker's files lie in a folder of their own: what is served from it may make code from text (src/serve/site.ts). */
const WORKER_FILES = { entryFileNames: 'worker/[name]-[hash].js', chunkFileNames: 'worker/[name]-[hash].js' };

/** The page, alike in the desktop app, over http and from the development server. */
export const renderer = {
  root: here('src/renderer'),
  base: './',
  plugins: [react(), developmentHeaders()],
  worker: { format: 'es', rolldownOptions: { output: WORKER_FILES } },
  build: {
    outDir: here('out/renderer'),
    emptyOutDir: true,
    minify: true,
    // Data URLs of scripts and fonts would need a weaker policy.
    assetsInlineLimit: 0,
    // The page is read from the disk: its size is no download.
    chunkSizeWarningLimit: 2500,
    rolldownOptions: { input: here('src/renderer/index.html'), checks: { pluginTimings: false } },
  },
  server: { host: '127.0.0.1', fs: { allow: [here('.')] } },
} satisfies UserConfig;

export default defineConfig({
  main: {
    build: {
      outDir: here('out/main'),
      externalizeDeps: false,
      rolldownOptions: { input: here('src/main/main.ts') },
    },
  },
  preload: {
    build: {
      outDir: here('out/preload'),
      externalizeDeps: false,
      rolldownOptions: {
        input: here('src/preload/preload.ts'),
        // A sandboxed preload script is CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer,
});

/**
 * Gives the development server the headers of the built site. Its page alone differs: hot reload brings an inline script and
 * style elements of the server's own, admitted by a nonce.
 */
function developmentHeaders(): Plugin {
  const nonce = randomBytes(16).toString('base64url');
  const page = PAGE_POLICY.replace(/(?:script|style)-src 'self'/g, `$& 'nonce-${nonce}'`);
  return {
    name: 'cellfield:development-headers',
    apply: 'serve',
    config: () => ({ html: { cspNonce: nonce } }),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
        const isWorker = /[?&]worker_file\b/.test(request.url ?? '');
        response.setHeader('Content-Security-Policy', isWorker ? WORKER_POLICY : page);
        next();
      });
    },
  };
}
