import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { readCsv } from './csv-help.ts';

const pieces = fc.constantFrom(
  'a',
  'b',
  ',',
  ',',
  '"',
  '"',
  '""',
  '\r\n',
  '\n',
  '\r',
  ' ',
  'é',
  '","',
  '"\n',
  '\\',
  '#',
  ' "',
  '" ',
  '\t',
);
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
const options = { relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] };

interface Given {
  readonly escape: string;
  readonly trim?: boolean;
}

const dialects: fc.Arbitrary<Given> = fc.record({ escape: fc.constantFrom('"', '\\'), trim: fc.boolean() });

/** What the bare parser makes of a whole file, without blank lines; undefined when it gives the file up. */
function bare(text: string, given: Given): string[][] | undefined {
  try {
    const records = parse(text, { ...options, ...given });
    return records.filter((cells) => cells.length > 1 || cells[0]?.trim() !== '');
  } catch {
    return undefined;
  }
}

test('where the bare parser reads a file without complaint, the values are the same', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(texts, dialects, fc.integer({ min: 1, max: 9 }), async (text, given, size) => {
      const expected = bare(text, given);
      if (expected === undefined || (given.trim === true && /""\s+"/.test(text))) return;
      compared++;
      // With its line end the last row is told by itself when it is short.
      const ended = /[\r\n]$/.test(text) ? text : `${text}\n`;
      const { records, refused } = await readCsv(ended, { ...given, columns: { names: ['A', 'B'] } }, {}, size);
      expect(refused?.code ?? 'empty-file').toBe('empty-file');
      // A quoted blank is a record of ours and looks like a blank line to the filter above.
      const cells = records
        .map((record) => record.cells ?? [])
        .filter((row) => row.length > 1 || row[0]?.trim() !== '');
      expect(cells).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
  expect(compared).toBeGreaterThan(100);
});

test('one bad record does not change what is read of the others', async () => {
  const sound = fc.constantFrom('1,2', '"a,b","c"', '"two\nlines",x', '"say ""x""",y', ',');
  const bad = fc.constantFrom('5" pipe,x', '"a" b,c', 'x,"y"z', 'a"b,"c"');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(sound, bad), { minLength: 1, maxLength: 15 }), async (rows) => {
      const { records, refused } = await readCsv(`A,B\n${rows.join('\r\n')}\r\n`);
      expect(refused).toBeUndefined();
      let line = 2;
      for (const [index, row] of rows.entries()) {
        const isBad = bare(row, { escape: '"' }) === undefined;
        expect(records[index]?.line).toBe(line);
        expect(records[index]?.issues?.map(({ code }) => code)).toEqual(isBad ? ['bad-quote'] : undefined);
        if (!isBad) expect([records[index]?.cells]).toEqual(bare(row, { escape: '"' }));
        line += row.split('\n').length;
      }
    }),
    { numRuns: 300 },
  );
});

test('comments between records change nothing, whatever stands in them', async () => {
  const sound = fc.constantFrom('1,2', '"a,b","c"', '"two\n#lines",x', '"say ""x""",y', ',', ' ');
  const comment = fc.constantFrom('#', '#"', '# a,"b', '#"x\u001a', '##');
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.oneof(sound, comment), ends), { maxLength: 15 }),
      fc.integer({ min: 1, max: 9 }),
      async (rows, size) => {
        const text = (kept: readonly (readonly [string, string])[]): string =>
          `A,B\n${kept.map((row) => row.join('')).join('')}`;
        const plain = await readCsv(text(rows.map(([row, end]) => [row.startsWith('#') ? ' ' : row, end])));
        const commented = await readCsv(text(rows), { comment: '#' }, {}, size);
        expect(commented.records).toEqual(plain.records);
        const count = rows.filter(([row]) => row.startsWith('#')).length;
        const ignored = commented.events.find((event) => event.kind === 'ignored');
        expect(ignored?.records ?? 0).toBe(count);
      },
    ),
    { numRuns: 300 },
  );
});
