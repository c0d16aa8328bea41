import { describeFinding } from '../../core/issue.ts';
import type { CellMark, RejectRow } from '../../core/format.ts';
import type { Drop, DropFile } from '../../core/ledger.ts';
import type { Texts } from '../../core/text.ts';
import { baseName, splitName, type InboundFlow, type InboundParts } from '../flow.ts';
import { keptRecords, type Keeps } from './kept-records.ts';
import type { Rows } from '../reading/locate.ts';
import { createRefusals, type Refusals, type Refused } from '../reading/refusals.ts';
import { keepAnswer, type KeptAnswer } from './report-file.ts';

/** Columns of a reject sheet that are ours: any column that begins with `dray_` is ignored when the sheet comes back. */
const REASON_COLUMNS = ['dray_code', 'dray_column', 'dray_reason'];

/** What goes back to be mended, for each file of the drop that has something refused. */
export async function rejectSheets(
  drop: Drop,
  rows: Rows,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<KeptAnswer[]> {
  const sheets: KeptAnswer[] = [];
  const keeps = await keptRecords(drop, rows, flow, parts);
  for (const file of drop.files) sheets.push(...(await rejectSheet(drop, file, rows, keeps, flow, parts)));
  return sheets;
}

/** The refused rows of one file exactly as received, with the reasons behind them. */
async function rejectSheet(
  drop: Drop,
  file: DropFile,
  rows: Rows,
  keeps: Keeps,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<KeptAnswer[]> {
  const { extension } = splitName(baseName(file.path));
  const counts = { rows: 0 };
  const refused = refusedRows(file, rows, keeps, flow, parts, counts);
  const bytes = flow.format.writeRejects(refused, flow.readOptions(file.part), REASON_COLUMNS);
  const answer = {
    kind: 'rejects',
    extension: extension.slice(1) || flow.format.extension,
    bytes,
    rows: () => counts.rows,
  } as const;
  const kept = await keepAnswer(drop, file, answer, flow, parts);
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
