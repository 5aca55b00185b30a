import { defineConfig } from 'vitest/config';

/** Heavy statistics and long convergence studies: run by hand, not by the gate. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 1_800_000,
  },
});
