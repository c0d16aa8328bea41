import { Failure, type FailureCode } from '../../core/failure.ts';
import { escapeControls } from '../../core/issue.ts';

/** Status codes of the protocol, version 3, and the later ones that some servers answer all the same. */
export const status = { eof: 1, noSuchFile: 2, permissionDenied: 3, failure: 4 } as const;

const CODES: Readonly<Record<number, FailureCode>> = {
  2: 'file-gone',
  3: 'no-permission',
  6: 'server-unreachable',
  7: 'server-unreachable',
  10: 'file-gone',
  11: 'name-taken',
  12: 'no-permission',
  14: 'disk-full',
  15: 'disk-full',
  19: 'not-a-regular-file',
  24: 'not-a-regular-file',
  29: 'no-permission',
};

const WORDS: Readonly<Record<number, string>> = {
  1: 'end of file',
  2: 'no such file',
  3: 'permission denied',
  4: 'the server only says that it failed',
  5: 'the server did not understand',
  8: 'the server cannot do this',
  14: 'no space',
  15: 'the quota is used up',
};

/** What a server answered to a request, when it was not what was asked for. */
export class StatusError extends Error {
  readonly status: number;

  constructor(code: number) {
    super(`status ${code}`);
    this.name = 'StatusError';
    this.status = code;
  }
}

export function hasStatus(error: unknown, code: number): boolean {
  return error instanceof StatusError && error.status === code;
}

/**
 * The failure for what went wrong with a path; failures pass through. A server's own words never get into it. A bare
 * "failure" says nothing about whether the file is there: it may go away, so it is transient.
 */
export function pathFailure(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof StatusError)) throw error;
  const words = WORDS[error.status] ?? `status ${error.status}`;
  const detail = `${escapeControls(path)} (${words})`;
  return new Failure(CODES[error.status] ?? 'folder-unreachable', detail, { cause: error });
}

/** Runs work on a path and turns what the server answers into failures. */
export async function onRemotePath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw pathFailure(error, path);
  }
}
