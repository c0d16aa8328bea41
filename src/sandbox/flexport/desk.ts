import { guidOf, isOneIn } from '../random.ts';
import { type Book, type EventKind, type ScheduledEvent } from './state.ts';
import { type FlexportSwitches } from './switches.ts';
import { oweEvent } from './webhook-post.ts';

/** What work on one account's records needs: the records, the moment it happens at, and the settings. */
export interface Desk {
  readonly account: string;
  readonly book: Book;
  readonly seed: number;
  readonly switches: Readonly<FlexportSwitches>;
  /** Moment of the request or the event, in ms. */
  readonly at: number;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The next number of a named count, from 1. */
export function countUp(book: Book, name: string): number {
  const next = (book.counters.get(name) ?? 0) + 1;
  book.counters.set(name, next);
  return next;
}

/** Has something happen at a moment, after everything that happens at it already. */
export function schedule(desk: Desk, at: number, kind: EventKind, id: string, turn = 0): void {
  const { queue } = desk.book;
  const event: ScheduledEvent = { at: Math.max(at, desk.at), order: countUp(desk.book, 'step'), kind, id, turn };
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((queue[middle]?.at ?? 0) <= event.at) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, event);
}

/** Whether one of the rarer things happens; never in the vendor's profile, which knows the happy path only. */
export function happens(desk: Desk, every: number, what: string, id: string): boolean {
  return desk.switches.profile === 'full' && isOneIn(every, desk.seed, what, id);
}

/** Adds to the event list and to what webhooks are owed. */
export function tell(desk: Desk, type: string, content: Record<string, unknown>): void {
  const { book, at } = desk;
  const id = guidOf('event', desk.seed, desk.account, countUp(book, 'event'));
  const envelope = {
    logisticsAccountId: guidOf('account', desk.account),
    logisticsEventId: id,
    logisticsEventType: type,
    logisticsEventTime: isoTime(at),
  };
  const event = { id, type, at, payload: { ...envelope, ...content } };
  book.events.push(event);
  oweEvent(desk, event);
}

/** An RFC 3339 text in UTC. */
export function isoTime(time: number): string {
  return new Date(time).toISOString().replace(/\.[0-9]{3}Z$/, 'Z');
}

export function isoTimeOrNull(time: number | null): string | null {
  return time === null ? null : isoTime(time);
}
