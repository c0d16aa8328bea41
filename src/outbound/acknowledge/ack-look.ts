import type { Clock } from '../../core/clock.ts';
import { Failure, isFailure } from '../../core/failure.ts';
import type { Folder } from '../../core/folder.ts';
import type { AnswerLedger, LyingFile } from '../../core/ledger.ts';
import type { OutboundFlow } from '../flow.ts';

// More than a reader that is well leaves lying; the others are looked for when these are gone.
const MOST_FILES = 10_000;
// Names with a document or a date in their directory: the oldest directories in which files still lie are listed at every
// look, so many, and as many of the others in turn. A directory that its files have left is listed once more and then no more.
const MOST_DIRECTORIES = 20;

export interface LookParts {
  readonly ledger: AnswerLedger;
  readonly clock: Pick<Clock, 'now'>;
  readonly folders: ReadonlyMap<string, Folder>;
}

/**
 * Looks which files of a flow are gone from their names: one listing for each directory they were put in. `turn` counts the
 * looks, so that of many directories each has its turn. Answers up to which time of publishing all files were looked for.
 * @throws Failure when a directory cannot be listed: then nobody knows, and nothing counts as taken.
 */
export async function lookForFiles(flow: OutboundFlow, parts: LookParts, turn: number): Promise<number> {
  const { ledger, clock } = parts;
  const since = await ledger.beginAwaiting(flow.name, 'file-uncollected', clock.now());
  const lying = await ledger.lyingFiles(flow.name, since, MOST_FILES);
  const { gone, places } = sortByPlace(lying);
  let held = 0;
  let next = 0;
  for (const place of places) {
    if (held === MOST_DIRECTORIES) break;
    next++;
    const left = await leftOf(place, flow, parts);
    gone.push(...left);
    if (left.length < place.files.size) held++;
  }
  const others = places.slice(next);
  const first = others.length === 0 ? 0 : (turn * MOST_DIRECTORIES) % others.length;
  const inTurn = others.splice(first, MOST_DIRECTORIES);
  for (const place of inTurn) gone.push(...(await leftOf(place, flow, parts)));
  await ledger.markLeft(gone, clock.now());
  // What was published before all that was not looked for.
  const unseen = others.flatMap(({ files }) => [...files.values()]);
  if (lying.length === MOST_FILES) unseen.push(...lying.slice(-1));
  return unseen.reduce((upTo, { publishedAt }) => Math.min(upTo, publishedAt - 1), Infinity);
}

/** Ids of the files that are not there any more. */
async function leftOf(place: FilePlace, flow: OutboundFlow, { folders }: LookParts): Promise<readonly number[]> {
  const { folder: name, directory } = place;
  const folder = folders.get(name);
  if (folder === undefined) throw new Failure('folder-gone', `the folder ${name} is no longer configured`);
  const files = new Map(place.files);
  for await (const path of listed(folder, directory, flow.collected?.base ?? directory)) files.delete(path);
  return [...files.values()].map(({ id }) => id);
}

interface FilePlace {
  readonly folder: string;
  readonly directory: string;
  /** By path. */
  readonly files: Map<string, LyingFile>;
}

/** By directory, the oldest file first. Of files with one path only the last can be there: it replaced the others. */
function sortByPlace(lying: readonly LyingFile[]): { gone: number[]; places: readonly FilePlace[] } {
  const gone: number[] = [];
  const places = new Map<string, FilePlace>();
  for (const file of lying) {
    const { folder, path } = file;
    const directory = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const key = `${folder}\n${directory}`;
    const place = places.get(key) ?? { folder, directory, files: new Map<string, LyingFile>() };
    places.set(key, place);
    const before = place.files.get(path);
    const isLater = before === undefined || before.id < file.id;
    if (before !== undefined) gone.push(Math.min(before.id, file.id));
    if (isLater) place.files.set(path, file);
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
