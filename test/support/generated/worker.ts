import { parentPort, workerData } from 'node:worker_threads';
import * as fc from 'fast-check';
import type { FormatName } from './generated-file.ts';
import { properties } from './properties.ts';
import type { Count, GeneratedFailure, Message, Task } from './run.ts';

const SHOWN_CHARACTERS = 4000;
/** To make a failing case smaller. */
const PATIENCE_MS = 20_000;

/** Runs one format's files and tells its parent of each, so that it knows that the work goes on. */
async function runFormat({ format, seed, runs, path }: Task): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const say = (message: Message): void => parentPort?.postMessage(message);
  const counts = new Map<string, Count>();
  let failedMs = Number.POSITIVE_INFINITY;
  const property = properties[format]({
    begun: (drawn) => say({ kind: 'begun', drawn: shown(drawn) }),
    failed: () => (failedMs = Math.min(failedMs, performance.now())),
    isPatient: () => performance.now() - failedMs < PATIENCE_MS,
    ended(name, encoding, what, end) {
      const key = [encoding, what, end].join('\n');
      counts.set(key, { format: name, encoding, what, end, files: (counts.get(key)?.files ?? 0) + 1 });
    },
  });
  const result = await fc.check(property, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  say({ kind: 'done', counts: [...counts.values()], failure: failureOf(result, format) });
}

function failureOf(result: fc.RunDetails<unknown>, format: FormatName): GeneratedFailure | undefined {
  if (!result.failed) return undefined;
  const { errorInstance: error, counterexample, counterexamplePath } = result;
  return {
    format,
    message: error instanceof Error ? error.message : String(error),
    drawn: shown(counterexample),
    path: counterexamplePath ?? undefined,
  };
}

function shown(drawn: unknown): string {
  return JSON.stringify(drawn).slice(0, SHOWN_CHARACTERS);
}

await runFormat(workerData as Task);
