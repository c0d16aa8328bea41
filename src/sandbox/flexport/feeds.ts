import { type Answer } from '../frame.ts';
import { json, refused } from './answers.ts';
import { countUp, isoTime } from './desk.ts';
import { type Call, readObject } from './intake.ts';
import { linkPage } from './paging.ts';
import { type EventRecord, type WebhookRecord } from './state.ts';

/** GET /events?limit=&ids=&type=&after=&page_info=, oldest first */
export function listEvents(call: Call): Answer {
  const { desk, request } = call;
  const { query } = request;
  const shed = desk.switches.shedEvery;
  if (shed > 0 && countUp(desk.book, 'event-read') % shed === 0) return refused(400, 'Bad Request');
  const type = query.get('type') ?? '';
  if (!/^[\w.]{0,50}$/.test(type)) return refused(400, 'type is not valid');
  const after = query.get('after');
  const since = after === null ? Number.NEGATIVE_INFINITY : Date.parse(after);
  if (Number.isNaN(since)) return refused(400, 'after is not a date-time');
  const ids = query.getAll('ids');
  const fitting = desk.book.events.filter(
    (event) =>
      (desk.switches.ignoreAfter || event.at > since) &&
      (type === '' || event.type === type) &&
      (ids.length === 0 || ids.includes(event.id)),
  );
  return linkPage(call, fitting, viewEvent);
}

function viewEvent({ id, type, at, payload }: EventRecord): unknown {
  return { id, type, time: isoTime(at), payload };
}

const METHODS = ['POST', 'PUT'];
/** What each way to prove oneself to the receiver needs beside it. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  NONE: [],
  BASIC_AUTH: ['username', 'password'],
  TOKEN: ['token', 'tokenHeader'],
};

/** POST /webhooks */
export function createWebhook(call: Call): Answer {
  const { book } = call.desk;
  const body = readObject(call);
  if (body === undefined) return refused(400, 'The body is not a JSON object');
  const { type, url, method, authMethod = 'NONE' } = body;
  if (typeof type !== 'string' || typeof url !== 'string' || !METHODS.includes(String(method))) {
    return refused(400, 'type, url and method are required');
  }
  if (!(call.desk.switches.plainWebhooks ? /^https?:\/\/.+/ : /^https:\/\/.+/).test(url))
    return refused(422, 'url: must begin with https://');
  const needed = SECRETS[String(authMethod)];
  if (needed === undefined) return refused(400, 'authMethod is not one of the allowed values');
  const missing = needed.filter((name) => typeof body[name] !== 'string');
  if (missing.length > 0) return refused(422, `${missing.join(', ')}: required for ${String(authMethod)}`);
  const isTaken = [...book.webhooks.values()].some(({ body: own }) => own['type'] === type && own['url'] === url);
  if (isTaken) return refused(409, 'A webhook of this type and address is already present');
  const webhook = { id: 100 + countUp(book, 'webhook'), body };
  book.webhooks.set(String(webhook.id), webhook);
  return json(202, viewWebhook(webhook));
}

/** GET /webhooks */
export function listWebhooks({ desk }: Call): Answer {
  return json(200, [...desk.book.webhooks.values()].map(viewWebhook));
}

/** GET /webhooks/{id} */
export function getWebhook({ desk, id }: Call): Answer {
  const webhook = desk.book.webhooks.get(id);
  return webhook === undefined ? refused(404, `Webhook ${id} not found`) : json(200, viewWebhook(webhook));
}

/** DELETE /webhooks/{id} */
export function deleteWebhook({ desk, id }: Call): Answer {
  return desk.book.webhooks.delete(id) ? { status: 204 } : refused(404, `Webhook ${id} not found`);
}

/** Secrets are never told again. */
function viewWebhook({ id, body: { password: _password, token: _token, ...body } }: WebhookRecord): unknown {
  return { id, ...body };
}
