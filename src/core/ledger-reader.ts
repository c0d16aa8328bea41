import type { Issue } from './issue.ts';
import type { ControlReader } from './ledger-controls.ts';
import type { OutboundFlowView } from './ledger-outbound.ts';
import type { Books, Drop, OutboundFile, StoredItem } from './ledger-types.ts';
import type { FrozenRequest } from './provider.ts';
import type { DocumentStatus, DropState, OutboundState, SubmissionState } from './states.ts';
import type { WebhookCounts } from './webhook.ts';

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
  readonly webhooks: readonly WebhookCounts[];
}

/** What `status` and `ledger list|show` read; works on a copy in another process and through a running dray. */
export interface LedgerReader extends ControlReader {
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
  /** Outbound files that told of a document, by the keys its provider may know it under; the oldest first. */
  filesAbout(provider: string, keys: readonly string[]): Promise<readonly OutboundFile[]>;
  /** How far an outbound flow is. */
  outboundFlow(flow: { flow: string; provider: string; feed: string }): Promise<OutboundFlowView>;
  outboundFiles(filter: { flow?: string; limit: number; before?: number }): Promise<readonly OutboundFile[]>;
  feedItems(filter: {
    limit: number;
    before?: number;
  }): Promise<readonly (StoredItem & { provider: string; feed: string; index: string; facts: readonly string[] })[]>;
  /** What a submission sends, frozen before its first attempt; undefined when there is no such submission. */
  request(submissionId: number): Promise<FrozenRequest | undefined>;
  submissions(filter: {
    state?: SubmissionState;
    limit: number;
    before?: number;
  }): Promise<readonly DocumentView['submission'][]>;
}
