export interface FeedItem {
  /** Position in an index stream, decimal text; undefined elsewhere. */
  readonly index?: string;
  /** Distinguishes the item in its feed: index, event id, product id. */
  readonly identity: string;
  /** Key of our document the item belongs to, when the item tells. */
  readonly documentKey?: string;
  /** When it changed, by the provider's clock, in milliseconds since the epoch; undefined when it does not tell. */
  readonly timeMs?: number;
  /** The item as JSON text, digit by digit as received. */
  readonly body: string;
}

export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** Where to go on; undefined when this was the last page. */
  readonly next?: string;
  /** The provider's time when it answered, where it says it. */
  readonly dateMs?: number;
}

/** A stretch of the provider's time, in milliseconds since the epoch. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What a feed needs to know of what was read before. */
export interface PageContext {
  /** Of a stream of changes: which changes are wanted. */
  readonly window?: TimeWindow;
  /** Which of these identities are stored already: nothing more is read for them. */
  known?(identities: readonly string[]): Promise<ReadonlySet<string>>;
}

/** How a stream of changes is read: by the time of the last change seen. */
export interface ChangeReading {
  /** How far back of what was seen each walk begins: changes may become visible late. */
  readonly overlapMs: number;
  /** Longest stretch of time that may be asked for at once. */
  readonly sliceMs: number | undefined;
  /** How far back of now the first walk begins. */
  readonly startMs: number;
  /** Whether a walk goes over the same stretch of time several times. */
  readonly hasRounds: boolean;
}

/** A submission that the provider took and whose record is read until it is done. */
export interface TrackedRecord {
  readonly submissionId: number;
  readonly operation: string;
  readonly key: string;
  readonly documentKey: string;
  readonly reference: string;
  /** Since when its reads have given nothing; left out while they give something. */
  readonly unreadSince?: number;
}

/** What a read of one record gave: its item, nothing yet, or its last item. */
export interface TrackedAnswer {
  /** Undefined when the provider does not have the record. */
  readonly item: FeedItem | undefined;
  readonly isDone: boolean;
  /** Why there is no item: a status, or that the answer is not the record. */
  readonly unread?: string;
}

/** Where no list exists: open records of ours are read one by one. */
export interface Tracking {
  readonly operations: readonly string[];
  readonly everyMs: number;
  /** How long after it was accepted a record is read at most. */
  readonly forMs: number;
  /** @throws Failure as `readPage`. */
  read(record: TrackedRecord, signal?: AbortSignal): Promise<TrackedAnswer>;
}

/** Which report is wanted. */
export interface ReportOrder {
  /** When it was decided on, by our clock: an order made again after a crash is the same one. */
  readonly askedAt: number;
  /** What it is about; undefined for how things are now. */
  readonly window?: TimeWindow;
}

export type ReportState =
  | { readonly kind: 'waiting'; readonly retryAfterMs?: number }
  /** `link`: where the rows are. It may be a permission by itself: never stored, never shown. */
  | { readonly kind: 'ready'; readonly link: string }
  | { readonly kind: 'failed'; readonly detail: string }
  /** The provider does not know the report any more. */
  | { readonly kind: 'missing' };

/** Time in steps that each are in exactly one report. */
export interface ReportPeriod {
  /** Steps begin at multiples of this since 1970, UTC. */
  readonly stepMs: number;
  /** Most that one report is asked for. */
  readonly longestMs: number;
  /** How far back of now the first report begins. */
  readonly startMs: number;
  /** How long after its end a step is asked for: until then something may be added to it. */
  readonly lagMs: number;
}

/** What has to be ordered as a report, waited for and fetched. */
export interface Reporting {
  /** Undefined: each report says how things are now. */
  readonly period: ReportPeriod | undefined;
  readonly everyMs: number;
  /** How long a report is waited for. */
  readonly longestMs: number;
  /** Answers the provider's name of the report. @throws Failure as `readPage`. */
  order(order: ReportOrder, signal?: AbortSignal): Promise<string>;
  /** @throws Failure as `readPage`. */
  ask(reference: string, signal?: AbortSignal): Promise<ReportState>;
  /**
   * The rows, some at a time. What was answered before counts only once all came. `known`: which identities earlier rows
   * of the same report have. @throws Failure as `readPage`; report-expired when the link is not good any more,
   * report-unusable when what lies there is not the report.
   */
  rows(
    link: string,
    order: ReportOrder,
    known: (identities: readonly string[]) => Promise<ReadonlySet<string>>,
    signal?: AbortSignal,
  ): AsyncIterable<readonly FeedItem[]>;
}

/** Something that can be read from a provider. */
export interface Feed {
  readonly name: string;
  /**
   * `stream`: what was read stays, and how far is remembered: by ascending indexes, by time (`changes`), record by
   * record (`tracking`) or by periods (`reporting`). `snapshot`: each walk reads all of it.
   */
  readonly kind: 'stream' | 'snapshot';
  /** Cursor of the first page. */
  readonly start: string;
  /** After how long missing indexes below the cursor are read again, in milliseconds, ascending. */
  readonly gapChecksMs: readonly number[];
  readonly changes?: ChangeReading;
  readonly tracking?: Tracking;
  /** Undefined where the feed is read by pages. */
  readonly reporting?: Reporting;
  /**
   * Reads one page.
   * @throws Failure provider-unreachable, no-answer, bad-answer, credentials-refused; snapshot-expired when the provider
   * has forgotten the walk the cursor stands in.
   */
  readPage(cursor: string, signal?: AbortSignal, context?: PageContext): Promise<FeedPage>;
}
