import { Failure } from '../../core/failure.ts';
import { isRawNumber, type Json } from '../../core/json.ts';
import { selectFirst, type JsonPath } from '../../core/path.ts';
import type { PageSize, Target } from '../feed/feed-definition.ts';
import type { Answer } from '../request/transport.ts';

/** What one page adds to the request of its feed. */
export interface PageRequest {
  readonly values: readonly (readonly [target: Target, value: string | number])[];
  /** Path and query below the base URL, in place of those of the feed. */
  readonly address?: string;
}

/** A page as it came. */
export interface ReceivedPage {
  readonly body: Json;
  readonly headers: Answer['headers'];
  /** Address it was asked at, below the base URL. */
  readonly address: string;
  readonly indexes: readonly string[];
  /** How many items the page has, whether or not they state anything. */
  readonly count: number;
  readonly identities: readonly string[];
}

/** How one kind of paging asks for a page and finds the next one. */
export interface Pager {
  readonly start: string;
  request(cursor: string): PageRequest;
  /** The index of an item; undefined where items have none. */
  index(item: Json): string | undefined;
  /** Cursor of the page after this one; undefined after the last. */
  next(cursor: string, page: ReceivedPage): string | undefined;
  /** Whether the cursor stands inside a walk that the provider may forget. */
  isInside(cursor: string): boolean;
  /** Statuses that say, inside such a walk, that it is forgotten, besides those a definition names. */
  readonly forgotten: readonly string[];
  /** Whether the provider says that it cut the result. */
  isCut(body: Json): boolean;
  /** Cursor of a smaller page at the same place, where the status asks for one; undefined where it cannot be smaller. */
  smaller(cursor: string, status: number): string | undefined;
}

export const onePage: Pager = {
  start: '',
  request: () => ({ values: [] }),
  index: () => undefined,
  next: () => undefined,
  isInside: () => false,
  forgotten: [],
  isCut: () => false,
  smaller: () => undefined,
};

export function inQuery(name: string): Target {
  return { kind: 'query', name };
}

export function sizeValue(size: PageSize | undefined): (readonly [Target, string])[] {
  return size === undefined ? [] : [[inQuery(size.parameter), String(size.size)]];
}

// Statuses that a provider answers to a token it has forgotten.
export const FORGOTTEN = ['400', '404', '410', '422'];

/** A count that the answer gives as a number. */
export function readCount(body: Json, path: JsonPath): number {
  const value = selectFirst(body, path);
  const text = isRawNumber(value) ? value.rawJSON : '';
  if (!/^\d{1,9}$/.test(text)) throw new Failure('bad-answer', `no usable ${path.text}`);
  return Number(text);
}
