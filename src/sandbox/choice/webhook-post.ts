import { createHmac } from 'node:crypto';
import { owe } from '../webhooks.ts';
import { isoTime } from './answers.ts';
import { type Desk } from './desk.ts';
import { type EventRecord, type TicketRecord } from './state.ts';

const MINUTE_MS = 60_000;
const RETRIES_MS = [1, 5, 15, 60, 240].map((minutes) => minutes * MINUTE_MS);
const ANSWER_MS = 10_000;

/** Owes an event of a ticket to every webhook of its client that asked for events of this type. */
export function oweEvent(desk: Desk, ticket: TicketRecord, event: EventRecord): void {
  const { ticketId, client, body } = ticket;
  const { clientRef, subaccount, ssl } = body;
  const { eventId, eventType, occurredAt, data } = event;
  for (const { webhookId, client: owner, url, events, secret } of desk.state.webhooks.values()) {
    if (owner !== client || !events.includes(eventType)) continue;
    const envelope = {
      eventId,
      eventType,
      occurredAt: isoTime(occurredAt),
      ticketId,
      clientRef,
      subaccount,
      ssl,
      data,
    };
    const text = JSON.stringify(envelope);
    const sign = (key: string): Record<string, string> => ({
      'content-type': 'application/json',
      'x-choice-signature': `sha256=${createHmac('sha256', key).update(text).digest('hex')}`,
    });
    const post = { url, method: 'POST', body: text, at: desk.at, retriesMs: RETRIES_MS, answerMs: ANSWER_MS };
    owe(
      desk.state.posts,
      { ...post, headers: sign(secret), forgedHeaders: sign(`not ${secret}`) },
      `${webhookId} ${eventId}`,
      desk,
    );
  }
}
