import type { ClaimBatch } from './batch.ts';
import type { Bytes } from './format.ts';
import type { Issue } from './issue.ts';
import type { AnswerLedger } from './ledger-acks.ts';
import type { ControlLedger } from './ledger-controls.ts';
import type { FeedLedger } from './ledger-feeds.ts';
import type { OutboundLedger } from './ledger-outbound.ts';
import type { LedgerReader } from './ledger-reader.ts';
import type { RememberedFile, SourceLedger } from './ledger-sources.ts';
import type {
  DropFile,
  Drop,
  StagedRecord,
  StagedDocument,
  Receipt,
  Claim,
  AttemptEnd,
  ResultRow,
  Gap,
  StoredItem,
  OutboundFile,
  FileContent,
  LaneState,
  Told,
} from './ledger-types.ts';
import type { FeedItem, FrozenRequest } from './provider.ts';
import type { WebhookLedger } from './webhook.ts';

export type * from './ledger-acks.ts';
export type * from './ledger-controls.ts';
export type * from './ledger-feeds.ts';
export type * from './ledger-outbound.ts';
export type * from './ledger-reader.ts';
export type * from './ledger-sources.ts';
export type * from './ledger-types.ts';

/**
 * The durable book. Every method is one transaction that is flushed when its promise resolves.
 * @throws Failure disk-full (nothing was changed), disk-error, ledger-damaged.
 */
