import { owe } from '../webhooks.ts';
import { type Desk } from './desk.ts';
import { type EventRecord, type WebhookRecord } from './state.ts';

const MINUTE_MS = 60_000;
// Ten tries in all: the second after about five minutes, then ever later, never more than an hour apart.
const RETRIES_MS = [5, 10, 20, 40, 60, 60, 60, 60, 60].map((minutes) => minutes * MINUTE_MS);
const ANSWER_MS = 5_000;

/** Owes an event to every webhook of its type. */
export function oweEvent(desk: Desk, { id, type, at, payload }: EventRecord): void {
  const { book } = desk;
  for (const webhook of book.webhooks.values()) {
    const { type: wanted, url, method } = webhook.body;
    if (wanted !== type) continue;
    book.deliveries.push({ webhookId: webhook.id, eventId: id, at });
    const post = { url: String(url), method: String(method), at, retriesMs: RETRIES_MS, answerMs: ANSWER_MS };
    const body = JSON.stringify(payload);
    const [headers, forgedHeaders] = [proof(webhook, ''), proof(webhook, 'not ')];
    owe((book.posts ??= []), { ...post, body, headers, forgedHeaders }, `${webhook.id} ${id}`, desk);
  }
}

/** Nothing is signed: a password, a token, or nothing at all goes along. */
function proof({ body }: WebhookRecord, mark: string): Record<string, string> {
  const { authMethod, username, password, token, tokenHeader } = body;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (authMethod === 'TOKEN') headers[String(tokenHeader)] = `${mark}${String(token)}`;
  if (authMethod === 'BASIC_AUTH') {
    const text = Buffer.from(`${String(username)}:${mark}${String(password)}`).toString('base64');
    headers['authorization'] = `Basic ${text}`;
  }
  return headers;
}
