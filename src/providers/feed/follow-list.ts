import type { Feed } from '../../core/feed.ts';
import { Failure } from '../../core/failure.ts';
import { isJsonObject, parseExact, scalarText, type Json } from '../../core/json.ts';
import { selectAll } from '../../core/path.ts';
import type { Context } from '../context.ts';
import type { FeedDefinition, ListFollowDefinition } from './feed-definition.ts';
import type { RawItem } from './feed-item.ts';

/** Lists of a provider that were read, by the names of their feeds; what they tell is shared by all feeds that ask. */
export type KnownLists = (name: string) => KnownList;

interface KnownList {
  /** Records by identity, as far as the list has them. @throws Failure when it has to be read and cannot be. */
  find(
    identities: ReadonlySet<string>,
    rememberMs: number,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, Json>>;
}

// What is new in the list since it was read has to be found; what will never be in it must not be asked for all the time.
const AGAIN_MS = 15 * 60_000;
const MOST_PAGES = 100_000;
// A few fields of each: enough for the catalogues there are, and no more memory than a few pages of items.
const MOST_RECORDS = 200_000;

/** `openFeed` opens the feed of a list without what it follows itself. */
export function createLists(
  feeds: ReadonlyMap<string, FeedDefinition>,
  openFeed: (definition: FeedDefinition) => Feed,
  context: Context,
): KnownLists {
  const known = new Map<string, KnownList>();
  return (name) => {
    const list = known.get(name) ?? createList(name, feeds, openFeed, context);
    known.set(name, list);
    return list;
  };
}

function createList(
  name: string,
  feeds: ReadonlyMap<string, FeedDefinition>,
  openFeed: (definition: FeedDefinition) => Feed,
  { clock, log, provider }: Context,
): KnownList {
  const follows = [...feeds.values()].flatMap(({ lists }) => lists.filter(({ list }) => list === name));
  const wanted = new Set(follows.flatMap(({ take }) => take));
  let records: ReadonlyMap<string, Json> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const read = async (signal: AbortSignal | undefined): Promise<void> => {
    const definition = feeds.get(name);
    // That there is one was checked.
    if (definition === undefined) return;
    records = await readList(openFeed({ ...definition, follow: [], lists: [] }), wanted, signal);
    readAt = clock.monotonic();
    log.info({ provider, feed: name, records: records.size }, 'list read and remembered');
    if (records.size < MOST_RECORDS) return;
    log.warn({ provider, feed: name }, 'the list is too long to be remembered whole; some records are not found');
  };
  return {
    async find(identities, rememberMs, signal) {
      const isMissing = [...identities].some((identity) => !records.has(identity));
      if (clock.monotonic() - readAt >= (isMissing ? Math.min(AGAIN_MS, rememberMs) : rememberMs)) {
        reading ??= read(signal).finally(() => {
          reading = undefined;
        });
        await reading;
      }
      return records;
    },
  };
}

async function readList(
  feed: Feed,
  wanted: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Json>> {
  const records = new Map<string, Json>();
  let cursor: string | undefined = feed.start;
  for (let page = 0; cursor !== undefined; page++) {
    if (page >= MOST_PAGES) throw new Failure('bad-answer', 'pages without end');
    const { items, next } = await feed.readPage(cursor, signal);
    for (const { identity, body } of items) {
      if (records.size < MOST_RECORDS || records.has(identity))
        records.set(identity, fieldsOf(parseExact(body), wanted));
    }
    cursor = next;
  }
  return records;
}

function fieldsOf(record: Json, wanted: ReadonlySet<string>): Json {
  if (!isJsonObject(record)) return {};
  return Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name)));
}

/** Puts into items the records of lists that they name; those that no list has are left out. */
export async function followLists(
  items: readonly RawItem[],
  follows: readonly ListFollowDefinition[],
  lists: KnownLists,
  signal: AbortSignal | undefined,
): Promise<readonly RawItem[]> {
  let whole = items;
  for (const { list, by, as, rememberMs } of follows) {
    const named = whole.map(({ value }) => namedIn(value, by));
    const all = new Set(named.flatMap((identities) => [...identities]));
    if (all.size === 0) continue;
    const records = await lists(list).find(all, rememberMs, signal);
    whole = whole.map((item, index) => {
      const found = [...(named[index] ?? [])].flatMap((identity) => records.get(identity) ?? []);
      if (found.length === 0 || !isJsonObject(item.value)) return item;
      return { ...item, value: { ...item.value, [as]: found } };
    });
  }
  return whole;
}

function namedIn(value: Json, by: ListFollowDefinition['by']): ReadonlySet<string> {
  const texts = by.flatMap((path) => selectAll(value, path).map((found) => scalarText(found) ?? ''));
  return new Set(texts.filter((text) => text !== ''));
}
