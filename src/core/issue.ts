import { issueCatalogue, type ConfigCode, type IssueCode, type IssueScope, type Severity } from './issue-catalogue.ts';
import { phraseText, say, type Phrase, type Texts } from './text.ts';

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
  /** Of the texts above those with values in them, still apart, so that they can be told in another language. */
  readonly phrases?: Readonly<Partial<Record<Spoken, Phrase>>>;
}

type Spoken = 'what' | 'expected' | 'hint';

/** What is told about data: in phrases, because its sender may read another language. */
export interface IssueDetails {
  readonly what?: Phrase;
  readonly expected?: Phrase;
  readonly got?: string;
  readonly hint?: Phrase;
  readonly severity?: Severity;
}

/** What is told about configuration, to people who read English. */
export interface ConfigDetails {
  readonly what?: string | Phrase;
  readonly expected?: string | Phrase;
  readonly got?: string;
  readonly hint?: string | Phrase;
  readonly severity?: Severity;
}

const GOT_LIMIT = 60;

/** Builds an issue; what the details leave out comes from the catalogue. */
export function createIssue(code: ConfigCode, where: Place, details?: ConfigDetails): Issue;
export function createIssue(code: IssueCode, where: Place, details?: IssueDetails): Issue;
export function createIssue(code: IssueCode, where: Place, details: ConfigDetails = {}): Issue {
  const entry = issueCatalogue[code];
  const { what = entry.what, expected, got, hint = entry.hint } = details;
  const phrases = phrasesOf({ what, expected, hint });
  return {
    code,
    severity: details.severity ?? entry.severity,
    where,
    what: english(what),
    ...(expected === undefined ? {} : { expected: english(expected) }),
    ...(got === undefined ? {} : { got }),
    ...(hint === undefined ? {} : { hint: english(hint) }),
    ...(phrases === undefined ? {} : { phrases }),
  };
}

function english(text: string | Phrase): string {
  return typeof text === 'string' ? text : phraseText(text);
}

/** A phrase without values is its own template: nothing more has to be kept. */
function phrasesOf(texts: Readonly<Record<Spoken, string | Phrase | undefined>>): Issue['phrases'] {
  const spoken = Object.entries(texts).filter(([, text]) => typeof text === 'object' && text.length > 1);
  return spoken.length === 0 ? undefined : Object.fromEntries(spoken);
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

/** The message without its place, for result files that have columns for the place; in the language of `texts`. */
export function describeFinding(issue: Issue, texts?: Texts): string {
  const { what, expected, got, hint, phrases } = issue;
  const parts: Phrase[] = [];
  if (expected !== undefined) parts.push(say`expected ${phrases?.expected ?? [expected]}`);
  if (got !== undefined) parts.push(say`got "${shorten(got)}"`);
  const told = phraseText(phrases?.what ?? [what], texts);
  const rules = parts.map((part) => phraseText(part, texts));
  const finding = rules.length === 0 ? told : `${told}; ${rules.join(', ')}`;
  return escapeControls(
    hint === undefined ? `${finding}.` : `${finding}. ${phraseText(phrases?.hint ?? [hint], texts)}`,
  );
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
