import type { Ending } from '../core/format.ts';
import type { FileEntry, NoFile } from '../core/folder.ts';
import { isFailure } from '../core/failure.ts';
import { createSightings, type Sightings } from '../core/sightings.ts';
import { headName } from '../mapping/index.ts';
import type { Ledger } from '../core/ledger.ts';
import { baseName, type InboundParts, type WatchedFlow } from './flow.ts';
import type { Picked } from './intake.ts';
import { createStrays } from './strays.ts';

/** Why a visible file is not being taken yet. */
export interface Waiting {
  readonly flow: string;
  readonly path: string;
  readonly why: string;
  /** No flow picks it: it is named, and nobody waits for it. */
  readonly isStray?: boolean;
}

export interface ScanResult {
  readonly ready: readonly Picked[];
  readonly waiting: readonly Waiting[];
  /** When to look again at the latest, in milliseconds; undefined when nothing waits for time. */
  readonly againMs: number | undefined;
}

export interface Scanner {
  /**
   * One full listing: what is ready, what waits and why. `isHurried`: there will be no later one to notice what never comes.
   * @throws Failure folder-gone, folder-unreachable.
   */
  scan(isHurried?: boolean): Promise<ScanResult>;
}

// Enough for a line end in any encoding, a closing bracket, or the end record of a zip directory.
const TAIL_BYTES = 64;

export interface ScanParts extends Pick<InboundParts, 'clock'> {
  readonly ledger: Pick<Ledger, 'isHeld'> & Partial<Pick<Ledger, 'isFolderKnown' | 'rememberFolder'>>;
  readonly log?: InboundParts['log'];
}

/**
 * `neighbours`: the flows that pick from the same directory, this one included; the first names the files none of them
 * picks. `sightings`: how it is told that a file rests.
 */
export function createScanner(
  flow: WatchedFlow,
  parts: ScanParts,
  neighbours: readonly WatchedFlow[] = [],
  sightings: Sightings = createSightings({ clock: parts.clock, quietMs: flow.quietMs }),
): Scanner {
  const isFirst = neighbours[0] === flow;
  const isAlone = neighbours.length === 0;
  const strays = createStrays(isAlone ? [flow] : neighbours, parts.clock, parts.log);
  const arrivals = createArrivals(flow, parts.ledger);
  return {
    async scan(isHurried = false) {
      const entries = new Map<string, FileEntry>();
      const noFiles: NoFile[] = [];
      const mustExist = await arrivals.wereSeen();
      const listing = flow.folder.list(flow.directory, { mustExist, onNoFile: (entry) => noFiles.push(entry) });
      for await (const entry of listing) entries.set(baseName(entry.path), entry);
      if (!mustExist) await arrivals.remember();
      sightings.forgetAbsent(new Set([...entries.values()].map(({ path }) => path)));
      const state: ScanState = { ready: [], waiting: [], againMs: undefined };
      for (const [name, entry] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (flow.picks(name)) await consider(name, entry, entries, { flow, parts, sightings, state });
      }
      if (isFirst || isAlone) state.waiting.push(...strays.find(entries, isHurried, isFirst, noFiles));
      return state;
    },
  };
}

/** Whether the directory that drops arrive in was there before: then its absence is trouble, not a beginning. */
function createArrivals({ folder, directory }: WatchedFlow, ledger: ScanParts['ledger']) {
  // The root is known to the program that opened it.
  const place = directory === '' ? undefined : `${folder.location}/${directory}`;
  let isKnown = false;
  return {
    async wereSeen(): Promise<boolean> {
      if (place !== undefined) isKnown ||= (await ledger.isFolderKnown?.(folder.name, place)) ?? false;
      return isKnown;
    },
    async remember(): Promise<void> {
      if (place !== undefined) await ledger.rememberFolder?.(folder.name, place);
    },
  };
}

interface ScanState {
  ready: Picked[];
  waiting: Waiting[];
  againMs: number | undefined;
}

interface ScanContext {
  readonly flow: WatchedFlow;
  readonly parts: ScanParts;
  readonly sightings: Sightings;
  readonly state: ScanState;
}

async function consider(
  name: string,
  entry: FileEntry,
  entries: ReadonlyMap<string, FileEntry>,
  context: ScanContext,
): Promise<void> {
  const { flow, state } = context;
  const wait = (why: string): void => void state.waiting.push({ flow: flow.name, path: entry.path, why });
  if (entry.unusable !== undefined) return wait(entry.unusable);
  const companions = flow.mapping.companions(name);
  if (companions === undefined) {
    // A companion that the glob fits too: not this file is wrong, at most its picked one is missing.
    if (headName(flow.mapping.definition, name) === undefined) wait('its name does not fit read.name of the mapping');
    return;
  }
  const picked = new Map([['', entry]]);
  for (const [part, companion] of companions) {
    const found = entries.get(companion);
    if (found === undefined) return wait(`waits for ${companion}`);
    picked.set(part, found);
  }
  if (await context.parts.ledger.isHeld(flow.folder.name, entry.path, entry.fingerprint))
    return wait('held: see dray status');
  let isReady = true;
  for (const [part, file] of picked) isReady = (await isAtRest(part, file, context, wait)) && isReady;
  if (isReady) state.ready.push(picked);
}

async function isAtRest(
  part: string,
  file: FileEntry,
  context: ScanContext,
  wait: (why: string) => void,
): Promise<boolean> {
  const { flow, state, sightings } = context;
  const verdict = await sightings.see(file, () => endingOf(part, file, flow));
  if (verdict.kind === 'take') return true;
  state.againMs = Math.min(state.againMs ?? Infinity, verdict.forMs);
  wait(`${reasons[verdict.why]}; looks again in ${Math.ceil(verdict.forMs / 1000)} s`);
  return false;
}

const reasons = {
  quiet: 'not yet unchanged for long enough',
  'no-final-newline': 'its last record has no end yet',
  empty: 'still empty',
} as const;

async function endingOf(part: string, entry: FileEntry, flow: WatchedFlow): Promise<Ending> {
  if (entry.size === 0) return 'empty';
  try {
    const file = await flow.folder.open(entry.path);
    try {
      const length = Math.min(TAIL_BYTES, entry.size);
      return flow.format.ending(await file.read(entry.size - length, length), entry.size, flow.readOptions(part));
    } finally {
      await file.close();
    }
  } catch (error) {
    // Intake meets the same trouble and says it properly.
    if (isFailure(error, 'no-permission') || isFailure(error, 'not-a-regular-file')) return 'complete';
    if (isFailure(error, 'file-gone')) return 'open';
    throw error;
  }
}
