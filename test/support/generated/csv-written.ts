import type { FormatOptions } from '../../../src/core/format.ts';
import { diceOf } from './content.ts';
import { contentOf, dialectOf, type CsvPlan } from './csv-plan.ts';
import { codecOf } from './encode.ts';
import { lineCounter, type Expected, type GeneratedFile } from './generated-file.ts';
import { writeFile } from './reading.ts';

/** The same content written by the format itself, which knows no titles, comments or record types. */
export async function csvWritten(plan: CsvPlan): Promise<GeneratedFile> {
  const dice = diceOf(plan.rolls);
  const dialect = { ...dialectOf(plan), comment: undefined, trim: false };
  const { names, rows: drawn } = contentOf(plan, dialect);
  const hasHeader = plan.head !== 'names' || drawn.length === 0;
  // Nothing tells a file that begins like a picture from one.
  const rows = hasHeader
    ? drawn
    : drawn.map((row, index) => (index === 0 ? [`r${row[0] ?? ''}`, ...row.slice(1)] : row));
  const isMarked = plan.hasMark && plan.encoding.startsWith('utf-');
  const { delimiter, quote, escape } = dialect;
  const ends = plan.encoding.startsWith('ebcdic') ? ['crlf', 'lf', 'cr', 'nel'] : ['crlf', 'lf', 'cr'];
  const common = { delimiter, encoding: plan.encoding };
  const bytes = await writeFile('csv', rows, names, {
    ...common,
    quote: quote === undefined ? 'none' : dice(2) === 1 ? 'all' : 'minimal',
    ...(quote === undefined ? {} : { quoteMark: quote, escape }),
    bom: isMarked,
    lineEnd: ends[plan.lineEnd % ends.length] ?? 'crlf',
    header: hasHeader,
  });
  const options: FormatOptions = {
    ...common,
    quote: quote ?? 'none',
    ...(quote === undefined || escape === quote ? {} : { escape }),
    ...(hasHeader ? {} : { columns: { names } }),
  };
  return {
    format: 'csv',
    by: 'write',
    encoding: plan.encoding,
    options,
    bytes,
    records: expectedOf(rows, hasHeader ? [names, ...rows] : rows, bytes, plan, ends[plan.lineEnd % ends.length] ?? ''),
    columns: { '': names },
    passedOver: 0,
    notices: rows.length === 0 ? ['no-records'] : [],
  };
}

/** Line breaks inside values make lines as well. */
function expectedOf(
  rows: readonly (readonly string[])[],
  written: readonly (readonly string[])[],
  bytes: Uint8Array,
  plan: CsvPlan,
  lineEnd: string,
): readonly Expected[] {
  const text = codecOf(plan.encoding).decode(bytes) ?? '';
  const total = lineCounter(text)(text.length) - 1;
  const end = lineEnd === 'crlf' ? '\r\n' : lineEnd === 'cr' ? '\r' : '\n';
  const lines: number[] = [];
  let line = 1;
  for (const row of written) {
    lines.push(line);
    // A CR before a quote or a delimiter is a break of its own; two values are never joined.
    const inside = row.reduce((sum, cell) => sum + lineCounter(`${cell}"`)(cell.length + 1) - 1, 0);
    line += inside + lineCounter(end)(end.length) - 1;
  }
  if (total !== line - 1) throw new Error(`${total} lines, expected ${line - 1}`);
  return rows.map((cells, index) => ({ line: lines[index + written.length - rows.length] ?? 0, cells }));
}
