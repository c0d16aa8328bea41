import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { FormatOptions } from '../../../src/core/format.ts';
import { json } from '../../../src/formats/json/json.ts';
import { ndjson } from '../../../src/formats/json/ndjson.ts';
import { brief, readRawTrees, readTrees } from './json-help.ts';

const corpus = join(import.meta.dirname, '../../support/testdata/json');
const formatOf = (name: string): typeof json => (name.endsWith('.ndjson') ? ndjson : json);

interface Expected {
  readonly options?: FormatOptions;
  /** Every record, as JSON text; undefined where there is no value. */
  readonly trees: readonly (string | undefined)[];
  readonly issues?: readonly string[];
  readonly notes?: readonly string[];
  readonly refused?: string;
}

const films = ['O Brother, Where Art Thou?', 'Home for the Holidays', 'The Firm', 'Broadcast News', 'Raising Arizona'];
const numbered = films.map((name, index) => JSON.stringify({ id: index + 1, name }));

const files: Record<string, Expected> = {
  'different_schemas.ndjson': {
    trees: numbered.map((text, index) => (index % 2 === 0 ? text : `{"id":${index + 1}}`)),
  },
  'example_n.ndjson': { trees: numbered, notes: ['5:- no-final-newline'] },
  'example_rn.ndjson': { trees: numbered, notes: ['5:- no-final-newline'] },
  'i_number_too_big_pos_int.json': { trees: ['100000000000000000000'] },
  'i_string_UTF-16LE_with_BOM.json': { trees: ['"é"'], notes: ['-:- encoding-detected'] },
  'i_structure_UTF-8_BOM_empty_object.json': { trees: ['{}'] },
  'multiple_objects_per_line.ndjson': { trees: numbered },
  'n_array_extra_comma.json': { trees: ['""'], refused: '1:5 not-json' },
  'n_number_NaN.json': { trees: ['null'], issues: ['1:2 broken-json'] },
  'n_number_with_leading_zero.json': { trees: ['null'], issues: ['1:2 broken-json'] },
  'n_object_trailing_comma.json': { trees: ['{"id":0}'], issues: ['1:9 broken-json'] },
  'n_string_unescaped_newline.json': { trees: [String.raw`"new\nline"`], issues: ['1:6 broken-json'] },
  'n_structure_100000_opening_arrays.json': { trees: [], refused: `1:66 too-deep ${'/0'.repeat(64)}` },
  'n_structure_unclosed_object.json': { trees: [], refused: '1:13 file-cut-off' },
  'sample_utf8_bom.json': {
    options: { path: 'users' },
    trees: ['Alice', 'Bob', 'Charlie'].map((name, index) =>
      JSON.stringify({ id: index + 1, name, email: `${name.toLowerCase()}@example.com` }),
    ),
  },
  'unterminated_quotes.ndjson': {
    trees: numbered.map((text, index) => (index === 2 ? undefined : text)),
    issues: ['3:16 broken-json /name'],
  },
  'y_object_duplicated_key.json': { trees: ['{"a":"b"}'], issues: ['1:10 duplicate-key /a'] },
  'y_object_extreme_numbers.json': { trees: ['{"min":-1.0e+28,"max":1.0e+28}'] },
};

describe('the files of others', () => {
  test('each has an expectation', () => {
    expect(readdirSync(corpus).sort()).toEqual(Object.keys(files).sort());
  });

  test.each(Object.entries(files))('%s', async (name, { options = {}, trees, issues = [], notes = [], refused }) => {
    for (const size of [1, 64 * 1024]) {
      const reading = await readTrees(formatOf(name), readFileSync(join(corpus, name)), { options, size });
      expect(reading.trees).toEqual(trees);
      expect(reading.issues.map(brief)).toEqual(issues);
      expect(reading.notes.map(brief)).toEqual(notes);
      expect(reading.refused && brief(reading.refused)).toBe(refused);
    }
  });

  test.each(Object.keys(files))('%s with other options ends in records or a located issue', async (name) => {
    const content = readFileSync(join(corpus, name));
    const others = [{}, { path: 'a.b' }, { encoding: 'utf-16le' }, { encoding: 'ebcdic-037' }, { onBad: 'replace' }];
    for (const format of [json, ndjson]) {
      for (const options of others) {
        const { records, refused } = await readTrees(format, content, { options, size: 100 });
        expect(records.length > 0 || refused !== undefined).toBe(true);
        for (const record of records) expect(record.tree !== undefined || (record.issues?.length ?? 0) > 0).toBe(true);
        for (const raw of await readRawTrees(format, content, { options })) expect(raw.line).toBeGreaterThan(0);
      }
    }
  });
});
