import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type IssueDetails, type Place } from '../../core/issue.ts';
import type { Decoded } from '../text/decode.ts';
import { scanFields, type Field } from './fields.ts';
import type { Dialect } from './options.ts';

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

export function encodingDetected(context: ReadContext, encoding: string): Issue {
  const name = encoding.toUpperCase();
  return createIssue(
    'encoding-detected',
    { file: context.file },
    {
      what: `read as ${name} because of its byte order mark`,
      hint: `Set encoding: ${encoding} to say that this is meant.`,
    },
  );
}

export function notText(
  where: Place,
  decoded: Extract<Decoded, { kind: 'nul' | 'bad-byte' }>,
  encoding: string,
): Issue {
  if (decoded.kind === 'nul') {
    if (decoded.looksLike === undefined) return createIssue('contains-nul', where);
    return createIssue('contains-nul', where, {
      what: 'every second byte is zero; this is UTF-16',
      hint: `Save the file as CSV UTF-8, or set encoding: ${decoded.looksLike} in the mapping.`,
    });
  }
  const byte = decoded.byte === undefined ? undefined : decoded.byte.toString(16).toUpperCase().padStart(2, '0');
  return createIssue('invalid-encoding', where, {
    what: byte === undefined ? `not valid ${encoding}` : `byte ${byte} is not valid ${encoding}`,
    hint: decoded.isWestern
      ? `It looks like windows-1252 ("${decoded.word}"). Save the file as CSV UTF-8, or set encoding: windows-1252 in the mapping.`
      : 'Save the file as CSV UTF-8, or set encoding: in the mapping to the encoding of the file.',
  });
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
    return { what, got, hint: 'Remove the space after the quote.' };
  if (isAfter && got.includes(`\\${quote}`) && dialect.escape !== '\\') {
    return {
      what,
      got,
      hint: String.raw`Double the quotes; if a backslash stands before quotes in all these files, set escape: "\\".`,
    };
  }
  if (isAfter || got.length > SHOWN_CHARACTERS) return { what, got };
  if (got.trimStart().startsWith(quote)) return { what, got, hint: 'Remove the space before the quote.' };
  const mended = quote + got.replaceAll(quote, dialect.escape + quote) + quote;
  return { what, got, hint: `Write ${mended}, or set quote: none if quotes mean nothing in these files.` };
}

export function wrongColumnCount(
  context: ReadContext,
  line: number,
  cells: readonly string[],
  expected: number,
  delimiter: string,
): Issue {
  return createIssue(
    'wrong-column-count',
    { file: context.file, line },
    {
      expected: `${expected} ${expected === 1 ? 'value' : 'values'}, one per column`,
      got: String(cells.length),
      hint: columnCountHint(cells, expected, delimiter),
    },
  );
}

function columnCountHint(cells: readonly string[], expected: number, delimiter: string): string {
  if (cells.length < expected) return 'Add the missing delimiters; a value with a line break in it must be quoted.';
  const called = delimiter === ',' ? 'comma' : delimiter === ';' ? 'semicolon' : 'delimiter';
  // A blank after the delimiter is how people write prose, and how exports do not write columns.
  const index = cells.findIndex((cell, position) => position > 0 && cell.startsWith(' ') && cell.trim() !== '');
  if (index < 1) return `Is there an unquoted ${called} in a value? Put that value in quotes.`;
  return `Is there an unquoted ${called} in "${cells[index - 1] ?? ''}${delimiter}${cells[index] ?? ''}"? Put the value in quotes.`;
}

export function wrongDelimiter(context: ReadContext, line: number, delimiter: string, likely: string): Issue {
  return createIssue(
    'wrong-delimiter',
    { file: context.file, line },
    {
      what: `only 1 column found; the header looks separated by ${nameOf(likely)}`,
      hint: `Save the file with ${nameOf(delimiter)} between the columns, put sep=${likely} in a first line of its own, or set delimiter: ${likely === '\t' ? String.raw`"\t"` : `"${likely}"`} in the mapping.`,
    },
  );
}

export function unevenRows(
  context: ReadContext,
  line: number,
  differing: number,
  rows: number,
  expected: number,
): Issue {
  return createIssue(
    'wrong-delimiter',
    { file: context.file, line },
    {
      what: `${differing} of the first ${rows} records do not have as many values as there are columns`,
      expected: `${expected} values in most records`,
      hint: 'Is the delimiter right, and is the first line the header?',
    },
  );
}
