import type { Issue } from '../../core/issue.ts';
import type { Drop, DropFile, OutboundFile, Replacing } from '../../core/ledger.ts';
import type { DropState, OutboundState } from '../../core/states.ts';
import { restored, storable } from '../text.ts';
import type { Connection } from './connection.ts';
import { dropSql } from './sql/drops.ts';

export interface DropRow {
  readonly id: number;
  readonly flow: string;
  readonly folder: string;
  readonly state: DropState;
  readonly tries: number;
  readonly is_refused: number;
  readonly is_reported: number;
  readonly reports: number;
  readonly issues: string;
  readonly records: number;
  readonly ignored: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly held: number;
  readonly waiting: number;
  readonly first_seen_at: number;
  readonly received_at: number | null;
  readonly settled_at: number | null;
}

export interface OutboundRow {
  readonly id: number;
  readonly flow: string;
  readonly kind: OutboundFile['kind'];
  readonly state: OutboundState;
  readonly folder: string;
  readonly sequence: number;
  readonly path: string;
  readonly temporary_path: string;
  readonly hash: string;
  readonly size: number;
  readonly rows: number;
  readonly spool: string;
  readonly drop_id: number | null;
  readonly document: string;
  readonly replaces: '' | Replacing;
  readonly archive_path: string;
  readonly repeats_from: string;
  readonly keep_ms: number;
  readonly kept_until: number | null;
  readonly published_at: number | null;
  readonly rewrites: number;
  readonly is_receipt: number;
  readonly left_at: number | null;
  readonly answered_at: number | null;
  readonly marker_path?: string | null;
}

/** JSON escapes NUL and lone surrogates, so issues survive a TEXT column. */
export function issuesText(issues: readonly Issue[]): string {
  return issues.length === 0 ? '[]' : JSON.stringify(issues);
}

export function toIssues(text: string): readonly Issue[] {
  return text === '[]' ? [] : (JSON.parse(text) as readonly Issue[]);
}

export function toDrop(connection: Connection, row: DropRow): Drop {
  return {
    id: row.id,
    flow: row.flow,
    folder: row.folder,
    state: row.state,
    files: readFiles(connection, row.id),
    tries: row.tries,
    isRefused: row.is_refused === 1,
    issues: toIssues(row.issues),
    records: row.records,
    ignored: row.ignored,
    ...(row.reports === 0 ? {} : { reports: row.reports }),
  };
}

function readFiles(connection: Connection, dropId: number): readonly DropFile[] {
  return connection
    .all<DropFile>(dropSql.files, dropId)
    .map((file) => ({ ...file, path: restored(file.path), target: restored(file.target) }));
}

/** Replaces what is known of a drop's files. */
export function writeFiles(connection: Connection, dropId: number, files: readonly DropFile[]): void {
  connection.run(dropSql.deleteFiles, dropId);
  for (const [position, file] of files.entries()) {
    const { part, path, size, fingerprint, hash, spool, target } = file;
    const values = [part, storable(path), size, fingerprint, hash, spool, storable(target)];
    connection.run(dropSql.insertFile, dropId, position, ...values);
  }
}

export function toOutboundFile(row: OutboundRow): OutboundFile {
  return {
    id: row.id,
    flow: row.flow,
    kind: row.is_receipt === 1 ? 'received' : row.kind,
    state: row.state,
    folder: row.folder,
    sequence: row.sequence,
    path: restored(row.path),
    temporaryPath: restored(row.temporary_path),
    hash: row.hash,
    size: row.size,
    rows: row.rows,
    spool: row.spool,
    dropId: row.drop_id ?? undefined,
    ...(row.document === '' ? {} : { document: restored(row.document) }),
    ...(row.replaces === '' ? {} : { replaces: row.replaces }),
    ...(row.archive_path === '' ? {} : { archivePath: restored(row.archive_path) }),
    ...(row.repeats_from === '' ? {} : { repeatsFrom: restored(row.repeats_from) }),
    ...(row.keep_ms === 0 ? {} : { keepMs: row.keep_ms }),
    ...(row.kept_until === null ? {} : { keptUntil: row.kept_until }),
    ...(row.published_at === null ? {} : { publishedAt: row.published_at }),
    ...(row.left_at === null ? {} : { leftAt: row.left_at }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at }),
    ...(typeof row.marker_path === 'string' ? { markerPath: restored(row.marker_path) } : {}),
    ...(row.rewrites === 0 ? {} : { rewrites: row.rewrites }),
  };
}
