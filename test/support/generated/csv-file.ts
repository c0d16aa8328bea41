import type { FormatOptions } from '../../../src/core/format.ts';
import { diceOf, type Dice } from './content.ts';
import { contentOf, dialectOf, lineEnder, type CsvDialect, type CsvPlan } from './csv-plan.ts';
import { codecOf, NEL_MARK } from './encode.ts';
import { lineCounter, type Expected, type GeneratedFile } from './generated-file.ts';

type Kind = 'title' | 'header' | 'skip' | 'record' | 'passed' | 'none';

/** A line of the file under way: how it is written, and what its reader must make of it. */
interface Line {
  readonly kind: Kind;
  readonly text: string;
  readonly cells?: readonly string[];
  readonly type?: string;
  /** Values at its end are left out. */
  readonly isShort?: boolean;
}

const IGNORE = '@@sum';
/** Record types, in the order in which they are tried. Totals may have any number of values. */
const TYPES = {
  order: { is: 'H', columns: ['Sign', 'OrderNo', 'Customer'] },
  special: { is: ['D', { at: 2, text: '*X' }], columns: ['Sign', 'Mark', 'Text'] },
  line: { is: { at: 1, text: 'D' }, columns: ['Sign', 'Sku'] },
  end: { is: 'T', role: 'trailer' },
} as const;
type TypeName = keyof typeof TYPES;

/** Writes a CSV file by hand, with everything that stands around records in real ones. */
export function csvByHand(drawn: CsvPlan): GeneratedFile {
  const plan = sound(drawn);
  const dice = diceOf(plan.rolls);
  const dialect = dialectOf(plan);
  const lines = linesOf(plan, dialect, dice);
  const isMarked = plan.hasMark && plan.encoding.startsWith('utf-');
  const end = lineEnder(plan, dice);
  const last = lines.at(-1);
  const hasEnd = dice(5) < 4 || last?.kind !== 'record' || last.isShort === true;
  const start = plan.hasSep ? `sep=${dialect.delimiter}${end()}` : '';
  const body = lines.map(({ text }, index) => text + (hasEnd || index < lines.length - 1 ? end() : ''));
  const tail = hasEnd ? (['', '', '\u001a', '\n\n', '\r\n\u001a'][dice(5)] ?? '') : '';
  const text = (isMarked ? '\ufeff' : '') + start + body.join('') + tail;
  const bytes = codecOf(plan.encoding).encode(text);
  if (bytes === undefined) throw new Error(`a text that ${plan.encoding} cannot hold`);
  const records = expectedOf(lines, body, (isMarked ? 1 : 0) + start.length, text);
  const declared = isMarked && dice(3) === 2 ? 'windows-1252' : plan.encoding;
  const passedOver = lines.filter(({ kind }) => kind === 'passed').length;
  const isEmpty = !lines.some(({ kind, cells }) => kind === 'record' || (kind === 'passed' && cells !== undefined));
  const notices = [
    ...(declared === plan.encoding ? [] : ['encoding-detected']),
    ...(isEmpty ? ['no-records'] : []),
    ...(hasEnd ? [] : ['no-final-newline']),
  ];
  return {
    format: 'csv',
    by: 'hand',
    encoding: plan.encoding,
    options: { ...optionsOf(plan, dialect, lines, records.headerLine), encoding: declared },
    bytes,
    records: records.records,
    columns: columnsOf(plan, dialect),
    passedOver,
    notices: notices.sort(),
  };
}

/** A file without a header must hold something, and nothing that looks like another kind of file. */
function sound(plan: CsvPlan): CsvPlan {
  if (plan.head !== 'names' && plan.head !== 'types') return plan;
  return plan.rows.length === 0 ? { ...plan, head: 'first' } : plan;
}

function linesOf(plan: CsvPlan, dialect: CsvDialect, dice: Dice): readonly Line[] {
  const { names, rows } = contentOf(plan, dialect);
  const write = rowWriter(dialect, dice);
  const lines: Line[] = [];
  const between = (): void => {
    const roll = dice(12);
    const blanks = dialect.delimiter.trim() === '' ? [''] : ['', '  ', '\u000c'];
    if (roll === 10) lines.push({ kind: 'none', text: blanks[dice(blanks.length)] ?? '' });
    if (roll === 11 && dialect.comment !== undefined)
      lines.push({ kind: 'passed', text: `${dialect.comment} it's "${names[0]?.replaceAll(/[\r\n]/g, '') ?? ''}` });
  };
  if (plan.head === 'has' || plan.head === 'line') {
    for (const [index, title] of plan.titles.entries()) {
      lines.push({ kind: 'title', text: write(['Title', String(index), String(title.length)]) });
      between();
    }
  }
  if (plan.head !== 'names' && plan.head !== 'types') lines.push({ kind: 'header', text: write(names), cells: names });
  for (let index = 0; index < plan.skip; index++) {
    between();
    lines.push({ kind: 'skip', text: write(names.map((_, column) => `unit ${column}`)) });
  }
  for (const [index, drawn] of rows.entries()) {
    between();
    const row = index === 0 && plan.head === 'names' ? [`r${drawn[0] ?? ''}`, ...drawn.slice(1)] : drawn;
    lines.push(plan.head === 'types' ? typedLine(row, dice, write) : recordLine(row, plan, dice, write));
    if (dice(15) === 14) lines.push(passedLine(names, plan, dice, write));
  }
  return lines;
}

type Write = (cells: readonly string[]) => string;

