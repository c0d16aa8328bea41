import type { Feed, FeedItem } from '../../core/feed.ts';
import type { TypedRow } from '../../core/format.ts';
import type { StoredItem } from '../../core/ledger.ts';
import { Failure } from '../../core/failure.ts';
import { advance, beginWalk, isUpToDate, readPosition, type Position } from '../collect/change-position.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import { MOST_PAGES } from './most.ts';
import { fileFacts, type FileSubject } from './file-facts.ts';
import { namedFile } from './run-files.ts';
import { createRowMaker, recordsOf, writeRecords } from './run-rows.ts';

/** What of a feed decides whether it can be read again from a cursor. */
interface RecollectedFeed extends Pick<Feed, 'kind' | 'start'> {
  readonly changes?: unknown;
  readonly tracking?: unknown;
  readonly reporting?: unknown;
}

/** Why a feed cannot be collected again from a cursor; undefined when it can. */
export function recollectionProblem(feed: RecollectedFeed, from: string): string | undefined {
  const { kind, changes, tracking, reporting, start } = feed;
  if (kind === 'snapshot') return 'a snapshot has no cursor: each run reads all of it';
  if (tracking !== undefined) return 'its records are read one by one and have no cursor';
  if (reporting !== undefined) return 'its reports are ordered once for each time';
  if (changes !== undefined)
    return startOf(from) === undefined ? 'its cursor is a time, such as 2026-05-04T00:00:00Z' : undefined;
  return /^\d+$/.test(start) && !/^\d+$/.test(from) ? 'its cursor is a whole number' : undefined;
}

/**
 * Reads a feed again from a cursor into a file of its own, whatever was written before. What nobody had seen yet counts as
 * written from now on; the flow's cursor and position stay where they are.
 */
export async function recollect(
  flow: OutboundFlow,
  parts: OutboundParts,
  { id, from }: { id: number; from: string },
  signal: AbortSignal,
): Promise<void> {
  const { ledger, log, spool, clock } = parts;
  const problem = recollectionProblem(flow.feed, from);
  if (problem !== undefined) log.error({ flow: flow.name, from, problem }, 'the flow cannot be collected again');
  const { fileId, sequence } = await ledger.beginFile(flow.name);
  const subject: FileSubject = {
    now: clock.now(),
    sequence,
    flow: flow.name,
    isRepeat: true,
    ...(flow.site === undefined ? {} : { site: flow.site }),
  };
  const counted = { rows: 0 };
  const pages = problem === undefined ? pagesFrom(flow, parts, from, signal) : nothing();
  const rows = rowsOf(pages, flow, parts, fileId, counted);
  const facts = fileFacts(subject, flow.empty === 'trailer');
  const kept = await spool.keep(writeRecords(flow, rows, facts));
  // Half of what was asked for is not it: the next start begins anew.
  if (signal.aborted) throw new Failure('stopped');
  const content = { ...namedFile(flow, subject, fileId), ...kept, rows: counted.rows, repeatsFrom: from };
  const { position } = await ledger.flowState(flow.name);
  const deferred = (await ledger.deferredItems(flow.name)).map((item) => item.id);
  const files = counted.rows === 0 ? [] : [{ fileId, content }];
  await ledger.completeRun(flow.name, files, { position, deferred, at: clock.now(), recollection: id });
  if (counted.rows === 0) {
    await ledger.dropFile(fileId);
    await spool.remove(kept.spool);
  }
  log.info({ flow: flow.name, from, rows: counted.rows, file: content.path }, 'collected again from a cursor');
}

async function* rowsOf(
  pages: AsyncIterable<readonly FeedItem[]>,
  flow: OutboundFlow,
  parts: OutboundParts,
  fileId: number,
  counted: { rows: number },
): AsyncGenerator<TypedRow> {
  const { ledger } = parts;
  const maker = createRowMaker(flow, parts);
  const seen = new Set<string>();
  const cursor = await ledger.feedCursor(flow.provider, flow.feed.name);
  for await (const items of pages) {
    // What the feed itself has not met yet belongs to it as well.
    if (cursor !== undefined) await ledger.storePage({ provider: flow.provider, feed: flow.feed.name, items, cursor });
    const facts: string[] = [];
    for (const item of items) {
      for (const row of await maker.rowsOf(asStored(item))) {
        const records = recordsOf(row);
        // How much a count had grown when it was written is not known any more.
        const isGrowing = row.growth !== undefined || row.records?.some(({ growth }) => growth !== undefined);
        if (isGrowing === true || seen.has(row.fact)) continue;
        seen.add(row.fact);
        facts.push(row.fact);
        counted.rows += records.length;
        yield* records;
      }
    }
    await ledger.assignFacts(fileId, facts);
  }
}

function asStored({ documentKey = '', body }: FeedItem): StoredItem {
  return { id: 0, documentKey, body };
}

async function* pagesFrom(
  flow: OutboundFlow,
  { clock }: OutboundParts,
  from: string,
  signal: AbortSignal,
): AsyncGenerator<readonly FeedItem[]> {
  const { feed } = flow;
  const { changes: reading } = feed;
  let cursor: string | undefined = from;
  let position: Position = { atMs: startOf(from) ?? 0 };
  for (let page = 0; page < MOST_PAGES && !signal.aborted; page++) {
    if (reading === undefined) {
      if (cursor === undefined) return;
      const { items, next } = await feed.readPage(cursor, signal, {});
      if (items.length === 0) return;
      yield items;
      cursor = next;
      continue;
    }
    const now = clock.now();
    const reckoning = { reading, now, theirNow: now };
    const walk = position.walk ?? beginWalk(position, feed.start, reckoning);
    const { fromMs, untilMs } = walk;
    // All that items only name is read again: what is known of an item is not what it said then.
    const { items, next } = await feed.readPage(walk.cursor, signal, { window: { fromMs, untilMs } });
    yield items;
    position = advance({ ...position, walk }, items, next, { ...reckoning, start: feed.start });
    if (isUpToDate(position)) return;
  }
}

/** A time, as people write it or as `status` shows it. */
function startOf(from: string): number | undefined {
  const position = readPosition(from)?.atMs ?? Date.parse(from);
  return Number.isNaN(position) ? undefined : position;
}

async function* nothing(): AsyncGenerator<readonly FeedItem[]> {
  yield* [];
}
