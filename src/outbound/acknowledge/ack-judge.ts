import type { Clock } from '../../core/clock.ts';
import { describeIncident } from '../../core/incident.ts';
import type { AnswerLedger, AwaitedCode, FileIncidentCode, IncidentState } from '../../core/ledger.ts';
import type { Log } from '../../core/log.ts';
import type { OutboundFlow } from '../flow.ts';

export interface JudgeParts {
  readonly ledger: AnswerLedger;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Told of an incident: in words, and whether it was opened or closed. */
  readonly onIncident: (text: string, isOpen: boolean) => void;
}

export type AwaitingFlow = Pick<OutboundFlow, 'name' | 'collected' | 'acknowledged'>;

const OPENED = {
  'file-uncollected': 'files that went out were not taken in time',
  'file-unacknowledged': 'files that went out were not acknowledged in time',
  'file-declined': 'a file that went out was declined by its reader',
} as const satisfies Record<FileIncidentCode, string>;

/**
 * Opens, changes and closes the incidents of a flow: one for all its files of each kind. `lookedUpTo`: of files published
 * up to then it is known whether they still lie there; undefined when nobody looked.
 */
export async function judgeFlow(flow: AwaitingFlow, lookedUpTo: number | undefined, parts: JudgeParts): Promise<void> {
  const { collected, acknowledged } = flow;
  const now = parts.clock.now();
  if (collected !== undefined && lookedUpTo !== undefined)
    await judgeOverdue(flow.name, 'file-uncollected', Math.min(now - collected.withinMs, lookedUpTo), parts);
  if (acknowledged !== undefined)
    await judgeOverdue(flow.name, 'file-unacknowledged', now - acknowledged.withinMs, parts);
  await judgeDeclined(flow.name, parts);
}

async function judgeOverdue(flow: string, code: AwaitedCode, upTo: number, parts: JudgeParts): Promise<void> {
  const { ledger, clock } = parts;
  const since = await ledger.beginAwaiting(flow, code, clock.now());
  const { count, oldest } = await ledger.overdueFiles(flow, code, since, upTo);
  if (oldest === undefined) return settle(flow, code, undefined, 0, parts);
  const subject = `${oldest.path}, out since ${new Date(oldest.publishedAt).toISOString()}${others(count)}`;
  await settle(flow, code, { subject, upTo }, count, parts);
}

async function judgeDeclined(flow: string, parts: JudgeParts): Promise<void> {
  const { count, oldest } = await parts.ledger.declinedFiles(flow);
  if (oldest === undefined) return settle(flow, 'file-declined', undefined, 0, parts);
  const words = oldest.message === '' ? 'without a reason' : `"${shorten(oldest.message)}"`;
  const subject = `${oldest.path}: ${words}${others(count)}`;
  await settle(flow, 'file-declined', { subject, upTo: parts.clock.now() }, count, parts);
}

async function settle(
  flow: string,
  code: FileIncidentCode,
  state: IncidentState | undefined,
  files: number,
  { ledger, log, onIncident }: JudgeParts,
): Promise<void> {
  const became = await ledger.judgeIncident(flow, code, state);
  if (became === 'opened' && state !== undefined) {
    // Without the reader's words: they may hold anything.
    log.error({ flow, incident: code, files }, OPENED[code]);
    onIncident(describeIncident({ flow, code, subject: state.subject }), true);
  }
  if (became === 'closed') {
    log.info({ flow, incident: code }, 'what files that went out waited for has come');
    onIncident(describeIncident({ flow, code, subject: 'its files' }), false);
  }
}

function others(count: number): string {
  return count === 1 ? '' : `, and ${count - 1} more`;
}

const LONGEST_WORDS = 300;

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST_WORDS ? text : `${characters.slice(0, LONGEST_WORDS).join('')}…`;
}
