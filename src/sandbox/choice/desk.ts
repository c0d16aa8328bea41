import { guidOf } from '../random.ts';
import { type ChoiceState, type EventType, type PlannedStep, type StockRecord, type TicketRecord } from './state.ts';
import { type ChoiceSwitches } from './switches.ts';
import { oweEvent } from './webhook-post.ts';

/** What work on tickets needs: the records, the moment it happens at, and the settings. */
export interface Desk {
  readonly state: ChoiceState;
  readonly seed: number;
  readonly switches: Readonly<ChoiceSwitches>;
  /** Moment of the request or the event, in ms. */
  readonly at: number;
}

/** The next number of a named count, from 1. */
export function countUp({ state }: Desk, name: string): number {
  const next = (state.counters.get(name) ?? 0) + 1;
  state.counters.set(name, next);
  return next;
}

/** Has a step of a ticket happen so long after the desk's moment. */
export function plan({ state, at }: Desk, delayMs: number, type: EventType, { ticketId }: TicketRecord): void {
  const step: PlannedStep = { at: at + delayMs, type, ticketId };
  // Steps of one moment keep the order in which they were planned.
  let [low, high] = [0, state.plan.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((state.plan[middle]?.at ?? 0) <= step.at) low = middle + 1;
    else high = middle;
  }
  state.plan.splice(low, 0, step);
}

/** Writes an event into a ticket. */
export function tell(desk: Desk, ticket: TicketRecord, eventType: EventType, data: Record<string, unknown> = {}): void {
  const id = guidOf('event', desk.seed, ticket.ticketId, ticket.events.length);
  const eventId = `evt_${id.replaceAll('-', '').slice(0, 10).toUpperCase()}`;
  const event = { eventId, eventType, occurredAt: desk.at, data };
  ticket.events.push(event);
  oweEvent(desk, ticket, event);
}

/** The stock of a part at a location, started empty where there was none. */
export function stockAt({ state }: Desk, ssl: string, partNumber: string): StockRecord {
  const key = `${ssl}\n${partNumber}`;
  const known = state.stock.get(key);
  if (known !== undefined) return known;
  const stock = { ssl, partNumber, onHand: 0, allocated: 0, staged: 0 };
  state.stock.set(key, stock);
  return stock;
}
