import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,e2e}/**/*.test.ts'],
    globals: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
    // A focused test left behind fails CI instead of hiding the others.
    allowOnly: false,
  },
});
