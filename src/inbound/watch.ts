import { Failure, failureCatalogue } from '../core/failure.ts';
import { createSignalBox } from '../core/signal-box.ts';
import { baseName, type InboundFlow, type InboundParts } from './flow.ts';
import { takeDrop, type Taken } from './intake.ts';
import { settleDrop } from './settle.ts';
import { createExpectation, type OnIncident } from './expect.ts';
import { createScanner, type Scanner, type Waiting } from './scan.ts';
import { createSequenceGate, type SequenceGate } from './sequence-gate.ts';

/** Watches the directory of one flow and takes what is ready. Events only wake; a full listing decides. */
export interface Watch {
  readonly flow: string;
  /** Works until the signal aborts; with `untilIdle` until no file is ready or about to be. */
  run(options: { signal: AbortSignal; untilIdle: boolean }): Promise<void>;
  /** Looks again now. */
  wake(): void;
  waiting(): readonly Waiting[];
  trouble(): string | undefined;
}

// Events are lost on queue overflow, under mounts and on network shares: this is how late a file can be then.
const LISTING_INTERVAL_MS = 15_000;
/** Failures after which nothing may go on: the ledger or the disk cannot be trusted any more. */
const FATAL: readonly string[] = ['disk-error', 'ledger-damaged', 'ledger-locked', 'ledger-unreachable'];
/** Failures that every other file of the folder would meet too. */
const STOPPING: readonly string[] = [
  'folder-gone',
  'disk-full',
  'server-unreachable',
  'server-unknown',
  'server-refused',
];

export function createWatch(
  flow: InboundFlow,
  parts: InboundParts,
  onTaken: (fileName: string, how: Taken) => void,
  onIncident: OnIncident = () => undefined,
  neighbours: readonly InboundFlow[] = [],
): Watch {
  const box = createSignalBox();
  const scanner = createScanner(flow, parts, neighbours);
  const gate = createSequenceGate(flow, parts);
  const expectation = createExpectation(flow, parts, onIncident);
  let waiting: readonly Waiting[] = [];
  let trouble: string | undefined;
  const meet = (failure: Failure): void => {
    const words = `${failureCatalogue[failure.code].what} (${placeOf(flow, failure)})`;
    if (trouble !== words) {
      parts.log.error(
        { flow: flow.name, failure: failure.code },
        'the flow cannot do all its work now; it tries again',
      );
    }
    trouble = words;
  };
  const round = async (signal: AbortSignal, isHurried: boolean): Promise<Round> => {
    const found = await takeReady({ flow, parts, scanner, gate, isHurried, onTaken }, signal);
    if (found.waiting !== undefined) ({ waiting } = found);
    if (found.failure === undefined) trouble = undefined;
    else meet(found.failure);
    return found;
  };
  return {
    flow: flow.name,
    wake: box.wake,
    waiting: () => waiting,
    trouble: () => trouble,
    async run({ signal, untilIdle }) {
      let watcher: { close(): Promise<void> } | undefined;
      try {
        while (!signal.aborted) {
          const { taken, againMs, waiting: listed } = await round(signal, untilIdle);
          // Not before a listing: watching would create a directory that is gone.
          if (!untilIdle && watcher === undefined && listed !== undefined) {
            watcher = await flow.folder.watch([flow.directory], box.wake);
            continue;
          }
          if (taken > 0) continue;
          await expectation.look(againMs !== undefined);
          if (untilIdle && againMs === undefined) return;
          await box.wait(Math.min(againMs ?? LISTING_INTERVAL_MS, LISTING_INTERVAL_MS), parts.clock, signal);
        }
      } finally {
        await watcher?.close();
      }
    },
  };
}

/** A directory that is gone is named itself, unless all of its folder is. */
function placeOf({ folder, directory }: InboundFlow, failure: Failure): string {
  const isDirectory = failure.code === 'folder-gone' && failure.message.endsWith(`: ${directory}`);
  return isDirectory && directory !== '' ? `${folder.location}/${directory}` : folder.location;
}

interface Round {
  readonly taken: number;
  /** Undefined when the folder could not be listed. */
  readonly waiting: readonly Waiting[] | undefined;
  readonly againMs: number | undefined;
  /** What went wrong; it did not stop the files it was not about. */
  readonly failure: Failure | undefined;
}

interface Taking {
  readonly flow: InboundFlow;
  readonly parts: InboundParts;
  readonly scanner: Scanner;
  readonly gate: SequenceGate;
  readonly isHurried: boolean;
  readonly onTaken: (fileName: string, how: Taken) => void;
}

async function takeReady(
  { flow, parts, scanner, gate, isHurried, onTaken }: Taking,
  signal: AbortSignal,
): Promise<Round> {
  const leftovers = await fileLeftovers(flow, parts);
  let { failure } = leftovers;
  const scan = await survived(() => scanner.scan(isHurried));
  if ('failure' in scan) return { taken: 0, waiting: undefined, againMs: undefined, failure: scan.failure };
  let taken = 0;
  let { againMs } = scan.value;
  const waiting = [...scan.value.waiting];
  for (const picked of await gate.sort(scan.value.ready)) {
    const path = picked.get('')?.path ?? '';
    // The file of a drop that was received and could not be filed is no new drop.
    if (leftovers.paths.has(path)) continue;
    if (signal.aborted) return { taken, waiting, againMs, failure };
    let why = await gate.wait(picked);
    const how =
      why === undefined ? await survived(() => takeDrop(flow, picked, parts, gate)) : { value: 'waiting' as const };
    if ('failure' in how) {
      ({ failure } = how);
      // Nothing else of this folder can be taken either.
      if (STOPPING.includes(how.failure.code)) return { taken, waiting, againMs, failure };
    } else if (how.value === 'waiting') {
      why ??= await gate.wait(picked);
      waiting.push({ flow: flow.name, path, why: why ?? 'waits for an earlier file' });
    } else {
      if (how.value === 'changed') againMs = Math.min(againMs ?? Infinity, flow.quietMs);
      else taken++;
      onTaken(baseName(path), how.value);
    }
  }
  await gate.endRound(againMs !== undefined);
  return { taken, waiting, againMs, failure };
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
    const filed = await survived(() => settleDrop(drop, flow, parts));
    if (!('failure' in filed)) continue;
    for (const file of drop.files) paths.add(file.path);
    ({ failure } = filed);
  }
  return { paths, failure };
}

/** Runs work; answers its failure unless nothing may go on after it. */
async function survived<Value>(work: () => Promise<Value>): Promise<{ value: Value } | { failure: Failure }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof Failure) || FATAL.includes(error.code)) throw error;
    return { failure: error };
  }
}
