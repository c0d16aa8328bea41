import { Failure } from '../../core/failure.ts';
import type { Feed, FeedPage, PageContext } from '../../core/feed.ts';
import type { Json } from '../../core/json.ts';
import { selectAll } from '../../core/path.ts';
import type { Context } from '../context.ts';
import { requireAnswer, requireBody } from './feed-answer.ts';
import type { FeedDefinition } from './feed-definition.ts';
import { readItem, writeItem, type RawItem } from './feed-item.ts';
import { feedRequest } from './feed-request.ts';
import { followLists, type KnownLists } from './follow-list.ts';
import { followItems } from './follow.ts';
import { createPager } from '../paging/pager.ts';
import type { Pager } from '../paging/pager-parts.ts';
import { createReporting } from '../report/report.ts';
import { createRounds, type Rounds } from './rounds.ts';
import { createTracking } from './track.ts';
import type { Answer } from '../request/transport.ts';

// Enough to tell each odd item once between two starts, without growing for ever.
const MOST_TOLD = 1_000;

/** What reading the pages of one feed needs. */
interface PageReader {
  readonly definition: FeedDefinition;
  readonly context: Context;
  readonly pager: Pager;
  readonly rounds: Rounds;
  readonly lists: KnownLists;
  /** Identities of items without a usable time that were told already. */
  readonly told: Set<string>;
}

export function createFeed(definition: FeedDefinition, context: Context, lists: KnownLists): Feed {
  const { paging, changes, track, report } = definition;
  const pager = createPager(paging, context.baseUrl);
  const rounds = createRounds(definition.rounds, pager.start);
  const reader: PageReader = { definition, context, pager, rounds, lists, told: new Set() };
  const isStream =
    paging.kind === 'index' || changes !== undefined || track !== undefined || report?.period !== undefined;
  return {
    name: definition.name,
    kind: isStream ? 'stream' : 'snapshot',
    start: rounds.start,
    gapChecksMs: paging.kind === 'index' ? paging.gapChecksMs : [],
    ...(changes === undefined ? {} : { changes }),
    ...(track === undefined ? {} : { tracking: createTracking(definition, track, context, lists) }),
    ...(report === undefined ? {} : { reporting: createReporting(definition, report, context) }),
    readPage: (cursor, signal, own = {}) =>
      report === undefined
        ? readPage(reader, cursor, signal, own)
        : Promise.reject(new Error('the rows of a report are no pages')),
  };
}

async function readPage(
  reader: PageReader,
  cursor: string,
  signal: AbortSignal | undefined,
  own: PageContext,
): Promise<FeedPage> {
  const { definition, context, pager, rounds } = reader;
  const { round, inner } = rounds.parse(cursor);
  const each = definition.rounds[round] ?? new Map<string, string>();
  const { answer, place, address } = await askPage(reader, inner, each, signal, own);
  const forgotten = pager.isInside(place) ? [...pager.forgotten, ...(definition.changes?.dead ?? [])] : undefined;
  const body = requireBody(answer, { empty: definition.empty, forgotten, rules: definition.rules }, context);
  const date = definition.changes === undefined ? {} : dateOf(answer);
  if (body === undefined) return { ...withNext([], rounds.after(round, undefined)), ...date };
  if (pager.isCut(body)) {
    const label = { provider: context.provider, feed: definition.name };
    context.log.warn(label, 'the provider cut its result short; some items were not read');
  }
  const { items, count } = readItems(body, reader, each);
  const next = pager.next(place, {
    body,
    headers: answer.headers,
    address,
    indexes: items.flatMap(({ index }) => index ?? []),
    count,
    identities: items.map(({ identity }) => identity),
  });
  const whole = await completeItems(items, reader, signal, own);
  const written = whole.map((item) => writeItem(item, definition));
  return { ...withNext(written, rounds.after(round, next)), ...date };
}

// RFC 9110 §6.6.1: the moment at which the answer was made.
function dateOf({ headers: { date } }: Answer): Pick<FeedPage, 'dateMs'> {
  const dateMs = Date.parse(typeof date === 'string' ? date : '');
  return Number.isNaN(dateMs) ? {} : { dateMs };
}

function withNext(items: FeedPage['items'], next: string | undefined): FeedPage {
  return next === undefined ? { items } : { items, next };
}

/** Asks for the page, for a smaller one where the provider cannot answer for so many items at once. */
async function askPage(
  { definition, context, pager }: PageReader,
  inner: string,
  each: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
  { window }: PageContext,
): Promise<{ answer: Answer; place: string; address: string }> {
  const { settings, transport, provider, log } = context;
  const label = { provider, feed: definition.name, method: definition.method, path: definition.path.text };
  for (let place = inner; ;) {
    const request = feedRequest(definition, { page: pager.request(place), each, window }, settings);
    const answer = requireAnswer(await transport.exchange(request, signal));
    log.debug({ ...label, status: answer.status }, 'page read');
    const smaller = pager.smaller(place, answer.status);
    if (smaller === undefined) return { answer, place, address: request.path };
    log.warn({ ...label, status: answer.status }, 'the page is too large for the provider; asking for a smaller one');
    place = smaller;
  }
}

function readItems(
  body: Json,
  reader: PageReader,
  each: ReadonlyMap<string, string>,
): { items: readonly RawItem[]; count: number } {
  const { definition, context, pager } = reader;
  const list = definition.items.flatMap((path) => selectAll(body, path)).find((value) => Array.isArray(value));
  if (list === undefined) throw new Failure('bad-answer', 'no list of items');
  const values = { settings: context.settings, each };
  const elements = list as readonly Json[];
  const items = elements.flatMap((element) => readItem(element, definition, pager.index(element), values) ?? []);
  const label = { provider: context.provider, feed: definition.name };
  if (items.length < elements.length) {
    const passed = elements.length - items.length;
    context.log.warn({ ...label, items: passed }, 'items that are no objects were passed over');
  }
  tellTimeless(items, reader);
  return { items, count: elements.length };
}

function tellTimeless(items: readonly RawItem[], { definition, context, told }: PageReader): void {
  if (definition.changes === undefined) return;
  const fresh = items.filter(({ timeMs, identity }) => timeMs === undefined && !told.has(identity));
  if (fresh.length === 0 || told.size >= MOST_TOLD) return;
  for (const { identity } of fresh) told.add(identity);
  const label = { provider: context.provider, feed: definition.name, items: fresh.length };
  context.log.warn(label, 'items without a usable time were kept; the position does not move by them');
}

async function completeItems(
  items: readonly RawItem[],
  { definition, context, lists }: PageReader,
  signal: AbortSignal | undefined,
  { known }: PageContext,
): Promise<readonly RawItem[]> {
  const whole = await followLists(items, definition.lists, lists, signal);
  if (definition.follow.length === 0 || items.length === 0) return whole;
  const stored = await known?.(items.map(({ identity }) => identity));
  return followItems(whole, definition, context, ({ identity }) => stored?.has(identity) === true, signal);
}
