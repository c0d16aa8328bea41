import type { ExpectRule } from '../../core/flow-rules.ts';
import type { Arrival, ExpectationChange, ExpectationState, Incident } from '../../core/ledger.ts';
import type { Deadlines } from './expect-deadlines.ts';

/** What judging led to; `isChanged` when there is anything to keep. */
export interface Judgement extends ExpectationChange {
  readonly isChanged: boolean;
}

type Open = Pick<Incident, 'id' | 'subject'>;

/** A missed deadline whose file may still come. */
interface Missed {
  readonly subject: string;
  /** Undefined: missed in this very judgement. */
  readonly id: number | undefined;
}

/**
 * Holds what came against what was due, in the order in which it happened. A file counts once: for the next deadline, or as
 * the late file of a missed one. After a missed deadline a file is late until half the time to the next one has passed; from
 * then on the first is that for the next, and only those beyond it are late ones.
 */
export function judge(
  state: ExpectationState,
  open: readonly Open[],
  deadlines: Deadlines,
  { graceMs }: Pick<ExpectRule, 'graceMs'>,
  now: number,
): Judgement {
  let { judgedUntil, isMet } = state;
  const missed: Missed[] = open.map(({ id, subject }) => ({ id, subject }));
  const closed: number[] = [];
  let left = state.arrivals;
  let countedUntil = 0;
  const count = (arrival: Arrival, next: number | undefined): void => {
    countedUntil = arrival.id;
    const isForNext = next === undefined || arrival.at >= judgedUntil + (next - judgedUntil) / 2;
    if (missed.length === 0 || (isForNext && !isMet)) {
      isMet = true;
      return;
    }
    const found = missed.shift();
    if (found?.id !== undefined) closed.push(found.id);
  };
  for (;;) {
    const next = deadlines.after(judgedUntil);
    const due = next === undefined ? Infinity : next + graceMs;
    const later = left.findIndex((arrival) => arrival.at > Math.min(due, now));
    const counted = later < 0 ? left : left.slice(0, later);
    for (const arrival of counted) count(arrival, next);
    left = left.slice(counted.length);
    if (next === undefined || due > now) break;
    if (!isMet) missed.push({ id: undefined, subject: deadlines.text(next) });
    judgedUntil = next;
    isMet = false;
  }
  // A wall clock that was set back: what has come has come.
  for (const arrival of left) count(arrival, deadlines.after(judgedUntil));
  const opened = missed.flatMap(({ id, subject }) => (id === undefined ? [subject] : []));
  const isChanged = countedUntil > 0 || judgedUntil !== state.judgedUntil || isMet !== state.isMet;
  return { judgedUntil, isMet, countedUntil, opened, closed, isChanged };
}
