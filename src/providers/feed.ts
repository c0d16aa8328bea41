import { Failure } from '../core/failure.ts';
import { scalarText, type Json } from '../core/json.ts';
import { selectAll, selectFirst } from '../core/path.ts';
import type { Feed, FeedItem, FeedPage } from '../core/provider.ts';
import type { Context } from './context.ts';
import type { FeedDefinition } from './definition.ts';
import { createPager, type Pager } from './pager.ts';
import { fillTemplate } from './template.ts';
import type { Answer, Exchange } from './transport.ts';
import { hasStatus, isRedirect, judge } from './verdict.ts';

export function createFeed(definition: FeedDefinition, context: Context): Feed {
  const { paging } = definition;
  const pager = createPager(paging);
  return {
    name: definition.name,
    kind: paging.kind === 'index' ? 'stream' : 'snapshot',
    start: pager.start,
    gapChecksMs: paging.kind === 'index' ? paging.gapChecksMs : [],
    async readPage(cursor, signal) {
      const path = addressOf(definition, pager, cursor, context.settings);
      const headers = headersOf(definition, context.settings);
      const exchange = await context.transport.exchange({ method: 'GET', path, headers, body: '' }, signal);
      const answer = requireAnswer(exchange);
      const { provider, log } = context;
      const label = { provider, feed: definition.name, method: 'GET', path: definition.path.text };
      log.debug({ ...label, status: answer.status }, 'page read');
      const body = requireBody(answer, definition, pager.isInside(cursor));
      if (body === undefined) return { items: [] };
      if (pager.isCut(body)) log.warn(label, 'the provider cut its result short; some items were not read');
      return readItems(body, cursor, definition, pager);
    },
  };
}

function addressOf(
  definition: FeedDefinition,
  pager: Pager,
  cursor: string,
  settings: ReadonlyMap<string, string>,
): string {
  const path = fillTemplate(definition.path, { settings }, encodeURIComponent) ?? '';
  const fixed = definition.query.map(({ name, value }) => [name, fillTemplate(value, { settings }) ?? ''] as const);
  const query = [...fixed, ...pager.query(cursor)].map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (query.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function headersOf(definition: FeedDefinition, settings: ReadonlyMap<string, string>): Record<string, string> {
  const own = definition.headers.map(({ name, value }) => [name, fillTemplate(value, { settings }) ?? '']);
  return { accept: 'application/json', ...(Object.fromEntries(own) as Record<string, string>) };
}

function requireAnswer(exchange: Exchange): Answer {
  if (exchange.kind === 'answer') return exchange;
  if (exchange.isStopped) throw new Failure('stopped');
  if (exchange.kind === 'not-sent') throw new Failure('provider-unreachable', exchange.reason);
  throw new Failure('no-answer', exchange.reason);
}

/** The body of a page; undefined when the provider says there is nothing. */
function requireBody(answer: Answer, definition: FeedDefinition, isInside: boolean): Json | undefined {
  const { status, bodyKind } = answer;
  if (isRedirect(status)) throw new Failure('unexpected-redirect', String(status));
  // The error page of something in between must not look like the end of a stream for ever.
  if (hasStatus(definition.empty, status) && bodyKind !== 'other') {
    if (isInside) throw new Failure('snapshot-expired', String(status));
    return undefined;
  }
  if (hasStatus(['2xx'], status)) {
    if (answer.body !== undefined) return answer.body;
    throw new Failure(
      'bad-answer',
      `${status} with ${bodyKind === 'empty' ? 'an empty body' : 'a body that is not JSON'}`,
    );
  }
  const verdict = judge(answer, definition.rules);
  if (verdict.class === 'FIX_CREDENTIALS') throw new Failure('credentials-refused', verdict.detail);
  if (verdict.class === 'RETRY_LATER' || status >= 500) throw new Failure('provider-unreachable', verdict.detail);
  throw new Failure('bad-answer', verdict.detail);
}

function readItems(body: Json, cursor: string, definition: FeedDefinition, pager: Pager): FeedPage {
  const list = definition.items.flatMap((path) => selectAll(body, path)).find((value) => Array.isArray(value));
  if (list === undefined) throw new Failure('bad-answer', 'no list of items');
  const items = (list as readonly Json[]).map((item) => readItem(item, definition, pager));
  const indexes = items.flatMap(({ index }) => index ?? []);
  const next = pager.next(cursor, { body, indexes });
  return next === undefined ? { items } : { items, next };
}

function readItem(item: Json, definition: FeedDefinition, pager: Pager): FeedItem {
  const index = pager.index(item);
  const identity = index ?? identityOf(item, definition);
  const [documentKey] = definition.document.flatMap((path) => scalarText(selectFirst(item, path))?.trim() || []);
  return {
    identity,
    body: JSON.stringify(item),
    ...(index === undefined ? {} : { index }),
    ...(documentKey === undefined ? {} : { documentKey }),
  };
}

function identityOf(item: Json, { identity }: FeedDefinition): string {
  const text = identity === undefined ? undefined : scalarText(selectFirst(item, identity));
  if (text === undefined || text === '')
    throw new Failure('bad-answer', `an item without ${identity?.text ?? 'identity'}`);
  return text;
}
