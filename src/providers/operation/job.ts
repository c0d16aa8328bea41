import type { Outcome } from '../../core/provider.ts';
import type { Context } from '../context.ts';
import type { JobDefinition } from '../definition.ts';
import { withAnswer, type OutcomeReader } from '../outcome/outcome.ts';
import { readRetryAfter } from '../request/retry-after.ts';
import { fillTemplate, type TemplateValues } from '../request/template.ts';
import type { Answer } from '../request/transport.ts';
import { hasStatus, judge, meets } from '../outcome/verdict.ts';

/** Whether an answer only promises. */
export function isPromise({ status, bodyKind }: Answer, job: JobDefinition): boolean {
  return hasStatus(job.when, status) && bodyKind === 'json';
}

/**
 * Asks about a job until it is settled. The request itself has arrived: whatever keeps us from learning its end makes the
 * outcome AMBIGUOUS, refused credentials and a job nobody knows included.
 */
export async function settleJob(
  job: JobDefinition,
  promise: Answer,
  values: TemplateValues,
  { context, reader }: { readonly context: Context; readonly reader: OutcomeReader },
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const { transport, clock } = context;
  const lost = (detail: string): Outcome => withAnswer(promise, 'AMBIGUOUS', detail, reader);
  const path = fillTemplate(job.path, { ...values, answer: promise.body }, encodeURIComponent);
  if (path === undefined) return lost('the answer does not name its job');
  const end = clock.monotonic() + job.longestMs;
  const request = { method: 'GET', path, headers: { accept: 'application/json' }, body: '' };
  let waitMs = job.everyMs;
  let last = '';
  while (clock.monotonic() + waitMs <= end) {
    await clock.sleep(waitMs, signal);
    if (signal?.aborted === true) return lost('stopped while the job was under way');
    const exchange = await transport.exchange(request, signal);
    waitMs = job.everyMs;
    if (exchange.kind !== 'answer') {
      last = `: ${exchange.reason}`;
      continue;
    }
    last = `: ${exchange.status}`;
    waitMs = Math.max(waitMs, readRetryAfter(exchange.headers, clock.now()) ?? 0);
    if (hasStatus(['2xx'], exchange.status) && meets(exchange.body, job.until)) {
      const verdict = judge(exchange, job.rules, reader.isAfterLoss);
      return withAnswer(exchange, verdict.class, `job: ${verdict.detail}`, reader);
    }
    if (hasStatus(['3xx', '4xx'], exchange.status) && !hasStatus(['408', '425', '429'], exchange.status)) break;
  }
  return lost(`the job has no end that can be read${last}`);
}
