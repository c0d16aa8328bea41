import { Failure } from '../../core/failure.ts';
import type { FeedItem } from '../../core/feed.ts';
import { isJsonObject, scalarText, type Json } from '../../core/json.ts';
import { selectFirst } from '../../core/path.ts';
import type { FeedDefinition } from './feed-definition.ts';
import { readTime } from './feed-time.ts';
import { fillTemplate, hashOf, type TemplateValues } from '../request/template.ts';

/** An item that is not yet written down: records it names may still be put into it. */
export interface RawItem {
  readonly value: Json;
  readonly identity: string;
  readonly index: string | undefined;
  readonly timeMs: number | undefined;
}

/**
 * Reads one element of a list. Undefined for what is no object and tells no identity: it states nothing.
 * @throws Failure bad-answer for an object without identity.
 */
export function readItem(
  element: Json,
  definition: FeedDefinition,
  index: string | undefined,
  values: TemplateValues,
): RawItem | undefined {
  const value = withFields(element, definition, values);
  const identity = index ?? identityOf(value, definition, values);
  if (identity === undefined) return undefined;
  const { changes } = definition;
  return {
    value,
    identity,
    index,
    timeMs: changes === undefined ? undefined : readTime(selectFirst(value, changes.field)),
  };
}

/** An element with the fields of `add`. */
export function withFields(element: Json, { add }: FeedDefinition, values: TemplateValues): Json {
  if (add.length === 0 || !isJsonObject(element)) return element;
  const fields = add.map(({ name, value }) => [name, fillTemplate(value, values) ?? ''] as const);
  return { ...element, ...Object.fromEntries(fields) };
}

// One item may come in several rounds of a feed: each is an item of its own.
function identityOf(value: Json, { identity }: FeedDefinition, { each }: TemplateValues): string | undefined {
  const own = identity === 'hash' ? hashOf(value).slice(0, 32) : ownIdentity(value, identity);
  return own === undefined ? undefined : [...(each?.values() ?? []), own].join('/');
}

function ownIdentity(value: Json, paths: Exclude<FeedDefinition['identity'], 'hash'>): string | undefined {
  const texts = paths.map((path) => scalarText(selectFirst(value, path)) ?? '');
  const missing = texts.indexOf('');
  if (missing === -1 && texts.length > 0) {
    return texts.length === 1 ? texts[0] : texts.map((text) => text.replaceAll(/[%/]/g, encodeURIComponent)).join('/');
  }
  if (!isJsonObject(value)) return undefined;
  throw new Failure('bad-answer', `an item without ${paths[missing]?.text ?? 'identity'}`);
}

/** The item as it is stored. */
export function writeItem({ value, identity, index, timeMs }: RawItem, { document }: FeedDefinition): FeedItem {
  const [documentKey] = document.flatMap((path) => scalarText(selectFirst(value, path))?.trim() || []);
  return {
    identity,
    body: JSON.stringify(value),
    ...(index === undefined ? {} : { index }),
    ...(documentKey === undefined ? {} : { documentKey }),
    ...(timeMs === undefined ? {} : { timeMs }),
  };
}
