import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { isFailure } from '../../core/failure.ts';
import type { FileEntry, Folder } from '../../core/folder.ts';
import type { Drop, DropFile, RememberedFile, SourceLedger, SourceReader } from '../../core/ledger.ts';
import { markerOf, type InboundFlow, type InboundParts, type WatchedFlow } from '../flow.ts';
import type { Picked, PickedFile } from './intake.ts';

/** The ledger as a look needs it: one that only reads notes nothing and reads no file. */
export type MemoryLedger = SourceReader & Partial<SourceLedger>;

/** What is known at one look of files that stay where they are. */
export interface Memory {
  /** Whether all these files were taken as they are now. */
  hasTaken(files: readonly PickedFile[]): Promise<boolean>;
  /** Whether the marker of a file has not changed since it announced other bytes under the name. */
  isSpent(file: PickedFile): boolean;
  /** Whether these are the bytes that were taken, and only something about the files has changed. Reads them. */
  hasSameBytes(files: readonly FileEntry[]): Promise<boolean>;
  /** Notes what the look has shown. */
  close(): Promise<void>;
}

/**
 * How far the time of a file must lie before its reading: servers count in whole seconds, and what is written once more
 * within the same one looks the same.
 */
const SURE_MS = 2000;
/** A file may be away for a while: a share is mounted anew, a server restored. */
const FORGET_MS = 30 * 86_400_000;
/** Files that one look reads once more, and those that it notes as gone or forgets. */
const MOST_READ = 500;
const MOST_NOTED = 1000;

/** `entries`: a full listing. `others`: fingerprints of files that were found to hold other bytes; kept from look to look. */
export async function openMemory(
  { folder, directory }: Pick<WatchedFlow, 'folder' | 'directory'>,
  ledger: MemoryLedger,
  clock: Pick<Clock, 'now'>,
  entries: readonly FileEntry[],
  others: Map<string, string> = new Map(),
): Promise<Memory> {
  const remembered = await ledger.rememberedFiles(folder.name, directory);
  const now = clock.now();
  const confirmed = new Map<string, RememberedFile>();
  const confirm = (known: RememberedFile, changes: Partial<RememberedFile>): void => {
    const before = confirmed.get(known.path) ?? known;
    confirmed.set(known.path, { ...before, goneAt: undefined, ...changes });
  };
  let reads = 0;
  const isTaken = async (entry: FileEntry): Promise<boolean> => {
    const known = remembered.get(entry.path);
    if (known === undefined || known.fingerprint !== entry.fingerprint) return false;
    const isDue = Math.abs(now - known.readAt) >= SURE_MS && ledger.rememberFiles !== undefined;
    if (known.isSure || !isDue || reads >= MOST_READ) return true;
    reads++;
    const hash = await hashOf(folder, entry);
    // It changes or went away: the next look sees what became of it.
    if (hash === undefined) return true;
    if (hash !== known.hash) return false;
    confirm(known, { isSure: true, readAt: now });
    return true;
  };
  const noteMarker = async ({ path, marker }: PickedFile): Promise<void> => {
    const known = remembered.get(path);
    if (known === undefined || marker === undefined || known.marker === marker.fingerprint) return;
    if (ledger.rememberFiles === undefined) return;
    // The listing may have met the file before, and the marker after, both were written anew.
    if ((await folder.stat(path))?.fingerprint === known.fingerprint) confirm(known, { marker: marker.fingerprint });
  };
  const isSame = async (entry: FileEntry): Promise<boolean> => {
    const known = remembered.get(entry.path);
    if (known === undefined || others.get(entry.path) === entry.fingerprint) return false;
    if (known.fingerprint === entry.fingerprint && known.isSure) return true;
    if (ledger.rememberFiles === undefined || reads >= MOST_READ) return false;
    reads++;
    const hash = await hashOf(folder, entry);
    if (hash === known.hash) confirm(known, { fingerprint: entry.fingerprint, isSure: false, readAt: now });
    else if (hash !== undefined) others.set(entry.path, entry.fingerprint);
    return hash === known.hash;
  };
  return {
    async hasTaken(files) {
      for (const file of files) if (!(await isTaken(file))) return false;
      for (const file of files) await noteMarker(file);
      return true;
    },
    isSpent: ({ path, marker }) => marker !== undefined && remembered.get(path)?.marker === marker.fingerprint,
    async hasSameBytes(files) {
      for (const file of files) if (!(await isSame(file))) return false;
      return true;
    },
    async close() {
      const there = new Set(entries.map(({ path }) => path));
      for (const path of others.keys()) if (!there.has(path)) others.delete(path);
      const { changed, forgotten } = whereabouts(remembered, there, now);
      // A person may have told us to forget one meanwhile.
      const sure = [...confirmed.values()].filter(({ path }) => remembered.has(path));
      const notes = [...changed, ...sure];
      if (notes.length > 0) await ledger.rememberFiles?.(folder.name, notes);
      if (forgotten.length > 0) await ledger.forgetFiles?.(folder.name, forgotten);
    },
  };
}

