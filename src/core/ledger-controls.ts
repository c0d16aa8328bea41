import type { IssueCode } from './issue-catalogue.ts';
import type { Drop } from './ledger-types.ts';

/** A sequence number and how often the numbers began anew before it. */
export interface SequencePosition {
  readonly cycle: number;
  readonly number: number;
}

/** How far the files of a flow have come. */
export interface SequenceState extends SequencePosition {
  readonly flow: string;
  /** Since when a later file waits for the next number, wall clock; undefined when none does. */
  readonly waitingSince: number | undefined;
}

/** Something that did not come in time, until it comes or a person closes it. */
export interface Incident {
  readonly id: number;
  readonly flow: string;
  readonly code: IncidentCode;
  /** What it is about, in words: the deadline, the missing numbers. One incident for each. */
  readonly subject: string;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
}
export type IncidentCode = Extract<
  IssueCode,
  'file-overdue' | 'sequence-gap' | 'file-uncollected' | 'file-unacknowledged' | 'file-declined' | 'records-unread'
>;

/** A drop that came, and when it was received. */
export interface Arrival {
  readonly id: number;
  readonly dropId: number;
  readonly at: number;
}

/** Up to where the deadlines of a flow were judged. */
export interface ExpectationState {
  readonly flow: string;
  /** The last deadline that was judged, or when counting began; milliseconds since the epoch. */
  readonly judgedUntil: number;
  /** Whether the file for the next deadline has come. */
  readonly isMet: boolean;
  /** Drops that came and were not counted yet, in their order. */
  readonly arrivals: readonly Arrival[];
}

/** What judging the deadlines of a flow led to; kept in one transaction. */
export interface ExpectationChange {
  readonly judgedUntil: number;
  readonly isMet: boolean;
  /** Id of the last arrival that was counted. */
  readonly countedUntil: number;
  /** Subjects of deadlines that were missed. */
  readonly opened: readonly string[];
  /** Incidents whose files came late. */
  readonly closed: readonly number[];
}

/** What the ledger remembers of files that should come. */
export interface ControlLedger {
  sequenceState(flow: string): Promise<SequenceState | undefined>;
  /** The drop that was received under a number. */
  numberedDrop(flow: string, position: SequencePosition): Promise<Drop | undefined>;
  /** Notes since when a later file waits for the next number; undefined: none waits any more, and its incident is closed. */
  noteSequenceWait(flow: string, since: number | undefined): Promise<void>;
  /** A person decided: the files go on after this position. Closes the incident of the flow. */
  setSequence(flow: string, position: SequencePosition): Promise<void>;
  /** Answers false when the flow has an open incident with this code and subject. */
  openIncident(flow: string, code: IncidentCode, subject: string): Promise<boolean>;
  /** Answers false when it is not open. */
  closeIncident(id: number): Promise<boolean>;
  /** Begins to count deadlines where that was not done yet. */
  beginExpectation(flow: string, from: number): Promise<ExpectationState>;
  judgeExpectation(flow: string, change: ExpectationChange): Promise<void>;
  /** Forgets deadlines and waits of flows that no longer have them, and closes their incidents. */
  retireControls(kept: { readonly expecting: readonly string[]; readonly numbered: readonly string[] }): Promise<void>;
}

/** The part of it that only looks. */
export interface ControlReader {
  /** Newest first. */
  incidents(filter: { isOpen?: boolean; limit: number; before?: number }): Promise<readonly Incident[]>;
  sequences(): Promise<readonly SequenceState[]>;
  expectations(): Promise<readonly ExpectationState[]>;
}
