import type { FrozenRequest, Outcome } from './provider.ts';

/** Many documents in one request, each with a verdict of its own. */
export interface Batch {
  /** Most documents of one request. */
  readonly size: number;
  /** Most bytes of their bodies; a document that is larger goes alone. */
  readonly bytes: number;
  /** All of a request but its items: documents go along only where it is the same. */
  frame(this: void, request: FrozenRequest): string;
  /**
   * Distributes documents over requests of at most `most` each: their requests have the same frame, and no two have a name
   * in common by which the answer tells them apart. Keeps their order; each is in exactly one.
   */
  parts<Item extends BatchItem>(items: readonly Item[], most: number): readonly (readonly Item[])[];
  /** One request for one of the parts. Answers for each document, in their order. */
  send(items: readonly BatchItem[], signal?: AbortSignal): Promise<readonly Outcome[]>;
}

/** A document that may go along with others, by its frozen request. */
export interface BatchItem {
  readonly key: string;
  readonly request: FrozenRequest;
  /** An earlier attempt may have arrived. */
  readonly mayHaveArrived: boolean;
}

/**
 * How many documents go in one request after so many attempts: half as many each time, so that a bad one ends up alone, and
 * one that is too much for the provider gets smaller.
 */
export function mostTogether({ size }: { readonly size: number }, attempts: number): number {
  return Math.max(1, Math.floor(size / 2 ** attempts));
}

/** How many submissions of an operation one request carries: those with the same frame. */
export interface ClaimBatch extends Pick<Batch, 'size' | 'bytes' | 'frame'> {
  /** Whether those with an unknown outcome are claimed together as well: there is no read to make about each. */
  readonly hasNoLookUp: boolean;
}
