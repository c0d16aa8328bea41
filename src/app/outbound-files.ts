import type { Config } from '../config/index.ts';
import { systemClock } from '../core/clock.ts';
import { createSpool, openLedger } from '../ledger/index.ts';
import { recollectionProblem, withdrawFile } from '../outbound/index.ts';
import { connectControl, controlAddress } from '../server/control.ts';
import { spoolBeside } from './beside-ledger.ts';
import { createLog } from './logger.ts';
import { isSnapshot } from './outbound-checks.ts';
import type { Project } from './project.ts';

/** What a person decides about files that went back. */
export interface FileDecisions {
  /** Has a published file written again with its bytes; answers whether they are still kept. */
  rewriteFile(fileId: number): Promise<boolean>;
  recollectFlow(flow: string, from: string): Promise<void>;
  /** Answers whether the file could be withdrawn. */
  withdrawFile(fileId: number): Promise<boolean>;
}

/** Why a flow cannot be collected again from a cursor; undefined when it can. */
export function recollectable(
  { config, definitions, outbound }: Project,
  name: string,
  from: string,
): string | undefined {
  const flow = config.outbound.get(name);
  const feed = definitions.get(flow?.provider ?? '')?.feeds.get(flow?.feed ?? '');
  if (flow === undefined || feed === undefined) return 'there is no such outbound flow';
  const map = outbound.get(name)?.definition.map ?? {};
  const counts = Object.values(map).some((node) => typeof node === 'object' && node !== null && '$delta' in node);
  if (counts) return 'it writes how counts grow, and what they were then is not known any more';
  const { paging, changes, track, report } = feed;
  return recollectionProblem(
    {
      kind: isSnapshot(feed) ? 'snapshot' : 'stream',
      start: paging.kind === 'index' ? paging.start : '',
      changes,
      tracking: track,
      reporting: report,
    },
    from,
  );
}

/** Decides in the running dray, or in the ledger itself: then the next start acts on it. */
export async function decide<Result>(
  config: Config,
  work: (decisions: FileDecisions) => Promise<Result>,
): Promise<Result> {
  const control = await connectControl(controlAddress(config.ledger));
  if (control !== undefined) {
    try {
      return await work(control);
    } finally {
      control.close();
    }
  }
  const log = createLog('error', config.secrets);
  const ledger = await openLedger({ path: config.ledger, clock: systemClock, log });
  const spool = createSpool(spoolBeside(config.ledger));
  try {
    return await work({
      rewriteFile: (fileId) => ledger.rewriteFile(fileId),
      recollectFlow: (flow, from) => ledger.askRecollection(flow, from, systemClock.now()),
      // No folder is open: only what was not begun can be withdrawn.
      withdrawFile: (fileId) => withdrawFile(fileId, new Map(), { ledger, spool, clock: systemClock, log }),
    });
  } finally {
    await ledger.close();
  }
}
