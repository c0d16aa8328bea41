import type { IncidentCode } from './ledger-controls.ts';
import type { Drop, FileContent, OutboundFile } from './ledger-types.ts';

/** A drop whose sender is to be told that it came, before its documents have an end. */
export interface ReceivedDrop extends Drop {
  readonly receivedAt: number;
  /** Documents that were found in it, and how many of them are refused before anything is sent. */
  readonly documents: number;
  readonly refused: number;
}

/** What can become overdue with a file that went out: nobody took it, or nobody said that it can be used. */
export type AwaitedCode = Extract<IncidentCode, 'file-uncollected' | 'file-unacknowledged'>;
/** Incidents of which a flow has one at most: it tells of all its files. */
export type FileIncidentCode = AwaitedCode | Extract<IncidentCode, 'file-declined'>;

/** A published file that was not seen to be gone from its name. */
export interface LyingFile extends Pick<OutboundFile, 'id' | 'folder' | 'path'> {
  readonly publishedAt: number;
}

export interface OverdueFiles {
  readonly count: number;
  readonly oldest: { readonly path: string; readonly publishedAt: number } | undefined;
}

export interface DeclinedFiles {
  readonly count: number;
  readonly oldest: { readonly path: string; readonly message: string } | undefined;
}

/** What the reader of our files says of one. */
export interface Acknowledgement {
  /** Outbound flows the file may be of. */
  readonly flows: readonly string[];
  /** Name of the file; its newest, where several of a flow had it. */
  readonly name?: string;
  /** The name as it was said, with directories: tells files of several flows apart. */
  readonly path?: string;
  readonly sequence?: number;
  readonly isAccepted: boolean;
  /** The reader's own words; empty when there are none. */
  readonly message: string;
  /** When it was read, wall clock: what was built later is not what it is about. */
  readonly saidAt: number;
}

/** Whether the one incident of a flow and code is open, and what it says. */
export interface IncidentState {
  readonly subject: string;
  /** Files that went out up to this time are counted in it: a person who closes it has dealt with those. */
  readonly upTo: number;
}

/** What the ledger knows of answers: ours that a drop came, and those of others to our files. */
export interface AnswerLedger {
  /** Received drops whose receipt is still to be built, the oldest first. No report of them is built before it. */
  dropsToAcknowledge(limit: number): Promise<readonly ReceivedDrop[]>;
  /** The receipt of a drop, as a file to deliver; undefined: it is not wanted any more. */
  completeReceipt(dropId: number, file: FileContent | undefined): Promise<void>;

  /** Since when files of a flow are awaited; from now on where they were not yet. */
  beginAwaiting(flow: string, code: AwaitedCode, now: number): Promise<number>;
  /** Forgets flows that await no more, and closes their incidents. */
  retireAwaiting(kept: readonly { readonly flow: string; readonly code: AwaitedCode }[]): Promise<void>;
  /** Published since then and not seen to be gone, the oldest first. */
  lyingFiles(flow: string, since: number, limit: number): Promise<readonly LyingFile[]>;
  markLeft(fileIds: readonly number[], at: number): Promise<void>;
  /** Files that went out between two times and are still awaited. */
  overdueFiles(flow: string, code: AwaitedCode, since: number, until: number): Promise<OverdueFiles>;
  declinedFiles(flow: string): Promise<DeclinedFiles>;
  /** Answers the file it is about, or why there is none. The same one twice changes nothing. */
  acknowledgeFile(acknowledgement: Acknowledgement): Promise<OutboundFile | 'unknown' | 'ambiguous'>;
  /** Opens, changes or closes the one incident of a flow and code. Answers what became of it where that is new. */
  judgeIncident(
    flow: string,
    code: FileIncidentCode | Extract<IncidentCode, 'records-unread'>,
    state: IncidentState | undefined,
  ): Promise<'opened' | 'closed' | undefined>;
}
