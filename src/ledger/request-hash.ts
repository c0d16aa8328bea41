import { hash } from 'node:crypto';
import type { FrozenRequest } from '../core/provider.ts';

/** SHA-256 over everything that is sent, hex: two documents are the same when their requests, and the files with them, are. */
export function requestHash(request: FrozenRequest, fileHash = ''): string {
  const headers = Object.entries(request.headers).sort(([a], [b]) => (a < b ? -1 : 1));
  // Neither a method, an encoded path nor JSON has a line end, so the parts cannot run into each other.
  return hash(
    'sha256',
    `${request.method}\n${request.path}\n${JSON.stringify(headers)}\n${request.body}${fileHash === '' ? '' : `\n${fileHash}`}`,
  );
}