/** Which files are gone or came back, and which have been gone for so long that they are forgotten. */
function whereabouts(
  remembered: ReadonlyMap<string, RememberedFile>,
  there: ReadonlySet<string>,
  now: number,
): { changed: readonly RememberedFile[]; forgotten: readonly string[] } {
  const changed: RememberedFile[] = [];
  const forgotten: string[] = [];
  for (const file of remembered.values()) {
    if (changed.length + forgotten.length >= MOST_NOTED) break;
    const { path, goneAt } = file;
    if (there.has(path)) {
      if (goneAt !== undefined) changed.push({ ...file, goneAt: undefined });
    } else if (goneAt === undefined || goneAt > now) changed.push({ ...file, goneAt: now });
    else if (now - goneAt >= FORGET_MS) forgotten.push(path);
  }
  return { changed, forgotten };
}

async function hashOf(folder: Folder, entry: FileEntry): Promise<string | undefined> {
  try {
    const file = await folder.open(entry.path);
    try {
      const digest = createHash('sha256');
      for await (const piece of file.bytes()) digest.update(piece);
      const isSame = file.entry.fingerprint === entry.fingerprint && (await file.isUnchanged());
      return isSame ? digest.digest('hex') : undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isFailure(error, 'file-gone')) return undefined;
    throw error;
  }
}

/** When the files of a drop were read, and of which parts the fingerprint stands for the bytes. */
export interface ReadTime {
  readonly at: number;
  readonly sure: ReadonlySet<string>;
  /** Fingerprints of the markers that announced them, by part. */
  readonly markers: ReadonlyMap<string, string>;
}

/** To be asked before the files are read. */
export function readTime(flow: InboundFlow, picked: Picked, { clock }: Pick<InboundParts, 'clock'>): ReadTime {
  const at = clock.now();
  // The clock of a server may be wrong: that it rested for so long by ours says as much.
  const hasRested = flow.quietMs >= SURE_MS;
  const sure = new Set<string>();
  const markers = new Map<string, string>();
  for (const [part, { mtimeMs, marker }] of picked) {
    if (marker !== undefined) markers.set(part, marker.fingerprint);
    else if (flow.marker === undefined && hasRested && at - mtimeMs >= SURE_MS) sure.add(part);
  }
  return { at, sure, markers };
}

/** What is known of files that were read before the program ended: their markers as they are by now. */
export async function lateReadTime(
  { files }: Pick<Drop, 'files'>,
  { folder, marker }: Pick<InboundFlow, 'folder' | 'marker'>,
  { clock }: Pick<InboundParts, 'clock'>,
): Promise<ReadTime> {
  const markers = new Map<string, string>();
  for (const { part, path } of files) {
    const found = marker === undefined ? undefined : await folder.stat(markerOf(marker, path));
    if (found !== undefined) markers.set(part, found.fingerprint);
  }
  return { at: clock.now(), sure: new Set(), markers };
}

export function toRemember({ files }: Pick<Drop, 'files'>, { at, sure, markers }: ReadTime): readonly RememberedFile[] {
  return files.map(({ part, path, fingerprint, hash }) => ({
    path,
    fingerprint,
    hash,
    isSure: sure.has(part),
    readAt: at,
    marker: markers.get(part),
  }));
}

/** Whether these are the bytes that were taken before: only something about the files has changed. */
export async function isRetouched(
  files: readonly DropFile[],
  flow: InboundFlow,
  parts: InboundParts,
): Promise<boolean> {
  if (flow.original !== 'leave') return false;
  const remembered = await parts.ledger.rememberedFiles(flow.folder.name, flow.directory);
  return files.every(({ path, hash }) => remembered.get(path)?.hash === hash);
}
