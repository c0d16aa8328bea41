import type { Dialect } from './options.ts';

/** One value inside the text of a record, quotes included. */
export interface Field {
  readonly start: number;
  readonly end: number;
  /** What is wrong with its quotes, if anything. */
  readonly fault: 'quote-inside' | 'text-after-quote' | undefined;
}

/** Walks the values of one record by the same rules as the splitter. For messages and reject sheets, not for data. */
export function scanFields(text: string, dialect: Pick<Dialect, 'delimiter' | 'quote' | 'escape'>): readonly Field[] {
  const fields: Field[] = [];
  let start = 0;
  for (;;) {
    const isQuoted = dialect.quote !== undefined && text[start] === dialect.quote;
    const closed = isQuoted ? closingQuote(text, start, dialect) : start;
    const delimiterAt = text.indexOf(dialect.delimiter, closed);
    const end = delimiterAt === -1 ? text.length : delimiterAt;
    const rest = text.slice(closed, end);
    const hasStrayQuote = !isQuoted && dialect.quote !== undefined && rest.includes(dialect.quote);
    fields.push({
      start,
      end,
      fault: hasStrayQuote ? 'quote-inside' : isQuoted && rest !== '' ? 'text-after-quote' : undefined,
    });
    if (delimiterAt === -1) return fields;
    start = delimiterAt + dialect.delimiter.length;
  }
}

/** Offset behind the closing quote, or the end of the text. */
function closingQuote(text: string, opened: number, dialect: Pick<Dialect, 'quote' | 'escape'>): number {
  const { quote, escape } = dialect;
  for (let index = opened + 1; index < text.length; index++) {
    const character = text[index];
    if (character === escape && (escape !== quote || text[index + 1] === quote)) index++;
    else if (character === quote) return index + 1;
  }
  return text.length;
}

/** Position, from 0, of the value an offset of a record lies in. */
export function fieldAt(
  text: string,
  offset: number,
  dialect: Pick<Dialect, 'delimiter' | 'quote' | 'escape'>,
): number {
  const index = scanFields(text, dialect).findIndex((field) => offset <= field.end);
  return Math.max(index, 0);
}
