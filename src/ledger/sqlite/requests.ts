import type { FrozenRequest } from '../../core/provider.ts';
import { fromBytes } from '../text.ts';
import type { Connection } from './connection.ts';
import { submissionSql } from './sql/submissions.ts';

/** What a submission sends; undefined when there is no such submission. */
export function findRequest(connection: Connection, submissionId: number): FrozenRequest | undefined {
  const row = connection.first<RequestRow>(submissionSql.request, submissionId);
  return row === undefined ? undefined : toRequest(row);
}

interface RequestRow {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly body: Uint8Array;
  readonly is_prepared: number;
}

function toRequest({ method, path, headers, body }: RequestRow): FrozenRequest {
  return { method, path, headers: JSON.parse(headers) as Record<string, string>, body: fromBytes(body) };
}

/** What a submission sends, and whether it is complete. @throws Error when there is no such submission. */
export function readRequest(
  connection: Connection,
  submissionId: number,
): { request: FrozenRequest; isPrepared: boolean } {
  const row = connection.first<RequestRow>(submissionSql.request, submissionId);
  if (row === undefined) throw new Error(`submission ${submissionId} has no request`);
  return { request: toRequest(row), isPrepared: row.is_prepared === 1 };
}
