import { defineConfig } from 'vitest/config';

/** The packaged shape of the app in the real Electron: for machines that have its program. */
export default defineConfig({
  test: { include: ['test/main/**/*.electron.ts'], testTimeout: 120_000 },
});
