import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadMapping } from '../../../src/app/load-mapping.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dray-tables-'));
});
afterEach(async () => rm(directory, { recursive: true }));

const head = `read: { format: csv }
document: { type: order, key: No }
map: { City: { $from: Partner, $table: partners.City } }
`;

/** What is wrong with a mapping that has a table file; nothing: it is sound. */
async function mistakes(content: string, read = '', key = 'Id'): Promise<string[]> {
  await writeFile(join(directory, 'partners.csv'), content);
  const options = read === '' ? '' : `, read: ${read}`;
  const text = `${head}tables: { partners: { file: partners.csv, key: ${key}${options} } }\n`;
  await writeFile(join(directory, 'm.yaml'), text);
  const { issues } = await loadMapping(join(directory, 'm.yaml'), 'm.yaml', undefined);
  return issues.map(describeConfigIssue);
}

describe('a table in a file of its own', () => {
  test('is found by the names of its columns without regard to case and space', async () => {
    expect(await mistakes(' ID ,city\n7,Ulm\n')).toEqual([]);
  });

  test('may give its columns other names', async () => {
    expect(
      await mistakes('Nummer,Ort\n7,Ulm\n', '{ format: csv, columns: { aliases: { Id: [Nummer], City: [Ort] } } }'),
    ).toEqual([]);
    expect(await mistakes('Nummer,Ort\n7,Ulm\n', '{ format: csv, columns: { aliases: { Id: [Nummer] } } }')).toEqual([
      'm.yaml:4:29 unknown-reference partners.csv has no column "City". Known here: Nummer, Ort.',
    ]);
  });

  test('is refused when a column it is asked for stands in it twice', async () => {
    expect(await mistakes('Id,City,city\n7,Ulm,Bonn\n')).toEqual([
      expect.stringContaining('m.yaml:4:29 wrong-value partners.csv: a column appears twice'),
    ]);
  });

  test('loses no row whose number of values is wrong', async () => {
    const told = await mistakes('Id,City\n7,Ulm\n8\n9,Bonn,x\n');
    expect(told).toEqual([
      expect.stringMatching(/^m\.yaml:4:29 wrong-value partners\.csv line 3: the number of values differs/),
      expect.stringMatching(/^m\.yaml:4:29 wrong-value partners\.csv line 4: the number of values differs/),
    ]);
  });

  test('with many wrong rows becomes not as many messages', async () => {
    const told = await mistakes(`Id,City\n${'8,Ulm\n'.repeat(100)}${'8,Ulm,x\n'.repeat(50)}`);
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toContain('30 further rows of partners.csv cannot be read');
  });

  test.each(['json', 'ndjson'])('is no tree: %s', async (format) => {
    expect(await mistakes('[]', `{ format: ${format} }`)).toEqual([
      expect.stringMatching(
        /^m\.yaml:4:\d+ wrong-value tables\.partners\.read\.format has a value that is not allowed/,
      ),
    ]);
  });

  test.each(['name: "a{rest}.csv"', 'with: { b: { name: b, by: c } }', 'empty: x'])(
    'takes no option that means nothing to it: %s',
    async (option) => {
      expect(await mistakes('Id,City\n', `{ format: csv, ${option} }`)).toEqual([
        expect.stringContaining('wrong-value'),
      ]);
    },
  );

  test('has its options checked by its format', async () => {
    expect(await mistakes('7Ulm\n', '{ format: fixed, fields: { Id: [1, 3], City: [2, 3] } }')).toEqual([
      expect.stringContaining('wrong-value'),
    ]);
  });
});
