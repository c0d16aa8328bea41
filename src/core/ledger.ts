import type { Bytes } from './format.ts';
import type { Issue } from './issue.ts';
import type { FeedItem, FrozenRequest, OutcomeClass } from './provider.ts';
import type { DocumentStatus, DropState, OutboundState, SubmissionState } from './states.ts';

/** One file of a drop. Most drops have one; a header file and its items file are one drop of two. */
export interface DropFile {
  /** '' for the file that was picked; the name of the companion otherwise. */
  readonly part: string;
  readonly path: string;
  readonly size: number;
  readonly fingerprint: string;
  /** SHA-256 of the bytes that were parsed, hex; empty until they are in the spool. */
  readonly hash: string;
  /** Where the bytes are kept; empty until they are in the spool. */
  readonly spool: string;
  /** Where the original goes; empty until the drop is settling. */
  readonly target: string;
}

export interface Drop {
  readonly id: number;
  readonly flow: string;
  readonly folder: string;
  readonly state: DropState;
  readonly files: readonly DropFile[];
  readonly tries: number;
  /** Whether the file as a whole was refused. */
  readonly isRefused: boolean;
  /** Issues about the file itself. */
  readonly issues: readonly Issue[];
  /** Records read, and how many of them were passed over. */
  readonly records: number;
  readonly ignored: number;
}

/** A record waiting to be grouped: rows of one document may lie apart, or in two files. */
export interface StagedRecord {
  readonly part: string;
  readonly seq: number;
  readonly line: number;
  readonly group: string;
  /** The record as JSON text. */
  readonly body: string;
}

/** A document as intake made it. */
export interface StagedDocument {
  /** What its rows have in common; unique within the drop. */
  readonly group: string;
  readonly key: string;
  readonly type: string;
  /** Line of its first record. */
  readonly line: number;
  /** Its records: `[part, firstSeq, count]` runs. */
  readonly records: readonly RecordRun[];
  readonly issues: readonly Issue[];
  /** Absent when the document is refused. */
  readonly submission?: {
    readonly provider: string;
    readonly operation: string;
    /** The key under which the provider knows it. */
    readonly key: string;
    readonly request: FrozenRequest;
  };
}
export type RecordRun = readonly [part: string, firstSeq: number, count: number];

/** What the one transaction that makes a drop `received` needs to know. */
export interface Receipt {
  readonly files: readonly DropFile[];
  readonly isRefused: boolean;
  /** `accept: file`: one refused document refuses all. */
  readonly isAllOrNothing: boolean;
  readonly issues: readonly Issue[];
  readonly records: number;
  readonly ignored: number;
}

/** A submission claimed for one attempt; the attempt is already in the book. */
export interface Claim {
  readonly submissionId: number;
  readonly attempt: number;
  readonly operation: string;
  readonly key: string;
  readonly request: FrozenRequest;
  /** Earlier attempts that may have reached the provider. */
  readonly mayHaveArrived: boolean;
  /** `look-up`: the last outcome is unknown, ask first. */
  readonly purpose: 'send' | 'look-up';
}

/** How an attempt ended and what becomes of its submission. */
export interface AttemptEnd {
  readonly submissionId: number;
  readonly attempt: number;
  readonly state: Exclude<SubmissionState, 'sending'>;
  readonly outcome: OutcomeClass;
  readonly httpStatus?: number;
  readonly reference?: string;
  readonly issues: readonly Issue[];
  /** Raw answer, capped. */
  readonly answer?: string;
  readonly detail: string;
  /** Wall-clock time of the next attempt; for `ready` and `unknown`. */
  readonly dueAt?: number;
}

/** One line of a result file. */
export interface ResultRow {
  readonly documentId: number;
  readonly line: number;
  readonly key: string;
  readonly type: string;
  readonly status: DocumentStatus;
  readonly issues: readonly Issue[];
  readonly reference: string;
  readonly records: readonly RecordRun[];
  /** The drop that brought the same document first, for `already-received`. */
  readonly firstDrop: string;
}

export interface Books {
  readonly records: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly held: number;
  readonly ignored: number;
  readonly waiting: number;
}

export interface Gap {
  readonly id: number;
  readonly low: string;
  readonly high: string;
  readonly checks: number;
}

export interface StoredItem {
  /** Ascending in the order in which we learnt of the items. */
  readonly id: number;
  readonly documentKey: string;
  readonly body: string;
}

export interface OutboundFile {
  readonly id: number;
  /** Name of the outbound flow, or of the inbound flow for its result files. */
  readonly flow: string;
  readonly kind: 'feed' | 'result' | 'rejects';
  readonly state: OutboundState;
  readonly folder: string;
  readonly sequence: number;
  readonly path: string;
  readonly temporaryPath: string;
  readonly hash: string;
  readonly size: number;
  readonly rows: number;
  readonly spool: string;
  readonly dropId: number | undefined;
}

export interface FileContent {
  readonly folder: string;
  readonly path: string;
  readonly temporaryPath: string;
  readonly hash: string;
  readonly size: number;
  readonly rows: number;
  readonly spool: string;
}

/** Work that is left for a provider, for deciding when to look again and what to say at the end. */
export interface LaneState {
  /** Submissions that are ready, sending or unknown. */
  readonly open: number;
  /** Wall-clock time at which the next one is due; undefined when none is. */
  readonly nextDueAt: number | undefined;
}

/**
 * The durable book. Every method is one transaction that is flushed when its promise resolves.
 * @throws Failure disk-full (nothing was changed), disk-error, ledger-damaged.
 */
