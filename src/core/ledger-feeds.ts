import type { FeedItem, TrackedRecord } from './feed.ts';

/** A feed that reads the records of accepted submissions one by one. */
export interface TrackedFeed {
  readonly provider: string;
  readonly feed: string;
  readonly operations: readonly string[];
  readonly everyMs: number;
  readonly forMs: number;
}

/** What one record said, and when it is read again. */
export interface TrackedRead {
  readonly submissionId: number;
  readonly item?: FeedItem;
  /** Undefined: it is done and not read any more. */
  readonly dueAt: number | undefined;
  /** Since when it gives nothing, and why; left out when it gave something. */
  readonly unread?: { readonly since: number; readonly detail: string };
}

/** Records that give nothing: how many, and the first of them. */
export interface UnreadRecords {
  readonly count: number;
  readonly first: readonly { readonly documentKey: string; readonly reference: string; readonly detail: string }[];
}

/** A count as it was last written for a key. */
export interface WrittenCount {
  readonly key: string;
  /** Column of the file. */
  readonly name: string;
  /** Decimal text; empty when none was written yet. */
  readonly count: string;
  /** A lower one that was told; empty when none. */
  readonly told: string;
  /** The last item it was read from: what comes of an earlier one is older. */
  readonly item: number;
}

/** What the ledger knows of feeds beyond their items, and of counts in files. */
export interface FeedLedger {
  /** Which of these items of a stream are stored. */
  knownItems(provider: string, feed: string, identities: readonly string[]): Promise<ReadonlySet<string>>;

  /** Which of these items an unfinished snapshot walk holds. */
  stagedItems(snapshotId: number, identities: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Makes what a walk read items of its stream, in several transactions; the last one moves the cursor. After a crash
   * between them the walk is made again: items that the stream has are passed over. Answers how many were new.
   */
  adoptSnapshot(snapshotId: number, cursor: string): Promise<number>;

  /**
   * Takes up what was accepted since, and lets go of what was read long enough. Of any number of submissions only some are
   * in memory at once.
   */
  enrolRecords(tracked: TrackedFeed, now: number): Promise<void>;
  /** Records that are due, the longest waiting first. */
  dueRecords(provider: string, feed: string, now: number, limit: number): Promise<readonly TrackedRecord[]>;
  /** Items and next times in one transaction; answers how many items were new. */
  storeReads(provider: string, feed: string, reads: readonly TrackedRead[]): Promise<number>;
  /** Open records that have given nothing since `until` or longer, the longest first. */
  unreadRecords(provider: string, feed: string, until: number, limit: number): Promise<UnreadRecords>;

  /** Counts of the flow of a file that is being built, with what the file itself has so far. */
  writtenCounts(fileId: number, keys: readonly string[]): Promise<readonly WrittenCount[]>;
  /** Counts that hold once the file is complete, or is given up for want of rows. */
  noteCounts(fileId: number, counts: readonly WrittenCount[]): Promise<void>;
}
