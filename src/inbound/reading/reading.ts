import { createIssue, isError, type Issue } from '../../core/issue.ts';
import type { DropFile } from '../../core/ledger.ts';
import type { DataRecord, ReadEvent } from '../../core/record.ts';
import { say } from '../../core/text.ts';
import {
  createControlCheck,
  createStretches,
  isBlank,
  type BoundMapping,
  type ControlCheck,
  type Header,
  type LookUps,
  type PlacedRecord,
  type Sorting,
  type Stretches,
} from '../../mapping/index.ts';
import { baseName, type StagingFlow, type StagingParts } from '../flow.ts';
import { createNumberWatch, type NumberWatch } from '../expect/sequence-column.ts';

/** What is known of a drop's files while they are read. */
export interface Reading {
  readonly files: readonly DropFile[];
  readonly names: ReadonlyMap<string, string>;
  readonly events: (file: DropFile) => AsyncIterable<ReadEvent>;
  /** What is looked up; read before the rest, and only once. */
  readonly lookUps: LookUps;
  lookedUp: LookedUp;
  /** Headers by file, and of record types by type. */
  columns: Map<string, Header>;
  bound: BoundMapping | undefined;
  sorting: Sorting | undefined;
  notices: Issue[];
  refusal: readonly Issue[] | undefined;
  records: number;
  ignored: number;
  documents: number;
  controls: ControlCheck;
  numbers: NumberWatch | undefined;
  /** By part. */
  stretches: Map<string, Stretches>;
}

/** What the files that are looked up came to. */
interface LookedUp {
  readonly columns: ReadonlyMap<string, Header>;
  readonly notices: readonly Issue[];
  readonly records: number;
}
const nothingLookedUp: LookedUp = { columns: new Map(), notices: [], records: 0 };

export function createReading(files: readonly DropFile[], flow: StagingFlow, parts: StagingParts): Reading {
  const context = (file: DropFile): { file: string; limits: StagingFlow['limits'] } => ({
    file: baseName(file.path),
    limits: flow.limits,
  });
  const names = new Map(files.map((file) => [file.part, baseName(file.path)]));
  return {
    files,
    names,
    events: (file) => flow.format.read(parts.spool.read(file.spool), flow.readOptions(file.part), context(file)),
    lookUps: flow.mapping.lookUps(),
    lookedUp: nothingLookedUp,
    ...nothingRead(names, flow, nothingLookedUp),
  };
}

type Progress = Omit<Reading, 'files' | 'names' | 'events' | 'lookUps' | 'lookedUp'>;

function nothingRead(names: Reading['names'], flow: StagingFlow, lookedUp: LookedUp): Progress {
  const controls = createControlCheck(flow.mapping.definition, (part) => names.get(part) ?? '');
  return {
    columns: new Map(lookedUp.columns),
    bound: undefined,
    sorting: undefined,
    notices: [...lookedUp.notices],
    refusal: undefined,
    records: lookedUp.records,
    ignored: lookedUp.records,
    documents: 0,
    controls,
    numbers: createNumberWatch(flow.sequence, flow.mapping.definition, names.get('') ?? ''),
    stretches: new Map([...names.keys()].map((part) => [part, createStretches()])),
  };
}

/** Notes everything that is not a record. Answers the records of the event. */
export function note(event: ReadEvent, part: string, reading: Reading, flow: StagingFlow): readonly DataRecord[] {
  switch (event.kind) {
    case 'header':
      reading.controls.header(part, event, event.type);
      if (part === '') reading.numbers?.header(event);
      reading.columns.set(flow.mapping.headerName(part, event.type), event);
      if (reading.columns.size === flow.mapping.headerCount) bind(reading, flow);
      return [];
    case 'ignored':
      reading.ignored += event.records;
      reading.records += event.records;
      reading.stretches.get(part)?.pass(event.issue);
      tell(event.issue, reading);
      return [];
    case 'notice':
      tell(event.issue, reading);
      return [];
    case 'refused':
      reading.refusal = [event.issue];
      return [];
    case 'records':
      // Trees have no header.
      if (reading.bound === undefined && reading.refusal === undefined) bind(reading, flow);
      reading.records += event.records.length;
      return numbered(
        withoutTrailer(withoutBlanks(marked(event.records, part, reading), part, reading), part, reading),
        part,
        reading,
      );
  }
}

function numbered(records: readonly DataRecord[], part: string, reading: Reading): readonly DataRecord[] {
  // A reject sheet may hold documents of several files.
  const issue = part === '' && !reading.controls.isReturned ? reading.numbers?.pass(records) : undefined;
  if (issue === undefined) return records;
  if (isError(issue)) reading.refusal = [issue];
  else tell(issue, reading);
  return records;
}

function marked(records: readonly DataRecord[], part: string, { stretches }: Reading): readonly DataRecord[] {
  return stretches.get(part)?.mark(records) ?? records;
}

