import { issueScope, type Issue } from '../../core/issue.ts';
import type { Drop, ResultRow } from '../../core/ledger.ts';
import type { BoundMapping, Explanation, SourceRecord } from '../../mapping/index.ts';
import { baseName, type InboundFlow, type InboundParts } from '../flow.ts';
import { documentFiles, placedRecords, reopen } from './reading.ts';

// A provider that refuses more than this refuses all for one reason: its own words are enough then.
const MOST_LOCATED = 500;

/**
 * The result rows of a drop, with what the provider says of a field led back to the cell the field came from: the kept
 * bytes are read again for the refused documents only.
 */
export async function locateRows(drop: Drop, flow: InboundFlow, parts: InboundParts): Promise<Rows> {
  const located = await locateRefusals(drop, flow, parts);
  return async function* rows() {
    for await (const row of rowsToTell(drop, parts)) {
      const issues = located.get(row.documentId);
      yield issues === undefined ? row : { ...row, issues };
    }
  };
}

/** Reads the result rows of a drop from the start. */
export type Rows = () => AsyncIterable<ResultRow>;

/** All rows at first; later those that a person decided about since they were told as held. */
async function* rowsToTell({ id, reports = 0 }: Drop, { ledger }: InboundParts): AsyncGenerator<ResultRow> {
  for await (const row of ledger.resultRows(id)) if (reports === 0 || row.isDecided === true) yield row;
}

async function locateRefusals(
  drop: Drop,
  flow: InboundFlow,
  parts: InboundParts,
): Promise<ReadonlyMap<number, readonly Issue[]>> {
  const refused: ResultRow[] = [];
  for await (const row of rowsToTell(drop, parts)) {
    if (row.issues.some(isOfProvider)) refused.push(row);
    if (refused.length >= MOST_LOCATED) break;
  }
  const located = new Map<number, readonly Issue[]>();
  if (refused.length === 0) return located;
  const { bound, records } = await readAgain(drop, refused, flow, parts);
  const names = new Map(drop.files.map((file) => [file.part, baseName(file.path)]));
  for (const row of refused) {
    const rows = records.get(row.documentId) ?? [];
    const explanations = bound === undefined || rows.length === 0 ? [] : await bound.explain(rows);
    const file = names.get(rows[0]?.part ?? '') ?? '';
    located.set(
      row.documentId,
      row.issues.map((issue) => (isOfProvider(issue) ? locate(issue, explanations, { file, line: row.line }) : issue)),
    );
  }
  return located;
}

function isOfProvider(issue: Issue): boolean {
  return issueScope(issue) === 'provider';
}

/** The records of the refused documents and a mapping bound to the headers they stand under. */
async function readAgain(
  drop: Drop,
  refused: readonly ResultRow[],
  flow: InboundFlow,
  parts: InboundParts,
): Promise<{ bound: BoundMapping | undefined; records: ReadonlyMap<number, SourceRecord[]> }> {
  const records = new Map<number, SourceRecord[]>();
  const reading = await reopen(drop.files, flow, parts);
  for (const file of documentFiles(reading)) {
    const owners = ownersOf(refused, file.part);
    for await (const placed of placedRecords(file, reading, flow)) {
      const owner = owners.get(placed.record.seq);
      if (owner === undefined) continue;
      const rows = records.get(owner) ?? [];
      rows.push(placed);
      records.set(owner, rows);
    }
  }
  return { bound: reading.bound, records };
}

function ownersOf(rows: readonly ResultRow[], part: string): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  for (const { documentId, records } of rows) {
    for (const [of, first, count] of records) {
      for (let seq = first; of === part && seq < first + count; seq++) owners.set(seq, documentId);
    }
  }
  return owners;
}

/** Places an issue at the cell behind the provider's field, or at the nearest thing that is known of it. */
function locate(issue: Issue, explanations: readonly Explanation[], document: { file: string; line: number }): Issue {
  const field = issue.where.column;
  const steps = field?.split(/[.[\]]+/).filter(Boolean) ?? [];
  for (let length = steps.length; length > 0; length--) {
    const pointer = `/${steps.slice(0, length).join('/')}`;
    const near = explanations.filter((known) => known.pointer === pointer || known.pointer.startsWith(`${pointer}/`));
    const cell = near.flatMap(({ sources }) => sources)[0];
    if (cell === undefined) continue;
    const isExact = length === steps.length && near[0]?.pointer === pointer;
    const where = { file: cell.file, line: cell.line, column: isExact ? cell.column : (field ?? cell.column) };
    return isExact ? { ...issue, where, got: cell.text } : { ...issue, where };
  }
  return { ...issue, where: { ...document, ...(field === undefined ? {} : { column: field }) } };
}