function recordLine(row: readonly string[], plan: CsvPlan, dice: Dice, write: Write): Line {
  const policies = raggedOf(plan);
  const filled = row.findLastIndex((cell) => cell !== '') + 1;
  // A short last line might have been cut off.
  const isShort = policies.includes('pad') && filled > 0 && filled < row.length && dice(3) === 2;
  const isLong = policies.includes('trim') && dice(4) === 3;
  const written = isShort ? row.slice(0, filled) : isLong ? [...row, '', ''] : row;
  const text = write(written);
  return { kind: 'record', text, cells: row, isShort };
}

function typedLine(row: readonly string[], dice: Dice, write: Write): Line {
  const name = (['order', 'special', 'line', 'end'] as const)[dice(4)] ?? 'line';
  const signs: Readonly<Record<TypeName, readonly string[]>> = {
    order: ['H'],
    special: ['D', '*X'],
    line: ['D'],
    end: ['T'],
  };
  const own = signs[name];
  const columns = name === 'end' ? row.length + 1 : TYPES[name].columns.length;
  const rest = Array.from({ length: columns - own.length }, (_, index) => row[index] ?? '');
  const cells = [...own, ...rest];
  return { kind: 'record', text: write(cells), cells, type: name };
}

/** A row that its reader passes over and counts. */
function passedLine(names: readonly string[], plan: CsvPlan, dice: Dice, write: Write): Line {
  const isAgain = plan.head !== 'types' && dice(2) === 1;
  const cells = isAgain ? names : [`${IGNORE} of all`, '7'];
  return { kind: 'passed', text: write(cells), cells };
}

/** Puts values in quotes where they must be, and now and then where they need not. */
function rowWriter(dialect: CsvDialect, dice: Dice): Write {
  const { delimiter, quote, escape, trim } = dialect;
  return (cells) =>
    cells
      .map((cell, index) => {
        const isNeeded = needsQuotes(cell, index === 0, cells.length === 1, dialect);
        if (quote === undefined || (!isNeeded && dice(6) < 5)) return cell;
        const own = escape === quote ? cell : cell.replaceAll(escape, () => escape + escape);
        const quoted = quote + own.replaceAll(quote, () => escape + quote) + quote;
        return trim && dice(4) === 3 ? ` ${quoted} ` : quoted;
      })
      .join(delimiter);
}

function needsQuotes(cell: string, isFirst: boolean, isAlone: boolean, dialect: CsvDialect): boolean {
  const { delimiter, quote, comment, trim } = dialect;
  if (quote === undefined) return false;
  const isMarkup = /[\r\n\u001a]/.test(cell) || cell.includes(delimiter) || cell.includes(quote);
  if (isMarkup || (trim && cell !== cell.trim())) return true;
  if (!isFirst) return false;
  const isBlank = cell.trim() === '' && (isAlone || delimiter.trim() === '');
  return isBlank || /^\ufeff|^sep=/i.test(cell) || (comment !== undefined && cell.startsWith(comment));
}

/** Where each record stands in the text; `before`: characters of it above the first line. */
function expectedOf(
  lines: readonly Line[],
  body: readonly string[],
  before: number,
  text: string,
): { records: readonly Expected[]; headerLine: number } {
  const lineAt = lineCounter(text.replaceAll(NEL_MARK, '\n'));
  const records: Expected[] = [];
  let headerLine = 1;
  let offset = before;
  for (const [index, { kind, cells, type }] of lines.entries()) {
    const line = lineAt(offset);
    if (kind === 'header') headerLine = line;
    if (kind === 'record') records.push({ line, cells: cells ?? [], ...(type === undefined ? {} : { type }) });
    offset += body[index]?.length ?? 0;
  }
  return { records, headerLine };
}

function raggedOf({ ragged, head }: CsvPlan): readonly string[] {
  return head === 'types' ? [] : ([[], ['pad'], ['trim'], ['pad', 'trim'], []][ragged] ?? []);
}

function columnsOf(plan: CsvPlan, dialect: CsvDialect): Readonly<Record<string, readonly string[]>> {
  if (plan.head !== 'types') return { '': contentOf({ ...plan, rows: [] }, dialect).names };
  return Object.fromEntries(Object.entries(TYPES).map(([name, type]) => [name, 'columns' in type ? type.columns : []]));
}

function optionsOf(plan: CsvPlan, dialect: CsvDialect, lines: readonly Line[], headerLine: number): FormatOptions {
  const names = lines.find(({ kind }) => kind === 'header')?.cells ?? contentOf(plan, dialect).names;
  const ragged = raggedOf(plan);
  const ignores = lines.some(({ kind, cells }) => kind === 'passed' && cells?.[0]?.startsWith(IGNORE) === true);
  return {
    // The line `sep=` of the file wins.
    delimiter: plan.hasSep ? ',' : dialect.delimiter,
    quote: dialect.quote ?? 'none',
    ...(dialect.escape === dialect.quote ? {} : { escape: dialect.escape }),
    ...(dialect.comment === undefined ? {} : { comment: dialect.comment }),
    ...(dialect.trim ? { trim: true } : {}),
    ...(plan.skip === 0 ? {} : { skip: plan.skip }),
    ...(ragged.length === 0 ? {} : { ragged: ragged.length === 1 ? ragged[0] : ragged }),
    ...(ignores ? { ignore: [IGNORE] } : {}),
    ...(plan.head === 'has' ? { header: { has: names.slice(0, 2) } } : {}),
    ...(plan.head === 'line' ? { header: { line: headerLine } } : {}),
    ...(plan.head === 'names' ? { columns: { names } } : {}),
    ...(plan.head === 'types' ? { records: TYPES } : {}),
  };
}
