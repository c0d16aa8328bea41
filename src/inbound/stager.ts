import { Failure } from '../core/failure.ts';
import { createIssue, isError } from '../core/issue.ts';
import type { RecordRun, StagedDocument } from '../core/ledger.ts';
import type { BuiltDocument, SourceRecord } from '../mapping/index.ts';
import type { StagingFlow, StagingParts } from './flow.ts';
import type { Reading } from './reading.ts';

// A batch is one flush. Large documents must not pile up in memory while it fills.
const BATCH_DOCUMENTS = 500;
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** Builds documents and stages them in batches. */
export interface Stager {
  /** Answers false when the group was there before. */
  add(group: string, rows: readonly SourceRecord[], reading: Reading): Promise<boolean>;
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
    async add(group, rows, reading) {
      const { bound, names } = reading;
      if (bound === undefined) return true;
      reading.documents++;
      const built = await bound.build(rows);
      const document = stagedDocument(group, built, rows, flow, names);
      batch.push(document);
      characters += document.submission?.request.body.length ?? 0;
      return batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS ? true : flush();
    },
  };
}

function stagedDocument(
  group: string,
  built: BuiltDocument,
  rows: readonly SourceRecord[],
  flow: StagingFlow,
  names: ReadonlyMap<string, string>,
): StagedDocument {
  const { key, type, line, payload, issues } = built;
  const document = { group, key, type, line, records: runsOf(rows) };
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
  };
  return { ...document, issues, submission };
}

/** Neighbouring records as runs: what the reject sheet needs to find them again. */
function runsOf(rows: readonly SourceRecord[]): RecordRun[] {
  const runs: [string, number, number][] = [];
  for (const { part, record } of rows) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] === part && last[1] + last[2] === record.seq) last[2]++;
    else runs.push([part, record.seq, 1]);
  }
  return runs;
}
