import { Failure, isFailure } from '../../core/failure.ts';
import type { ReportState } from '../../core/feed.ts';
import type { ReportRun } from './collect-reports.ts';
import { ageOf, type OpenOrder } from './report-position.ts';

const AWAY_MS = 86_400_000;

type Awaited = Extract<ReportState, { readonly kind: 'ready' | 'missing' }> | { readonly kind: 'stopped' };

/**
 * Asks until the report is there. It is asked at least once, however long ago it was ordered: while nobody asked it may
 * have been finished. A question that got no usable answer is asked again.
 * @throws Failure report-failed, report-late, and what keeps the provider from being asked at all.
 */
export async function awaitReport(order: OpenOrder, run: ReportRun): Promise<Awaited> {
  const { parts, reporting, signal, flow, patienceMs = Infinity } = run;
  const { clock } = parts;
  const label = { provider: flow.provider, feed: flow.feed.name };
  const startedAt = clock.monotonic();
  const before = ageOf(order, clock.now());
  const waitedMs = (): number => clock.monotonic() - startedAt;
  const isOver = (waitMs: number): boolean => before + waitedMs() + waitMs > reporting.longestMs;
  for (let isFirst = true; ; isFirst = false) {
    if (signal.aborted) return { kind: 'stopped' };
    const { state, failure } = await askOnce(order.reference ?? '', run);
    if (state?.kind === 'ready' || state?.kind === 'missing') return state;
    if (state?.kind === 'failed') throw new Failure('report-failed', state.detail === '' ? undefined : state.detail);
    if (isFirst && state !== undefined) parts.log.info(label, 'waiting for a report');
    const asked = state === undefined ? failure?.retryAfterMs : state.retryAfterMs;
    const waitMs = Math.max(reporting.everyMs, asked ?? 0);
    if (isOver(waitMs)) {
      // A provider that cannot be asked at the moment may have the report all the same.
      if (failure !== undefined && !isOver(waitMs - AWAY_MS)) throw failure;
      throw new Failure('report-late', `not done after ${Math.round(reporting.longestMs / 1000)} s`);
    }
    if (failure !== undefined) {
      parts.log.warn({ ...label, failure: failure.code, detail: failure.message }, 'a report could not be asked for');
    }
    if (waitedMs() + waitMs > patienceMs) {
      parts.log.info(label, 'the report is not there yet; the next run goes on waiting for it');
      run.onLeft?.();
      return { kind: 'stopped' };
    }
    await clock.sleep(waitMs, signal);
  }
}

async function askOnce(
  reference: string,
  { reporting, signal }: ReportRun,
): Promise<{ state?: ReportState; failure?: Failure }> {
  try {
    return { state: await reporting.ask(reference, signal) };
  } catch (error) {
    if (!isFailure(error) || error.code === 'stopped' || error.kind === 'permanent') throw error;
    return { failure: error };
  }
}
