import { createIssue, isError, type Issue } from '../core/issue.ts';
import type { DropFile, Receipt, RecordRun, StagedDocument, StagedRecord } from '../core/ledger.ts';
import type { DataRecord, ReadEvent } from '../core/record.ts';
import type { BoundMapping, BuiltDocument, SourceRecord } from '../mapping/index.ts';
import { createControlCheck, type ControlCheck } from './controls.ts';
import { baseName, type InboundFlow, type InboundParts } from './flow.ts';

// A batch is one flush. Large documents must not pile up in memory while it fills.
const BATCH_DOCUMENTS = 500;
const BATCH_CHARACTERS = 4 * 1024 * 1024;
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

/** What is known of a drop's files while they are read. */
interface Reading {
  readonly files: readonly DropFile[];
  readonly names: ReadonlyMap<string, string>;
  readonly events: (file: DropFile) => AsyncIterable<ReadEvent>;
  columns: Map<string, { columns: readonly string[]; line: number }>;
  bound: BoundMapping | undefined;
  notices: Issue[];
  refusal: readonly Issue[] | undefined;
  records: number;
  ignored: number;
  documents: number;
  controls: ControlCheck;
}

function createReading(files: readonly DropFile[], flow: InboundFlow, parts: InboundParts): Reading {
  const context = (file: DropFile): { file: string; limits: InboundFlow['limits'] } => ({
    file: baseName(file.path),
    limits: flow.limits,
  });
  return {
    files,
    names: new Map(files.map((file) => [file.part, baseName(file.path)])),
    events: (file) => flow.format.read(parts.spool.read(file.spool), flow.readOptions(file.part), context(file)),
    columns: new Map(),
    bound: undefined,
    notices: [],
    refusal: undefined,
    records: 0,
    ignored: 0,
    documents: 0,
    controls: controlsOf(files, flow),
  };
}

function controlsOf(files: readonly DropFile[], flow: InboundFlow): ControlCheck {
  return createControlCheck(flow.mapping.definition.controls, baseName(files[0]?.path ?? ''));
}

/** Notes everything that is not a record. Answers the records of the event. */
function note(event: ReadEvent, part: string, reading: Reading, flow: InboundFlow): readonly DataRecord[] {
  switch (event.kind) {
    case 'header':
      reading.columns.set(part, { columns: event.columns, line: event.line });
      if (reading.columns.size === reading.files.length) bind(reading, flow);
      return [];
    case 'ignored':
      reading.ignored += event.records;
      reading.records += event.records;
      reading.notices.push(event.issue);
      return [];
    case 'notice':
      reading.notices.push(event.issue);
      return [];
    case 'refused':
      reading.refusal = [event.issue];
      return [];
    case 'records':
      reading.records += event.records.length;
      return part === '' ? withoutTrailer(event.records, reading) : event.records;
  }
}

/** The trailer is a record that was read and belongs to no document. */
function withoutTrailer(records: readonly DataRecord[], reading: Reading): readonly DataRecord[] {
  const left = reading.controls.pass(records);
  reading.ignored += records.length - left.length;
  return left;
}

function bind(reading: Reading, flow: InboundFlow): void {
  const { bound, issues } = flow.mapping.bind(reading.columns, reading.names);
  const errors = issues.filter(isError);
  if (errors.length > 0) reading.refusal = errors;
  else reading.bound = bound;
  reading.notices.push(...issues.filter((issue) => !isError(issue)));
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
      rows.push({ part: file.part, record });
    }
    if (reading.refusal !== undefined) return true;
  }
  if (group !== undefined && !(await stager.add(group, rows, reading))) return restart(reading, flow);
  return (await stager.flush()) || restart(reading, flow);
}

function restart(reading: Reading, flow: InboundFlow): false {
  const controls = controlsOf(reading.files, flow);
  Object.assign(reading, {
    columns: new Map(),
    bound: undefined,
    notices: [],
    refusal: undefined,
    records: 0,
    ignored: 0,
    documents: 0,
    controls,
  });
  return false;
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
          body: JSON.stringify(record),
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
    const rows = staged.map(({ part, body }) => ({ part, record: JSON.parse(body) as DataRecord }));
    await stager.add(staged[0]?.group ?? '', rows, reading);
  }
  await stager.flush();
}

/** Reads the header of every file first: a row's group is only known when all columns are. */
async function bindAll(reading: Reading, flow: InboundFlow): Promise<void> {
  for (const file of reading.files) {
    for await (const event of reading.events(file)) {
      if (event.kind === 'header' || event.kind === 'refused') note(event, file.part, reading, flow);
      if (event.kind === 'header' || event.kind === 'refused' || event.kind === 'records') break;
    }
    if (reading.refusal !== undefined) return;
  }
}

interface Stager {
  /** Answers false when the group was there before. */
  add(group: string, rows: readonly SourceRecord[], reading: Reading): Promise<boolean>;
  flush(): Promise<boolean>;
}

function createStager(dropId: number, flow: InboundFlow, parts: InboundParts): Stager {
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
      const built = await buildLimited(bound, rows, flow, names);
      const document = stagedDocument(group, built, rows, flow);
      batch.push(document);
      characters += document.submission?.request.body.length ?? 0;
      return batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS ? true : flush();
    },
  };
}

async function buildLimited(
  bound: BoundMapping,
  rows: readonly SourceRecord[],
  flow: InboundFlow,
  names: ReadonlyMap<string, string>,
): Promise<BuiltDocument> {
  const most = flow.limits.linesPerDocument;
  if (rows.length <= most) return bound.build(rows);
  const [first] = rows;
  const line = first?.record.line ?? 0;
  const where = { file: names.get(first?.part ?? '') ?? '', line };
  const issue = createIssue('too-many-lines', where, { expected: `at most ${most}`, got: String(rows.length) });
  const built = await bound.build(rows.slice(0, 1));
  return { key: built.key, type: built.type, line, issues: [issue] };
}

function stagedDocument(
  group: string,
  built: BuiltDocument,
  rows: readonly SourceRecord[],
  flow: InboundFlow,
): StagedDocument {
  const { key, type, line, payload, issues } = built;
  const document = { group, key, type, line, records: runsOf(rows) };
  if (payload === undefined || issues.some(isError)) return { ...document, issues };
  const named = flow.operation.key(key, payload);
  if ('issue' in named) {
    const where = { file: issues[0]?.where.file ?? '', line, column: flow.mapping.keyColumn };
    return { ...document, issues: [...issues, createIssue('bad-key', where, named.issue)] };
  }
  const submission = {
    provider: flow.provider,
    operation: flow.operation.name,
    key: named.key,
    request: flow.operation.freeze(named.key, payload),
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
