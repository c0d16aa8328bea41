import * as fc from 'fast-check';
import { atomsOf, pick, rolls, seed, textOf, type Dice, type Seed } from './content.ts';
import { encodings, NEL_MARK, type Encoding } from './encode.ts';

/** What a CSV file is to be, as drawn; everything else follows from it. */
export interface CsvPlan {
  readonly encoding: Encoding;
  readonly hasMark: boolean;
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly comment: number;
  readonly trim: boolean;
  readonly lineEnd: number;
  readonly head: 'first' | 'names' | 'has' | 'line' | 'types';
  readonly titles: readonly Seed[];
  readonly skip: number;
  readonly ragged: number;
  readonly hasSep: boolean;
  readonly names: readonly Seed[];
  readonly rows: readonly (readonly Seed[])[];
  readonly isLarge: boolean;
  readonly rolls: Seed;
}

const cells = fc.array(seed, { maxLength: 6 });

export const csvPlan: fc.Arbitrary<CsvPlan> = fc.record({
  encoding: fc.constantFrom(...encodings),
  hasMark: fc.boolean(),
  delimiter: fc.nat({ max: 9 }),
  quote: fc.nat({ max: 5 }),
  escape: fc.nat({ max: 2 }),
  comment: fc.nat({ max: 3 }),
  trim: fc.boolean(),
  lineEnd: fc.nat({ max: 5 }),
  head: fc.constantFrom('first', 'names', 'has', 'line', 'types'),
  titles: fc.array(seed, { maxLength: 3 }),
  skip: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 2 }) }),
  ragged: fc.nat({ max: 4 }),
  hasSep: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  names: fc.array(seed, { minLength: 1, maxLength: 5 }),
  rows: fc.array(cells, { maxLength: 8 }),
  isLarge: fc.oneof({ weight: 40, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  rolls,
});

/** How a generated CSV file is written. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string | undefined;
  readonly escape: string;
  readonly comment: string | undefined;
  readonly trim: boolean;
}

const DELIMITERS = [',', ';', '\t', '|', '\u001f', '^', '~', ':', ' ', 'x'] as const;
const QUOTES = ['"', '"', '"', "'", '`', 'none'] as const;
const COMMENTS = [undefined, undefined, '#', '//'] as const;
const LINE_ENDS = ['\n', '\r\n', '\r', NEL_MARK] as const;

export function dialectOf(plan: CsvPlan): CsvDialect {
  const quote = pick(QUOTES, plan.quote);
  const delimiter = pick(DELIMITERS, plan.delimiter);
  // A blank between values cannot be told from one around them.
  const isBlank = delimiter.trim() === '';
  return {
    delimiter,
    quote: quote === 'none' ? undefined : quote,
    escape: plan.escape === 1 ? '\\' : quote === 'none' ? '"' : quote,
    comment: pick(COMMENTS, plan.comment),
    trim: plan.trim && !isBlank,
  };
}

/** How the next line ends: of some files each as it likes. */
export function lineEnder({ lineEnd, encoding }: CsvPlan, dice: Dice): () => string {
  const isEbcdic = encoding.startsWith('ebcdic');
  const choices = isEbcdic ? LINE_ENDS : LINE_ENDS.slice(0, 3);
  return () => (lineEnd < choices.length ? choices[lineEnd] : choices[dice(choices.length)]) ?? '\n';
}

/** The values of a plan: names that differ however they are spelled, rows of as many values as there are names. */
export function contentOf(plan: CsvPlan, dialect: CsvDialect): { names: string[]; rows: string[][] } {
  const atoms = atomsOf(plan.encoding, dialect.quote !== undefined);
  const isAlone = plan.names.length === 1;
  const names = plan.names.map((numbers, index) => {
    const text = `N${index} ${textOf(numbers, atoms)}`.trim();
    // A single name that another delimiter would cut is taken for a mistake, and means it.
    return cleaned(isAlone ? text.replaceAll(/[,;\t|\u0001\u001f]/g, '') : text, dialect).trim();
  });
  const rows = plan.rows.map((row) =>
    names.map((_, index) => cleaned(textOf(row[index] ?? [], atoms), dialect, index === 0)),
  );
  return { names, rows: plan.isLarge ? enlarged(rows) : rows };
}

/** Beyond two of the blocks in which files are read. */
function enlarged(rows: string[][]): string[][] {
  if (rows.length === 0) return rows;
  const characters = rows.flat().reduce((sum, { length }) => sum + length + 1, 0);
  return Array.from({ length: Math.ceil(140_000 / characters) }, () => rows).flat();
}

/** A value that can be written without quotes, where there are none. */
function cleaned(text: string, { quote, delimiter, comment, trim }: CsvDialect, isFirst = false): string {
  if (quote !== undefined) return text;
  const plain = text.replaceAll(delimiter, '').replaceAll(/[\r\n\u001a]/g, '');
  const outer = trim ? plain.trim() : plain;
  const isMisread = /^\ufeff|^sep=/i.test(outer);
  const isSafe = !isMisread && (!isFirst || (outer.trim() !== '' && !outer.startsWith(comment ?? '\n')));
  return isSafe ? outer : `r${outer}`;
}
