import type { Issue } from './issue.ts';
import type { SequencePosition } from './ledger-controls.ts';
import type { FileExtras } from './ledger-outbound.ts';
import type { FrozenRequest, OutcomeClass, Revisions } from './provider.ts';
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
  /** How often it was reported: after the first time only what was decided since is told. */
  readonly reports?: number;
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
    /** False when the request has to be completed before its first send. Default true. */
    readonly isPrepared?: boolean;
    /** Whether a later document with its key is a further one. Default `none`. */
    readonly revisions?: Revisions;
    /** SHA-256 of the file that is sent as well. */
    readonly fileHash?: string;
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
  /** Its place in the sequence of its flow: taken up unless the drop is refused. */
  readonly sequence?: SequencePosition;
  /** Refused documents that came back: not the file that a flow expects. */
  readonly isReturned?: boolean;
  /** Its sender is told at once that it came. */
  readonly isReceiptWanted?: boolean;
}

/** A submission claimed for one attempt; the attempt is already in the book. */
export interface Claim {
  readonly submissionId: number;
  readonly attempt: number;
  readonly operation: string;
  readonly key: string;
  readonly request: FrozenRequest;
  /** False until the request is completed (`storePrepared`): then nothing of it was ever sent. */
  readonly isPrepared: boolean;
  /** Earlier attempts that may have reached the provider. */
  readonly mayHaveArrived: boolean;
  /** Wall-clock time of its first attempt; left out in that one. */
  readonly since?: number;
  /**
   * How many look-ups did not find the record since the provider said that it exists; undefined when the last send was
   * answered otherwise.
   */
  readonly unseen?: number;
  /** Of a look-up: what the provider said when it left open what became of the document. */
  readonly said?: readonly Issue[];
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
  /** A result file said that it is held, and a person decided since. */
  readonly isDecided?: boolean;
}

/** Documents of a drop that a report is about, as far as there may be more to tell of them. */
export interface Told {
  /** Told as held, or held again. */
  readonly held: readonly number[];
  /** Told as held before, and now with their end. */
  readonly ended: readonly number[];
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
  /** What tells it from the other items of its feed. */
  readonly identity?: string;
}

export interface OutboundFile extends FileExtras {
  readonly id: number;
  /** Name of the outbound flow, or of the inbound flow for its result files. */
  readonly flow: string;
  readonly kind: 'feed' | 'received' | 'result' | 'rejects';
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
  readonly publishedAt?: number;
  /** Until when its bytes are kept to be written again. */
  readonly keptUntil?: number;
  /** How often a person had it written again. */
  readonly rewrites?: number;
  /** When it was seen to be gone from its name, or a person stopped waiting for that. */
  readonly leftAt?: number;
  /** When its reader said what it is worth, or a person stopped waiting for that. */
  readonly answeredAt?: number;
  /** Of a file that is not out yet: what follows it. */
  readonly markerPath?: string;
}

export interface FileContent extends FileExtras {
  readonly folder: string;
  readonly path: string;
  readonly temporaryPath: string;
  readonly hash: string;
  readonly size: number;
  readonly rows: number;
  readonly spool: string;
  /** A file that follows it. */
  readonly marker?: { readonly path: string; readonly temporaryPath: string };
}

/** Work that is left for a provider, for deciding when to look again and what to say at the end. */
export interface LaneState {
  /** Submissions that are ready, sending or unknown. */
  readonly open: number;
  /** Wall-clock time at which the next one is due; undefined when none is. */
  readonly nextDueAt: number | undefined;
}
