import { describeFinding, isError, type Issue } from '../../core/issue.ts';
import type { Drop, ResultRow } from '../../core/ledger.ts';
import { phraseText, say, type Texts } from '../../core/text.ts';

export const RESULT_COLUMNS = ['drop', 'line', 'key', 'status', 'code', 'column', 'value', 'message', 'reference'];

/** One line for each finding about the drop itself. */
export function* dropLines(drop: Drop, name: string, texts: Texts | undefined): Generator<readonly string[]> {
  for (const issue of drop.issues) {
    const status = isError(issue) ? 'refused' : 'notice';
    // Of a drop of several files the fault may lie in another than the picked one.
    const { file = name, line, column = '' } = issue.where;
    const message = describeFinding(issue, texts);
    yield [file, lineText(line), '', status, issue.code, column, issue.got ?? '', message, ''];
  }
}

/** One line per document; the place is that of its first issue, the message tells all of them. */
export function documentLine(name: string, row: ResultRow, texts: Texts | undefined): readonly string[] {
  const issues = decisiveIssues(row);
  const [first] = issues;
  // An issue may stand in a companion file: then line and column are that file's.
  const here = first?.where.file ?? name;
  return [
    here,
    lineText(first?.where.line ?? row.line),
    row.key,
    row.status,
    first?.code ?? codeWithoutIssue(row),
    first?.where.column ?? '',
    first?.got ?? '',
    withFirstDrop(row, describeAll(issues, { main: name, here }, texts), texts),
    row.reference,
  ];
}

/** Of a document that was not taken the reasons, of any other all that is to be said. */
export function decisiveIssues({ status, issues }: ResultRow): readonly Issue[] {
  if (status !== 'rejected' && status !== 'held') return issues;
  const errors = issues.filter(isError);
  return errors.length > 0 ? errors : issues;
}

/** Which files a text is about. */
export interface Files {
  /** Where findings are that name no file. */
  readonly main: string;
  /** The file that needs no name, as it is told beside the text; undefined when several are. */
  readonly here: string | undefined;
}

/** All of them in one text; all but the first with their places. */
export function describeAll(issues: readonly Issue[], files: Files, texts: Texts | undefined): string {
  return issues
    .map((issue, index) => (index === 0 ? describeFinding(issue, texts) : placed(issue, files, texts)))
    .join(' | ');
}

export function codeWithoutIssue({ status }: ResultRow): string {
  return status === 'already-received' ? status : '';
}

/** A message, with where the document came first when it is known already. */
export function withFirstDrop({ status, firstDrop }: ResultRow, message: string, texts: Texts | undefined): string {
  if (status !== 'already-received') return message;
  const told = phraseText(say`The same document came with ${firstDrop}; it was not sent again.`, texts);
  return message === '' ? told : `${told} | ${message}`;
}

/** A finding with its place in front, as far as that is known. */
export function placed(issue: Issue, { main, here }: Files, texts: Texts | undefined): string {
  const { line, column, file = line === undefined ? here : main } = issue.where;
  const other = file === here ? undefined : file;
  const place = [
    ...(line === undefined ? [other ?? []].flat() : [lineOf(line, other, texts)]),
    ...(column === undefined ? [] : [phraseText(say`column ${column}`, texts)]),
  ].join(' ');
  const finding = describeFinding(issue, texts);
  return place === '' ? finding : `${place}: ${finding}`;
}

function lineOf(line: number, file: string | undefined, texts: Texts | undefined): string {
  return phraseText(file === undefined ? say`line ${line}` : say`line ${line} of ${file}`, texts);
}

export function lineText(line: number | undefined): string {
  return line === undefined ? '' : String(line);
}
