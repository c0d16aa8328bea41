import type { FrozenRequest } from '../../core/provider.ts';
import type { TimeWindow } from '../../core/feed.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { fillBody } from '../request/body-template.ts';
import type { FeedDefinition, Target } from './feed-definition.ts';
import { writeTime } from './feed-time.ts';
import type { PageRequest } from '../paging/pager-parts.ts';
import { fillTemplate, type TemplateValues } from '../request/template.ts';

/** What the request of a page is made of. */
export interface PagePlace {
  readonly page: PageRequest;
  readonly each: ReadonlyMap<string, string>;
  readonly window: TimeWindow | undefined;
}

type Settings = ReadonlyMap<string, string>;

/** The request of one page. */
export function feedRequest(definition: FeedDefinition, place: PagePlace, settings: Settings): FrozenRequest {
  const values: TemplateValues = { settings, each: place.each };
  const extra = [...timeValues(definition, place.window), ...place.page.values];
  const headers = readHeaders(definition, settings);
  const path = place.page.address ?? addressOf(definition, extra, values);
  if (definition.method === 'GET') return { method: 'GET', path, headers, body: '' };
  const body = extra.reduce<Json>(
    (json, [target, value]) => (target.kind === 'body' ? putInto(json, target.path, value) : json),
    definition.body === undefined ? {} : (fillBody(definition.body, values) ?? {}),
  );
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function readHeaders(definition: FeedDefinition, settings: Settings): Record<string, string> {
  const own = definition.headers.map(({ name, value }) => [name, fillTemplate(value, { settings }) ?? '']);
  return { accept: 'application/json', ...(Object.fromEntries(own) as Record<string, string>) };
}

type Value = PageRequest['values'][number];

function addressOf(definition: FeedDefinition, extra: readonly Value[], values: TemplateValues): string {
  const path = fillTemplate(definition.path, values, encodeURIComponent) ?? '';
  const fixed = definition.query.map(({ name, value }) => [name, fillTemplate(value, values) ?? ''] as const);
  const added = extra.flatMap(([target, value]) => (target.kind === 'query' ? [[target.name, value] as const] : []));
  const query = [...fixed, ...added].map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  if (query.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function timeValues({ changes }: FeedDefinition, window: TimeWindow | undefined): Value[] {
  if (changes === undefined || window === undefined) return [];
  const { since, until, format } = changes;
  const from = timeValue(since, window.fromMs, format);
  return until === undefined ? [from] : [from, timeValue(until, window.untilMs, format)];
}

function timeValue(target: Target, ms: number, format: 'iso' | 'epoch-ms'): Value {
  return [target, target.kind === 'body' && format === 'epoch-ms' ? ms : writeTime(ms, format)];
}

/** The same body with a value at a place, made where it is not there. */
function putInto(json: Json, path: readonly string[], value: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const object = isJsonObject(json) ? json : {};
  return { ...object, [name]: putInto(object[name] ?? {}, rest, value) };
}
