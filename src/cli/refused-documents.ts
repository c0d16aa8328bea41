import { describeIssue } from '../core/issue.ts';
import type { DocumentView, DropView, LedgerReader } from '../core/ledger.ts';

const SHOWN = 20;
const PAGE = 500;

/** Documents of a drop that were refused: the first of the file, and how many there are besides. */
export interface RefusedDocuments {
  readonly documents: readonly RefusedDocument[];
  readonly more: number;
}

interface RefusedDocument {
  readonly type: string;
  readonly key: string;
  readonly line: number;
  readonly status: DocumentView['status'];
  readonly issues: readonly { readonly code: string; readonly message: string }[];
}

/** Undefined when all of the drop was taken. The ledger tells the newest first, so that the first ones come last. */
export async function refusedOf(
  ledger: Pick<LedgerReader, 'documents'>,
  { id, books }: DropView,
): Promise<RefusedDocuments | undefined> {
  if (books.rejected === 0) return undefined;
  let first: readonly DocumentView[] = [];
  let count = 0;
  let before: number | undefined;
  for (;;) {
    const page = await ledger.documents({ dropId: id, limit: PAGE, ...(before === undefined ? {} : { before }) });
    if (page.length === 0) break;
    const refused = page.filter(({ status }) => status === 'rejected');
    count += refused.length;
    first = [...first, ...refused].slice(-SHOWN);
    before = page.at(-1)?.id;
  }
  if (count === 0) return undefined;
  return { documents: first.toReversed().map(shown), more: count - first.length };
}

function shown({ type, key, line, status, issues }: DocumentView): RefusedDocument {
  return {
    type,
    key,
    line,
    status,
    issues: issues.map((issue) => ({ code: issue.code, message: describeIssue(issue) })),
  };
}

/** The same for people, below the line of their drop. */
export function describeRefused({ documents, more }: RefusedDocuments): readonly string[] {
  const lines = documents.flatMap(({ type, key, line, status, issues }) => [
    `  ${type} ${key} line ${line}: ${status}`,
    ...issues.map(({ message }) => `    ${message}`),
  ]);
  return more === 0 ? lines : [...lines, `  and ${more} more refused documents`];
}
