import { Failure } from '../core/failure.ts';
import type { Drop } from '../core/ledger.ts';
import type { SignalBox } from '../core/signal-box.ts';
import type { InboundFlow, InboundParts } from './flow.ts';
import { reportDrop, type Outcomes } from './report.ts';

/** Builds reports as drops come to their end. */
export interface Reporter {
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
  reportAll(): Promise<void>;
}

const BATCH = 20;
// Nothing should be missed without a ring; this is the net below it.
const LOOK_AGAIN_MS = 60_000;

export function createReporter(
  flows: readonly InboundFlow[],
  parts: InboundParts,
  box: SignalBox,
  onReported: (drop: Drop, outcomes: Outcomes) => void,
): Reporter {
  const reportAll = async (): Promise<void> => {
    const failed = new Set<number>();
    for (;;) {
      const drops = (await parts.ledger.dropsToReport(BATCH + failed.size)).filter(({ id }) => !failed.has(id));
      for (const drop of drops) {
        const outcomes = await reportOne(drop, flows, parts);
        if (outcomes === undefined) failed.add(drop.id);
        else onReported(drop, outcomes);
      }
      if (drops.length === 0) return;
    }
  };
  return {
    wake: box.wake,
    reportAll,
    async run(signal) {
      while (!signal.aborted) {
        await reportAll();
        await box.wait(LOOK_AGAIN_MS, parts.clock, signal);
      }
    },
  };
}

/** A report that cannot be built now never touches its drop: it is tried again later. */
async function reportOne(
  drop: Drop,
  flows: readonly InboundFlow[],
  parts: InboundParts,
): Promise<Outcomes | undefined> {
  const flow = flows.find(({ name }) => name === drop.flow);
  if (flow === undefined) return undefined;
  try {
    return await reportDrop(drop, flow, parts);
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'disk-error') throw error;
    parts.log.error({ drop: drop.id, flow: drop.flow, failure: error.code }, 'the result file cannot be built now');
    return undefined;
  }
}
