import type { Issue } from '../../core/issue.ts';
import { parseExact, type Json } from '../../core/json.ts';
import type { DocumentView, LedgerReader } from '../../core/ledger.ts';
import type { FrozenRequest } from '../../core/provider.ts';
import { jsonDiff, type FieldChange } from './json-diff.ts';

/**
 * What would become of a document. `changed`: something else would be sent. `appeared` and `vanished`: rows would come
 * together in other documents.
 */
export type DocumentOutcome =
  'same' | 'changed' | 'newly-refused' | 'newly-accepted' | 'refused-otherwise' | 'appeared' | 'vanished';

export interface DocumentChange {
  readonly outcome: DocumentOutcome;
  readonly key: string;
  readonly line: number;
  readonly changes: readonly FieldChange[];
  /** Findings of the changed mapping. */
  readonly issues: readonly Issue[];
}

const PAGE = 500;

/** A ledger and the drop in it. */
export interface Side {
  readonly ledger: Pick<LedgerReader, 'documents' | 'request'>;
  readonly dropId: number;
}

/** Documents of a drop as they were received, and as they would be, in the order of the file. `isRefused`: the file as a whole would be. */
export async function* compareDocuments(
  before: Side,
  after: Side,
  isRefused: boolean,
): AsyncGenerator<DocumentChange, void, void> {
  const old = await allDocuments(before);
  if (isRefused) {
    for (const document of old) yield refusedWithDrop(document);
    return;
  }
  const left = new Set(await allDocuments(after));
  const byLine = new Map([...left].map((document) => [document.line, document]));
  const byKey = new Map([...left].map((document) => [document.key, document]));
  for (const document of old) {
    // A record belongs to one document, so the first line of a document tells which one it is.
    const match = [byLine.get(document.line), byKey.get(document.key)].find(
      (each) => each !== undefined && left.has(each),
    );
    if (match === undefined) yield { ...plain('vanished', document), issues: [] };
    else {
      left.delete(match);
      yield await compareOne({ ...before, document }, { ...after, document: match });
    }
  }
  for (const document of left) yield plain('appeared', document);
}

function refusedWithDrop(document: DocumentView): DocumentChange {
  const outcome = document.submission === undefined ? 'refused-otherwise' : 'newly-refused';
  return { ...plain(outcome, document), issues: [] };
}

function plain(outcome: DocumentOutcome, { key, line, issues }: DocumentView): DocumentChange {
  return { outcome, key, line, changes: [], issues };
}

async function allDocuments({ ledger, dropId }: Side): Promise<readonly DocumentView[]> {
  const found: DocumentView[] = [];
  for (let before: number | undefined; ;) {
    const page = await ledger.documents({ dropId, limit: PAGE, ...(before === undefined ? {} : { before }) });
    found.push(...page);
    before = page.at(-1)?.id;
    if (page.length < PAGE || before === undefined) return found.toReversed();
  }
}

type Placed = Side & { readonly document: DocumentView };

async function compareOne(before: Placed, after: Placed): Promise<DocumentChange> {
  const [old, now] = [before.document.submission, after.document.submission];
  const change = (outcome: DocumentOutcome, changes: readonly FieldChange[] = []): DocumentChange => ({
    ...plain(outcome, after.document),
    changes: [...keyChange(before.document, after.document), ...changes],
  });
  if (old === undefined && now === undefined) {
    return change(findings(before.document) === findings(after.document) ? 'same' : 'refused-otherwise');
  }
  if (now === undefined) return change('newly-refused');
  if (old === undefined) return change('newly-accepted');
  if (old.hash === now.hash && before.document.key === after.document.key) return change('same');
  const [sent, wouldSend] = [await before.ledger.request(old.id), await after.ledger.request(now.id)];
  return change('changed', sent === undefined || wouldSend === undefined ? [] : requestChanges(sent, wouldSend));
}

function keyChange(before: DocumentView, after: DocumentView): readonly FieldChange[] {
  if (before.key === after.key) return [];
  return [{ pointer: 'key', before: JSON.stringify(before.key), after: JSON.stringify(after.key) }];
}

/** Findings without their wording, which changes from version to version. */
function findings({ issues }: DocumentView): string {
  return JSON.stringify(issues.map(({ code, where: { line, column } }) => [code, line, column]));
}

function requestChanges(before: FrozenRequest, after: FrozenRequest): readonly FieldChange[] {
  const around = (['method', 'path'] as const).flatMap((name): FieldChange[] =>
    before[name] === after[name] ? [] : [{ pointer: name, before: before[name], after: after[name] }],
  );
  const headers = jsonDiff({ ...before.headers }, { ...after.headers }).map((change) => ({
    ...change,
    pointer: `header ${change.pointer.slice(1)}`,
  }));
  return [...around, ...headers, ...jsonDiff(bodyOf(before), bodyOf(after))];
}

function bodyOf({ body }: FrozenRequest): Json {
  try {
    return parseExact(body);
  } catch {
    return body;
  }
}
