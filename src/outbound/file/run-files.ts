import type { TypedRow } from '../../core/format.ts';
import type { ComparedRow, FileContent, RunFile, StoredItem } from '../../core/ledger.ts';
import { fileFacts, type FileSubject } from './file-facts.ts';
import type { OutboundFlow, OutboundParts } from '../flow.ts';
import type { ItemRow } from './grow.ts';
import { sizeOf, type FedRow, type Feeder } from './run-feeder.ts';
import { createRowMaker, recordsOf, writeRecords, type RowMaker } from './run-rows.ts';

/** The files of one run: they become `built` together. */
export interface FileRun {
  readonly flow: OutboundFlow;
  readonly parts: OutboundParts;
  readonly makers: RowMaker;
  /** Items that earlier runs could not write. */
  readonly waiting: readonly StoredItem[];
  readonly now: number;
  readonly asOf: number | undefined;
  /** The last item that was looked at. */
  position: number;
  rows: number;
  readonly files: RunFile[];
  /** File whose rows and counts are those of the run. */
  firstFile(): number;
  /**
   * Writes one file from what the feeder has, at most so many rows. Answers how many; with none, its number goes to the
   * next one.
   */
  write(feeder: Feeder, most: number, subject?: RunSubject): Promise<number>;
  /** Ends the run. */
  complete(): Promise<void>;
}

/** What one file of a run is about. */
interface RunSubject {
  readonly document?: string;
  readonly repeatsFrom?: string;
}

interface Begun {
  readonly fileId: number;
  readonly sequence: number;
  /** Bytes of a file that got no rows. */
  empty?: FileContent;
}

export async function openRun(
  flow: OutboundFlow,
  parts: OutboundParts,
  { position, waiting }: { position: number; waiting: readonly StoredItem[] },
): Promise<FileRun> {
  const { ledger } = parts;
  const asOf = flow.feed.kind === 'snapshot' ? await ledger.snapshotTime(flow.provider, flow.feed.name) : undefined;
  const first = await ledger.beginFile(flow.name);
  let begun: Begun | undefined = first;
  const run: FileRun = {
    flow,
    parts,
    makers: createRowMaker(flow, parts),
    waiting,
    now: parts.clock.now(),
    asOf,
    position,
    rows: 0,
    files: [],
    firstFile: () => first.fileId,
    async write(feeder, most, subject = {}) {
      begun ??= await ledger.beginNextFile(first.fileId);
      await discard(begun, parts);
      const content = await writeContent(run, begun, feeder, most, subject);
      run.rows += content.rows;
      if (content.rows === 0) begun.empty = content;
      else {
        run.files.push({ fileId: begun.fileId, content });
        begun = undefined;
      }
      return content.rows;
    },
    async complete() {
      if (begun?.empty !== undefined && run.files.length === 0 && flow.empty !== 'skip') {
        run.files.push({ fileId: begun.fileId, content: begun.empty });
      } else if (begun !== undefined) {
        await discard(begun, parts);
        // Its counts hold although it has no rows: they were looked at.
        if (run.files.length === 0 && flow.snapshot !== 'changes')
          return ledger.abandonFile(begun.fileId, run.position, run.makers.deferred);
        if (run.files.length > 0) await ledger.dropFile(begun.fileId);
      }
      const compared = flow.snapshot === 'changes' ? { comparedBy: first.fileId, keepsGone: run.makers.leftOut() } : {};
      const end = { position: run.position, deferred: run.makers.deferred, at: run.now, ...compared };
      await ledger.completeRun(flow.name, run.files, end);
      if (run.files.length === 0) await ledger.dropFile(first.fileId);
    },
  };
  return run;
}

async function discard(begun: Begun, { spool }: OutboundParts): Promise<void> {
  if (begun.empty !== undefined) await spool.remove(begun.empty.spool);
  delete begun.empty;
}

async function writeContent(
  run: FileRun,
  { fileId, sequence }: Begun,
  feeder: Feeder,
  most: number,
  { document = '', repeatsFrom }: RunSubject,
): Promise<FileContent> {
  const { flow, parts, now, asOf } = run;
  const subject: FileSubject = {
    now,
    sequence,
    flow: flow.name,
    document,
    isRepeat: repeatsFrom !== undefined,
    ...(flow.site === undefined ? {} : { site: flow.site }),
    ...(asOf === undefined ? {} : { asOf }),
  };
  const counted = { rows: 0 };
  const rows = newRows(run, fileId, feeder, most, counted);
  const facts = fileFacts(subject, flow.empty === 'trailer');
  const kept = await parts.spool.keep(writeRecords(flow, rows, facts));
  return {
    ...namedFile(flow, subject, fileId),
    ...kept,
    rows: counted.rows,
    ...(repeatsFrom === undefined ? {} : { repeatsFrom }),
  };
}

/** What a file of a flow is called and how it is delivered. */
export function namedFile(
  flow: OutboundFlow,
  subject: FileSubject,
  fileId: number,
): Omit<FileContent, 'hash' | 'size' | 'rows' | 'spool'> {
  const path = flow.fileName(subject);
  const ours = `${path.slice(0, path.lastIndexOf('/') + 1)}.dray-${flow.name}-${fileId}`;
  const { document = '' } = subject;
  return {
    folder: flow.folder.name,
    path,
    temporaryPath: `${ours}.tmp`,
    ...(document === '' ? {} : { document }),
    ...(flow.replaces === undefined ? {} : { replaces: flow.replaces }),
    ...(flow.archiveName === undefined ? {} : { archivePath: flow.archiveName(subject) }),
    ...(flow.keepMs === undefined ? {} : { keepMs: flow.keepMs }),
    ...(flow.markerPath === undefined
      ? {}
      : { marker: { path: flow.markerPath(path), temporaryPath: `${ours}.marker.tmp` } }),
  };
}

async function* newRows(
  run: FileRun,
  fileId: number,
  feeder: Feeder,
  most: number,
  counted: { rows: number },
): AsyncGenerator<TypedRow> {
  while (counted.rows < most) {
    const rows = await feeder.take(most - counted.rows, counted.rows === 0);
    if (rows.length === 0) return;
    const isNew = await newOf(run, fileId, rows);
    for (const [index, row] of rows.entries()) {
      if (isNew[index] !== true) continue;
      counted.rows += sizeOf(row);
      yield* recordsOf(row);
    }
  }
}

async function newOf(
  { flow, parts, firstFile }: FileRun,
  fileId: number,
  rows: readonly FedRow[],
): Promise<readonly boolean[]> {
  const present = rows.flatMap((row) => (row.isGone === true ? [] : [row]));
  // What is gone comes last, by itself.
  if (present.length === 0) return rows.map(() => true);
  if (flow.snapshot === 'changes') return parts.ledger.compareRows(firstFile(), present.map(compared));
  return parts.ledger.assignFacts(
    fileId,
    present.map(({ fact }) => fact),
    present.map(({ item }) => item),
  );
}

/** A group is compared as a whole. */
function compared(row: ItemRow): ComparedRow {
  const { fact, cells, records } = row;
  return { fact, cells: records === undefined ? cells : records.flatMap((record) => [record.type, ...record.cells]) };
}