export interface Ledger
  extends LedgerReader, SourceLedger, ControlLedger, AnswerLedger, FeedLedger, OutboundLedger, WebhookLedger {
  /** Opens the book of a drop, or opens it again after a crash: `tries` is counted before the work. */
  beginDrop(flow: string, folder: string, files: readonly DropFile[]): Promise<Drop>;
  /** Sets a drop aside; the same bytes under the same name are not taken again. */
  holdDrop(dropId: number, issue: Issue): Promise<void>;
  /** Forgets a drop that was never received, with all its staged rows: the sender took the file away. */
  forgetDrop(dropId: number): Promise<void>;
  /** Removes everything staged for a drop that is still `reading`. */
  clearStaged(dropId: number): Promise<void>;
  /** Stages documents, invisible to submission. Answers false, staging none, when a group of the batch is already there. */
  stageDocuments(dropId: number, documents: readonly StagedDocument[]): Promise<boolean>;
  stageRecords(dropId: number, records: readonly StagedRecord[]): Promise<void>;
  /** Staged records group by group, groups in the order of their first record, each group whole. */
  stagedGroups(dropId: number): AsyncIterable<readonly StagedRecord[]>;
  /**
   * The flip: documents become submissions, the drop becomes `received`. Documents whose key is already taken by a
   * submission that was not rejected are joined to it when their content is the same, and refused as `key-reused` otherwise.
   * A revision is compared with the last change of its key alone: joined when it is the same, a submission of its own when not.
   */
  receiveDrop(dropId: number, receipt: Receipt): Promise<void>;
  /** Commits the intention to move, with the target of each part. */
  beginSettling(dropId: number, targets: ReadonlyMap<string, string>): Promise<void>;
  /** `remembered`: originals that stay where they are, in the same transaction. */
  settleDrop(dropId: number, issues: readonly Issue[], remembered?: readonly RememberedFile[]): Promise<void>;
  /** Drops that are not settled: `reading`, `received`, `settling`. Small. */
  unsettledDrops(): Promise<readonly Drop[]>;
  /** Whether a file is set aside (`held`) under this very fingerprint. */
  isHeld(folder: string, path: string, fingerprint: string): Promise<boolean>;

  /** After a crash: what was `sending` becomes `unknown`. */
  recoverSending(): Promise<number>;
  /**
   * Claims due submissions and commits their attempts. Of documents with one key only the oldest open one is claimed, and
   * none behind one that is held. `limit` counts requests: with `batches`, by operation, one may carry several that are due
   * at the same time and were tried equally often; they stand side by side in the answer.
   */
  claimSubmissions(
    provider: string,
    limit: number,
    now: number,
    batches?: ReadonlyMap<string, ClaimBatch>,
  ): Promise<readonly Claim[]>;
  /** Replaces the request of an attempt that is under way by the completed one. From here on it may have arrived. */
  storePrepared(submissionId: number, attempt: number, request: FrozenRequest): Promise<void>;
  endAttempt(end: AttemptEnd): Promise<void>;
  /** The picked file of the drop that a submission came with, as long as its bytes may be needed. */
  fileOf(submissionId: number): Promise<{ readonly spool: string; readonly size: number } | undefined>;
  laneState(provider: string): Promise<LaneState>;
  /** A person decided: a held submission is sent again (`ready`, after a look-up where it may have arrived). */
  releaseSubmission(submissionId: number): Promise<void>;
  /** A person decided: a held submission is not sent any more (`rejected`); those behind it go on. */
  giveUpSubmission(submissionId: number): Promise<void>;

  /**
   * Received drops whose documents all have an end and whose report is not built, or have one again after a report said
   * that they are held and a person decided.
   */
  dropsToReport(limit: number): Promise<readonly Drop[]>;
  /** Whether an outbound file ever had this path: a name is used once. */
  isNameUsed(folder: string, path: string): Promise<boolean>;
  /** Rows in the order of the drop. */
  resultRows(dropId: number): AsyncIterable<ResultRow>;
  /** The report's files, `reported`, and of which documents there may be more to tell, in one transaction. */
  completeReport(
    dropId: number,
    files: readonly (FileContent & { kind: 'result' | 'rejects' })[],
    told?: Told,
  ): Promise<void>;

  feedCursor(provider: string, feed: string): Promise<string | undefined>;
  /** Items, cursor and the page's gap in one transaction; known items are passed over. Answers how many were new. */
  storePage(page: {
    provider: string;
    feed: string;
    items: readonly FeedItem[];
    cursor: string;
    gap?: { low: string; high: string; dueAt: number };
  }): Promise<number>;
  dueGaps(provider: string, feed: string, now: number): Promise<readonly Gap[]>;
  /** A gap was read again: stores what was found; closes the gap, or says when to look next. */
  storeGap(
    gapId: number,
    provider: string,
    feed: string,
    items: readonly FeedItem[],
    nextDueAt: number | undefined,
  ): Promise<number>;
  /** Starts a snapshot walk, dropping what an unfinished one left. `at`: what its items say is true as of then. */
  beginSnapshot(provider: string, feed: string, at?: number): Promise<number>;
  /** Answers how many items were new to the walk. */
  storeSnapshotPage(snapshotId: number, items: readonly FeedItem[]): Promise<number>;
  /** `cursor`: of the feed, in the same transaction. */
  finishSnapshot(snapshotId: number, cursor?: string): Promise<void>;

  /** Position and last run of an outbound flow. */
  flowState(flow: string): Promise<{ position: number; lastRunAt: number | undefined }>;
  recordRun(flow: string, at: number): Promise<void>;
  /** Items with an id above `position`, ascending. Of a snapshot feed: only of finished walks, and only of the last one. */
  itemsAfter(provider: string, feed: string, position: number, limit: number): Promise<readonly StoredItem[]>;
  /** Starts a file and takes its sequence number, dropping what an unfinished one left. Not yet visible. */
  beginFile(flow: string): Promise<{ fileId: number; sequence: number }>;
  /**
   * Assigns facts to the file being built; answers for each whether it is new to the flow. `items` names the item each
   * fact comes from, for showing an item's way.
   */
  assignFacts(fileId: number, facts: readonly string[], items?: readonly number[]): Promise<readonly boolean[]>;
  /**
   * Nothing to write: gives the sequence number back and moves the position on. `deferred` names the items with rows that
   * could not be written: they replace those of the last run.
   */
  abandonFile(fileId: number, position: number, deferred?: readonly number[]): Promise<void>;
  /** Items of a flow that wait for a mended mapping, oldest first. */
  deferredItems(flow: string): Promise<readonly StoredItem[]>;
  /** Files that are `built` or `written`, oldest first. */
  unpublishedFiles(): Promise<readonly OutboundFile[]>;
  markWritten(fileId: number): Promise<void>;
  /** `at`: from then on its bytes are kept as long as the file asks for. */
  markPublished(fileId: number, at?: number): Promise<void>;

  /** Whether a folder was open before at this place: then its absence is trouble, not a beginning. */
  isFolderKnown(name: string, location: string): Promise<boolean>;
  rememberFolder(name: string, location: string): Promise<void>;

  /** Spool files something in the ledger still needs. */
  neededSpool(): Promise<ReadonlySet<string>>;
  /** Clean end: checkpoint and close. */
  close(): Promise<void>;
}

/** Bytes we answer for until they are filed or published. Lives beside the ledger. */
export interface Spool {
  /** Copies a stream to a new spool file, hashing it; durable when it returns. */
  keep(bytes: Bytes): Promise<{ spool: string; hash: string; size: number }>;
  read(spool: string): Bytes;
  remove(spool: string): Promise<void>;
  /** Removes files nothing needs. Answers how many. */
  sweep(needed: ReadonlySet<string>): Promise<number>;
}
