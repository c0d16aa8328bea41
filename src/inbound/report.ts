import type { Bytes, CellMark, RejectRow } from '../core/format.ts';
import { describeFinding, isError, type Issue } from '../core/issue.ts';
import type { Drop, DropFile, FileContent, ResultRow } from '../core/ledger.ts';
import type { DocumentStatus } from '../core/states.ts';
import { phraseText, say, type Texts } from '../core/text.ts';
import { baseName, freeName, splitName, type InboundFlow, type InboundParts } from './flow.ts';
import { releaseSpool } from './release-spool.ts';
import { keptRecords, type Keeps } from './kept-records.ts';
import { locateRows, type Rows } from './locate.ts';
import { createRefusals, type Refusals, type Refused } from './refusals.ts';

const RESULT_COLUMNS = ['drop', 'line', 'key', 'status', 'code', 'column', 'value', 'message', 'reference'];
/** Columns of a reject sheet that are ours: any column that begins with `dray_` is ignored when the sheet comes back. */
const REASON_COLUMNS = ['dray_code', 'dray_column', 'dray_reason'];

type ReportFile = FileContent & { readonly kind: 'result' | 'rejects' };

/** How many documents of a drop came to which end. */
export type Outcomes = Readonly<Record<DocumentStatus, number>>;
interface Counts {
  rows: number;
  readonly outcomes: Record<DocumentStatus, number>;
  readonly told: { readonly held: number[]; readonly ended: number[] };
}

/**
 * Builds the result file of a drop whose documents all have an end, and a reject sheet where something was refused. Of a
 * drop that was reported before, both tell what a person decided since, in files of their own.
 */
