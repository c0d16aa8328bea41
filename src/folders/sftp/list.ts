import { Failure } from '../../core/failure.ts';
import type { FileEntry, ListOptions, NoFile } from '../../core/folder.ts';
import { isTemporaryName } from '../../core/folder-names.ts';
import { absentAsUndefined } from './file.ts';
import { isDirectory, isLink, isRegular, toEntry } from './kinds.ts';
import type { RemotePaths } from './paths.ts';
import type { Attributes, Name } from './requests.ts';
import type { Session } from './session.ts';

/** More is no directory but a server that never ends. */
const MOST_NAMES = 1_000_000;
const LONGEST_NAME_BYTES = 255;

/** Tells how many names a listing had that can be no names of files. */
export type OnOddNames = (directory: string, count: number) => void;

export interface RemoteListing extends ListOptions {
  readonly onOddNames: OnOddNames;
}

/**
 * The regular files of a directory. A listing that breaks off gives nothing at all: absence must not be concluded from
 * half of one.
 */
export async function listRemote(
  session: Session,
  paths: RemotePaths,
  directory: string,
  { onOddNames, onNoFile = () => undefined, mustExist = false }: RemoteListing,
): Promise<readonly FileEntry[]> {
  const full = await paths.ensureDirectory(session, directory, !mustExist);
  return paths.onFile(session, directory, async () => {
    const handle = await session.opendir(full);
    const entries: FileEntry[] = [];
    const noFiles: NoFile[] = [];
    let odd = 0;
    try {
      for (;;) {
        const names = await session.readdir(handle);
        if (names === undefined) break;
        for (const name of names) {
          const isOdd = !isFileName(name.filename);
          if (isOdd && name.filename !== '.' && name.filename !== '..') odd++;
          if (isOdd || isTemporaryName(name.filename)) continue;
          const found = await lookAt(session, full, directory, name);
          if (found !== undefined && 'kind' in found) noFiles.push(found);
          else if (found !== undefined) entries.push(found);
        }
        if (entries.length > MOST_NAMES) throw new Failure('folder-unreachable', `${directory} never ends`);
      }
    } finally {
      await session.close(handle).catch(() => undefined);
    }
    if (odd > 0) onOddNames(directory, odd);
    for (const noFile of noFiles) onNoFile(noFile);
    return entries;
  });
}

async function lookAt(
  session: Session,
  full: string,
  directory: string,
  { filename, attributes }: Name,
): Promise<FileEntry | NoFile | undefined> {
  const path = directory === '' ? filename : `${directory}/${filename}`;
  const unusable = whyUnusable(filename);
  const isTold = attributes.mode !== undefined && attributes.size !== undefined && attributes.mtime !== undefined;
  const look = (): Promise<Attributes> => session.lstat(`${full}/${filename}`);
  const found = isTold || unusable !== undefined ? attributes : await absentAsUndefined(look);
  if (found === undefined) return undefined;
  if (!isRegular(found)) return { path, kind: isDirectory(found) ? 'directory' : isLink(found) ? 'link' : 'other' };
  const entry = toEntry(path, found);
  return unusable === undefined ? entry : { ...entry, unusable };
}

/** A listed name is one name: whatever a server answers, it must lead nowhere else. */
function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}

function whyUnusable(name: string): string | undefined {
  if (name.includes('\uFFFD')) return 'its name is not UTF-8, and the server can only be asked for names that are';
  if (name.includes('\\')) return 'its name has a backslash in it, which some servers take for a directory';
  if (Buffer.byteLength(name) > LONGEST_NAME_BYTES) return 'its name is too long';
  return undefined;
}
