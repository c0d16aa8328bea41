import type { Drop, DropFile } from '../../core/ledger.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import { releaseSpool } from '../source/release-spool.ts';
import { locateRows, type Rows } from '../reading/locate.ts';
import { documentLine, dropLines, RESULT_COLUMNS } from './report-documents.ts';
import { keepAnswer, type KeptAnswer } from './report-file.ts';
import { DROP_COLUMNS, dropLine } from './report-layers.ts';
import { createTally, isFirst, type Outcomes, type Tally } from './report-outcomes.ts';
import { recordLines } from './report-records.ts';
import { rejectSheets } from './report-rejects.ts';

export type { Outcomes } from './report-outcomes.ts';

/**
 * Builds the result file of a drop whose documents all have an end, and a reject sheet where something was refused. Of a
 * drop that was reported before, both tell what a person decided since, in files of their own.
 */
export async function reportDrop(drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<Outcomes> {
  const tally = createTally(drop);
  const [main] = drop.files;
  if (main === undefined) return tally.outcomes;
  const rows = await locateRows(drop, flow, parts);
  const files: KeptAnswer[] = [...(await resultFile(drop, main, rows, tally, flow, parts))];
  const { outcomes } = tally;
  // A file that could not be read has no documents: it lies in `failed` as it came.
  if (outcomes.rejected > 0) files.push(...(await rejectSheets(drop, rows, flow, parts)));
  await parts.ledger.completeReport(drop.id, files, tally.told);
  await releaseSpool(drop.id, parts);
  parts.log.info(
    { drop: drop.id, flow: flow.name, documents: tally.documents(), rejected: outcomes.rejected },
    'drop reported',
  );
  return outcomes;
}

/** The result file, where there is something to tell and its sender wants to be told. */
async function resultFile(
  drop: Drop,
  main: DropFile,
  rows: Rows,
  tally: Tally,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<KeptAnswer[]> {
  const { when = 'always', per = 'document' } = flow.answers ?? {};
  const isPlain = when === 'always' && per === 'document';
  // One line per document can be counted while it is written.
  if (!isPlain) {
    for await (const row of rows()) tally.count(row);
    if (!isTold(drop, when, tally)) return [];
  }
  const lines = { document: documentLines, line: lineRecords, file: lineDrop }[per];
  const counted = { rows: 0 };
  const bytes = flow.result.format.write(
    cells(lines({ drop, main, rows, tally, isCounted: !isPlain, flow, parts }), flow, counted),
    per === 'file' ? DROP_COLUMNS : RESULT_COLUMNS,
    flow.result.options,
  );
  const { extension } = flow.result.format;
  const count = (): number => (per === 'document' ? tally.documents() : counted.rows);
  const answer = { kind: 'result', extension, bytes, rows: count } as const;
  const kept = await keepAnswer(drop, main, answer, flow, parts);
  // What is held again is told already.
  if (tally.documents() > 0 || isFirst(drop)) return [kept];
  await parts.spool.remove(kept.spool);
  return [];
}

/** Who was told that a document is held is told its end, whatever it is. */
function isTold(drop: Drop, when: 'always' | 'errors' | 'never', { outcomes, documents }: Tally): boolean {
  if (when === 'never') return false;
  if (!isFirst(drop)) return documents() > 0;
  return when === 'always' || drop.isRefused || outcomes.rejected + outcomes.held > 0;
}

interface Telling {
  readonly drop: Drop;
  readonly main: DropFile;
  readonly rows: Rows;
  readonly tally: Tally;
  readonly isCounted: boolean;
  readonly flow: InboundFlow;
  readonly parts: InboundParts;
}

async function* documentLines({
  drop,
  main,
  rows,
  tally,
  isCounted,
  flow: { texts },
}: Telling): AsyncGenerator<readonly string[]> {
  const name = baseName(main.path);
  if (isFirst(drop)) yield* dropLines(drop, name, texts);
  const counting = isCounted ? createTally(drop) : tally;
  for await (const row of rows()) if (counting.count(row)) yield documentLine(name, row, texts);
}

async function* lineRecords({ drop, main, rows, flow, parts }: Telling): AsyncGenerator<readonly string[]> {
  if (isFirst(drop)) yield* dropLines(drop, baseName(main.path), flow.texts);
  yield* recordLines(drop, endedOnly(drop, rows), flow, parts);
}

async function* lineDrop({ drop, rows, flow, parts }: Telling): AsyncGenerator<readonly string[]> {
  yield await dropLine(drop, rows, parts, flow.texts);
}

/** In a later report, without documents that are held again. */
function endedOnly(drop: Drop, rows: Rows): Rows {
  return async function* ended() {
    const tally = createTally(drop);
    for await (const row of rows()) if (tally.count(row)) yield row;
  };
}

async function* cells(
  lines: AsyncIterable<readonly string[]>,
  { result: { toCell } }: InboundFlow,
  counted: { rows: number },
): AsyncGenerator<readonly string[]> {
  for await (const line of lines) {
    counted.rows++;
    yield line.map(toCell);
  }
}
