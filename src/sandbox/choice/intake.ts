import { type Answer, type ProviderRequest } from '../frame.ts';
import { isObject } from '../json.ts';
import { refused } from './answers.ts';
import { type Desk } from './desk.ts';
import { type SchemaCheck } from './schemas.ts';

/** A request of an admitted client on its way to an operation. */
export interface Call {
  desk: Desk;
  client: string;
  request: ProviderRequest;
  /** From the path, decoded; empty where it has none. */
  id: string;
  checkSchema: SchemaCheck;
}

/** The body of a request; undefined when it is no JSON in UTF-8. */
export function parseBody({ body }: ProviderRequest): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Every way in which this fails has the same answer.
    return undefined;
  }
}

export function malformed(): Answer {
  return refused(400, 'MALFORMED_REQUEST', 'The body must be a JSON object.');
}

/** JSON text in which the order of properties does not count. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (!isObject(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** The page of a list that a cursor asks for, and the cursor of the next; undefined for a cursor that is none or over. */
export function takePage<Entry>(
  { desk, request }: Call,
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  size: number,
): { page: readonly Entry[]; next: string | undefined } | undefined {
  const { cursorSeconds } = desk.switches;
  const text = request.query.get('cursor');
  let after = '';
  if (text !== null && text !== '') {
    const [at = '', ...key] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
    after = key.join(' ');
    const isOver = cursorSeconds > 0 && Number(at) + cursorSeconds * 1000 <= desk.at;
    if (!/^[0-9]+$/.test(at) || after === '' || isOver) return undefined;
  }
  const rest = entries.filter((entry) => keyOf(entry) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const hasMore = rest.length > page.length && last !== undefined;
  const next = hasMore ? Buffer.from(`${desk.at} ${keyOf(last)}`).toString('base64url') : undefined;
  return { page, next };
}

/** A page as it is read. */
export function pageBody(items: readonly unknown[], next: string | undefined, last: string): unknown {
  if (next !== undefined) return { items, nextCursor: next };
  return last === 'absent' ? { items } : { items, nextCursor: last === 'empty' ? '' : null };
}

export function badCursor(): Answer {
  return refused(400, 'INVALID_CURSOR', 'The cursor is unknown or no longer valid.');
}
