import type { Config } from '../config/index.ts';
import { systemClock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import { describeIncident, isAboutOurs, recoveryNote } from '../core/incident.ts';
import type { ControlLedger, ControlReader, Incident, LedgerReader, SourceLedger } from '../core/ledger.ts';
import { overdue, positionBefore } from '../inbound/index.ts';
import { openLedger } from '../ledger/index.ts';
import { connectControl, controlAddress } from '../server/control.ts';
import { createLog } from './logger.ts';

const MOST_OPEN = 1000;

/** What did not come, in words; `id` where it is in the ledger already. The oldest first. */
export interface Missing {
  readonly id: number | undefined;
  readonly flow: string;
  readonly text: string;
  /** Whether a file did not come, or something is wrong with one of ours. */
  readonly label: 'missing' | 'incident';
  /** What a person can do. */
  readonly recovery: string;
}

/** Open incidents, and deadlines that passed while no dray ran to note them. */
export async function missingFiles(
  config: Config,
  ledger: LedgerReader,
  isRunning: boolean,
): Promise<readonly Missing[]> {
  const open = await ledger.incidents({ isOpen: true, limit: MOST_OPEN });
  const noted = open.toReversed().map(({ id, ...incident }) => ({ id, flow: incident.flow, ...inWords(incident) }));
  return isRunning ? noted : [...noted, ...(await unnoted(config, ledger, open))];
}

/** An incident as people are told of it. */
export function inWords(incident: Omit<Incident, 'id' | 'openedAt' | 'closedAt'>): Omit<Missing, 'id' | 'flow'> {
  const label = isAboutOurs(incident) ? 'incident' : 'missing';
  return { text: describeIncident(incident), label, recovery: recoveryNote(incident) };
}

async function unnoted(config: Config, ledger: LedgerReader, open: readonly Incident[]): Promise<readonly Missing[]> {
  const states = await ledger.expectations();
  return states.flatMap((state) => {
    const rule = config.inbound.get(state.flow)?.expect;
    if (rule === undefined) return [];
    return overdue(rule, state, open, systemClock.now()).map((text) => ({
      id: undefined,
      flow: state.flow,
      text,
      label: 'missing' as const,
      recovery: recoveryNote({ code: 'file-overdue' }),
    }));
  });
}

type Decider = Pick<ControlLedger, 'closeIncident' | 'setSequence'> & Pick<SourceLedger, 'forgetFiles'> & ControlReader;

/** A person decided: this will not come any more. Answers false when no such incident is open. */
export function closeIncident(config: Config, id: number): Promise<boolean> {
  return decide(config, (ledger) => ledger.closeIncident(id));
}

/**
 * A person decided: the next file of a flow has this number.
 * @throws Failure bad-usage when the flow has no sequence or the number lies outside it.
 */
export async function setNextNumber(config: Config, flow: string, next: number): Promise<void> {
  const rule = config.inbound.get(flow)?.sequence;
  if (rule === undefined) throw new Failure('bad-usage', `no inbound flow ${flow} of the configuration has a sequence`);
  const lowest = rule.max === undefined ? 0 : rule.first;
  if (next < lowest || next > (rule.max ?? Number.MAX_SAFE_INTEGER)) {
    throw new Failure('bad-usage', `${next} is no number of the sequence of ${flow}`);
  }
  await decide(config, async (ledger) => {
    const last = (await ledger.sequences()).find((state) => state.flow === flow);
    await ledger.setSequence(flow, positionBefore(next, last, rule));
  });
}

/** In the running dray, or in the ledger itself. */
export async function decide<Result>(config: Config, work: (ledger: Decider) => Promise<Result>): Promise<Result> {
  const control = await connectControl(controlAddress(config.ledger));
  if (control !== undefined) {
    try {
      return await work(control);
    } finally {
      control.close();
    }
  }
  const ledger = await openLedger({ path: config.ledger, clock: systemClock, log: createLog('error', config.secrets) });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}
