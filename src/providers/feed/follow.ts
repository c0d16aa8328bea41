import { isFailure } from '../../core/failure.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { Context } from '../context.ts';
import { requireAnswer, requireBody } from './feed-answer.ts';
import type { FeedDefinition, FollowDefinition } from './feed-definition.ts';
import type { RawItem } from './feed-item.ts';
import { readHeaders } from './feed-request.ts';
import { fillTemplate } from '../request/template.ts';
import { meets } from '../outcome/verdict.ts';

// What is submitted waits at the same gate: a page of follow-ups must not close it.
const AT_ONCE = 4;

interface Wanted {
  readonly item: RawItem;
  readonly follow: FollowDefinition;
  readonly path: string;
}

/**
 * Reads the records that items name and puts them into the items; each address once. `isKnown`: items for which nothing is
 * read. @throws Failure when one of the reads fails: then none of the page counts.
 */
export async function followItems(
  items: readonly RawItem[],
  definition: FeedDefinition,
  context: Context,
  isKnown: (item: RawItem) => boolean,
  signal: AbortSignal | undefined,
): Promise<readonly RawItem[]> {
  const wanted = items.filter((item) => !isKnown(item)).flatMap((item) => wantedOf(item, definition, context));
  if (wanted.length === 0) return items;
  const records = await readAll(wanted, definition, context, signal);
  return items.map((item) => {
    const found = wanted.filter((one) => one.item === item);
    const fields = found.flatMap(({ follow, path }) => {
      const record = records.get(path);
      return record === undefined ? [] : [[follow.as, record] as const];
    });
    if (fields.length === 0 || !isJsonObject(item.value)) return item;
    return { ...item, value: { ...item.value, ...Object.fromEntries(fields) } };
  });
}

function wantedOf(item: RawItem, definition: FeedDefinition, { settings, log, provider }: Context): Wanted[] {
  if (!isJsonObject(item.value)) return [];
  return definition.follow.flatMap((follow) => {
    if (!meets(item.value, follow.when)) return [];
    const path = fillTemplate(follow.path, { settings, item: item.value }, encodeURIComponent);
    if (path !== undefined) return [{ item, follow, path }];
    const label = { provider, feed: definition.name, path: follow.path.text };
    log.warn(label, 'an item does not name the record that belongs to it; it is kept without');
    return [];
  });
}

async function readAll(
  wanted: readonly Wanted[],
  definition: FeedDefinition,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Json>> {
  const records = new Map<string, Json>();
  const open = new Map(wanted.map((one) => [one.path, one.follow]));
  const queue = open.entries();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const [path, follow] of queue) {
      if (failures.length > 0) return;
      try {
        const record = await readRecord(path, follow, definition, context, signal);
        if (record !== undefined) records.set(path, record);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // A wait that was asked for tells more than whatever else failed beside it.
  const told = failures.find((error) => isFailure(error) && error.retryAfterMs !== undefined) ?? failures[0];
  if (failures.length > 0) throw told;
  return records;
}

async function readRecord(
  path: string,
  follow: FollowDefinition,
  definition: FeedDefinition,
  context: Context,
  signal: AbortSignal | undefined,
): Promise<Json | undefined> {
  const request = { method: 'GET', path, headers: readHeaders(definition, context.settings), body: '' };
  const answer = requireAnswer(await context.transport.exchange(request, signal));
  const { provider, log } = context;
  log.debug({ provider, feed: definition.name, path: follow.path.text, status: answer.status }, 'record read');
  return requireBody(answer, { empty: follow.missing, forgotten: undefined, rules: definition.rules }, context);
}
