import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure.ts';

// Primary result codes, https://sqlite.org/rescode.html
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** The failure behind an error of SQLite; any other error comes back as it is, for it is a defect of ours. */
export function asFailure(error: unknown, path: string): unknown {
  switch (primaryCode(error)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new Failure('ledger-locked', path, { cause: error });
    case SQLITE_IOERR:
      // A disk without any space left is told as an input/output error when not even the log can grow.
      return new Failure(hasSpace(path) ? 'disk-error' : 'disk-full', path, { cause: error });
    case SQLITE_FULL:
      return new Failure('disk-full', path, { cause: error });
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new Failure('ledger-damaged', path, { cause: error });
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return new Failure('ledger-unreachable', path, { cause: error });
    case undefined:
    default:
      return error;
  }
}

function hasSpace(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize > 64 * 1024;
  } catch {
    return true;
  }
}

function primaryCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}
