import { Failure, failureCatalogue } from '../core/failure.ts';
import type { Drop } from '../core/ledger.ts';
import type { SignalBox } from '../core/signal-box.ts';
import type { InboundFlow, InboundParts } from './flow.ts';
import { reportDrop, type Outcomes } from './report.ts';

/** Builds reports as drops come to their end. */
export interface Reporter {
  wake(): void;
  run(signal: AbortSignal): Promise<void>;
  reportAll(): Promise<void>;
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
): Reporter {
  let troubles: ReadonlyMap<string, string> = new Map();
  const reportAll = async (): Promise<void> => {
    const failed = new Set<number>();
    const met = new Map<string, string>();
    for (;;) {
      const drops = (await parts.ledger.dropsToReport(BATCH + failed.size)).filter(({ id }) => !failed.has(id));
      for (const drop of drops) {
        const reported = await reportOne(drop, flows, parts);
        if ('outcomes' in reported) {
          onReported(drop, reported.outcomes);
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
    troubles: () => [...troubles.values()],
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
  { name, folder, results }: Pick<InboundFlow, 'name' | 'folder' | 'results'>,
  { code }: Failure,
): string {
  return `flow ${name}: no result file can be built: ${failureCatalogue[code].what} (${folder.location}/${results})`;
}

/** A report that cannot be built now never touches its drop: it is tried again later. */
async function reportOne(
  drop: Drop,
  flows: readonly InboundFlow[],
  parts: InboundParts,
): Promise<{ outcomes: Outcomes } | { trouble: string | undefined }> {
  const flow = flows.find(({ name }) => name === drop.flow);
  if (flow === undefined) return { trouble: undefined };
  try {
    return { outcomes: await reportDrop(drop, flow, parts) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'disk-error') throw error;
    parts.log.error({ drop: drop.id, flow: drop.flow, failure: error.code }, 'the result file cannot be built now');
    return { trouble: reportTrouble(flow, error) };
  }
}
