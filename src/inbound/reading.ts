import { createIssue, isError, type Issue } from '../core/issue.ts';
import type { DropFile } from '../core/ledger.ts';
import type { DataRecord, ReadEvent } from '../core/record.ts';
import type { BoundMapping, Header } from '../mapping/index.ts';
import { createControlCheck, type ControlCheck } from './controls.ts';
import { baseName, type InboundFlow, type InboundParts } from './flow.ts';

/** What is known of a drop's files while they are read. */
export interface Reading {
  readonly files: readonly DropFile[];
  readonly names: ReadonlyMap<string, string>;
  readonly events: (file: DropFile) => AsyncIterable<ReadEvent>;
  columns: Map<string, Header>;
  bound: BoundMapping | undefined;
  notices: Issue[];
  refusal: readonly Issue[] | undefined;
  records: number;
  ignored: number;
  documents: number;
  controls: ControlCheck;
}

export function createReading(files: readonly DropFile[], flow: InboundFlow, parts: InboundParts): Reading {
  const context = (file: DropFile): { file: string; limits: InboundFlow['limits'] } => ({
    file: baseName(file.path),
    limits: flow.limits,
  });
  return {
    files,
    names: new Map(files.map((file) => [file.part, baseName(file.path)])),
    events: (file) => flow.format.read(parts.spool.read(file.spool), flow.readOptions(file.part), context(file)),
    ...nothingRead(files, flow),
  };
}

function nothingRead(files: readonly DropFile[], flow: InboundFlow): Omit<Reading, 'files' | 'names' | 'events'> {
  const controls = createControlCheck(flow.mapping.definition.controls, baseName(files[0]?.path ?? ''));
  return {
    columns: new Map(),
    bound: undefined,
    notices: [],
    refusal: undefined,
    records: 0,
    ignored: 0,
    documents: 0,
    controls,
  };
}

/** Notes everything that is not a record. Answers the records of the event. */
export function note(event: ReadEvent, part: string, reading: Reading, flow: InboundFlow): readonly DataRecord[] {
  switch (event.kind) {
    case 'header':
      reading.columns.set(part, { columns: event.columns, line: event.line });
      if (reading.columns.size === reading.files.length) bind(reading, flow);
      return [];
    case 'ignored':
      reading.ignored += event.records;
      reading.records += event.records;
      tell(event.issue, reading);
      return [];
    case 'notice':
      tell(event.issue, reading);
      return [];
    case 'refused':
      reading.refusal = [event.issue];
      return [];
    case 'records':
      reading.records += event.records.length;
      return withoutTrailer(withoutBlanks(event.records, part, reading), part, reading);
  }
}

// All are counted; a file of a million blank rows must not become a million messages.
const MOST_NOTICES = 200;

function tell(issue: Issue, reading: Reading): void {
  if (reading.notices.length < MOST_NOTICES) reading.notices.push(issue);
}

/** A row of empty cells, as spreadsheets leave them behind: it says nothing. */
export function isBlank({ cells }: DataRecord): boolean {
  return cells !== undefined && cells.every((cell) => cell.trim() === '');
}

function withoutBlanks(records: readonly DataRecord[], part: string, reading: Reading): readonly DataRecord[] {
  const left = records.filter((record) => !isBlank(record));
  const count = records.length - left.length;
  if (count === 0) return records;
  reading.ignored += count;
  const { line } = records.find(isBlank) ?? { line: 0 };
  const what = `${count} ${count === 1 ? 'row' : 'rows'} of empty cells; skipped`;
  tell(createIssue('blank-row', { file: reading.names.get(part) ?? '', line }, { what }), reading);
  return left;
}

/** The trailer is a record that was read and belongs to no document. */
function withoutTrailer(records: readonly DataRecord[], part: string, reading: Reading): readonly DataRecord[] {
  if (part !== '') return records;
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

/** Answers false: what was read so far does not count. */
export function restart(reading: Reading, flow: InboundFlow): false {
  Object.assign(reading, nothingRead(reading.files, flow));
  return false;
}

/** Reads the header of every file first: a row's group is only known when all columns are. */
export async function bindAll(reading: Reading, flow: InboundFlow): Promise<void> {
  for (const file of reading.files) {
    for await (const event of reading.events(file)) {
      if (event.kind === 'header' || event.kind === 'refused') note(event, file.part, reading, flow);
      if (event.kind === 'header' || event.kind === 'refused' || event.kind === 'records') break;
    }
    if (reading.refusal !== undefined) return;
  }
}
