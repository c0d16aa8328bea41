import { Failure, systemCode, type FailureCode } from '../core/failure.ts';
import { escapeControls } from '../core/issue.ts';

const CODES: Readonly<Record<string, FailureCode>> = {
  ENOENT: 'file-gone',
  EEXIST: 'name-taken',
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  EROFS: 'no-permission',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EIO: 'disk-error',
  // A symbolic link under O_NOFOLLOW, a socket, a device without a driver, a directory.
  ELOOP: 'not-a-regular-file',
  ENXIO: 'not-a-regular-file',
  ENODEV: 'not-a-regular-file',
  EISDIR: 'not-a-regular-file',
  ENAMETOOLONG: 'bad-usage',
};

/** The failure for an error of the file system; failures pass through. What is not known may go away: unreachable. */
export function folderFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  const system = systemCode(error) ?? 'error';
  const detail = `${escapeControls(path)} (${system})`;
  return new Failure(CODES[system] ?? 'folder-unreachable', detail, { cause: error });
}

/** Runs work on a path and turns what the system throws into failures. */
export async function onPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw folderFailure(error, path);
  }
}
