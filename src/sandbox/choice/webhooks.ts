import { type Answer } from '../frame.ts';
import { guidOf } from '../random.ts';
import { isObject } from '../json.ts';
import { invalid, json, type Problem } from './answers.ts';
import { countUp } from './desk.ts';
import { type Call, malformed, parseBody } from './intake.ts';

const EVENTS = new Set<unknown>(['POSTACK', 'NEWETA', 'STAGE', 'PACK', 'DLVD', 'EXCEPTION']);

/** POST /v2/webhooks */
export function registerWebhook({ desk, client, request }: Call): Answer {
  const body = parseBody(request);
  if (!isObject(body)) return malformed();
  const { url, events, secret } = body;
  const problems: Problem[] = [];
  if (typeof url !== 'string' || !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    problems.push({ field: 'url', message: 'url must be an absolute address.' });
  }
  const isListed = Array.isArray(events) && events.length > 0 && events.every((event) => EVENTS.has(event));
  if (!isListed) problems.push({ field: 'events', message: 'events must list event codes.' });
  if (typeof secret !== 'string' || secret === '') {
    problems.push({ field: 'secret', message: 'secret is required.' });
  }
  if (problems.length > 0) return invalid(problems);
  const webhookId = `wh_${guidOf('webhook', desk.seed, countUp(desk, 'webhook')).replaceAll('-', '').slice(0, 12)}`;
  const record = { webhookId, client, url: url as string, events: events as string[], secret: secret as string };
  desk.state.webhooks.set(webhookId, record);
  return json(201, { webhookId });
}
