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
}

/** What the ledger knows of feeds beyond their items, and of counts in files. */
export interface FeedLedger {
  /** Which of these items of a stream are stored. */
  knownItems(provider: string, feed: string, identities: readonly string[]): Promise<ReadonlySet<string>>;

  /**
   * Takes up what was accepted since, and lets go of what was read long enough. Of any number of submissions only some are
   * in memory at once.
   */
  enrolRecords(tracked: TrackedFeed, now: number): Promise<void>;
  /** Records that are due, the longest waiting first. */
  dueRecords(provider: string, feed: string, now: number, limit: number): Promise<readonly TrackedRecord[]>;
  /** Items and next times in one transaction; answers how many items were new. */
  storeReads(provider: string, feed: string, reads: readonly TrackedRead[]): Promise<number>;

  /** Counts of the flow of a file that is being built, with what the file itself has so far. */
  writtenCounts(fileId: number, keys: readonly string[]): Promise<readonly WrittenCount[]>;
  /** Counts that hold once the file is complete, or is given up for want of rows. */
  noteCounts(fileId: number, counts: readonly WrittenCount[]): Promise<void>;
}
