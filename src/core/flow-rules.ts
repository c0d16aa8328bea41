/** The sequence in which the files of a flow come, and what to do when they do not. */
export interface SequenceRule {
  /** A file name with `{seq}` and perhaps `*`, or the column that holds the number: `FileNo`, `file.FileNo`. */
  readonly in: string;
  readonly gap: 'wait' | 'warn' | 'accept';
  /** How long a wait for a missing number may last before it becomes an incident, in milliseconds. */
  readonly forMs: number;
  readonly duplicate: 'refuse' | 'warn';
  /** The number that follows `max`. */
  readonly first: number;
  /** Highest number; undefined: they never begin anew by themselves. */
  readonly max: number | undefined;
}

/** By when files of a flow are to be there. */
export interface ExpectRule {
  /** Minutes after midnight, ascending. */
  readonly by: readonly number[];
  /** IANA time zone of the times and the dates. */
  readonly zone: string;
  /** Days on which a file is due: days of the week from 0 = Sunday, or dates `2026-12-24`. */
  readonly days: readonly number[] | readonly string[];
  /** Dates on which none is due all the same. */
  readonly except: readonly string[];
  /** How long after the deadline a file is still in time, in milliseconds. */
  readonly graceMs: number;
}

/** What senders are told of their drops, besides what has to be mended. */
export interface AnswerRule {
  /** When a result file is written. */
  readonly when: 'always' | 'errors' | 'never';
  /** What one line of it is about. */
  readonly per: 'file' | 'document' | 'line';
  /** Whether a file says at once that the drop came. */
  readonly isReceiptWanted: boolean;
}
