import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/{unit,contract,e2e}/**/*.test.ts'],
    globals: false,
    reporters: ['default', new SummaryReporter()],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // By default one core is left idle: on two cores that is half of them.
    maxWorkers: '100%',
    passWithNoTests: false,
    // A focused test left behind fails CI instead of hiding the others.
    allowOnly: false,
  },
});
