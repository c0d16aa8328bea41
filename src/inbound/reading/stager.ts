import { Failure } from '../../core/failure.ts';
import { createIssue, isError } from '../../core/issue.ts';
import type { RecordRun, StagedDocument } from '../../core/ledger.ts';
import type { BuiltDocument, SourceRecord } from '../../mapping/index.ts';
import type { StagingFlow, StagingParts } from '../flow.ts';
import type { Reading } from './reading.ts';
import { runsOf } from '../report/row-list.ts';

// A batch is one flush. Large documents must not pile up in memory while it fills.
const BATCH_DOCUMENTS = 500;
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** Builds documents and stages them in batches. */
export interface Stager {
  /** Answers false when the group was there before. `runs`: where its rows stand, when some of them are only counted. */
  add(group: string, rows: readonly SourceRecord[], reading: Reading, runs?: readonly RecordRun[]): Promise<boolean>;
  flush(): Promise<boolean>;
}

export function createStager(dropId: number, flow: StagingFlow, parts: StagingParts): Stager {
  let batch: StagedDocument[] = [];
  let characters = 0;
  const flush = async (): Promise<boolean> => {
    if (batch.length === 0) return true;
    const staged = batch;
    batch = [];
    characters = 0;
    return parts.ledger.stageDocuments(dropId, staged);
  };
  return {
    flush,
    async add(group, rows, reading, runs = runsOf(rows)) {
      const { bound } = reading;
      if (bound === undefined) return true;
      reading.documents++;
      const built = await bound.build(rows);
      const document = stagedDocument(group, built, { rows, runs }, flow, reading);
      batch.push(document);
      characters += document.submission?.request.body.length ?? 0;
      return batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS ? true : flush();
    },
  };
}

function stagedDocument(
  group: string,
  built: BuiltDocument,
  { rows, runs }: { readonly rows: readonly SourceRecord[]; readonly runs: readonly RecordRun[] },
  flow: StagingFlow,
  { names, files }: Pick<Reading, 'names' | 'files'>,
): StagedDocument {
  const { key, type, line, payload, issues } = built;
  const document = { group, key, type, line, records: runs };
  if (payload === undefined || issues.some(isError)) return { ...document, issues };
  const operation = built.operation === undefined ? flow.operation : flow.operations.get(built.operation);
  // Never another one in its place: what is to be cancelled must not be created.
  if (operation === undefined) throw new Failure('bad-config', `no operation ${built.operation ?? ''}`);
  const named = operation.key(key, payload);
  if ('issue' in named) {
    const where = { file: names.get(rows[0]?.part ?? '') ?? '', line, column: flow.mapping.keyColumn };
    return { ...document, issues: [...issues, createIssue('bad-key', where, named.issue)] };
  }
  const submission = {
    provider: flow.provider,
    operation: operation.name,
    key: named.key,
    request: operation.freeze(named.key, payload),
    isPrepared: operation.prepare === undefined,
    ...(operation.revisions === undefined ? {} : { revisions: operation.revisions }),
    ...(operation.sendsFile === true ? { fileHash: files.find(({ part }) => part === '')?.hash ?? '' } : {}),
  };
  return { ...document, issues, submission };
}
