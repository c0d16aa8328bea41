import process from 'node:process';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line of counts. In CI a test that was skipped is a failure: it proved nothing. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') counts[state]++;
        else counts.skipped++;
      }
    }
    process.stdout.write(`\ntests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    if (counts.skipped > 0 && process.env['CI'] !== undefined) process.exitCode = 1;
  }
}
