import type { FileEntry, NoFile } from '../../core/folder.ts';
import { createSightings, type Sightings } from '../../core/sightings.ts';
import { headName } from '../../mapping/index.ts';
import type { Ledger } from '../../core/ledger.ts';
import { endingOf, type Keep } from './ending.ts';
import { baseName, isPicked, markerOf, type InboundParts, type WatchedFlow } from '../flow.ts';
import type { Picked, PickedFile } from './intake.ts';
import { openMemory, type Memory, type MemoryLedger } from './memory.ts';
import { createStrays } from './strays.ts';
import { together } from './together.ts';

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

/** Files that are looked into together: of a server each look is a journey. */
const LOOKS = 16;
/** Bytes of files that were read whole for a look at their end and are kept for whoever takes them. */
const MOST_KEPT_BYTES = 8 * 1024 * 1024;

export interface ScanParts extends Pick<InboundParts, 'clock'> {
  readonly ledger: Pick<Ledger, 'isHeld'> &
    Partial<Pick<Ledger, 'isFolderKnown' | 'rememberFolder'>> &
    Partial<MemoryLedger>;
  readonly log?: InboundParts['log'];
}

/**
 * `neighbours`: the flows that pick from the same directory, this one included; the first names the files none of them
 * picks. `own`: how it is told that a file rests.
 */
