import { isError } from '../../core/issue.ts';
import { parseExact } from '../../core/json.ts';
import type { DropFile, Receipt, StagedRecord } from '../../core/ledger.ts';
import type { DataRecord } from '../../core/record.ts';
import type { SourceRecord } from '../../mapping/index.ts';
import type { StagingFlow, StagingParts } from '../flow.ts';
import { bindAll, createReading, documentFiles, note, place, readLookUps, restart, type Reading } from './reading.ts';
import { createRowList } from '../report/row-list.ts';
import { createStager } from './stager.ts';

// A batch is one flush.
const BATCH_RECORDS = 2000;

/** Reads the kept bytes of a drop and stages its documents. The answer says what `receiveDrop` needs to know. */
export async function stageDrop(
  dropId: number,
  files: readonly DropFile[],
  flow: StagingFlow,
  parts: StagingParts,
): Promise<Receipt> {
  await parts.ledger.clearStaged(dropId);
  const reading = createReading(files, flow, parts);
  // Most files keep the rows of a document together: then they pass through memory once, document by document.
  await readLookUps(reading, flow);
  const [file, ...others] = documentFiles(reading);
  const isTogether =
    file !== undefined && others.length === 0 && (await stageTogether(dropId, file, reading, flow, parts));
  if (!isTogether && reading.refusal === undefined) {
    await parts.ledger.clearStaged(dropId);
    await stageScattered(dropId, reading, flow, parts);
  }
  if (reading.refusal === undefined) {
    const findings = reading.controls.findings(reading.documents);
    const errors = findings.filter(isError);
    if (errors.length > 0) reading.refusal = errors;
    reading.notices.push(...findings.filter((finding) => !isError(finding)));
  }
  return {
    files,
    isRefused: reading.refusal !== undefined,
    isAllOrNothing: flow.accept === 'file',
    issues: reading.refusal === undefined ? reading.notices : [...reading.notices, ...reading.refusal],
    records: reading.records,
    ignored: reading.ignored,
    isReturned: reading.controls.isReturned,
  };
}

/** Answers false when rows of one document lie apart: nothing staged so far counts then. */
async function stageTogether(
  dropId: number,
  file: DropFile,
  reading: Reading,
  flow: StagingFlow,
  parts: StagingParts,
): Promise<boolean> {
  if (reading.refusal !== undefined) return true;
  const stager = createStager(dropId, flow, parts);
  // Beyond this one of its parts alone is too long.
  const mostRows = flow.limits.linesPerDocument * (flow.mapping.headerCount + 1);
  let group: string | undefined;
  let rows = createRowList(mostRows);
  for await (const event of reading.events(file)) {
    for (const record of note(event, file.part, reading, flow)) {
      if (reading.bound === undefined) continue;
      const placed = place(record, file.part, reading);
      if (placed === undefined) continue;
      if (placed.group !== group && group !== undefined) {
        if (!(await stager.add(group, rows.rows, reading, rows.runs))) return restart(reading, flow);
        rows = createRowList(mostRows);
      }
      ({ group } = placed);
      rows.add(placed);
    }
    if (reading.refusal !== undefined) return true;
  }
  if (group !== undefined && !(await stager.add(group, rows.rows, reading, rows.runs))) return restart(reading, flow);
  return (await stager.flush()) || restart(reading, flow);
}

/** Rows lie apart, or in several files: the ledger brings them together. */
async function stageScattered(dropId: number, reading: Reading, flow: StagingFlow, parts: StagingParts): Promise<void> {
  await bindAll(reading, flow);
  if (reading.bound === undefined) return;
  for (const file of documentFiles(reading)) {
    let batch: StagedRecord[] = [];
    for await (const event of reading.events(file)) {
      if (event.kind === 'header') continue;
      for (const record of note(event, file.part, reading, flow)) {
        const placed = place(record, file.part, reading);
        if (placed === undefined) continue;
        const { seq, line } = record;
        batch.push({ part: file.part, seq, line, group: placed.group, body: packRecord(placed) });
        if (batch.length < BATCH_RECORDS) continue;
        await parts.ledger.stageRecords(dropId, batch);
        batch = [];
      }
      if (reading.refusal !== undefined) return;
    }
    if (batch.length > 0) await parts.ledger.stageRecords(dropId, batch);
  }
  const stager = createStager(dropId, flow, parts);
  for await (const staged of parts.ledger.stagedGroups(dropId)) {
    const rows = staged.map(({ part, body }) => unpackRecord(part, body));
    await stager.add(staged[0]?.group ?? '', rows, reading);
  }
  await stager.flush();
}

/** What the ledger keeps of a record until its document is whole. */
interface Packed {
  readonly record: DataRecord;
  readonly above?: readonly DataRecord[];
  /** A tree goes as text of its own, so that its numbers come back digit by digit. */
  readonly treeText?: string;
}

function packRecord({ record: { tree, ...record }, above }: SourceRecord): string {
  const packed: Packed = {
    record,
    ...(above === undefined || above.length === 0 ? {} : { above }),
    ...(tree === undefined ? {} : { treeText: JSON.stringify(tree) }),
  };
  return JSON.stringify(packed);
}

function unpackRecord(part: string, body: string): SourceRecord {
  const { record, above, treeText } = JSON.parse(body) as Packed;
  return {
    part,
    record: treeText === undefined ? record : { ...record, tree: parseExact(treeText) },
    ...(above === undefined ? {} : { above }),
  };
}
