import { parseDuration } from '../../core/duration.ts';
import type { KeyPath } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { FeedText } from './feed-text.ts';
import type { Reader } from './reader.ts';
import { parseTemplate, variablesOf } from '../request/template.ts';

/** Finds what the shape of a feed allows and what cannot work. */
export function checkFeed(reader: Reader, text: FeedText, operations: readonly string[], at: KeyPath): void {
  const { paging, identity, track, report, changes, each, request } = text;
  if (paging?.index === undefined && identity === undefined && track === undefined) {
    const hint = 'Name the path that tells one item from another, or hash.';
    reader.report('missing-key', at, { what: `"identity" is missing in ${at.join('.')}`, hint });
  }
  const alone = track !== undefined ? 'track' : report !== undefined ? 'report' : undefined;
  for (const [other, isThere] of withoutLists(text)) {
    if (alone === undefined || !isThere) continue;
    reader.report('wrong-value', [...at, other], { what: `"${other}" has no meaning beside "${alone}"` });
  }
  for (const [position, operation] of (track?.operations ?? []).entries()) {
    if (operations.includes(operation)) continue;
    const what = `there is no operation "${operation}"`;
    reader.report('unknown-reference', [...at, 'track', 'operations', position], {
      what,
      ...suggestion(operation, operations),
    });
  }
  if (paging?.index !== undefined && each !== undefined) {
    reader.report('wrong-value', [...at, 'each'], { what: 'a stream has one index, so it cannot be read in rounds' });
  }
  if (paging?.index !== undefined && changes !== undefined) {
    reader.report('wrong-value', [...at, 'changes'], { what: 'a feed is read by index or by time, not by both' });
  }
  if (request?.method === 'GET' && request.body !== undefined) {
    reader.report('wrong-value', [...at, 'request', 'body'], { what: 'a GET has no body' });
  }
  checkBodyTargets(reader, text, at);
  checkSince(reader, text, at);
  checkRounds(reader, text, at);
}

function withoutLists(text: FeedText): [name: string, isThere: boolean][] {
  const { paging, changes, each, request, query, items, track } = text;
  // What a list tells can be put into any record.
  const follow = text.follow?.find(({ path }) => path !== undefined || track === undefined);
  return Object.entries({ paging, changes, each, request, query, items, follow }).map(([name, value]) => [
    name,
    value !== undefined,
  ]);
}

// A value in the body of a read that has none would be lost without a word.
function checkBodyTargets(reader: Reader, { request, paging, changes }: FeedText, at: KeyPath): void {
  const isPost = request?.method === 'POST' || (request?.method === undefined && request?.body !== undefined);
  if (isPost) return;
  const hint = 'Add request: { method: POST }.';
  const what = 'only a POST has a body';
  if (paging?.token?.body !== undefined) {
    reader.report('wrong-value', [...at, 'paging', 'token', 'body'], { what, hint });
  }
  if (changes?.since.body !== undefined) {
    reader.report('wrong-value', [...at, 'changes', 'since', 'body'], { what, hint });
  }
}

function checkSince(reader: Reader, { changes }: FeedText, at: KeyPath): void {
  if (changes === undefined) return;
  const { parameter, body, until, slice, overlap } = changes.since;
  const place = [...at, 'changes', 'since'];
  if ((parameter === undefined) === (body === undefined)) {
    reader.report('wrong-value', place, { what: 'exactly one of "parameter" and "body" says where the time goes' });
  }
  if (slice === undefined) return;
  if (until === undefined) {
    reader.report('missing-key', place, { what: '"until" is missing: a slice has an end' });
  }
  const sliceMs = parseDuration(slice) ?? 0;
  if (sliceMs <= 2 * (parseDuration(overlap ?? '5m') ?? 0)) {
    reader.report('wrong-value', [...place, 'slice'], { what: 'a slice has to be longer than twice the overlap' });
  }
}

function checkRounds(reader: Reader, { each = {}, path = '', query, add, request }: FeedText, at: KeyPath): void {
  const known = Object.keys(each);
  const texts = [path, ...Object.values(query ?? {}), ...Object.values(add ?? {}), ...textsIn(request?.body)];
  const used = new Set(
    texts.flatMap((text) => {
      const template = parseTemplate(text);
      const variables = template === undefined ? [] : variablesOf(template);
      return variables.flatMap((variable) => (variable.kind === 'each' ? [variable.name] : []));
    }),
  );
  for (const name of used) {
    if (known.includes(name)) continue;
    const what = `there is no "${name}" in each`;
    reader.report('unknown-reference', at, { what, ...suggestion(name, known) });
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Lists that feeds follow: whether there is such a feed, and whether it can be read whole. */
export function checkLists(reader: Reader, feeds: Readonly<Record<string, FeedText>> = {}): void {
  const names = Object.keys(feeds);
  for (const [name, { follow = [] }] of Object.entries(feeds)) {
    for (const [position, { list }] of follow.entries()) {
      if (list === undefined) continue;
      const at = ['feeds', name, 'follow', position, 'list'];
      const feed = Object.hasOwn(feeds, list) ? feeds[list] : undefined;
      if (feed === undefined) {
        reader.report('unknown-reference', at, { what: `there is no feed "${list}"`, ...suggestion(list, names) });
      } else if (list === name || !isWhole(feed)) {
        const what = list === name ? 'a feed cannot follow itself' : `the feed "${list}" is no list that is read whole`;
        reader.report('wrong-value', at, { what });
      }
    }
  }
}

function isWhole({ paging, changes, track, report }: FeedText): boolean {
  return paging?.index === undefined && changes === undefined && track === undefined && report === undefined;
}
