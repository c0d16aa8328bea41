import { createIssue, describeFinding, isError, type Issue } from '../core/issue.ts';
import type { ResultRow } from '../core/ledger.ts';
import { phraseText, say, type Texts } from '../core/text.ts';
import type { Keeps } from './kept-records.ts';

export interface Refused {
  /** Issues of this very row; of the whole document on its first row. */
  readonly issues: readonly Issue[];
  /** Code of the document's first issue: every row of it carries one, so that a sheet can be filtered. */
  readonly code: string;
  /** For rows without an issue of their own: where the reason stands. */
  readonly elsewhere: string;
}

/** Tells for each record of a file, in ascending order, whether and why it goes back to its sender. */
export interface Refusals {
  at(seq: number, line: number): Promise<Refused | undefined>;
}

interface RefusedDocument {
  readonly row: ResultRow;
  readonly lastSeq: number;
  readonly runs: readonly (readonly [first: number, end: number])[];
}

/**
 * Walks the documents of a drop in step with its records, so that only the documents around the current record are held.
 * Documents come in the order of their first record of the picked file; a companion's records may lie in any order, so
 * for those all refused documents are read first.
 */
export function createRefusals(
  rows: AsyncIterable<ResultRow>,
  part: string,
  fileName: string,
  keeps: Keeps = () => false,
  texts?: Texts,
): Refusals {
  const source = rows[Symbol.asyncIterator]();
  let ahead: RefusedDocument | undefined;
  let isDone = false;
  let active: RefusedDocument[] = [];
  const pull = async (): Promise<void> => {
    ahead = undefined;
    while (!isDone && ahead === undefined) {
      const { value, done } = await source.next();
      isDone = done === true;
      if (!isDone && value !== undefined) ahead = refusedDocument(value as ResultRow, part);
    }
  };
  const reach = async (seq: number): Promise<void> => {
    if (ahead === undefined) await pull();
    while (ahead !== undefined && (part !== '' || firstSeq(ahead) <= seq)) {
      active.push(ahead);
      await pull();
    }
  };
  return {
    async at(seq, line) {
      await reach(seq);
      if (part === '') active = active.filter(({ lastSeq }) => lastSeq >= seq);
      const found = active.find(({ runs }) => runs.some(([first, end]) => seq >= first && seq < end));
      if (found !== undefined) return describe(found, seq, line, fileName, texts);
      return keeps(part, seq) ? neededByRefused(texts) : undefined;
    },
  };
}

/** Sheets that come back are known by the codes in them, so it has one of its own. */
const needed = createIssue('needed-by-refused', {});
function neededByRefused(texts: Texts | undefined): Refused {
  return { issues: [], code: needed.code, elsewhere: describeFinding(needed, texts) };
}

function refusedDocument(row: ResultRow, part: string): RefusedDocument | undefined {
  if (row.status !== 'rejected') return undefined;
  const runs = row.records.filter(([of]) => of === part).map(([, first, count]) => [first, first + count] as const);
  return runs.length === 0 ? undefined : { row, runs, lastSeq: Math.max(...runs.map(([, end]) => end - 1)) };
}

function firstSeq(document: RefusedDocument): number {
  return document.runs[0]?.[0] ?? 0;
}

function describe(
  document: RefusedDocument,
  seq: number,
  line: number,
  fileName: string,
  texts: Texts | undefined,
): Refused {
  const errors = document.row.issues.filter(isError);
  const isFirst = firstSeq(document) === seq;
  const isHere = ({ where }: Issue): boolean =>
    where.line === undefined ? isFirst : where.line === line && (where.file === undefined || where.file === fileName);
  const issues = errors.filter(isHere);
  const [other] = errors;
  const { key } = document.row;
  const elsewhere =
    other?.where.line === undefined
      ? say`Refused with document ${key}.`
      : say`Refused with document ${key} because of line ${other.where.line} of ${other.where.file ?? fileName}.`;
  return { issues, code: other?.code ?? '', elsewhere: phraseText(elsewhere, texts) };
}
