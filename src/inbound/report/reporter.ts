import { Failure, failureCatalogue } from '../../core/failure.ts';
import type { Drop } from '../../core/ledger.ts';
import type { SignalBox } from '../../core/signal-box.ts';
import type { InboundFlow, InboundParts } from '../flow.ts';
import { buildReceipt } from './receipt.ts';
import { reportDrop, type Outcomes } from './report.ts';

/** Builds reports as drops come to their end. */
export interface Reporter {
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
  reportAll(): Promise<void>;
  /** Builds the receipts of drops that came, and has them delivered. */
  acknowledgeAll(): Promise<void>;
  /** What keeps result files from being built, in words for people; one for each flow. */
  troubles(): readonly string[];
}

const BATCH = 20;
// Nothing should be missed without a ring; this is the net below it.
const LOOK_AGAIN_MS = 60_000;

export function createReporter(
  flows: readonly InboundFlow[],
  parts: InboundParts,
  box: SignalBox,
  onReported: (drop: Drop, outcomes: Outcomes) => void,
  onReceipts: () => Promise<void> = () => Promise.resolve(),
): Reporter {
  let troubles: ReadonlyMap<string, string> = new Map();
  let unacknowledged: ReadonlyMap<string, string> = new Map();
  let receipts: Promise<unknown> = Promise.resolve();
  const acknowledgeAfter = async (earlier: Promise<unknown>): Promise<void> => {
    await earlier;
    const met = new Map<string, string>();
    const hasBuilt = await acknowledgeDrops(flows, parts, met);
    unacknowledged = met;
    if (hasBuilt) await onReceipts();
  };
  // One walk at a time: two would build the same receipt twice.
  const acknowledgeAll = (): Promise<void> => {
    const turn = acknowledgeAfter(receipts);
    receipts = turn.catch(() => undefined);
    return turn;
  };
  const reportAll = async (): Promise<void> => {
    await acknowledgeAll();
    const failed = new Set<number>();
    const met = new Map<string, string>();
    for (;;) {
      const drops = (await parts.ledger.dropsToReport(BATCH + failed.size)).filter(({ id }) => !failed.has(id));
      for (const drop of drops) {
        const reported = await orTrouble(drop, flows, parts, (flow) => reportDrop(drop, flow, parts));
        if ('value' in reported) {
          onReported(drop, reported.value);
          continue;
        }
        failed.add(drop.id);
        if (reported.trouble !== undefined) met.set(drop.flow, reported.trouble);
      }
      if (drops.length > 0) continue;
      troubles = met;
      return;
    }
  };
  return {
    wake: box.wake,
    reportAll,
    acknowledgeAll,
    troubles: () => [...new Map([...troubles, ...unacknowledged]).values()],
    async run(signal) {
      while (!signal.aborted) {
        await reportAll();
        await box.wait(LOOK_AGAIN_MS, parts.clock, signal);
      }
    },
  };
}

/** Why there are no result files, in words for people. */
export function reportTrouble(
  { name, folder, results, resultsFolder = folder }: Pick<InboundFlow, 'name' | 'folder' | 'results' | 'resultsFolder'>,
  { code }: Failure,
): string {
  return `flow ${name}: no result file can be built: ${failureCatalogue[code].what} (${resultsFolder.location}/${results})`;
}

/** Answers whether there are new receipts, and notes why there are none. */
async function acknowledgeDrops(
  flows: readonly InboundFlow[],
  parts: InboundParts,
  met: Map<string, string>,
): Promise<boolean> {
  const failed = new Set<number>();
  let hasBuilt = false;
  for (;;) {
    const drops = (await parts.ledger.dropsToAcknowledge(BATCH + failed.size)).filter(({ id }) => !failed.has(id));
    if (drops.length === 0) return hasBuilt;
    for (const drop of drops) {
      const built = await orTrouble(drop, flows, parts, (flow) => buildReceipt(drop, flow, parts));
      if ('value' in built) hasBuilt = true;
      else {
        failed.add(drop.id);
        if (built.trouble !== undefined) met.set(drop.flow, built.trouble);
      }
    }
  }
}

/** An answer that cannot be built now never touches its drop: it is tried again later. */
async function orTrouble<Value>(
  drop: Drop,
  flows: readonly InboundFlow[],
  parts: InboundParts,
  work: (flow: InboundFlow) => Promise<Value>,
): Promise<{ value: Value } | { trouble: string | undefined }> {
  const flow = flows.find(({ name }) => name === drop.flow);
  if (flow === undefined) return { trouble: undefined };
  try {
    return { value: await work(flow) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'disk-error') throw error;
    parts.log.error({ drop: drop.id, flow: drop.flow, failure: error.code }, 'the result file cannot be built now');
    return { trouble: reportTrouble(flow, error) };
  }
}
