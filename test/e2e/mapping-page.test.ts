import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadMapping } from '../../src/app/load-mapping.ts';
import { testMapping } from '../../src/app/mapping-tests.ts';
import { describeConfigIssue } from '../../src/core/issue.ts';
import { repository } from '../support/dray.ts';

test('docs/mapping.md: every example is sound and does what its tests say', async () => {
  const page = await readFile(join(repository, 'docs/mapping.md'), 'utf8');
  const examples = [...page.matchAll(/^```yaml mapping\n(.*?)^```$/gms)].map(([, body = '']) => body);
  expect(examples.length).toBeGreaterThan(4);
  const directory = await mkdtemp(join(tmpdir(), 'dray-page-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const problems: string[] = [];
  for (const [index, example] of examples.entries()) {
    const file = `example-${index + 1}.yaml`;
    const path = join(directory, file);
    await writeFile(path, example);
    const { mapping, issues } = await loadMapping(path, file, undefined);
    problems.push(...issues.map(describeConfigIssue));
    for (const result of mapping === undefined ? [] : await testMapping(mapping, path, file)) {
      if (!result.passed) problems.push(`${file}:${result.line} ${result.name}\n${result.difference ?? ''}`);
    }
    if (!example.includes('tests:')) problems.push(`${file} has no tests`);
  }
  expect(problems).toEqual([]);
});
