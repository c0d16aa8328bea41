import type { ReadContext } from '../../core/format.ts';
import { createIssue, type Issue, type IssueDetails, type Place } from '../../core/issue.ts';
import { allOf, eitherOf, say, type Phrase } from '../../core/text.ts';
import type { Sign } from '../record-types.ts';
import { scanFields, type Field } from './fields.ts';
import { parseRecord } from './parse.ts';
import type { Dialect, ReadRules } from './options.ts';

const CANDIDATES: readonly string[] = [',', ';', '\t', '|', '\u0001', '\u001f'];
/** A hint shows a mended value only when it can be taken in at a glance. */
const SHOWN_CHARACTERS = 60;
/** How spreadsheets are made to show a number digit by digit. */
const FORMULA = /^\s*="([^"]{1,60})"\s*$/;
const NAMES: Readonly<Record<string, Phrase>> = { '\t': say`a tab`, ' ': say`a space` };

/** A delimiter as people call it. */
function nameOf(delimiter: string): Phrase {
  return NAMES[delimiter] ?? say`"${delimiter}"`;
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
  const what = isAfter ? say`text after a closing quote` : say`a quote inside an unquoted value`;
  const [, kept] = FORMULA.exec(got) ?? [];
  if (kept !== undefined && quote === '"') {
    return {
      what: say`a spreadsheet formula that keeps zeros`,
      got,
      hint: say`Write ${kept} without the equals sign and the quotes.`,
    };
  }
  if (isAfter && got.trimEnd().endsWith(quote) && got !== got.trimEnd())
    return { what, got, hint: say`Remove the space after the quote, or set trim: true if these files are written so.` };
  if (isAfter && got.includes(`\\${quote}`) && dialect.escape !== '\\') {
    return {
      what,
      got,
      hint: say`Double the quotes; if a backslash stands before quotes in all these files, set escape: "\\\\".`,
    };
  }
  if (isAfter || got.length > SHOWN_CHARACTERS) return { what, got };
  if (got.trimStart().startsWith(quote))
    return {
      what,
      got,
      hint: say`Remove the space before the quote, or set trim: true if these files are written so.`,
    };
  const mended = quote + got.replaceAll(quote, dialect.escape + quote) + quote;
  return { what, got, hint: say`Write ${mended}, or set quote: none if quotes mean nothing in these files.` };
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
    expected: expected === 1 ? say`1 value, one per column` : say`${expected} values, one per column`,
    got: String(cells.length),
    hint: columnCountHint(cells, expected, delimiter, isOpen),
  });
}

/** The file ends without a line end in a record that is broken: `broken` says how. */
export function fileCutOff({ code, where, expected, got, hint, phrases = {} }: Issue): Issue {
  const isQuote = code === 'bad-quote' && hint !== undefined;
  return createIssue('file-cut-off', where, {
    what: isQuote
      ? say`the file ends in this record without a line end, and its quotes do not fit`
      : say`the file ends in the middle of this record`,
    ...(expected === undefined ? {} : { expected: phrases.expected ?? [expected] }),
    ...(got === undefined ? {} : { got }),
    ...(isQuote
      ? { hint: say`If the file is cut off, export it again. If it is whole: ${phrases.hint ?? [hint]}` }
      : {}),
  });
}

function columnCountHint(cells: readonly string[], expected: number, delimiter: string, isOpen: boolean): Phrase {
  if (cells.length < expected) {
    if (isOpen) return say`The file ends here without a line end: is it cut off? Otherwise add the missing delimiters.`;
    return say`Add the missing delimiters; a value with a line break in it must be quoted.`;
  }
  const called = delimiter === ',' ? say`comma` : delimiter === ';' ? say`semicolon` : say`delimiter`;
  // A blank after the delimiter is how people write prose, and how exports do not write columns.
  const index = cells.findIndex((cell, position) => position > 0 && cell.startsWith(' ') && cell.trim() !== '');
  if (index < 1) return say`Is there an unquoted ${called} in a value? Put that value in quotes.`;
  return say`Is there an unquoted ${called} in "${cells[index - 1] ?? ''}${delimiter}${cells[index] ?? ''}"? Put the value in quotes.`;
}

export function unknownType(where: Place, types: ReadRules['types'], text: string): Issue {
  const [first, ...others] = (types ?? []).map(({ signs }) => allOf(signs.map(describeSign)));
  const expected = others.reduce((told, next) => (told === undefined ? next : say`${told}, or ${next}`), first);
  return createIssue('unknown-record-type', where, { ...(expected === undefined ? {} : { expected }), got: text });
}

function describeSign({ at, text }: Sign): Phrase {
  return at === 1 ? say`"${text}" as the first value` : say`"${text}" as value ${at}`;
}

/** Rows that `ignore` names, and comments; `where` is the first of them. */
export function ignoredLines(where: Place, count: number, starts: readonly string[], isComment = false): Issue {
  const begin = eitherOf(starts.map((start) => say`"${start}"`));
  const one = isComment
    ? say`1 comment that begins with ${begin}; skipped`
    : say`1 row that begins with ${begin}; skipped`;
  const several = isComment
    ? say`${count} comments that begin with ${begin}; skipped`
    : say`${count} rows that begin with ${begin}; skipped`;
  return createIssue('line-ignored', where, { what: count === 1 ? one : several });
}

/** `isSearched`: no line was found that names the columns looked for; else the header has one column only. */
export function wrongDelimiter(
  context: ReadContext,
  line: number,
  delimiter: string,
  likely: string,
  isSearched = false,
): Issue {
  const found = isSearched ? say`the header was not found` : say`only 1 column found`;
  return createIssue(
    'wrong-delimiter',
    { file: context.file, line },
    {
      what: say`${found}; the header looks separated by ${nameOf(likely)}`,
      hint: /[ -~]/.test(likely)
        ? say`Save the file with ${nameOf(delimiter)} between the columns, put sep=${likely} in a first line of its own, or set delimiter: "${likely}" in the mapping.`
        : say`Save the file with ${nameOf(delimiter)} between the columns, or set delimiter: ${JSON.stringify(likely)} in the mapping.`,
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
export function unevenRows(where: Place, uneven: number, records: number, expected: Phrase, isAll: boolean): Issue {
  return createIssue('wrong-delimiter', where, {
    what: isAll
      ? say`${uneven} of all ${records} records do not have as many values as there are columns`
      : say`${uneven} of the first ${records} records do not have as many values as there are columns`,
    expected,
    hint: say`Is the delimiter right, and is the first line the header?`,
    ...(isAll ? { severity: 'warning' } : {}),
  });
}