export function createScanner(
  flow: WatchedFlow,
  parts: ScanParts,
  neighbours: readonly WatchedFlow[] = [],
  own?: Sightings,
): Scanner {
  const resting = own ?? createSightings({ clock: parts.clock, quietMs: flow.quietMs });
  // Who puts a marker beside a file has finished it.
  const announced = own ?? createSightings({ clock: parts.clock, quietMs: 0 });
  const others = new Map<string, string>();
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
      const listed = [...entries.values()];
      const there = new Set(listed.map(({ path }) => path));
      for (const sightings of [resting, announced]) sightings.forgetAbsent(there);
      const memory = await memoryFor(flow, parts, listed, others);
      const context = { flow, parts, resting, announced, entries, memory, keep: createKeep() };
      const names = [...entries.keys()].filter((name) => isPicked(flow, name)).sort();
      const findings = await together(names, LOOKS, (name) => consider(name, context));
      await memory?.close();
      const waiting = findings.flatMap((finding) => finding.waiting ?? []);
      if (isFirst || isAlone) waiting.push(...strays.find(entries, isHurried, isFirst, noFiles));
      const waits = findings.flatMap(({ againMs }) => againMs ?? []);
      return {
        ready: findings.flatMap(({ ready }) => ready ?? []),
        waiting,
        againMs: waits.length === 0 ? undefined : Math.min(...waits),
      };
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

async function memoryFor(
  flow: WatchedFlow,
  { ledger, clock }: ScanParts,
  entries: readonly FileEntry[],
  others: Map<string, string>,
): Promise<Memory | undefined> {
  const { rememberedFiles } = ledger;
  if (flow.original !== 'leave' || rememberedFiles === undefined) return undefined;
  return openMemory(flow, { ...ledger, rememberedFiles }, clock, entries, others);
}

/** Keeps opened files that hold nothing but memory, as long as they fit. */
function createKeep(): Keep {
  let left = MOST_KEPT_BYTES;
  return ({ entry, isKept }) => {
    if (isKept !== true || entry.size > left) return false;
    left -= entry.size;
    return true;
  };
}

/** What came of looking at one file that a flow picks. */
interface Finding {
  readonly ready?: Picked;
  readonly waiting?: readonly Waiting[];
  readonly againMs?: number;
}

interface ScanContext {
  readonly flow: WatchedFlow;
  readonly parts: ScanParts;
  /** For files that only time tells of, and for those that a marker tells of. */
  readonly resting: Sightings;
  readonly announced: Sightings;
  readonly entries: ReadonlyMap<string, FileEntry>;
  readonly memory: Memory | undefined;
  readonly keep: Keep;
}

async function consider(name: string, context: ScanContext): Promise<Finding> {
  const { flow, parts, entries, memory } = context;
  const entry = entries.get(name);
  if (entry === undefined) return {};
  const wait = (why: string): Finding => ({ waiting: [{ flow: flow.name, path: entry.path, why }] });
  if (entry.unusable !== undefined) return wait(entry.unusable);
  const companions = flow.mapping.companions(name);
  if (companions === undefined) {
    // A companion that the glob fits too: not this file is wrong, at most its picked one is missing.
    return headName(flow.mapping.definition, name) === undefined
      ? wait('its name does not fit read.name of the mapping')
      : {};
  }
  const picked = new Map<string, PickedFile>([['', withMarker(entry, context)]]);
  let missing: string | undefined;
  for (const [part, companion] of companions) {
    const found = entries.get(companion);
    if (found === undefined) missing ??= companion;
    else picked.set(part, withMarker(found, context));
  }
  if ((await memory?.hasTaken([...picked.values()])) === true) return {};
  if (missing !== undefined) return wait(`waits for ${missing}`);
  const doubt = doubtOf(picked.get('') ?? entry, context);
  // Somebody may only have touched it, and then there is nothing to announce.
  if (doubt?.isSpent === true && (await memory?.hasSameBytes([...picked.values()])) === true) return {};
  if (doubt !== undefined) return wait(doubt.why);
  if (await parts.ledger.isHeld(flow.folder.name, entry.path, entry.fingerprint)) return wait('held: see dray status');
  return atRest(picked, entry.path, context);
}

function withMarker(entry: FileEntry, { flow, entries }: ScanContext): PickedFile {
  const marker = flow.marker === undefined ? undefined : entries.get(baseName(markerOf(flow.marker, entry.path)));
  return marker === undefined ? entry : { ...entry, marker };
}

/**
 * Why no marker says that a file is whole; undefined when one does, or none is asked for. One that stood there before the
 * file was written anew says nothing of what is in it now.
 */
function doubtOf(file: PickedFile, { flow, memory }: ScanContext): { why: string; isSpent?: boolean } | undefined {
  if (flow.marker === undefined) return undefined;
  const waits = `waits for its marker ${baseName(markerOf(flow.marker, file.path))}`;
  if (file.marker === undefined) return { why: waits };
  if (memory?.isSpent(file) === true)
    return { why: `${waits} anew: it has not changed since it announced other content`, isSpent: true };
  // Many servers count times in whole seconds.
  const isOlder = Math.floor(file.marker.mtimeMs / 1000) < Math.floor(file.mtimeMs / 1000);
  return isOlder ? { why: `${waits} anew: it is older than the file` } : undefined;
}

/** Whether all files of a drop rest. */
async function atRest(picked: Picked, path: string, context: ScanContext): Promise<Finding> {
  const { flow, resting, announced, keep } = context;
  const ready = new Map<string, PickedFile>();
  const waiting: Waiting[] = [];
  let againMs = Infinity;
  for (const [part, file] of picked) {
    let opened: PickedFile['opened'];
    const isAnnounced = flow.marker !== undefined && doubtOf(file, context) === undefined;
    const verdict = await (isAnnounced ? announced : resting).see(file, async () => {
      const found = await endingOf(part, file, flow, keep);
      ({ opened } = found);
      return found.ending;
    });
    ready.set(part, opened === undefined ? file : { ...file, opened });
    if (verdict.kind === 'take') continue;
    againMs = Math.min(againMs, verdict.forMs);
    const why = `${reasons[verdict.why]}; looks again in ${Math.ceil(verdict.forMs / 1000)} s`;
    waiting.push({ flow: flow.name, path, why });
  }
  return waiting.length > 0 ? { waiting, againMs } : { ready };
}

const reasons = {
  quiet: 'not yet unchanged for long enough',
  'no-final-newline': 'its last record has no end yet',
  empty: 'still empty',
} as const;
