import type { Batch } from './batch.ts';
import type { Feed } from './feed.ts';
import type { IssueCode } from './issue-catalogue.ts';
import type { IssueDetails } from './issue.ts';
import type { Json, JsonSchema } from './json.ts';
import type { Webhook } from './webhook.ts';

export type * from './batch.ts';
export type * from './feed.ts';

/** What an answer means. Names as in the documentation, logs and result files. */
export const outcomeClasses = [
  'ACCEPTED',
  'ALREADY_EXISTS',
  'FIX_DATA',
  'FIX_CREDENTIALS',
  'RETRY_LATER',
  'TOO_LATE',
  'NOT_FOUND',
  'EMPTY',
  'AMBIGUOUS',
] as const;
export type OutcomeClass = (typeof outcomeClasses)[number];

/** Request bytes frozen before the first send; every attempt repeats them exactly. Holds no secret. */
export interface FrozenRequest {
  readonly method: string;
  /** Path and query below the base URL, already encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** UTF-8 text of the body; empty when there is none. */
  readonly body: string;
}

/** A message of the provider about one field of what we sent. */
export interface ProviderMessage {
  /** The provider's own words. */
  readonly text: string;
  /** The field as the provider names it: `Items[1].Quantity`. */
  readonly field?: string;
  /** The value of that field, where the provider has no record of it: the words are ours then. */
  readonly unknown?: string;
  /** Code of a finding of our own, with its own words; the value is `unknown`. */
  readonly code?: IssueCode;
}

/**
 * What a later document with a known key is. `none`: the same one, or a mistake. `each`: a further change, unless it says
 * what the last one said. `always`: a further request, unless the very same file came before.
 */
export type Revisions = 'none' | 'each' | 'always';

/** How often something is looked for that may come later, and for how long, in milliseconds. */
export interface Waiting {
  readonly everyMs: number;
  readonly longestMs: number;
}

/** A file that goes along with a request. */
export interface FileBytes {
  readonly size: number;
  /** @throws Failure file-gone, at the first step. */
  open(): AsyncIterable<Uint8Array>;
}

export interface Outcome {
  readonly class: OutcomeClass;
  /** HTTP status, when an answer came. */
  readonly status?: number;
  /** The provider's own id of the record. */
  readonly reference?: string;
  readonly messages: readonly ProviderMessage[];
  /** What the provider adds to its acceptance: warnings that people should see. */
  readonly notices?: readonly ProviderMessage[];
  /** A refusal of a request of several documents: which of them it is about is not said, and none was taken. */
  readonly isShared?: boolean;
  /** What was looked for before anything was sent, and is not there: `order`. */
  readonly missing?: string;
  /** What it needs may come later: this document alone waits for it. */
  readonly waits?: Waiting;
  /** What a person has to look into before it is tried again. */
  readonly problem?: IssueCode;
  /** Milliseconds the provider asked us to wait. */
  readonly retryAfterMs?: number;
  /** The outcome is unknown, and asking again would be answered the same. */
  readonly isFinal?: boolean;
  /** The raw answer, capped. For the ledger; never logged. */
  readonly answer?: string;
  /** One line without data of the document, for logs: `503`, `connection refused`. */
  readonly detail: string;
}

export type LookUp =
  | { readonly kind: 'found'; readonly isSame: boolean; readonly outcome: Outcome }
  | { readonly kind: 'missing'; readonly outcome: Outcome }
  /** The record is ours and was not done; making it go on ended so. */
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  /** The look-up itself failed: ask again later. */
  | { readonly kind: 'failed'; readonly outcome: Outcome };

/** What became of a frozen request that has to be completed before its first send. Nothing was sent but reads. */
export type Preparation =
  | { readonly kind: 'prepared'; readonly request: FrozenRequest }
  | { readonly kind: 'failed'; readonly outcome: Outcome };

/** Something that can be submitted to a provider. */
export interface Operation {
  readonly name: string;
  /** Schema of the payload that is given to `freeze`; strict. Undefined when the operation has no body. */
  readonly schema: JsonSchema | undefined;
  /** The key under which the provider will know the document, or why it cannot be used. */
  key(documentKey: string, payload: Json): { readonly key: string } | { readonly issue: IssueDetails };
  freeze(key: string, payload: Json): FrozenRequest;
  /**
   * Completes a frozen request with what only the provider knows; undefined where a frozen request is complete. The
   * answer is to be stored before it is sent: every attempt sends exactly that.
   */
  readonly prepare: ((key: string, request: FrozenRequest, signal?: AbortSignal) => Promise<Preparation>) | undefined;
  /**
   * `key`: the one the request was frozen with, for the reference; without it the key is read out of the request.
   * `isAfterLoss`: an earlier attempt may have arrived, which may tell what an answer means. `file`: for operations that
   * send one.
   */
  send(
    request: FrozenRequest,
    signal?: AbortSignal,
    key?: string,
    isAfterLoss?: boolean,
    file?: FileBytes,
  ): Promise<Outcome>;
  /** Asks whether the provider holds the record; undefined where the provider has no such read. */
  readonly lookUp: ((key: string, request: FrozenRequest, signal?: AbortSignal) => Promise<LookUp>) | undefined;
  /** Whether the same request may be repeated after an unknown outcome because the provider recognises the key. */
  readonly isRepeatable: boolean;
  readonly revisions: Revisions;
  /** The file that was dropped is sent as well: two documents are the same only when their files are. */
  readonly sendsFile?: boolean;
  /** How documents go along in one request; undefined where each has one of its own. */
  readonly batch?: Batch | undefined;
}

export interface RetryPolicy {
  readonly baseMs: number;
  readonly capMs: number;
  /** How often a transient failure is met before the work is parked. */
  readonly attempts: number;
}

export interface Provider {
  readonly name: string;
  readonly retry: RetryPolicy;
  /** How many requests may be under way at once. */
  readonly concurrency: number;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Undefined when its posts are not taken: it sends none, or no secret is set. */
  readonly webhook?: Webhook | undefined;
  close(): Promise<void>;
}
