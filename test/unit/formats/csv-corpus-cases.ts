import { expect } from 'vitest';

/** What a file of the corpus holds when it is read with some options. */
export interface Expected {
  readonly options?: Record<string, unknown>;
  readonly columns?: readonly string[];
  readonly records: number;
  /** `line code` of every issue of a record. */
  readonly issues?: readonly string[];
  /** `line code` of every notice and of what was ignored. */
  readonly notes?: readonly string[];
  readonly refused?: string;
  /** Values that show that the file was understood: record, cell, text. */
  readonly values?: readonly (readonly [number, number, string])[];
}

export const dialects: Record<string, readonly Expected[]> = {
  'blank-rows-multiple.csv': [{ columns: ['id', 'name', 'age'], records: 13, values: [[12, 0, '']] }],
  'cr-line-endings.csv': [
    { columns: ['Foo', 'Bar', 'Baz'], records: 2, notes: ['3 no-final-newline'], values: [[1, 2, 'Doge']] },
  ],
  'duckdb-all_quotes.csv': [
    {
      records: 4,
      refused: '7 file-cut-off',
      values: [[0, 2, 'This is the\nbest chocolate']],
    },
    {
      options: { trim: true },
      records: 5,
      notes: ['7 no-final-newline'],
      values: [
        [0, 0, '33333'],
        [4, 2, "The best, 'chocolate', of the world"],
      ],
    },
  ],
  // The mapping refuses repeated names: only it knows which columns it reads.
  'duckdb-auto_duplicate_header_col.csv': [{ columns: ['a', 'b', 'a'], records: 2, values: [[1, 2, 'text2']] }],
  'duckdb-auto_duplicate_header_collision.csv': [
    { columns: ['a', 'b', 'a', 'a_1'], records: 2, values: [[0, 3, 'text1']] },
  ],
  'duckdb-auto_utf8bom.csv': [{ columns: ['id', 'name'], records: 2, values: [[1, 1, 'Hannes']] }],
  'duckdb-bad_escape.csv': [
    {
      records: 1,
      refused: '3 file-cut-off',
      values: [[0, 1, String.raw`Surname\, Firstname`]],
    },
    {
      options: { escape: '\\' },
      records: 2,
      notes: ['3 no-final-newline'],
      values: [
        [0, 1, 'Surname, Firstname'],
        [1, 1, 'foo ("foo")'],
      ],
    },
  ],
  'duckdb-comma_decimal_null.csv': [{ records: 8, values: [[0, 8, '80000000,00']] }],
  'duckdb-decimal_separators_decimal_separators.csv': [
    { options: { delimiter: ';' }, records: 5, notes: ['6 no-final-newline'], values: [[2, 0, '1,53e4']] },
  ],
  'duckdb-empty_space_start_value.csv': [
    { records: 0, refused: '1 bad-quote' },
    {
      options: { trim: true },
      columns: ['Year', 'Score', 'Title'],
      records: 4,
      notes: ['5 no-final-newline'],
      values: [[2, 2, 'Hi, Mom!']],
    },
  ],
  'duckdb-encodings_latin1.csv': [
    { records: 0, refused: '2 invalid-encoding' },
    { options: { encoding: 'iso-8859-1' }, records: 12, values: [[0, 0, 'José Álvarez']] },
    {
      options: { onBad: 'replace' },
      records: 12,
      notes: ['2 bytes-replaced'],
      values: [[0, 0, 'Jos\ufffd \ufffdlvarez']],
    },
  ],
  'duckdb-encodings_shift_jis.csv': [
    { options: { encoding: 'shift_jis' }, columns: ['名前', '年齢'], records: 20, values: [[0, 1, '25']] },
  ],
  'duckdb-encodings_utf16.csv': [{ records: 20, notes: ['- encoding-detected'], values: [[0, 0, 'José Álvarez']] }],
  'duckdb-evil_nullpadding.csv': [
    {
      options: { delimiter: ';', columns: { names: ['a', 'b', 'c', 'd'] } },
      records: 2,
      issues: ['2 wrong-column-count'],
      notes: ['1 wrong-delimiter'],
      refused: '3 file-cut-off',
    },
    {
      // The last row has no line end: what it lacks may have been cut off.
      options: { delimiter: ';', columns: { names: ['a', 'b', 'c', 'd'] }, ragged: 'pad' },
      records: 3,
      issues: ['3 wrong-column-count'],
      notes: ['3 no-final-newline'],
      values: [[1, 3, '']],
    },
  ],
  'duckdb-extra_delimiters.csv': [
    { records: 4, issues: ['4 wrong-column-count'], notes: ['5 no-final-newline'], values: [[3, 2, '3']] },
    {
      options: { ragged: 'trim' },
      records: 4,
      issues: ['4 wrong-column-count'],
      notes: ['5 no-final-newline'],
    },
  ],
  'duckdb-leading_zeros.csv': [{ records: 6, notes: ['7 no-final-newline'], values: [[0, 0, '09001']] }],
  'duckdb-nullbyte.csv': [
    { options: { delimiter: '|' }, records: 0, refused: '2 contains-nul' },
    {
      options: { delimiter: '|', onBad: 'replace' },
      records: 1,
      notes: ['2 bytes-replaced'],
      values: [[0, 1, 'val\ufffd2']],
    },
  ],
  'duckdb-rejects_frankstein_nightmare.csv': [
    {
      records: 36,
      issues: ['10 wrong-column-count', '14 wrong-column-count', '22 bad-quote'],
      refused: '38 invalid-encoding',
    },
    {
      options: { onBad: 'replace' },
      records: 47,
      issues: ['10 wrong-column-count', '14 wrong-column-count', '22 bad-quote'],
      notes: ['38 bytes-replaced'],
      values: [
        [17, 1, 'bla'],
        [36, 2, 'pedro\ufffd\ufffd'],
        [46, 2, 'pedro'],
      ],
    },
  ],
  'duplicate-headers.csv': [{ columns: ['id', 'name', 'id', 'age', 'id'], records: 2, values: [[0, 4, '001101']] }],
  'essential-mac.csv': [
    {
      options: { header: { has: ['Make', 'Year'] }, comment: '#', ignore: ['-->'], trim: true },
      columns: ['Year', 'Make', 'Model', 'Description', 'Price'],
      records: 15,
      notes: ['10 line-ignored', '7 line-ignored', '23 no-final-newline'],
      values: [
        [2, 3, 'MUST SELL!\rair, moon roof, loaded'],
        [7, 2, '5'],
        [8, 4, '3000.00'],
        [9, 3, ' ac, abs, moon '],
        [12, 1, ' '],
        [14, 3, '" ac, abs, moon " '],
      ],
    },
    // Nothing is guessed: without options the first line is the header.
    {
      records: 18,
      columns: [expect.stringContaining('The third is ignored') as string],
      issues: expect.arrayContaining(['4 wrong-column-count']) as string[],
      notes: expect.arrayContaining(['23 no-final-newline']) as string[],
    },
  ],
  'european.csv': [
    {
      options: { delimiter: ';', escape: '\\' },
      records: 5,
      values: [
        [1, 2, 'Venture "Extended Edition"'],
        [2, 3, 'MUST SELL!\nair; moon roof; loaded'],
        [3, 4, '5000,00'],
      ],
    },
  ],
  'excel_pasting.csv': [
    {
      options: { header: { has: ['Year', '2000'] }, ignore: ['Total', 'Source', 'Note'] },
      columns: ['Year', '2000', '2001', '2002', '2003', '2004', '2005', '2006', '2007'],
      records: 14,
      notes: ['21 line-ignored'],
      values: [
        [0, 1, '2,666'],
        [9, 0, 'Machinery and \nequipment'],
      ],
    },
    { options: { header: { line: 4 } }, records: 17, values: [[0, 0, 'Timber']] },
    { options: { header: { has: ['SKU', 'Year'], within: 10 } }, records: 0, refused: '4 header-not-found' },
    { records: 20, values: [[3, 1, '2,666']] },
  ],
  'inconsistent-line-endings-unquoted.csv': [
    { columns: ['Foo', 'Bsr', 'Baz'], records: 2, notes: ['3 no-final-newline'], values: [[1, 2, 'Doge']] },
  ],
  'invalid_many_rows.csv': [
    { records: 10, issues: ['4 bad-quote'], notes: ['12 no-final-newline'], values: [[3, 1, 'two']] },
  ],
  'issue-1138.csv': [
    {
      options: { delimiter: ';' },
      columns: ['Zeit [MEZ]', 'Wasserstand', 'Status', ''],
      records: 7,
      values: [
        [0, 0, '09.07.2013 12:00:00'],
        [0, 2, 'nicht qualitätsgesichert'],
      ],
    },
  ],
  'multi-bank-account_spec_delimiter.csv': [
    {
      options: { delimiter: '\u0001' },
      columns: ['id', 'name', 'balance', 'address', 'city', 'state', 'zipCode', 'country'],
      records: 2,
      notes: ['3 no-final-newline'],
      values: [[0, 3, '123 My Street']],
    },
    { records: 0, refused: '1 wrong-delimiter' },
  ],
  'simple.psv': [{ options: { delimiter: '|' }, records: 28, values: [[0, 0, '1986']] }],
  'structure-errors.csv': [{ records: 4, issues: ['5 wrong-column-count'], values: [[2, 0, '']] }],
  'title-row.csv': [
    {
      options: { header: { has: ['Foo', 'Baz'] } },
      columns: ['Foo', 'Bsr', 'Baz'],
      records: 2,
      notes: ['4 no-final-newline'],
      values: [[0, 0, 'Biff']],
    },
    { records: 3, notes: ['4 no-final-newline'], values: [[2, 0, 'Qux']] },
  ],
};
