import { issueCatalogue, type IssueCode, type IssueScope, type Severity } from './issue-catalogue.ts';

/** Where an issue is: as much as is known. Lines and columns of files count from 1. */
export interface Place {
  readonly file?: string;
  /** Physical line on which the record starts. */
  readonly line?: number;
  /** Character column in a text file (YAML, JSON). */
  readonly character?: number;
  /** Column name of a table, or JSON pointer of a tree. */
  readonly column?: string;
  /** Of a workbook: name of the sheet, and the cell as its users call it: `C14`. */
  readonly sheet?: string;
  readonly cell?: string;
}

/** A located, coded finding in data or configuration: a value, collected, never thrown. */
export interface Issue {
  readonly code: IssueCode;
  readonly severity: Severity;
  readonly where: Place;
  /** What is wrong, without the place and without a final stop. */
  readonly what: string;
  /** The rule that was broken. */
  readonly expected?: string;
  /** The value that broke it, as it stands in the source. */
  readonly got?: string;
  /** How to mend it: a whole sentence. */
  readonly hint?: string;
}

export interface IssueDetails {
  readonly what?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly hint?: string;
  readonly severity?: Severity;
}

const GOT_LIMIT = 60;

/** Builds an issue; what the details leave out comes from the catalogue. */
export function createIssue(code: IssueCode, where: Place, details: IssueDetails = {}): Issue {
  const entry = issueCatalogue[code];
  const hint = details.hint ?? entry.hint;
  return {
    code,
    severity: details.severity ?? entry.severity,
    where,
    what: details.what ?? entry.what,
    ...(details.expected === undefined ? {} : { expected: details.expected }),
    ...(details.got === undefined ? {} : { got: details.got }),
    ...(hint === undefined ? {} : { hint }),
  };
}

export function issueScope(issue: Issue): IssueScope {
  return issueCatalogue[issue.code].scope;
}

export function isError(issue: Issue): boolean {
  return issue.severity === 'error';
}

/** `orders.csv line 14 column Qty: not a whole number; expected 1 or more, got "2.5". Split the line.` */
export function describeIssue(issue: Issue): string {
  const place = describePlace(issue.where);
  return (place === '' ? '' : `${place}: `) + describeFinding(issue);
}

/** The message without its place, for result files that have columns for the place. */
export function describeFinding(issue: Issue): string {
  const parts: string[] = [];
  if (issue.expected !== undefined) parts.push(`expected ${issue.expected}`);
  if (issue.got !== undefined) parts.push(`got "${shorten(issue.got)}"`);
  const finding = parts.length === 0 ? issue.what : `${issue.what}; ${parts.join(', ')}`;
  return escapeControls(issue.hint === undefined ? `${finding}.` : `${finding}. ${issue.hint}`);
}

/** `config.yaml:12:5 unknown-key message`: the form editors and CI understand. */
export function describeConfigIssue(issue: Issue): string {
  const { file = '', line = 1, character = 1 } = issue.where;
  return `${escapeControls(file)}:${line}:${character} ${issue.code} ${describeFinding(issue)}`;
}

function describePlace(place: Place): string {
  const parts: string[] = [];
  if (place.file !== undefined) parts.push(place.file);
  if (place.sheet !== undefined) parts.push(`sheet ${place.sheet}`);
  if (place.cell !== undefined) parts.push(`cell ${place.cell}`);
  else if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.column !== undefined) parts.push(`column ${place.column}`);
  return escapeControls(parts.join(' '));
}

function shorten(value: string): string {
  const characters = Array.from(value.slice(0, GOT_LIMIT * 2 + 1));
  return characters.length <= GOT_LIMIT ? value : `${characters.slice(0, GOT_LIMIT).join('')}…`;
}

/**
 * Makes invisible and direction-changing characters visible, so that neither a terminal nor a log reader
 * can be misled by a file name or a cell.
 */
export function escapeControls(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
