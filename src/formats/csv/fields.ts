import type { Dialect } from './options.ts';
import { isWhite } from './white.ts';

/** One value inside the text of a record, quotes included. */
export interface Field {
  readonly start: number;
  readonly end: number;
  /** What is wrong with its quotes, if anything. */
  readonly fault: 'quote-inside' | 'text-after-quote' | undefined;
}

/** Walks the values of one record by the same rules as the splitter. For messages and reject sheets, not for data. */
export function scanFields(text: string, dialect: Dialect): readonly Field[] {
  return [...walkFields(text, dialect)];
}

function* walkFields(text: string, dialect: Dialect): Generator<Field, void, void> {
  const { quote, delimiter } = dialect;
  let start = 0;
  for (;;) {
    const opened = dialect.trim ? afterWhite(text, start, delimiter) : start;
    const isQuoted = quote !== undefined && text[opened] === quote;
    const closed = isQuoted ? closingQuote(text, opened, dialect) : start;
    const delimiterAt = text.indexOf(delimiter, closed);
    const end = delimiterAt === -1 ? text.length : delimiterAt;
    const rest = text.slice(closed, end);
    const hasStrayQuote = !isQuoted && quote !== undefined && rest.includes(quote);
    const hasMore = isQuoted && (dialect.trim ? rest.trim() : rest) !== '';
    yield { start, end, fault: hasStrayQuote ? 'quote-inside' : hasMore ? 'text-after-quote' : undefined };
    if (delimiterAt === -1) return;
    start = delimiterAt + delimiter.length;
  }
}

function afterWhite(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && isWhite(text, at)) at++;
  return at;
}

/** Offset behind the closing quote, or the end of the text. */
function closingQuote(text: string, opened: number, dialect: Dialect): number {
  const { quote, escape } = dialect;
  for (let index = opened + 1; index < text.length; index++) {
    const character = text[index];
    if (character === escape && (escape !== quote || text[index + 1] === quote)) index++;
    else if (character === quote) return index + 1;
  }
  return text.length;
}

/** Position, from 0, of the value an offset of a record lies in. */
export function fieldAt(text: string, offset: number, dialect: Dialect): number {
  let index = 0;
  // Without a list of them: a record may hold a million.
  for (const field of walkFields(text, dialect)) {
    if (offset <= field.end) return index;
    index++;
  }
  return 0;
}