export async function reportDrop(drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<Outcomes> {
  const files: ReportFile[] = [];
  const counts: Counts = {
    rows: 0,
    outcomes: { waiting: 0, accepted: 0, 'already-received': 0, rejected: 0, held: 0 },
    told: { held: [], ended: [] },
  };
  const { outcomes } = counts;
  const [main] = drop.files;
  if (main === undefined) return outcomes;
  const rows = await locateRows(drop, flow, parts);
  const { extension } = flow.result.format;
  const bytes = resultBytes(drop, main, rows, flow, counts);
  const result = await keepFile(flow, parts, drop, main, 'result', extension, counts, bytes);
  // What is held again is told already.
  if (counts.rows > 0 || isFirst(drop)) files.push(result);
  else await parts.spool.remove(result.spool);
  // A file that could not be read has no documents: it lies in `failed` as it came.
  if (outcomes.rejected > 0) {
    const keeps = await keptRecords(drop, rows, flow, parts);
    for (const file of drop.files) files.push(...(await rejectSheet(drop, file, rows, keeps, flow, parts)));
  }
  await parts.ledger.completeReport(drop.id, files, counts.told);
  await releaseSpool(drop.id, parts);
  parts.log.info(
    { drop: drop.id, flow: flow.name, documents: counts.rows, rejected: outcomes.rejected },
    'drop reported',
  );
  return outcomes;
}

function isFirst({ reports = 0 }: Drop): boolean {
  return reports === 0;
}

function resultBytes(drop: Drop, main: DropFile, rows: Rows, { result, texts }: InboundFlow, counts: Counts): Bytes {
  const name = baseName(main.path);
  async function* lines(): AsyncGenerator<readonly string[]> {
    if (isFirst(drop)) for (const issue of drop.issues) yield dropLine(name, issue, texts).map(result.toCell);
    for await (const row of rows()) {
      counts.outcomes[row.status]++;
      if (row.status === 'held') counts.told.held.push(row.documentId);
      if (!isFirst(drop)) {
        if (row.status === 'held' || row.status === 'waiting') continue;
        counts.told.ended.push(row.documentId);
      }
      counts.rows++;
      yield documentLine(name, row, texts).map(result.toCell);
    }
  }
  return result.format.write(lines(), RESULT_COLUMNS, result.options);
}

function dropLine(name: string, issue: Issue, texts: Texts | undefined): readonly string[] {
  const status = isError(issue) ? 'refused' : 'notice';
  return [
    // Of a drop of several files the fault may lie in another than the picked one.
    issue.where.file ?? name,
    lineText(issue.where.line),
    '',
    status,
    issue.code,
    issue.where.column ?? '',
    issue.got ?? '',
    describeFinding(issue, texts),
    '',
  ];
}

/** One line per document; the place is that of its first issue, the message tells all of them. */
function documentLine(name: string, row: ResultRow, texts: Texts | undefined): readonly string[] {
  const issues = row.status === 'rejected' || row.status === 'held' ? errorsFirst(row.issues) : row.issues;
  const [first] = issues;
  const message = issues
    .map((issue, index) => (index === 0 ? describeFinding(issue, texts) : placed(issue, texts)))
    .join(' | ');
  const told = row.status === 'already-received' ? alreadyReceived(row, message, texts) : message;
  return [
    // An issue may stand in a companion file: then line and column are that file's.
    first?.where.file ?? name,
    lineText(first?.where.line ?? row.line),
    row.key,
    row.status,
    first?.code ?? (row.status === 'already-received' ? 'already-received' : ''),
    first?.where.column ?? '',
    first?.got ?? '',
    told,
    row.reference,
  ];
}

function alreadyReceived(row: ResultRow, message: string, texts: Texts | undefined): string {
  const told = phraseText(say`The same document came with ${row.firstDrop}; it was not sent again.`, texts);
  return message === '' ? told : `${told} | ${message}`;
}

function errorsFirst(issues: readonly Issue[]): readonly Issue[] {
  const errors = issues.filter(isError);
  return errors.length > 0 ? errors : issues;
}

function placed(issue: Issue, texts: Texts | undefined): string {
  const { line, column } = issue.where;
  const place = [
    ...(line === undefined ? [] : [phraseText(say`line ${line}`, texts)]),
    ...(column === undefined ? [] : [phraseText(say`column ${column}`, texts)]),
  ].join(' ');
  const finding = describeFinding(issue, texts);
  return place === '' ? finding : `${place}: ${finding}`;
}

function lineText(line: number | undefined): string {
  return line === undefined ? '' : String(line);
}

/** The refused rows of one file exactly as received, with the reasons behind them. */
async function rejectSheet(
  drop: Drop,
  file: DropFile,
  rows: Rows,
  keeps: Keeps,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<ReportFile[]> {
  const { extension } = splitName(baseName(file.path));
  const counts = { rows: 0 };
  const refused = refusedRows(file, rows, keeps, flow, parts, counts);
  const bytes = flow.format.writeRejects(refused, flow.readOptions(file.part), REASON_COLUMNS);
  const kept = await keepFile(
    flow,
    parts,
    drop,
    file,
    'rejects',
    extension.slice(1) || flow.format.extension,
    counts,
    bytes,
  );
  if (counts.rows > 0) return [kept];
  await parts.spool.remove(kept.spool);
  return [];
}

async function* refusedRows(
  file: DropFile,
  rows: Rows,
  keeps: Keeps,
  flow: InboundFlow,
  parts: InboundParts,
  counts: { rows: number },
): AsyncGenerator<RejectRow> {
  const context = { file: baseName(file.path), limits: flow.limits };
  const refusals: Refusals = createRefusals(rows(), file.part, context.file, keeps, flow.texts);
  for await (const raw of flow.format.readRaw(parts.spool.read(file.spool), flow.readOptions(file.part), context)) {
    if (raw.seq < 0) {
      yield { raw };
      continue;
    }
    const refused = await refusals.at(raw.seq, raw.line);
    if (refused === undefined) continue;
    counts.rows++;
    yield { raw, reasons: reasonsFor(refused, flow.texts), marks: marksFor(refused, flow.texts) };
  }
}

/** The cells to mend, and what is wrong with each. */
function marksFor({ issues }: Refused, texts: Texts | undefined): readonly CellMark[] {
  return issues.flatMap((issue): CellMark[] => {
    const { column, cell } = issue.where;
    if (column === undefined) return [];
    return [{ column, message: describeFinding(issue, texts), ...(cell === undefined ? {} : { cell }) }];
  });
}

function reasonsFor({ issues, code, elsewhere }: Refused, texts: Texts | undefined): readonly string[] {
  if (issues.length === 0) return [code, '', elsewhere];
  const columns = issues.map((issue) => issue.where.column ?? '').filter(Boolean);
  return [issues[0]?.code ?? '', columns.join(' '), issues.map((issue) => describeFinding(issue, texts)).join(' | ')];
}

async function keepFile(
  flow: InboundFlow,
  parts: InboundParts,
  drop: Drop,
  file: DropFile,
  kind: 'result' | 'rejects',
  extension: string,
  counts: { rows: number },
  bytes: Bytes,
): Promise<ReportFile> {
  const { spool, hash, size } = await parts.spool.keep(bytes);
  // A name is never used twice, even when its first file was taken away long ago.
  const isFree = async (path: string): Promise<boolean> =>
    !(await parts.ledger.isNameUsed(flow.folder.name, path)) && (await flow.folder.stat(path)) === undefined;
  const { stem } = splitName(baseName(file.path));
  const suffix = kind === 'result' ? '.result' : '.rejected';
  const path = await freeName(flow.results, `${stem}.${extension}`, drop.id, isFree, suffix);
  // An earlier report may not be out yet.
  const mark = isFirst(drop) ? '' : `.${(drop.reports ?? 0) + 1}`;
  const temporaryPath = `${flow.results}/.dray-${drop.id}${mark}-${kind}${file.part === '' ? '' : `-${file.part}`}.tmp`;
  return { kind, folder: flow.folder.name, path, temporaryPath, spool, hash, size, rows: counts.rows };
}
