import { parseExact } from '../core/json.ts';
import type { DropFile, Receipt, StagedRecord } from '../core/ledger.ts';
import type { DataRecord } from '../core/record.ts';
import type { SourceRecord } from '../mapping/index.ts';
import type { InboundFlow, InboundParts } from './flow.ts';
import { bindAll, createReading, note, restart, type Reading } from './reading.ts';
import { createStager } from './stager.ts';

// A batch is one flush.
const BATCH_RECORDS = 2000;

/** Reads the kept bytes of a drop and stages its documents. The answer says what `receiveDrop` needs to know. */
export async function stageDrop(
  dropId: number,
  files: readonly DropFile[],
  flow: InboundFlow,
  parts: InboundParts,
): Promise<Receipt> {
  await parts.ledger.clearStaged(dropId);
  const reading = createReading(files, flow, parts);
  // Most files keep the rows of a document together: then they pass through memory once, document by document.
  const isTogether = files.length === 1 && (await stageTogether(dropId, reading, flow, parts));
  if (!isTogether && reading.refusal === undefined) {
    await parts.ledger.clearStaged(dropId);
    await stageScattered(dropId, reading, flow, parts);
  }
  const controls = reading.controls.findings(reading.documents);
  if (controls.length > 0) reading.refusal ??= controls;
  return {
    files,
    isRefused: reading.refusal !== undefined,
    isAllOrNothing: flow.accept === 'file',
    issues: reading.refusal === undefined ? reading.notices : [...reading.notices, ...reading.refusal],
    records: reading.records,
    ignored: reading.ignored,
  };
}

/** Answers false when rows of one document lie apart: nothing staged so far counts then. */
async function stageTogether(
  dropId: number,
  reading: Reading,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<boolean> {
  const [file] = reading.files;
  if (file === undefined) return true;
  const stager = createStager(dropId, flow, parts);
  let group: string | undefined;
  let rows: SourceRecord[] = [];
  for await (const event of reading.events(file)) {
    for (const record of note(event, file.part, reading, flow)) {
      if (reading.bound === undefined) continue;
      const next = reading.bound.group(file.part, record);
      if (next !== group && group !== undefined) {
        if (!(await stager.add(group, rows, reading))) return restart(reading, flow);
        rows = [];
      }
      group = next;
      // Of a document that is too long anyway only the places of its rows are kept.
      const { seq, line } = record;
      rows.push({ part: file.part, record: rows.length > flow.limits.linesPerDocument ? { seq, line } : record });
    }
    if (reading.refusal !== undefined) return true;
  }
  if (group !== undefined && !(await stager.add(group, rows, reading))) return restart(reading, flow);
  return (await stager.flush()) || restart(reading, flow);
}

/** Rows lie apart, or in several files: the ledger brings them together. */
async function stageScattered(dropId: number, reading: Reading, flow: InboundFlow, parts: InboundParts): Promise<void> {
  await bindAll(reading, flow);
  const { bound } = reading;
  if (bound === undefined) return;
  for (const file of reading.files) {
    let batch: StagedRecord[] = [];
    for await (const event of reading.events(file)) {
      if (event.kind === 'header') continue;
      for (const record of note(event, file.part, reading, flow)) {
        batch.push({
          part: file.part,
          seq: record.seq,
          line: record.line,
          group: bound.group(file.part, record),
          body: packRecord(record),
        });
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
    const rows = staged.map(({ part, body }) => ({ part, record: unpackRecord(body) }));
    await stager.add(staged[0]?.group ?? '', rows, reading);
  }
  await stager.flush();
}

/** A tree goes as text of its own, so that its numbers come back digit by digit. */
function packRecord({ tree, ...record }: DataRecord): string {
  return JSON.stringify(tree === undefined ? record : { ...record, treeText: JSON.stringify(tree) });
}

function unpackRecord(body: string): DataRecord {
  const { treeText, ...record } = JSON.parse(body) as DataRecord & { treeText?: string };
  return treeText === undefined ? record : { ...record, tree: parseExact(treeText) };
}
