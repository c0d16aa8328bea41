import { Failure } from '../../core/failure.ts';
import type { ReportOrder, Reporting, ReportState, TimeWindow } from '../../core/feed.ts';
import { scalarText, type Json } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import type { FrozenRequest } from '../../core/provider.ts';
import { fillBody } from '../request/body-template.ts';
import type { Context } from '../context.ts';
import { requireAnswer, requireBody } from '../feed/feed-answer.ts';
import type { FeedDefinition } from '../feed/feed-definition.ts';
import { readHeaders } from '../feed/feed-request.ts';
import type { PeriodDefinition, ReportDefinition } from './report-definition.ts';
import { readRows } from './report-rows.ts';
import { readRetryAfter } from '../request/retry-after.ts';
import { fillTemplate, type TemplateValues } from '../request/template.ts';
import { uuidOf } from '../request/uuid.ts';
import { hasStatus, meets } from '../outcome/verdict.ts';

const LONGEST_DETAIL = 200;

/** Rows that the provider writes into a file on request. */
export function createReporting(definition: FeedDefinition, report: ReportDefinition, context: Context): Reporting {
  const { wait, period, start } = report;
  const label = { provider: context.provider, feed: definition.name };
  return {
    period,
    everyMs: wait.everyMs,
    longestMs: wait.longestMs,
    async order(order, signal) {
      const request = startRequest(definition, report, order, context);
      const answer = requireAnswer(await context.transport.exchange(request, signal));
      context.log.debug({ ...label, path: start.path.text, status: answer.status }, 'report ordered');
      const body = requireBody(answer, { empty: [], forgotten: undefined, rules: definition.rules }, context);
      const reference = scalarText(selectFirst(body, start.reference)) ?? '';
      if (reference === '') throw new Failure('bad-answer', `no ${start.reference.text}`);
      return reference;
    },
    async ask(reference, signal) {
      const path = fillTemplate(wait.path, { settings: context.settings, reference }, encodeURIComponent) ?? '';
      const headers = readHeaders(definition, context.settings);
      const answer = requireAnswer(
        await context.transport.exchange({ method: 'GET', path, headers, body: '' }, signal),
      );
      context.log.debug({ ...label, path: wait.path.text, status: answer.status }, 'report asked for');
      if (hasStatus(wait.missing, answer.status) && answer.bodyKind !== 'other') return { kind: 'missing' };
      const body = requireBody(answer, { empty: [], forgotten: undefined, rules: definition.rules }, context);
      return stateOf(body, report, readRetryAfter(answer.headers, context.clock.now()), context);
    },
    rows: (link, order, known, signal) =>
      readRows({ definition, report, context, values: valuesOf(order, period, context), link, known, signal }),
  };
}

function startRequest(
  definition: FeedDefinition,
  { start, period }: ReportDefinition,
  order: ReportOrder,
  context: Context,
): FrozenRequest {
  const { askedAt, window } = order;
  const name = JSON.stringify([askedAt, window?.fromMs, window?.untilMs]);
  const values = { ...valuesOf(order, period, context), uuid: uuidOf(context.provider, definition.name, name) };
  const own = start.headers.map((header) => [header.name, fillTemplate(header.value, values) ?? '']);
  const headers = { ...readHeaders(definition, context.settings), ...Object.fromEntries(own) } as Record<
    string,
    string
  >;
  const path = fillTemplate(start.path, values, encodeURIComponent) ?? '';
  if (start.method === 'GET') return { method: 'GET', path, headers, body: '' };
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(start.body === undefined ? {} : (fillBody(start.body, values) ?? {})),
  };
}

function valuesOf(
  { window }: ReportOrder,
  period: PeriodDefinition | undefined,
  { settings }: Context,
): TemplateValues {
  if (window === undefined || period === undefined) return { settings };
  return { settings, ...timesOf(window, period) };
}

function timesOf({ fromMs, untilMs }: TimeWindow, { format, isEndInside }: PeriodDefinition) {
  const write = (ms: number): string => {
    if (format === 'epoch-ms') return String(ms);
    const text = new Date(ms).toISOString();
    return format === 'date' ? text.slice(0, 10) : text;
  };
  return { since: write(fromMs), until: write(isEndInside ? untilMs - 1 : untilMs) };
}

function stateOf(
  body: Json | undefined,
  { wait, download }: ReportDefinition,
  retryAfterMs: number | undefined,
  { redact }: Context,
): ReportState {
  if (wait.failed.length > 0 && meets(body, wait.failed)) {
    const words = wait.message === undefined ? undefined : scalarText(selectFirst(body, wait.message));
    return { kind: 'failed', detail: redact(plain(words ?? '')).slice(0, LONGEST_DETAIL) };
  }
  if (!meets(body, wait.until)) return { kind: 'waiting', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const link = scalarText(selectFirst(body, download.url)) ?? '';
  if (link === '') throw new Failure('bad-answer', `no ${download.url.text}`);
  return { kind: 'ready', link };
}

// Words of a provider go into logs: one line, and no address, which may be a permission.
function plain(words: string): string {
  return words
    .replaceAll(/https?:\/\/\S+/gi, '[address]')
    .replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim();
}