// All are counted; a file of a million blank rows must not become a million messages.
const MOST_NOTICES = 200;

function tell(issue: Issue, reading: Reading): void {
  if (reading.notices.length < MOST_NOTICES) reading.notices.push(issue);
}

function withoutBlanks(records: readonly DataRecord[], part: string, reading: Reading): readonly DataRecord[] {
  const left = records.filter((record) => !isBlank(record));
  const count = records.length - left.length;
  if (count === 0) return records;
  reading.ignored += count;
  const { line } = records.find(isBlank) ?? { line: 0 };
  const what = count === 1 ? say`1 row of empty cells; skipped` : say`${count} rows of empty cells; skipped`;
  tell(createIssue('blank-row', { file: reading.names.get(part) ?? '', line }, { what }), reading);
  return left;
}

/** The trailer is a record that was read and belongs to no document. */
function withoutTrailer(records: readonly DataRecord[], part: string, reading: Reading): readonly DataRecord[] {
  const left = reading.controls.pass(records, part);
  reading.ignored += records.length - left.length;
  return left;
}

/** Whose a record is. Undefined: it belongs to no document and was only read. */
export function place(record: DataRecord, part: string, reading: Reading): PlacedRecord | undefined {
  const placed = reading.sorting?.place(part, record);
  if (placed === undefined) {
    reading.ignored++;
    tellUnused(record, reading);
  }
  return placed;
}

/** What is wrong with a record that no document is made of refuses nothing. */
function tellUnused({ issues = [] }: DataRecord, reading: Reading): void {
  for (const issue of issues) tell({ ...issue, severity: 'warning' }, reading);
}

function bind(reading: Reading, flow: StagingFlow): void {
  const { bound, issues } = flow.mapping.bind(reading.columns, reading.names, reading.lookUps);
  const errors = issues.filter(isError);
  if (errors.length > 0) reading.refusal = errors;
  else reading.bound = bound;
  reading.sorting = reading.bound?.startSorting();
  reading.notices.push(...issues.filter((issue) => !isError(issue)));
}

/** Answers false: what was read so far does not count. */
export function restart(reading: Reading, flow: StagingFlow): false {
  Object.assign(reading, nothingRead(reading.names, flow, reading.lookedUp));
  return false;
}

/** The files of a drop whose records belong to documents. */
export function documentFiles({ files, lookUps }: Reading): readonly DropFile[] {
  return files.filter(({ part }) => !lookUps.has(part));
}

/** Reads the files that are looked up: what they say is needed for the first document already. */
export async function readLookUps(reading: Reading, flow: StagingFlow): Promise<void> {
  for (const file of reading.files) {
    const { part } = file;
    if (!reading.lookUps.has(part)) continue;
    for await (const event of reading.events(file)) {
      if (event.kind === 'records') keepEntries(event.records, part, reading);
      else {
        if (event.kind === 'header') reading.lookUps.header(part, event);
        note(event, part, reading, flow);
      }
      if (reading.refusal !== undefined) return;
    }
  }
  const { columns, notices, records } = reading;
  reading.lookedUp = { columns: new Map(columns), notices: [...notices], records };
}

function keepEntries(records: readonly DataRecord[], part: string, reading: Reading): void {
  reading.records += records.length;
  reading.ignored += records.length;
  for (const record of records) tellUnused(record, reading);
  const issue = reading.lookUps.add(part, records, reading.names.get(part) ?? '');
  if (issue !== undefined) reading.refusal = [issue];
}

/** Reads the header of every file first: a row's group is only known when all columns are. */
export async function bindAll(reading: Reading, flow: StagingFlow): Promise<void> {
  for (const file of documentFiles(reading)) {
    for await (const event of reading.events(file)) {
      if (event.kind === 'header' || event.kind === 'refused') note(event, file.part, reading, flow);
      if (reading.refusal !== undefined) return;
      if (event.kind === 'records') break;
    }
  }
  if (reading.bound === undefined) bind(reading, flow);
}

/** A drop that was received, ready to be read once more from the kept bytes. */
export async function reopen(files: readonly DropFile[], flow: StagingFlow, parts: StagingParts): Promise<Reading> {
  const reading = createReading(files, flow, parts);
  await readLookUps(reading, flow);
  await bindAll(reading, flow);
  return reading;
}

/** The records of one of its files that belong to documents. */
export async function* placedRecords(
  file: DropFile,
  reading: Reading,
  flow: StagingFlow,
): AsyncGenerator<PlacedRecord, void, void> {
  for await (const event of reading.events(file)) {
    if (event.kind === 'header') continue;
    for (const record of note(event, file.part, reading, flow)) {
      const placed = place(record, file.part, reading);
      if (placed !== undefined) yield placed;
    }
  }
}
