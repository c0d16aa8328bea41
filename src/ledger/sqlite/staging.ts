import type { Ledger, StagedDocument, StagedRecord } from '../../core/ledger.ts';
import { requestHash } from '../request-hash.ts';
import { fromBytes, restored, storable, toBytes } from '../text.ts';
import type { Connection } from './connection.ts';
import { deleteAll, forSubmissions } from './in-pages.ts';
import { issuesText } from './rows.ts';
import { dropSql } from './sql/drops.ts';
import { stagingSql } from './sql/staging.ts';

type StagingMethods = Pick<Ledger, 'clearStaged' | 'stageDocuments' | 'stageRecords' | 'stagedGroups'>;

const GROUPS_PER_PAGE = 500;
/** Until its drop is received, and its place among those of its key is known, stands here why it may have one. */
export const ANY_PLACE = -1;
const OWN_PLACE = -2;
const UNPLACED = { none: 0, each: ANY_PLACE, always: OWN_PLACE } as const;

/** What is known of a drop before it is received; nothing here is visible to submission. */
export function stagingMethods(connection: Connection): StagingMethods {
  return {
    async clearStaged(dropId) {
      connection.write(() => {
        requireReading(connection, dropId);
        clearStaged(connection, dropId);
      });
    },
    async stageDocuments(dropId, documents) {
      try {
        connection.write(() => {
          requireReading(connection, dropId);
          for (const document of documents) stageDocument(connection, dropId, document);
        });
      } catch (error) {
        if (error === groupTaken) return false;
        throw error;
      }
      return true;
    },
    async stageRecords(dropId, records) {
      connection.write(() => {
        requireReading(connection, dropId);
        for (const record of records) stageRecord(connection, dropId, record);
      });
    },
    stagedGroups: (dropId) => readGroups(connection, dropId),
  };
}

/** Inside a transaction: removes everything staged for a drop. */
export function clearStaged(connection: Connection, dropId: number): void {
  deleteAll(connection, stagingSql.deleteRecords, dropId);
  deleteAll(connection, stagingSql.deleteDocuments, dropId);
  forSubmissions(connection, dropId, (from, to) => {
    connection.run(stagingSql.deleteRequests, dropId, from, to);
    connection.run(stagingSql.deleteSubmissions, dropId, from, to);
  });
}

export function requireReading(connection: Connection, dropId: number): void {
  const state = connection.first<{ state: string }>(dropSql.state, dropId)?.state;
  if (state !== 'reading') throw new Error(`drop ${dropId} is ${state ?? 'unknown'}, not reading`);
}

// Thrown only to roll a batch back.
const groupTaken = new Error('a group is already staged');

function stageDocument(connection: Connection, dropId: number, document: StagedDocument): void {
  const submissionId = stageSubmission(connection, dropId, document);
  const recordCount = document.records.reduce((sum, [, , count]) => sum + count, 0);
  const staged = connection.run(
    stagingSql.insertDocument,
    dropId,
    storable(document.group),
    storable(document.key),
    document.type,
    document.line,
    JSON.stringify(document.records),
    recordCount,
    issuesText(document.issues),
    submissionId,
  );
  if (staged === 0) throw groupTaken;
}

function stageSubmission(connection: Connection, dropId: number, document: StagedDocument): number | null {
  if (document.submission === undefined) return null;
  const { provider, operation, key, request, isPrepared = true, revisions = 'none', fileHash } = document.submission;
  const names = [provider, operation, storable(key), storable(document.key)];
  const id = connection.insert(
    stagingSql.insertSubmission,
    dropId,
    ...names,
    requestHash(request, fileHash),
    UNPLACED[revisions],
  );
  const { method, path, headers, body } = request;
  const values = [method, path, JSON.stringify(headers), toBytes(body)];
  connection.run(stagingSql.insertRequest, id, ...values, isPrepared ? 1 : 0);
  return id;
}

function stageRecord(connection: Connection, dropId: number, record: StagedRecord): void {
  const { part, seq, line, group, body } = record;
  const isCompanion = part === '' ? 0 : 1;
  connection.run(stagingSql.insertRecord, dropId, part, isCompanion, seq, line, storable(group), toBytes(body));
}

interface HeadRow {
  readonly is_companion: number;
  readonly part: string;
  readonly seq: number;
  readonly group_key: string;
}

type RecordRow = Omit<StagedRecord, 'group' | 'body'> & { readonly group_key: string; readonly body: Uint8Array };

/** Pages over the first records, so that neither the groups of a drop nor an open statement are held in memory. */
async function* readGroups(connection: Connection, dropId: number): AsyncGenerator<readonly StagedRecord[]> {
  let after: HeadRow | undefined = { is_companion: 0, part: '', seq: -1, group_key: '' };
  while (after !== undefined) {
    const { is_companion, part, seq, group_key }: HeadRow = after;
    const heads: readonly HeadRow[] = connection.all<HeadRow>(
      stagingSql.groupHeads,
      dropId,
      is_companion,
      part,
      seq,
      group_key,
      GROUPS_PER_PAGE,
    );
    for (const head of heads) yield connection.all<RecordRow>(stagingSql.group, dropId, head.group_key).map(toRecord);
    after = heads.at(-1);
  }
}

function toRecord({ part, seq, line, group_key, body }: RecordRow): StagedRecord {
  return { part, seq, line, group: restored(group_key), body: fromBytes(body) };
}
