import type { ExpectRule } from '../../core/flow-rules.ts';
import { describeIncident } from '../../core/incident.ts';
import type { ExpectationState, Incident } from '../../core/ledger.ts';
import { createDeadlines } from './expect-deadlines.ts';
import { judge } from './expect-judge.ts';
import type { InboundFlow, InboundParts } from '../flow.ts';

/** Notices when a file of a flow has not come by its deadline, and when it comes after all. */
export interface Expectation {
  /**
   * Judges what is due. `isSettling`: files are there that cannot be taken yet; they are waited for as long as a file may
   * need to come to rest.
   */
  look(isSettling: boolean): Promise<void>;
}

/** Told of an incident: in words, and whether it was opened or closed. */
export type OnIncident = (text: string, isOpen: boolean) => void;

// The longest a file whose structure has not ended is given before it is taken.
const RESTING_QUIET_TIMES = 12;
const MOST_OPEN = 1000;

export function createExpectation(flow: InboundFlow, parts: InboundParts, onIncident: OnIncident): Expectation {
  const rule = flow.expect;
  if (rule === undefined) return { look: () => Promise.resolve() };
  const { ledger, clock, log } = parts;
  const deadlines = createDeadlines(rule);
  let settlingSinceMs: number | undefined;
  const isStillSettling = (isSettling: boolean): boolean => {
    if (!isSettling) return false;
    settlingSinceMs ??= clock.monotonic();
    return clock.monotonic() - settlingSinceMs <= flow.quietMs * RESTING_QUIET_TIMES;
  };
  const tell = (subject: string, isOpen: boolean): void => {
    const fields = { flow: flow.name, due: subject };
    if (isOpen) log.error(fields, 'a file that was expected has not come');
    else log.info(fields, 'a file that was expected has come late');
    onIncident(describeIncident({ flow: flow.name, code: 'file-overdue', subject }), isOpen);
  };
  return {
    async look(isSettling) {
      const now = clock.now();
      const state = await ledger.beginExpectation(flow.name, now);
      const next = deadlines.after(state.judgedUntil);
      const isDue = next !== undefined && next + rule.graceMs <= now;
      if (!isDue && state.arrivals.length === 0) return;
      if (isDue && isStillSettling(isSettling)) return;
      settlingSinceMs = undefined;
      const open = openOf(flow.name, await ledger.incidents({ isOpen: true, limit: MOST_OPEN }));
      const { isChanged, ...change } = judge(state, open, deadlines, rule, now);
      if (isChanged) await ledger.judgeExpectation(flow.name, change);
      for (const subject of change.opened) tell(subject, true);
      for (const { id, subject } of open) if (change.closed.includes(id)) tell(subject, false);
    },
  };
}

/** Deadlines that have passed and were not judged, since no dray ran: in words. */
export function overdue(
  rule: ExpectRule,
  state: ExpectationState,
  open: readonly Incident[],
  now: number,
): readonly string[] {
  const { opened } = judge(state, openOf(state.flow, open), createDeadlines(rule), rule, now);
  return opened.map((subject) => describeIncident({ flow: state.flow, code: 'file-overdue', subject }));
}

/** Missed deadlines of a flow, the oldest first. */
function openOf(flow: string, incidents: readonly Incident[]): readonly Incident[] {
  return incidents.filter((incident) => incident.flow === flow && incident.code === 'file-overdue').toReversed();
}
