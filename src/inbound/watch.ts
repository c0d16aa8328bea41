import { Failure, failureCatalogue } from '../core/failure.ts';
import { createSignalBox } from '../core/signal-box.ts';
import { baseName, type InboundFlow, type InboundParts } from './flow.ts';
import { takeDrop, type Taken } from './intake.ts';
import { settleDrop } from './settle.ts';
import { createScanner, type Scanner, type Waiting } from './scan.ts';

/** Watches the directory of one flow and takes what is ready. Events only wake; a full listing decides. */
export interface Watch {
  readonly flow: string;
  /** Works until the signal aborts; with `untilIdle` until no file is ready or about to be. */
  run(options: { signal: AbortSignal; untilIdle: boolean }): Promise<void>;
  waiting(): readonly Waiting[];
  trouble(): string | undefined;
}

// Events are lost on queue overflow, under mounts and on network shares: this is how late a file can be then.
const LISTING_INTERVAL_MS = 15_000;
/** Failures after which nothing may go on: the ledger or the disk cannot be trusted any more. */
const FATAL: readonly string[] = ['disk-error', 'ledger-damaged', 'ledger-locked', 'ledger-unreachable'];

export function createWatch(
  flow: InboundFlow,
  parts: InboundParts,
  onTaken: (fileName: string, how: Taken) => void,
): Watch {
  const box = createSignalBox();
  const scanner = createScanner(flow, parts);
  let waiting: readonly Waiting[] = [];
  let trouble: string | undefined;
  const meet = (error: unknown): void => {
    if (!(error instanceof Failure) || FATAL.includes(error.code)) throw error;
    const words = `${failureCatalogue[error.code].what} (${flow.folder.location})`;
    if (trouble !== words)
      parts.log.error({ flow: flow.name, failure: error.code }, 'the flow cannot work now; it tries again');
    trouble = words;
  };
  const round = async (signal: AbortSignal): Promise<Round> => {
    try {
      const found = await takeReady(flow, parts, scanner, signal, onTaken);
      ({ waiting } = found);
      trouble = undefined;
      return found;
    } catch (error) {
      meet(error);
      return { taken: 0, waiting, againMs: undefined };
    }
  };
  return {
    flow: flow.name,
    waiting: () => waiting,
    trouble: () => trouble,
    async run({ signal, untilIdle }) {
      const watcher = untilIdle ? undefined : await flow.folder.watch([flow.directory], box.wake);
      try {
        while (!signal.aborted) {
          const { taken, againMs } = await round(signal);
          if (taken > 0) continue;
          if (untilIdle && againMs === undefined) return;
          await box.wait(Math.min(againMs ?? LISTING_INTERVAL_MS, LISTING_INTERVAL_MS), parts.clock, signal);
        }
      } finally {
        await watcher?.close();
      }
    },
  };
}

interface Round {
  readonly taken: number;
  readonly waiting: readonly Waiting[];
  readonly againMs: number | undefined;
}

async function takeReady(
  flow: InboundFlow,
  parts: InboundParts,
  scanner: Scanner,
  signal: AbortSignal,
  onTaken: (fileName: string, how: Taken) => void,
): Promise<Round> {
  const unfiled = await fileLeftovers(flow, parts);
  const { ready, waiting, againMs } = await scanner.scan();
  let taken = 0;
  let nextMs = againMs;
  for (const picked of ready) {
    if (signal.aborted) break;
    const path = picked.get('')?.path ?? '';
    // The file of a drop that was received and could not be filed is no new drop.
    if (unfiled.paths.has(path)) continue;
    const how = await takeDrop(flow, picked, parts);
    if (how === 'changed') nextMs = Math.min(nextMs ?? Infinity, flow.quietMs);
    else taken++;
    onTaken(baseName(path), how);
  }
  if (taken === 0 && unfiled.failure !== undefined) throw unfiled.failure;
  return { taken, waiting, againMs: nextMs };
}

/** What could not be filed before is tried again; one that still fails does not stop the others. */
async function fileLeftovers(
  flow: InboundFlow,
  parts: InboundParts,
): Promise<{ paths: ReadonlySet<string>; failure: Failure | undefined }> {
  const paths = new Set<string>();
  let failure: Failure | undefined;
  for (const drop of await parts.ledger.unsettledDrops()) {
    if (drop.flow !== flow.name || drop.state === 'reading') continue;
    try {
      await settleDrop(drop, flow, parts);
    } catch (error) {
      if (!(error instanceof Failure) || FATAL.includes(error.code)) throw error;
      for (const file of drop.files) paths.add(file.path);
      failure = error;
    }
  }
  return { paths, failure };
}
