import { hashOf } from '../random.ts';
import { type CtlSwitches } from './switches.ts';
import { pushEvent } from './queue.ts';
import { type Book, type EventKind, type Listed, type Stream, type StreamName } from './state.ts';
import { type Carrier } from './types.ts';

/** What work on one client's records needs: the records, the moment it happens at, and the settings. */
export interface Desk {
  readonly book: Book;
  readonly carriers: readonly Carrier[];
  readonly seed: number;
  readonly switches: Readonly<CtlSwitches>;
  /** Moment of the request or the event, in ms. */
  readonly at: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const BEYOND_SAFE_INTEGERS = 2n ** 53n;
const COMPACT_ABOVE = 1_000;

/** The next number of a named count, from 1. */
export function countUp(book: Book, name: string): number {
  const next = (book.counters.get(name) ?? 0) + 1;
  book.counters.set(name, next);
  return next;
}

/** Has an event happen `delayMs` after the desk's moment. */
export function schedule(desk: Desk, delayMs: number, kind: EventKind, id: string, turn = 0): void {
  pushEvent(desk.book.queue, { at: desk.at + delayMs, order: countUp(desk.book, 'event'), kind, id, turn });
}

/** Lists a record in a stream under a new, higher index. */
export function publish(desk: Desk, name: StreamName, record: Listed): void {
  const stream = findStream(desk.book, name);
  if (record.updateIndex > 0n) stream.outdated += 1;
  record.updateIndex = nextIndex(desk);
  stream.entries.push({ index: record.updateIndex, id: record.id, position: stream.published });
  stream.published += 1;
}

/** Indexes are shared by all streams of a client and leave gaps beyond that. */
function nextIndex({ book, seed, switches }: Desk): bigint {
  const gap = BigInt((hashOf(seed, 'index', countUp(book, 'index')) % 5) + 1);
  const floor = switches.bigIndexes && book.lastIndex < BEYOND_SAFE_INTEGERS ? BEYOND_SAFE_INTEGERS : book.lastIndex;
  book.lastIndex = floor + gap;
  return book.lastIndex;
}

export function findStream(book: Book, name: StreamName): Stream {
  let stream = book.streams.get(name);
  if (stream === undefined) {
    stream = { entries: [], published: 0, outdated: 0, highestRead: -1n, emptyReads: 0 };
    book.streams.set(name, stream);
  }
  return stream;
}

/** Drops outdated entries once they are the greater part of a stream. */
export function compactStream(stream: Stream, records: ReadonlyMap<string, Listed>): void {
  if (stream.outdated < COMPACT_ABOVE || stream.outdated * 2 < stream.entries.length) return;
  stream.entries = stream.entries.filter(({ id, index }) => records.get(id)?.updateIndex === index);
  stream.outdated = 0;
}

/** An ISO 8601 text in UTC with offset. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/\.[0-9]{3}Z$/, '+00:00');
}

/** The calendar day of a moment, without offset. */
export function isoDay(time: number): string {
  return `${new Date(time).toISOString().slice(0, 10)}T00:00:00`;
}
