import type { Failure } from '../../core/failure.ts';
import type { InboundFlow, InboundParts } from '../flow.ts';
import { settleDrop } from './settle.ts';
import { survived } from './survived.ts';
import { noteUnfiled, type Unfiled, type UnfiledFile } from './unfiled.ts';

/** Originals that are filed while the next files are received: on a server each step of it is a journey. */
const MOST_FILED = 8;
/** Refusals after which the rest is not even tried: the right is missing for all of them, and each try is a request. */
const MOST_REFUSED = 20;

/** The filing of originals, several at a time, beside what else is done. */
export interface Filing {
  /** Until there is room for one more, and none of these files is being filed. @throws what no work goes on after. */
  wait(paths: readonly string[]): Promise<void>;
  begin(paths: readonly string[], work: () => Promise<void>): void;
  /** Until nothing is under way. @throws what no work goes on after. */
  end(): Promise<void>;
  /** The last one that was survived. */
  failure(): Failure | undefined;
}

export function createFiling(): Filing {
  const busy = new Map<Promise<void>, readonly string[]>();
  const fatal: unknown[] = [];
  let failure: Failure | undefined;
  const isBusy = (path: string): boolean => [...busy.values()].some((paths) => paths.includes(path));
  const refuse = (): void => {
    if (fatal.length > 0) throw fatal[0];
  };
  return {
    failure: () => failure,
    async wait(paths) {
      while (busy.size >= MOST_FILED || paths.some(isBusy)) await Promise.race(busy.keys());
      refuse();
    },
    begin(paths, work) {
      const file = async (): Promise<void> => {
        try {
          const found = await survived(work);
          if ('failure' in found) ({ failure } = found);
        } catch (error) {
          fatal.push(error);
        }
        busy.delete(filed);
      };
      const filed: Promise<void> = file();
      busy.set(filed, paths);
    },
    async end() {
      await Promise.all(busy.keys());
      refuse();
    },
  };
}

/** What could not be filed before is tried again; one that still fails does not stop the others. */
export async function fileLeftovers(
  flow: InboundFlow,
  parts: InboundParts,
): Promise<{ unfiled: Unfiled; failure: Failure | undefined }> {
  const unfiled = new Map<string, UnfiledFile[]>();
  let failure: Failure | undefined;
  let refusals = 0;
  for (const drop of await parts.ledger.unsettledDrops()) {
    if (drop.flow !== flow.name || drop.state === 'reading') continue;
    const isTried = refusals < MOST_REFUSED;
    if (isTried) {
      const filed = await survived(() => settleDrop(drop, flow, parts));
      if (!('failure' in filed)) continue;
      ({ failure } = filed);
      if (failure.code === 'no-permission') refusals++;
    }
    // How far it came by this try: its original may have a name of ours by now.
    const now = isTried ? await parts.ledger.drop(drop.id) : undefined;
    await noteUnfiled(unfiled, now ?? drop, isTried ? flow.folder : undefined);
  }
  return { unfiled, failure };
}