export interface Ledger extends LedgerReader {
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
   */
  receiveDrop(dropId: number, receipt: Receipt): Promise<void>;
  /** Commits the intention to move, with the target of each part. */
  beginSettling(dropId: number, targets: ReadonlyMap<string, string>): Promise<void>;
  settleDrop(dropId: number, issues: readonly Issue[]): Promise<void>;
  /** Drops that are not settled: `reading`, `received`, `settling`. Small. */
  unsettledDrops(): Promise<readonly Drop[]>;
  /** Whether a file is set aside (`held`) under this very fingerprint. */
  isHeld(folder: string, path: string, fingerprint: string): Promise<boolean>;

  /** After a crash: what was `sending` becomes `unknown`. */
  recoverSending(): Promise<number>;
  /** Claims due submissions and commits their attempts. Of documents with one key only the oldest open one is claimed. */
  claimSubmissions(provider: string, limit: number, now: number): Promise<readonly Claim[]>;
  endAttempt(end: AttemptEnd): Promise<void>;
  laneState(provider: string): Promise<LaneState>;
  /** A person decided: a held submission is sent again (`ready`, after a look-up where it may have arrived). */
  releaseSubmission(submissionId: number): Promise<void>;

  /** Received drops whose documents all have an end and whose report is not built. */
  dropsToReport(limit: number): Promise<readonly Drop[]>;
  /** Whether an outbound file ever had this path: a name is used once. */
  isNameUsed(folder: string, path: string): Promise<boolean>;
  /** Rows in the order of the drop. */
  resultRows(dropId: number): AsyncIterable<ResultRow>;
  /** The report's files and `reported` in one transaction. */
  completeReport(dropId: number, files: readonly (FileContent & { kind: 'result' | 'rejects' })[]): Promise<void>;

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
  /** Starts a snapshot walk, dropping what an unfinished one left. */
  beginSnapshot(provider: string, feed: string): Promise<number>;
  storeSnapshotPage(snapshotId: number, items: readonly FeedItem[]): Promise<void>;
  finishSnapshot(snapshotId: number): Promise<void>;

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
   * `built`: content, name and the flow's new position in one transaction. `deferred` names the items with rows that could
   * not be written: they replace those of the last file.
   */
  completeFile(fileId: number, content: FileContent, position: number, deferred?: readonly number[]): Promise<void>;
  /** Nothing to write: gives the sequence number back and moves the position on. `deferred` as in `completeFile`. */
  abandonFile(fileId: number, position: number, deferred?: readonly number[]): Promise<void>;
  /** Items of a flow that wait for a mended mapping, oldest first. */
  deferredItems(flow: string): Promise<readonly StoredItem[]>;
  /** Files that are `built` or `written`, oldest first. */
  unpublishedFiles(): Promise<readonly OutboundFile[]>;
  markWritten(fileId: number): Promise<void>;
  markPublished(fileId: number): Promise<void>;

  /** Spool files something in the ledger still needs. */
  neededSpool(): Promise<ReadonlySet<string>>;
  /** Clean end: checkpoint and close. */
  close(): Promise<void>;
}

export interface DropFilter {
  /** Part of a file's name. */
  readonly name?: string;
  readonly limit: number;
  /** Only ids below this one: newest first, page by page. */
  readonly before?: number;
}

export interface DocumentView {
  readonly id: number;
  readonly dropId: number;
  readonly flow: string;
  readonly file: string;
  readonly line: number;
  readonly key: string;
  readonly type: string;
  readonly status: DocumentStatus;
  readonly issues: readonly Issue[];
  readonly submission?: {
    readonly id: number;
    readonly provider: string;
    readonly operation: string;
    readonly key: string;
    readonly state: SubmissionState;
    readonly hash: string;
    readonly reference: string;
    readonly attempts: readonly AttemptView[];
  };
}

export interface AttemptView {
  readonly attempt: number;
  readonly purpose: 'send' | 'look-up';
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly outcome: string;
  readonly httpStatus: number | undefined;
  readonly detail: string;
}

export interface DropView extends Drop {
  readonly books: Books;
  readonly firstSeenAt: number;
  readonly receivedAt: number | undefined;
  readonly settledAt: number | undefined;
  readonly isReported: boolean;
}

export interface Overview {
  readonly books: Books;
  readonly drops: Readonly<Partial<Record<DropState, number>>>;
  readonly submissions: Readonly<Partial<Record<SubmissionState, number>>>;
  readonly outbound: Readonly<Partial<Record<OutboundState, number>>>;
  readonly feeds: readonly { provider: string; feed: string; cursor: string; items: number; gaps: number }[];
}

/** What `status` and `ledger list|show` read; works on a copy in another process and through a running dray. */
export interface LedgerReader {
  overview(): Promise<Overview>;
  drops(filter: DropFilter): Promise<readonly DropView[]>;
  drop(id: number): Promise<DropView | undefined>;
  /** Documents by business key, newest first, or of one drop. */
  documents(filter: {
    key?: string;
    dropId?: number;
    limit: number;
    before?: number;
  }): Promise<readonly DocumentView[]>;
  outboundFiles(filter: { flow?: string; limit: number; before?: number }): Promise<readonly OutboundFile[]>;
  feedItems(filter: {
    limit: number;
    before?: number;
  }): Promise<readonly (StoredItem & { provider: string; feed: string; index: string; facts: readonly string[] })[]>;
  submissions(filter: {
    state?: SubmissionState;
    limit: number;
    before?: number;
  }): Promise<readonly DocumentView['submission'][]>;
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
