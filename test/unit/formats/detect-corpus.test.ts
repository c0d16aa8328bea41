import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectCases } from './detect-cases.ts';
import { detect, told } from './detect-help.ts';

const corpus = join(import.meta.dirname, '../../support/testdata');
const rooms = ['commerce', 'csv-dialects', 'csv-spectrum/csvs', 'fixed-width', 'json', 'xlsx'];
const files = rooms.flatMap((room) => readdirSync(join(corpus, room)).map((name) => `${room}/${name}`));

test('every real file has an expected detection, and every expectation its file', () => {
  expect(Object.keys(detectCases)).toEqual(files);
});

test.each(Object.entries(detectCases))('%s is %s', async (name, expected) => {
  expect(told(await detect(readFileSync(join(corpus, name)), name))).toBe(expected);
});

test('a workbook that is a bomb is refused, and nothing is unpacked without end', async () => {
  const bytes = readFileSync(join(corpus, 'security/poc-xmlbomb-empty.xlsx'));
  expect(told(await detect(bytes, 'bomb.xlsx'))).toMatch(/^- /);
});
