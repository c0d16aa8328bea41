import type { FileEntry } from '../../core/folder.ts';
import type { Attributes } from './requests.ts';

const KIND = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const LINK = 0o120000;

/** Whether the attributes are those of a regular file. Servers that leave the kind out are believed to mean one. */
export function isRegular({ mode }: Attributes): boolean {
  return mode === undefined || (mode & KIND) === REGULAR || (mode & KIND) === 0;
}

export function isDirectory({ mode }: Attributes): boolean {
  return mode === undefined || (mode & KIND) === DIRECTORY || (mode & KIND) === 0;
}

export function isLink({ mode }: Attributes): boolean {
  return mode !== undefined && (mode & KIND) === LINK;
}

/** The entry of a file. Its fingerprint is size and time: the protocol knows no more that stays the same. */
export function toEntry(path: string, { size = 0, mtime = 0 }: Attributes): FileEntry {
  return { path, size, mtimeMs: mtime * 1000, fingerprint: `${size}:${mtime}` };
}
