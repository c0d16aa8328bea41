/** How values are told apart in a text that is tried out as delimited. */
export interface Trial {
  readonly delimiter: string;
  /** Undefined: quotes are characters like any other. */
  readonly quote: string | undefined;
  /** The quote itself where quotes are doubled. */
  readonly escape: string;
}

export interface TrialRow {
  /** Physical line from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** Whether each value stood in quotes. */
  readonly quoted: readonly boolean[];
  /** Blanks stand between a delimiter and a quote. */
  readonly hasBlanks: boolean;
  /** Quotes where they make no sense: inside a value, or followed by more text. */
  readonly faults: number;
}

export interface TrialRows {
  readonly rows: readonly TrialRow[];
  /** Length of text that an unclosed quote swallowed at the end. */
  readonly swallowed: number;
}

/**
 * Cuts a text into rows as a forgiving reader would, blank lines left out. `isWhole`: the text is not cut off, so its last
 * line counts as a row.
 */
export function tryRecords(text: string, trial: Trial, isWhole: boolean, most: number): TrialRows {
  const rows: TrialRow[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length && rows.length < most) {
    const row = readRow(text, at, trial);
    if (row.end === -1) return { rows, swallowed: text.length - at };
    if (row.end >= text.length && !isWhole && rows.length > 0) break;
    const source = text.slice(at, row.end);
    if (source.trim() !== '' || source.includes(trial.delimiter)) {
      rows.push({ line, cells: row.cells, quoted: row.quoted, faults: row.faults, hasBlanks: row.hasBlanks });
    }
    line += 1 + (source.match(/\r\n|\r|\n/g) ?? []).length;
    at = row.end + (text.startsWith('\r\n', row.end) ? 2 : 1);
  }
  return { rows, swallowed: 0 };
}

interface Row {
  readonly cells: string[];
  readonly quoted: boolean[];
  faults: number;
  hasBlanks: boolean;
  /** Offset of the line end; -1 when a quote is never closed. */
  end: number;
}

function readRow(text: string, start: number, trial: Trial): Row {
  const row: Row = { cells: [], quoted: [], faults: 0, hasBlanks: false, end: -1 };
  let at = start;
  for (;;) {
    let value = '';
    const blanks = blanksBeforeQuote(text, at, trial);
    if (blanks > 0) row.hasBlanks = true;
    at += blanks;
    const isQuoted = trial.quote !== undefined && text[at] === trial.quote;
    if (isQuoted) {
      const closed = readQuoted(text, at, trial);
      if (closed === undefined) return row;
      ({ value, at } = closed);
    }
    const end = endOfValue(text, at, trial.delimiter);
    const rest = text.slice(at, end);
    if (isQuoted && rest !== '' && rest.trim() === '') row.hasBlanks = true;
    const isFaulty = isQuoted ? rest.trim() !== '' : trial.quote !== undefined && rest.includes(trial.quote);
    if (isFaulty) row.faults++;
    row.cells.push(isQuoted ? value + rest.trim() : rest);
    row.quoted.push(isQuoted);
    at = end;
    if (text[at] !== trial.delimiter) break;
    at++;
  }
  row.end = at;
  return row;
}

/** Blanks between a delimiter and an opening quote, which no reader takes for part of either. */
function blanksBeforeQuote(text: string, at: number, { quote, delimiter }: Trial): number {
  let end = at;
  while (text[end] === ' ' && delimiter !== ' ') end++;
  return quote !== undefined && text[end] === quote ? end - at : 0;
}

function readQuoted(text: string, opened: number, trial: Trial): { value: string; at: number } | undefined {
  const { quote = '', escape } = trial;
  let value = '';
  for (let at = opened + 1; at < text.length; at++) {
    const character = text[at];
    if (character === escape && (escape !== quote || text[at + 1] === quote)) value += text[++at] ?? '';
    else if (character === quote) return { value, at: at + 1 };
    else value += character;
  }
  return undefined;
}

function endOfValue(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === delimiter || character === '\n' || character === '\r') return at;
  }
  return text.length;
}
