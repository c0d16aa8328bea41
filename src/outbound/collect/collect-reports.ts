import { Failure, isFailure } from '../../core/failure.ts';
import type { Reporting } from '../../core/feed.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import { MOST_WALKS } from '../file/most.ts';
import { awaitReport } from './report-await.ts';
import {
  ageOf,
  nextOrder,
  readReportPosition,
  writeReportPosition,
  type OpenOrder,
  type ReportPosition,
} from './report-position.ts';

/** One report on its way. */
export interface ReportRun {
  readonly flow: OutboundFlow;
  readonly parts: OutboundParts;
  readonly reporting: Reporting;
  readonly signal: AbortSignal;
  /** How long a report that is still being made is waited for; it is left to the next run then. */
  readonly patienceMs?: number;
  readonly onLeft?: () => void;
}

// A report that could not be made is not ordered again at once: providers limit how many they make.
const REST_MS = 15 * 60_000;
const MOST_ORDERS = 2;
const GIVEN_UP = ['report-failed', 'report-late', 'report-unusable', 'bad-answer'] as const;

/**
 * Orders what is missing, waits for it and reads it: one report after the other. What was ordered is written down before
 * and after, so that a new start goes on waiting for it; the rows of one count in the transaction that moves the cursor
 * behind it. Answers how many items were new. @throws Failure; the report under way is given up where it cannot be had.
 */
export async function collectReports(run: ReportRun): Promise<number> {
  const { flow, parts, reporting, signal } = run;
  let position = readReportPosition(await parts.ledger.feedCursor(flow.provider, flow.feed.name));
  let found = 0;
  for (let given = 0; !signal.aborted;) {
    const order = openOrder(position, run);
    if (order === undefined) break;
    const fetched = await fetchReport(order, position, run);
    if (fetched === 'gone') {
      // Another one for the same time, in which the provider may be luckier; not for ever.
      position = await keep(run, withoutOrder(position));
      if (++given >= MOST_ORDERS) throw new Failure('report-expired', 'again and again', { retryAfterMs: REST_MS });
      continue;
    }
    if (fetched === undefined) break;
    found += fetched.found;
    position = fetched.position;
    if (reporting.period === undefined) break;
  }
  return found;
}

function openOrder(position: ReportPosition, { reporting, parts }: ReportRun): OpenOrder | undefined {
  const { order } = position;
  const now = parts.clock.now();
  // Whether an old one without a name ever arrived cannot be learnt any more.
  const isLost = order !== undefined && order.reference === undefined && ageOf(order, now) > reporting.longestMs;
  return order === undefined || isLost ? nextOrder(position, reporting.period, now) : order;
}

interface Fetched {
  readonly found: number;
  readonly position: ReportPosition;
}

/** `gone`: the provider does not have the report any more. Undefined when it is left for later. */
async function fetchReport(
  order: OpenOrder,
  position: ReportPosition,
  run: ReportRun,
): Promise<Fetched | 'gone' | undefined> {
  try {
    const named = order.reference === undefined ? await placeOrder(order, position, run) : order;
    for (let tries = 1; ; tries++) {
      const state = await awaitReport(named, run);
      if (state.kind === 'stopped') return undefined;
      if (state.kind === 'missing') return 'gone';
      try {
        return await storeReport(named, state.link, run);
      } catch (error) {
        if (!isWorthAnother(error) || tries >= MOST_WALKS) {
          if (isFailure(error, 'report-expired')) return 'gone';
          throw error;
        }
        const label = { provider: run.flow.provider, feed: run.flow.feed.name, failure: error.code, tries };
        run.parts.log.warn({ ...label, detail: error.message }, 'a report could not be fetched; asking for it anew');
      }
    }
  } catch (error) {
    if (!isGivenUp(error)) throw error;
    await keep(run, withoutOrder(position));
    throw new Failure(error.code, error.detail, { cause: error, retryAfterMs: error.retryAfterMs ?? REST_MS });
  }
}

/** A new link may be good, and what broke off may come whole. */
function isWorthAnother(error: unknown): error is Failure {
  return isFailure(error, 'report-expired') || isFailure(error, 'no-answer');
}

/** Asking for this very report again would lead to the same. */
function isGivenUp(error: unknown): error is Failure {
  return GIVEN_UP.some((code) => isFailure(error, code));
}

// What may have been made before its answer was lost is asked for again in the same words.
async function placeOrder(order: OpenOrder, position: ReportPosition, run: ReportRun): Promise<OpenOrder> {
  await keep(run, { ...position, order });
  const named = { ...order, reference: await run.reporting.order(order, run.signal) };
  await keep(run, { ...position, order: named });
  return named;
}

/** Rows in batches, invisible until all of them are there. */
async function storeReport(order: OpenOrder, link: string, run: ReportRun): Promise<Fetched> {
  const { flow, parts, reporting, signal } = run;
  const { ledger, log } = parts;
  const snapshot = await ledger.beginSnapshot(flow.provider, flow.feed.name, order.askedAt);
  const known = (identities: readonly string[]) => ledger.stagedItems(snapshot, identities);
  let rows = 0;
  let staged = 0;
  for await (const items of reporting.rows(link, order, known, signal)) {
    rows += items.length;
    staged += await ledger.storeSnapshotPage(snapshot, items);
  }
  if (signal.aborted) throw new Failure('stopped');
  const position = { atMs: order.window?.untilMs ?? order.askedAt };
  const cursor = writeReportPosition(position);
  const found = order.window === undefined ? staged : await ledger.adoptSnapshot(snapshot, cursor);
  if (order.window === undefined) await ledger.finishSnapshot(snapshot, cursor);
  const label = { provider: flow.provider, feed: flow.feed.name, rows };
  log.info({ ...label, new: found, ...timesOf(order) }, 'a report was read');
  if (staged < rows)
    log.warn({ ...label, passed: rows - staged }, 'rows of a report share an identity; one of each counts');
  return { found, position };
}

function timesOf({ window }: OpenOrder): { since?: string; until?: string } {
  if (window === undefined) return {};
  return { since: new Date(window.fromMs).toISOString(), until: new Date(window.untilMs).toISOString() };
}

function withoutOrder({ order: _given, ...position }: ReportPosition): ReportPosition {
  return position;
}

async function keep({ flow, parts }: ReportRun, position: ReportPosition): Promise<ReportPosition> {
  const cursor = writeReportPosition(position);
  await parts.ledger.storePage({ provider: flow.provider, feed: flow.feed.name, items: [], cursor });
  return position;
}
