import { createIssue, describeFinding, isError, type Issue } from '../../core/issue.ts';
import type { ResultRow } from '../../core/ledger.ts';
import { phraseText, say, type Texts } from '../../core/text.ts';
import type { Keeps } from '../report/kept-records.ts';
import { createOwners, type Owned } from '../report/owners.ts';

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

export function createRefusals(
  rows: AsyncIterable<ResultRow>,
  part: string,
  fileName: string,
  keeps: Keeps = () => false,
  texts?: Texts,
): Refusals {
  const owners = createOwners(rows, part, ({ status }) => status === 'rejected');
  return {
    async at(seq, line) {
      const found = await owners.at(seq);
      if (found !== undefined) return describe(found, line, fileName, texts);
      return keeps(part, seq) ? neededByRefused(texts) : undefined;
    },
  };
}

/** Sheets that come back are known by the codes in them, so it has one of its own. */
const needed = createIssue('needed-by-refused', {});
function neededByRefused(texts: Texts | undefined): Refused {
  return { issues: [], code: needed.code, elsewhere: describeFinding(needed, texts) };
}

function describe(owned: Owned, line: number, fileName: string, texts: Texts | undefined): Refused {
  const errors = owned.row.issues.filter(isError);
  const issues = issuesHere(errors, owned, line, fileName);
  return { issues, code: errors[0]?.code ?? '', elsewhere: refusedElsewhere(owned, fileName, texts) };
}

/** Of a document's issues those that stand on one of its lines; those without a line stand on its first. */
export function issuesHere(
  issues: readonly Issue[],
  { isFirst }: Owned,
  line: number,
  fileName: string,
): readonly Issue[] {
  return issues.filter(({ where }) =>
    where.line === undefined ? isFirst : where.line === line && (where.file === undefined || where.file === fileName),
  );
}

/** What is told on the rows of a refused document that are not its reason. */
export function refusedElsewhere({ row }: Owned, fileName: string, texts: Texts | undefined): string {
  const { key } = row;
  const where = row.issues.find(isError)?.where;
  const elsewhere =
    where?.line === undefined
      ? say`Refused with document ${key}.`
      : say`Refused with document ${key} because of line ${where.line} of ${where.file ?? fileName}.`;
  return phraseText(elsewhere, texts);
}
