import type { Clock } from '../../core/clock.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import type { AnswerLedger, LyingFile } from '../../core/ledger.ts';
import type { OutboundFlow } from '../flow.ts';

// More than a reader that is well leaves lying; the others are looked for when these are gone.
const MOST_FILES = 10_000;
// Names with a document or a date in their directory: so many directories are listed at one look, then the next ones.
const MOST_DIRECTORIES = 20;

export interface LookParts {
  readonly ledger: AnswerLedger;
  readonly clock: Pick<Clock, 'now'>;
  readonly folders: ReadonlyMap<string, Folder>;
}

/**
 * Looks which files of a flow are gone from their names: one listing for each directory they were put in. `turn` counts the
 * looks, so that of many directories each has its turn.
 * @throws Failure when a directory cannot be listed: then nobody knows, and nothing counts as taken.
 */
export async function lookForFiles(flow: OutboundFlow, parts: LookParts, turn: number): Promise<void> {
  const { ledger, clock } = parts;
  const since = await ledger.beginAwaiting(flow.name, 'file-uncollected', clock.now());
  const lying = await ledger.lyingFiles(flow.name, since, MOST_FILES);
  if (lying.length === 0) return;
  const { gone, places } = sortByPlace(lying);
  const first = (turn * MOST_DIRECTORIES) % places.length;
  for (const { folder: name, directory, files } of places.slice(first, first + MOST_DIRECTORIES)) {
    const folder = parts.folders.get(name);
    if (folder === undefined) throw new Failure('folder-gone', `the folder ${name} is no longer configured`);
    for await (const path of listed(folder, directory, flow.collected?.base ?? directory)) files.delete(path);
    gone.push(...files.values());
  }
  await ledger.markLeft(gone, clock.now());
}

interface FilePlace {
  readonly folder: string;
  readonly directory: string;
  /** Ids by path. */
  readonly files: Map<string, number>;
}

/** Of files with one path only the last can be there: it replaced the others. */
function sortByPlace(lying: readonly LyingFile[]): { gone: number[]; places: readonly FilePlace[] } {
  const gone: number[] = [];
  const places = new Map<string, FilePlace>();
  for (const { id, folder, path } of lying) {
    const directory = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const key = `${folder}\n${directory}`;
    const place = places.get(key) ?? { folder, directory, files: new Map<string, number>() };
    places.set(key, place);
    const before = place.files.get(path);
    if (before !== undefined) gone.push(Math.min(before, id));
    place.files.set(path, Math.max(before ?? 0, id));
  }
  return { gone, places: [...places.values()] };
}

/**
 * Paths of the files in a directory. One that was made for the name of a file may be taken away with it, as long as the
 * directory above the names that are filled in can still be listed.
 */
async function* listed(folder: Folder, directory: string, base: string): AsyncGenerator<string> {
  try {
    for await (const { path } of folder.list(directory, { mustExist: true })) yield path;
  } catch (error) {
    if (!isFailure(error, 'folder-gone') || base === directory) throw error;
    for await (const _entry of folder.list(base, { mustExist: true })) break;
  }
}
