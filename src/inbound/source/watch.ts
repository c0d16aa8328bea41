import { failureCatalogue, type Failure } from '../../core/failure.ts';
import { createSignalBox } from '../../core/signal-box.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import { createFiling, fileLeftovers, type Filing } from './filing.ts';
import { takeIn, type Picked, type Taken, type TakenIn } from './intake.ts';
import { createExpectation, type OnIncident } from '../expect/expect.ts';
import { createScanner, type Scanner, type ScanResult, type Waiting } from './scan.ts';
import { createSequenceGate, type SequenceGate } from '../expect/sequence-gate.ts';
import { survived } from './survived.ts';
import { standingOf, type Unfiled } from './unfiled.ts';

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
/** How far apart looks are that events ask for: what they tell of needs its quiet time anyway. */
const LEAST_REST_MS = 200;
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
  const touched = new Map<string, string>();
  let waiting: readonly Waiting[] = [];
  let trouble: string | undefined;
  const meet = (failure: Failure, isFiling: boolean): void => {
    const words = wordsOf(flow, failure, isFiling);
    if (trouble !== words) {
      parts.log.error(
        { flow: flow.name, failure: failure.code },
        'the flow cannot do all its work now; it tries again',
      );
    }
    trouble = words;
  };
  const round = async (signal: AbortSignal, isHurried: boolean): Promise<Round> => {
    const found = await takeReady({ flow, parts, scanner, gate, touched, isHurried, onTaken }, signal);
    if (found.waiting !== undefined) ({ waiting } = found);
    if (found.failure === undefined) trouble = undefined;
    else meet(found.failure, found.isFiling === true);
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
          const rest = beginRest(parts.clock);
          const { taken, againMs, waiting: listed } = await round(signal, untilIdle);
          rest.lookEnded();
          // Not before a listing: watching would create a directory that is gone.
          if (!untilIdle && watcher === undefined && listed !== undefined) {
            watcher = await flow.folder.watch([flow.directory], box.wake);
            continue;
          }
          if (taken > 0) continue;
          await expectation.look(againMs !== undefined);
          if (untilIdle && againMs === undefined) return;
          await box.wait(Math.min(againMs ?? LISTING_INTERVAL_MS, LISTING_INTERVAL_MS), parts.clock, signal);
          await rest.take(signal);
        }
      } finally {
        await watcher?.close();
      }
    },
  };
}

/** A sender that appends all the time must not make us list the directory all the time. */
function beginRest({ monotonic, sleep }: InboundParts['clock']) {
  const beganMs = monotonic();
  let endedMs = beganMs;
  return {
    lookEnded: () => void (endedMs = monotonic()),
    /** Until at least as long as the look took has passed since. */
    async take(signal: AbortSignal): Promise<void> {
      const leftMs = endedMs + Math.max(LEAST_REST_MS, endedMs - beganMs) - monotonic();
      if (leftMs > 0) await sleep(leftMs, signal);
    },
  };
}

/** In words for people. `isFiling`: it was met when originals were to be filed away. */
function wordsOf(flow: InboundFlow, failure: Failure, isFiling: boolean): string {
  const words = `${failureCatalogue[failure.code].what} (${placeOf(flow, failure)})`;
  if (!isFiling || failure.code !== 'no-permission') return words;
  const [what, right] = flow.original === 'delete' ? ['deleted', 'rename and to delete'] : ['moved away', 'rename'];
  return `${words}: files that were received cannot be ${what}; give dray the right to ${right} there, or set original: leave`;
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
  /** It was met when originals were to be filed away. */
  readonly isFiling?: boolean;
}

interface Taking {
  readonly flow: InboundFlow;
  readonly parts: InboundParts;
  readonly scanner: Scanner;
  readonly gate: SequenceGate;
  /** Fingerprints of files that were taken before and only touched since, by path. */
  readonly touched: Map<string, string>;
  readonly isHurried: boolean;
  readonly onTaken: (fileName: string, how: Taken) => void;
}

async function takeReady(taking: Taking, signal: AbortSignal): Promise<Round> {
  const { flow, parts, scanner, isHurried } = taking;
  const leftovers = await fileLeftovers(flow, parts);
  if (leftovers.unfiled.size === 0) taking.touched.clear();
  const scan = await survived(() => scanner.scan(isHurried));
  if ('failure' in scan) return { taken: 0, waiting: undefined, againMs: undefined, failure: scan.failure };
  const filing = createFiling();
  let round: Round;
  try {
    round = await takeEach(taking, scan.value, leftovers.unfiled, filing, signal);
  } finally {
    await filing.end();
  }
  const unfiled = filing.failure() ?? leftovers.failure;
  return round.failure !== undefined || unfiled === undefined ? round : { ...round, failure: unfiled, isFiling: true };
}

async function takeEach(
  { flow, parts, gate, touched, onTaken }: Taking,
  scan: ScanResult,
  unfiled: Unfiled,
  filing: Filing,
  signal: AbortSignal,
): Promise<Round> {
  let taken = 0;
  let { againMs } = scan;
  const waiting = [...scan.waiting];
  let failure: Failure | undefined;
  for (const picked of await gate.sort(scan.ready)) {
    const path = picked.get('')?.path ?? '';
    const standing = standingOf(picked, unfiled, touched);
    if (standing !== 'new') {
      if (standing.why !== undefined) waiting.push({ flow: flow.name, path, why: standing.why });
      continue;
    }
    await filing.wait(pathsOf(picked));
    if (signal.aborted || isStopping(filing.failure())) return { taken, waiting, againMs, failure };
    let why = await gate.wait(picked);
    const took =
      why === undefined ? await survived(() => takeIn(flow, picked, parts, gate, unfiled)) : { value: WAITS };
    if ('failure' in took) {
      ({ failure } = took);
      // Nothing else of this folder can be taken either.
      if (isStopping(failure)) return { taken, waiting, againMs, failure };
      continue;
    }
    const { how, settle } = took.value;
    if (how === 'waiting') {
      why ??= await gate.wait(picked);
      waiting.push({ flow: flow.name, path, why: why ?? 'waits for an earlier file' });
      continue;
    }
    if (how === 'changed') againMs = Math.min(againMs ?? Infinity, flow.quietMs);
    else taken++;
    if (how !== 'known') onTaken(baseName(path), how);
    else for (const file of picked.values()) touched.set(file.path, file.fingerprint);
    if (settle !== undefined) filing.begin(pathsOf(picked), settle);
  }
  await gate.endRound(againMs !== undefined);
  return { taken, waiting, againMs, failure };
}

const WAITS: TakenIn = { how: 'waiting' };

function pathsOf(picked: Picked): readonly string[] {
  return [...picked.values()].map(({ path }) => path);
}

function isStopping(failure: Failure | undefined): boolean {
  return failure !== undefined && STOPPING.includes(failure.code);
}
