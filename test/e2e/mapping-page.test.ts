import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isJsonObject } from '../../src/core/json.ts';
import { formats } from '../../src/formats/index.ts';
import { repository } from '../support/dray.ts';
import { readExamples, withExample, type Example } from '../support/mapping-page/examples.ts';
import { mappingPage, type Page } from '../support/mapping-page/page.ts';
import { patternExamples } from '../support/mapping-page/patterns.ts';
import { runExample, type RanExample } from '../support/mapping-page/run-example.ts';
import { createVocabulary } from '../support/mapping-page/vocabulary.ts';

const vocabulary = createVocabulary(formats);
const ran: RanExample[] = [];
let page: Page;

beforeAll(async () => {
  for (const example of readExamples()) ran.push(await runExample(example));
  page = mappingPage(vocabulary.words, ran);
});

/** What must come as bytes to be shown at all: the text of a test is UTF-8 and its rows are read already. */
function needsDrop({ mapping }: Example): boolean {
  const read = isJsonObject(mapping) && isJsonObject(mapping['read']) ? mapping['read'] : {};
  const { format, encoding = 'utf-8', onBad } = read;
  return format === 'xlsx' || encoding !== 'utf-8' || onBad === 'replace';
}

describe('the examples of docs/mapping.md', () => {
  test('are sound, do what their tests say, and read and write real files', () => {
    expect(ran.flatMap(({ problems }) => problems)).toEqual([]);
    expect(ran.filter((example) => needsDrop(example) && example.drop === undefined)).toEqual([]);
  });

  test('use every word a mapping may hold: each directive, control, read option and write option', () => {
    const used = new Set(ran.flatMap(({ mapping }) => [...vocabulary.usedBy(mapping)]));
    expect(vocabulary.words.map(({ path }) => path).filter((path) => !used.has(path))).toEqual([]);
  });

  test('use everything that $as can be, and every role of a record', () => {
    const text = ran.map((example) => example.text).join('\n');
    const values = (path: string): readonly unknown[] =>
      vocabulary.words.find((word) => word.path === path)?.schema['enum'] as readonly unknown[];
    // A part is what a record is when nothing is said.
    const roles = values('read.csv.records.*.role').filter((role) => role !== 'part');
    expect(values('map.$as').filter((as) => !text.includes(`$as: ${String(as)}`))).toEqual([]);
    expect(roles.filter((role) => !text.includes(`role: ${String(role)}`))).toEqual([]);
  });

  test('show in every section what is told when a file is wrong', () => {
    const silent = [...page.sections].filter(([, examples]) => {
      const inbound = examples.filter(({ mapping }) => isJsonObject(mapping) && Object.hasOwn(mapping, 'read'));
      return inbound.length > 0 && !inbound.some(({ mistakes }) => mistakes.some(({ told }) => told.length > 0));
    });
    expect(silent.map(([heading]) => heading)).toEqual([]);
  });

  test.each(patternExamples())('hold for every line of the table: $name', async ({ name, text, schema }) => {
    await withExample(name, text, async (example) => {
      expect((await runExample(example, schema)).problems).toEqual([]);
    });
  });
});

describe('docs/mapping.md', () => {
  test('tells of every word', () => {
    expect(vocabulary.words.map(({ path }) => path).filter((path) => !page.told.has(path))).toEqual([]);
  });

  test('shows every example once', () => {
    const shown = [...page.sections.values()].flat().map(({ name }) => name);
    expect(shown.toSorted()).toEqual(ran.map(({ name }) => name).toSorted());
  });

  test('is what its template, the examples and the program make of it', async () => {
    await expect(page.text).toMatchFileSnapshot(join(repository, 'docs/mapping.md'));
  });
});
