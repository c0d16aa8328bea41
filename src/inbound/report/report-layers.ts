import { isError, type Issue } from '../../core/issue.ts';
import type { Drop, ReceivedDrop } from '../../core/ledger.ts';
import { phraseText, say, type Texts } from '../../core/text.ts';
import { baseName, type InboundParts } from '../flow.ts';
import type { Rows } from '../reading/locate.ts';
import { decisiveIssues, lineText, placed, type Files } from './report-documents.ts';
import type { Outcomes } from './report-outcomes.ts';

const RECEIVED = ['drop', 'size', 'sha256', 'received_at', 'records', 'ignored', 'documents'];
const FINDING = ['status', 'code', 'line', 'column', 'value', 'message'];

/** What came: its files are safe. Then whether it can be read: how many documents, and how many of them are refused already. */
export const RECEIPT_COLUMNS = [...RECEIVED, 'refused', ...FINDING];
/** The same, and then what became of the documents. */
export const DROP_COLUMNS = [...RECEIVED, 'accepted', 'already_received', 'rejected', 'held', ...FINDING];

const MOST_TOLD = 5;

/** The one line of a receipt. It says nothing of what the provider says. */
export function receiptLine(drop: ReceivedDrop, texts: Texts | undefined): readonly string[] {
  const { receivedAt, documents, refused, isRefused } = drop;
  const status = isRefused ? 'refused' : 'readable';
  const told = createTold(drop);
  told.add(drop.issues);
  return [...receivedCells(drop, receivedAt, documents), String(refused), status, ...told.cells(texts)];
}

/** The one line of a drop: of each layer how much of it came so far, and the first findings. */
export async function dropLine(
  drop: Drop,
  rows: Rows,
  parts: InboundParts,
  texts: Texts | undefined,
): Promise<readonly string[]> {
  const view = await parts.ledger.drop(drop.id);
  const outcomes: Record<keyof Outcomes, number> = {
    waiting: 0,
    accepted: 0,
    'already-received': 0,
    rejected: 0,
    held: 0,
  };
  let documents = 0;
  // Later reports tell of the whole drop again: counts of a part of it would say nothing.
  for await (const { status } of parts.ledger.resultRows(drop.id)) {
    documents++;
    outcomes[status]++;
  }
  const told = createTold(drop);
  told.add(drop.issues.filter(isError));
  for await (const row of rows()) if (row.status === 'rejected' || row.status === 'held') told.add(decisiveIssues(row));
  if (told.isEmpty()) told.add(drop.issues);
  const { accepted, 'already-received': known, rejected, held } = outcomes;
  const layers = [accepted, known, rejected, held].map(String);
  const received = receivedCells(drop, view?.receivedAt ?? 0, documents);
  return [...received, ...layers, statusOf(drop, outcomes, documents), ...told.cells(texts)];
}

function receivedCells({ files, records, ignored }: Drop, receivedAt: number, documents: number): readonly string[] {
  const ofEach = (tell: (file: Drop['files'][number]) => string): string => files.map(tell).join(' | ');
  return [
    ofEach(({ path }) => baseName(path)),
    ofEach(({ size }) => String(size)),
    ofEach(({ hash }) => hash),
    new Date(receivedAt).toISOString(),
    String(records),
    String(ignored),
    String(documents),
  ];
}

/** What a program would decide on: `partly` when some documents were taken and others were not. */
function statusOf({ isRefused }: Drop, outcomes: Outcomes, documents: number): string {
  const { held, rejected } = outcomes;
  if (isRefused) return 'refused';
  if (held > 0) return 'held';
  if (documents === 0) return 'empty';
  if (rejected === 0) return 'accepted';
  return rejected === documents ? 'rejected' : 'partly';
}

/** The first findings of a drop, the others counted. */
function createTold({ files: [main, ...others] }: Drop) {
  const name = main === undefined ? '' : baseName(main.path);
  const files: Files = { main: name, here: others.length === 0 ? name : undefined };
  const first: Issue[] = [];
  let count = 0;
  return {
    isEmpty: (): boolean => count === 0,
    add(issues: readonly Issue[]): void {
      count += issues.length;
      first.push(...issues.slice(0, MOST_TOLD - first.length));
    },
    /** Code, line, column and value of the first one, and all of them in one text. */
    cells(texts: Texts | undefined): readonly string[] {
      const [one] = first;
      const more = count - first.length;
      const message = [
        ...first.map((issue) => placed(issue, files, texts)),
        ...(more === 0 ? [] : [phraseText(say`and ${more} more`, texts)]),
      ];
      const { line, column = '' } = one?.where ?? {};
      return [one?.code ?? '', lineText(line), column, one?.got ?? '', message.join(' | ')];
    },
  };
}
