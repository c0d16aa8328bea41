import type { Tracking } from '../../core/feed.ts';
import { isJsonObject, scalarText, type Json } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import type { Context } from '../context.ts';
import { requireAnswer, requireBody } from './feed-answer.ts';
import type { FeedDefinition, TrackDefinition } from './feed-definition.ts';
import { readItem, writeItem } from './feed-item.ts';
import { readHeaders } from './feed-request.ts';
import { followLists, type KnownLists } from './follow-list.ts';
import { fillTemplate } from '../request/template.ts';
import { meets } from '../outcome/verdict.ts';

// The record may become readable later than the answer that promised it.
const MISSING = ['404', '410'];

/** What something in between says with a 2xx is no record: it has no field, or none that names our document. */
function isRecord(body: Json, { document }: FeedDefinition): boolean {
  if (!isJsonObject(body) || Object.keys(body).length === 0) return false;
  return document.length === 0 || document.some((path) => (scalarText(selectFirst(body, path)) ?? '').trim() !== '');
}

/** Reads of single records of ours, where a provider lists none. */
export function createTracking(
  definition: FeedDefinition,
  track: TrackDefinition,
  context: Context,
  lists: KnownLists,
): Tracking {
  const { settings, provider, log, transport } = context;
  return {
    operations: track.operations,
    everyMs: track.everyMs,
    forMs: track.forMs,
    async read({ operation, key, documentKey, reference }, signal) {
      const values = { settings, key, reference };
      const path = fillTemplate(definition.path, values, encodeURIComponent);
      const label = { provider, feed: definition.name, path: definition.path.text };
      if (path === undefined) {
        log.warn({ ...label, operation }, 'a submission lacks what its record is read by; it is not read any more');
        return { item: undefined, isDone: true };
      }
      const headers = readHeaders(definition, settings);
      const answer = requireAnswer(await transport.exchange({ method: 'GET', path, headers, body: '' }, signal));
      log.debug({ ...label, status: answer.status }, 'record read');
      const empty = [...MISSING, ...definition.empty];
      const body = requireBody(answer, { empty, forgotten: undefined, rules: definition.rules }, context);
      if (body === undefined) return { item: undefined, isDone: false, unread: String(answer.status) };
      const raw = isRecord(body, definition) ? readItem(body, definition, undefined, values) : undefined;
      if (raw === undefined) {
        return { item: undefined, isDone: false, unread: `${answer.status}, and the answer does not name the record` };
      }
      const [whole = raw] = await followLists([raw], definition.lists, lists, signal);
      const item = writeItem(whole, definition);
      // Two records may look alike: what is the same must be the same of one submission.
      const identity = `${operation}/${key}/${item.identity}`;
      const isDone = track.until.length > 0 && meets(body, track.until);
      return { item: { documentKey, ...item, identity }, isDone };
    },
  };
}
