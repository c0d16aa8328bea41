import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type IssueDetails, type Place } from '../../core/issue.ts';
import type { Sign } from '../record-types.ts';
import { scanFields, type Field } from './fields.ts';
import { parseRecord } from './parse.ts';
import type { Dialect, ReadRules } from './options.ts';

const CANDIDATES: readonly string[] = [',', ';', '\t', '|', '\u0001', '\u001f'];
/** A hint shows a mended value only when it can be taken in at a glance. */
const SHOWN_CHARACTERS = 60;
const NAMES: Readonly<Record<string, string>> = { '\t': 'a tab', ' ': 'a space' };

/** A delimiter as people call it. */
function nameOf(delimiter: string): string {
  return NAMES[delimiter] ?? `"${delimiter}"`;
}

/** The delimiters that files commonly use, without the one already tried. */
export function otherDelimiters(delimiter: string): readonly string[] {
  return CANDIDATES.filter((candidate) => candidate !== delimiter);
}

export function badQuote(
  context: ReadContext,
  line: number,
  text: string,
  dialect: Dialect,
  names: readonly string[],
): Issue {
  const fields = scanFields(text, dialect);
  const index = fields.findIndex((field) => field.fault !== undefined);
  const field = fields[index];
  const where = { file: context.file, line, column: names[index] ?? String(Math.max(index, 0) + 1) };
  return createIssue(
    'bad-quote',
    where,
    field === undefined ? {} : quoteDetails(text.slice(field.start, field.end), field, dialect),
  );
}

function quoteDetails(got: string, field: Field, dialect: Dialect): IssueDetails {
  const quote = dialect.quote ?? '"';
  const isAfter = field.fault === 'text-after-quote';
  const what = isAfter ? 'text after a closing quote' : 'a quote inside an unquoted value';
  if (isAfter && got.trimEnd().endsWith(quote) && got !== got.trimEnd())
    return { what, got, hint: 'Remove the space after the quote, or set trim: true if these files are written so.' };
  if (isAfter && got.includes(`\\${quote}`) && dialect.escape !== '\\') {
    return {
      what,
      got,
      hint: String.raw`Double the quotes; if a backslash stands before quotes in all these files, set escape: "\\".`,
    };
  }
  if (isAfter || got.length > SHOWN_CHARACTERS) return { what, got };
  if (got.trimStart().startsWith(quote))
    return { what, got, hint: 'Remove the space before the quote, or set trim: true if these files are written so.' };
  const mended = quote + got.replaceAll(quote, dialect.escape + quote) + quote;
  return { what, got, hint: `Write ${mended}, or set quote: none if quotes mean nothing in these files.` };
}

/** `isOpen`: the record ends where the file ends, without a line end. */
export function wrongColumnCount(
  where: Place,
  cells: readonly string[],
  expected: number,
  delimiter: string,
  isOpen: boolean,
): Issue {
  return createIssue('wrong-column-count', where, {
    expected: `${expected} ${expected === 1 ? 'value' : 'values'}, one per column`,
    got: String(cells.length),
    hint: columnCountHint(cells, expected, delimiter, isOpen),
  });
}

function columnCountHint(cells: readonly string[], expected: number, delimiter: string, isOpen: boolean): string {
  if (cells.length < expected) {
    if (isOpen) return 'The file ends here without a line end: is it cut off? Otherwise add the missing delimiters.';
    return 'Add the missing delimiters; a value with a line break in it must be quoted.';
  }
  const called = delimiter === ',' ? 'comma' : delimiter === ';' ? 'semicolon' : 'delimiter';
  // A blank after the delimiter is how people write prose, and how exports do not write columns.
  const index = cells.findIndex((cell, position) => position > 0 && cell.startsWith(' ') && cell.trim() !== '');
  if (index < 1) return `Is there an unquoted ${called} in a value? Put that value in quotes.`;
  return `Is there an unquoted ${called} in "${cells[index - 1] ?? ''}${delimiter}${cells[index] ?? ''}"? Put the value in quotes.`;
}

export function unknownType(where: Place, types: ReadRules['types'], text: string): Issue {
  const expected = types?.map(({ signs }) => signs.map(describeSign).join(' and ')).join(', or ');
  return createIssue('unknown-record-type', where, { ...(expected === undefined ? {} : { expected }), got: text });
}

function describeSign({ at, text }: Sign): string {
  return `"${text}" as ${at === 1 ? 'the first value' : `value ${at}`}`;
}

/** Rows that `ignore` names, and comments; `where` is the first of them. */
export function ignoredLines(where: Place, count: number, starts: readonly string[], isComment = false): Issue {
  const begin = starts.map((start) => `"${start}"`).join(' or ');
  const called = isComment ? 'comment' : 'row';
  const what = `${count} ${count === 1 ? `${called} that begins` : `${called}s that begin`} with ${begin}; skipped`;
  return createIssue('line-ignored', where, { what });
}

/** `isSearched`: no line was found that names the columns looked for; else the header has one column only. */
export function wrongDelimiter(
  context: ReadContext,
  line: number,
  delimiter: string,
  likely: string,
  isSearched = false,
): Issue {
  const found = isSearched ? 'the header was not found' : 'only 1 column found';
  return createIssue(
    'wrong-delimiter',
    { file: context.file, line },
    {
      what: `${found}; the header looks separated by ${nameOf(likely)}`,
      hint: `Save the file with ${nameOf(delimiter)} between the columns, put sep=${likely} in a first line of its own, or set delimiter: ${likely === '\t' ? String.raw`"\t"` : `"${likely}"`} in the mapping.`,
    },
  );
}

/** The usual delimiter that would cut the header into most columns; undefined when none cuts it. */
export function likelyDelimiter(text: string, dialect: Dialect): string | undefined {
  let best: string | undefined;
  let most = 1;
  for (const delimiter of otherDelimiters(dialect.delimiter)) {
    const count = parseRecord(text, { ...dialect, delimiter })?.length ?? 0;
    if (count <= most) continue;
    most = count;
    best = delimiter;
  }
  return best;
}

/** Not the rows are wrong, but the reading is. `isAll`: these are all of the file, and each is told by itself. */
export function unevenRows(where: Place, uneven: number, records: number, expected: string, isAll: boolean): Issue {
  return createIssue('wrong-delimiter', where, {
    what: `${uneven} of ${isAll ? 'all' : 'the first'} ${records} records do not have as many values as there are columns`,
    expected,
    hint: 'Is the delimiter right, and is the first line the header?',
    ...(isAll ? { severity: 'warning' } : {}),
  });
}
